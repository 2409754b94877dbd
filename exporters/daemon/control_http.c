#include "control_http.h"

#include <stdint.h>

#include "board.h"
#include "config.h"
#include "http.h"
#include "json_row.h"

/* Requests, and those of them that were refused. */
static void add_up(const struct wc_http_state *state, uint64_t *requests, uint64_t *refused)
{
	*requests = 0;
	for (size_t i = 0; i < sizeof(state->answered) / sizeof(*state->answered); i++)
		*requests += state->answered[i];
	*refused = state->answered[4];
}

void wc_control_http_text(struct wc_buffer *out, const struct wc_board *board)
{
	struct wc_http_state state;
	uint64_t requests, refused;

	if (!board->http)
		return;
	wc_http_state(board->http, &state);
	add_up(&state, &requests, &refused);
	wc_buffer_text(out, "http: at ");
	wc_buffer_text(out, board->config->daemon.http.listen);
	wc_buffer_count(out, ", connections ", state.connections);
	wc_buffer_count(out, ", requests ", requests);
	wc_buffer_count(out, "\n  refused ", refused);
	wc_buffer_count(out, ", of them without password or certificate ", state.unauthorized);
	wc_buffer_count(out, ", connections that had to go ", state.evicted);
	wc_buffer_text(out, "\n");
}

void wc_control_http_json(struct wc_json *json, const struct wc_board *board)
{
	struct wc_http_state state;
	uint64_t requests, refused;

	if (!board->http)
		return;
	wc_http_state(board->http, &state);
	add_up(&state, &requests, &refused);
	WC_JSON_STRING(json, "http_listen", board->config->daemon.http.listen);
	WC_JSON_NUMBER(json, "http_connections", state.connections);
	WC_JSON_NUMBER(json, "http_evicted", state.evicted);
	WC_JSON_NUMBER(json, "http_requests", requests);
	WC_JSON_NUMBER(json, "http_refused", refused);
	WC_JSON_NUMBER(json, "http_unauthorized", state.unauthorized);
}

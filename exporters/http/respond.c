/*
 * respond.c - off with the answer: its headers, and its body until it is taken
 */
#include "visit.h"

#include <microhttpd.h>
#include <stdlib.h>

#include "callers.h"
#include "server.h"
#include "web_config.h"
#include "world.h"

/* What every answer has, unless the web configuration or the page knows better. */
static const struct wc_header defaults[] = {
	{"Cache-Control", "no-store"},
	{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Referrer-Policy", "no-referrer"},
	{"X-Content-Type-Options", "nosniff"},
};

/* The body of an answer until it is taken. */
struct parcel {
	struct wc_callers *callers;
	struct wc_owed owed;
	char *data;
};

static void is_taken(void *arg)
{
	struct parcel *parcel = arg;

	wc_callers_settle(parcel->callers, &parcel->owed, wc_world_real.steady(NULL));
	free(parcel->data);
	free(parcel);
}

/* Hands the body over. NULL: there is no room for it. */
static struct MHD_Response *make_response(struct wc_visit *visit)
{
	struct wc_buffer *body = &visit->reply.body;
	struct parcel *parcel = body->failed ? NULL : calloc(1, sizeof(*parcel));
	struct MHD_Response *response = NULL;

	if (!parcel)
		return NULL;
	*parcel = (struct parcel){.callers = visit->http->callers, .data = body->data};
	if (wc_callers_owe(parcel->callers, visit->caller, body->length, &parcel->owed))
		response = MHD_create_response_from_buffer_with_free_callback_cls(
			body->length, body->data, is_taken, parcel);
	*body = (struct wc_buffer){0};
	if (!response)
		is_taken(parcel);
	return response;
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
	if (!MHD_get_response_header(response, name))
		MHD_add_response_header(response, name, value);
}

/* What the administrator says goes before what the page says. */
static void add_headers(const struct wc_visit *visit, struct MHD_Response *response)
{
	const struct wc_reply *made = &visit->reply;
	const struct wc_web_config *web = visit->http->web;

	for (size_t i = 0; web && i < web->headers.count; i++)
		add_header(response, web->headers.items[i].name, web->headers.items[i].value);
	add_header(response, "Content-Type", made->type);
	for (size_t i = 0; i < made->header_count; i++)
		add_header(response, made->headers[i].name, made->headers[i].value);
	for (size_t i = 0; i < sizeof(defaults) / sizeof(*defaults); i++)
		add_header(response, defaults[i].name, defaults[i].value);
}

int wc_visit_respond(struct wc_visit *visit)
{
	struct wc_reply *made = &visit->reply;
	struct MHD_Response *response = make_response(visit);
	enum MHD_Result result;

	if (!response) {
		wc_reply_refuse(made, MHD_HTTP_SERVICE_UNAVAILABLE,
				"there is no memory left for this answer");
		response = MHD_create_response_from_buffer(made->body.length, made->body.data,
							   MHD_RESPMEM_MUST_COPY);
	}
	wc_buffer_free(&made->body);
	if (!response)
		return (int)MHD_NO;
	add_headers(visit, response);
	result = MHD_queue_response(visit->connection, made->status, response);
	MHD_destroy_response(response);
	atomic_fetch_add_explicit(&visit->http->answered[made->status / 100 % 6], 1,
				  memory_order_relaxed);
	return (int)result;
}

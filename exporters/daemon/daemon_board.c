/*
 * daemon_board.c - what the daemon says of itself to those who ask
 */
#include <inttypes.h>

#include "captures.h"
#include "daemon_parts.h"
#include "exhibition.h"
#include "exporter.h"
#include "fleet.h"
#include "keeper.h"
#include "shared_config.h"

static void add_captures(struct wc_daemon *daemon)
{
	const struct wc_board *board = &daemon->board;

	for (size_t i = 0; i < board->capture_count; i++)
		if (!board->captures[i].present)
			wc_buffer_format(&daemon->trouble,
					 "capture %s: there is no interface %s: it is waited for\n",
					 board->captures[i].name, board->captures[i].interface);
}

static void add_exporters(struct wc_daemon *daemon)
{
	const struct wc_board *board = &daemon->board;

	for (size_t i = 0; i < board->exporter_count; i++) {
		struct wc_exporter_status status;

		wc_exporter_status(board->exporters[i], &status);
		if (*status.reason)
			wc_buffer_format(&daemon->trouble, "%s: %s\n", board->exporter_names[i],
					 status.reason);
	}
}

static void add_keeper(struct wc_daemon *daemon)
{
	struct wc_keeper_state state;

	if (!daemon->keeper)
		return;
	wc_keeper_state(daemon->keeper, &state);
	daemon->board.lost_intervals = state.lost;
	daemon->board.waiting_intervals = state.waiting;
	if (*state.reason)
		wc_buffer_format(&daemon->trouble, "%s; %zu intervals wait\n", state.reason,
				 state.waiting);
	else if (state.behind)
		wc_buffer_format(&daemon->trouble, "%s; %" PRIu64 " were never written, %zu wait\n",
				 WC_KEEPER_BEHIND, state.lost, state.waiting);
}

void wc_daemon_post(struct wc_daemon *daemon)
{
	struct wc_board *board = &daemon->board;

	board->config = daemon->config->config;
	board->journal = daemon->journal;
	board->captures = wc_captures_board(daemon->captures, &board->capture_count);
	board->exporters = wc_fleet_exporters(daemon->fleet, &board->exporter_count);
	board->exporter_names = wc_fleet_names(daemon->fleet);
	wc_buffer_clear(&daemon->trouble);
	add_captures(daemon);
	add_exporters(daemon);
	add_keeper(daemon);
	if (*daemon->refused)
		wc_buffer_format(&daemon->trouble, "%s\n", daemon->refused);
	board->trouble = NULL;
	if (daemon->trouble.length) {
		wc_buffer_add(&daemon->trouble, "", 1);
		board->trouble = daemon->trouble.failed ? NULL : daemon->trouble.data;
	}
}

void wc_daemon_show(struct wc_daemon *daemon)
{
	wc_daemon_post(daemon);
	if (daemon->exhibition)
		wc_exhibition_paint(daemon->exhibition);
}

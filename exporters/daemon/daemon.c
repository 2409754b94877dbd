#include "daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "buffer.h"
#include "config.h"
#include "daemon_parts.h"
#include "log.h"
#include "notify.h"
#include "sandbox.h"
#include "shared_config.h"
#include "steady.h"
#include "wirecensus/error.h"
#include "world.h"

#define DESCRIPTION_SIZE 256

/* What of the configuration works, but hardly as it is meant. */
static void warn(const struct wc_daemon *daemon)
{
	struct wc_buffer warnings = {0};

	wc_config_warn(daemon->config->config, &warnings);
	wc_buffer_add(&warnings, "", 1);
	if (!warnings.failed)
		wc_log_lines(WC_LOG_WARNING, "", warnings.data);
	wc_buffer_free(&warnings);
}

static void announce(const struct wc_daemon *daemon)
{
	const struct wc_board *board = &daemon->board;

	for (size_t i = 0; i < board->capture_count; i++) {
		char prefix[DESCRIPTION_SIZE];

		snprintf(prefix, sizeof(prefix), "capture %s: ", board->captures[i].name);
		wc_log_lines(WC_LOG_INFO, prefix, board->captures[i].description);
	}
	warn(daemon);
	wc_log(WC_LOG_NOTICE,
	       "version %s counts: captures %zu, exporters %zu, instance %s, user %u, no "
	       "capabilities, seccomp %s",
	       WC_VERSION, board->capture_count, board->exporter_count, daemon->instance,
	       (unsigned)geteuid(), wc_sandbox_state(daemon->settings.seccomp));
	wc_notify_send(daemon->notify, "READY=1");
}

static void run(struct wc_daemon *daemon)
{
	wc_clock_begin(&daemon->clock, daemon->config->config->daemon.interval * WC_SECOND_NS,
		       wc_steady_now(), wc_world_real.wall(NULL));
	wc_daemon_post(daemon);
	announce(daemon);
	wc_daemon_loop(daemon);
	wc_notify_send(daemon->notify, "STOPPING=1");
	wc_log(WC_LOG_NOTICE, "told to stop");
}

/* Takes what was begun to its end, in the other order; also where a beginning failed half-way. */
static void end(struct wc_daemon *daemon, const struct wc_daemon_step *first,
		const struct wc_daemon_step *step)
{
	while (step > first && !daemon->hanging)
		if ((--step)->end)
			step->end(daemon);
}

int wc_daemon_serve(const struct wc_daemon_settings *settings, struct wc_buffer *complaints,
		    struct wc_error *error)
{
	struct wc_daemon daemon = {
		.settings = *settings,
		.complaints = complaints,
		.signals = -1,
		.timer = -1,
		.lock = -1,
		.notify = -1,
	};
	const struct wc_daemon_step *open = wc_daemon_open, *start = wc_daemon_start;
	int status = WC_OK;

	wc_log_begin();
	while (open->begin && !status)
		status = open++->begin(&daemon, error);
	while (start->begin && !status)
		status = start++->begin(&daemon, error);
	if (!status)
		run(&daemon);
	end(&daemon, wc_daemon_start, start);
	end(&daemon, wc_daemon_open, open);
	if (daemon.hanging) { /* in a library or the disk: what it uses cannot be freed */
		wc_log(WC_LOG_ERROR, "a thread hangs, and is left behind");
		_exit(status ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	wc_buffer_free(&daemon.trouble);
	return status;
}

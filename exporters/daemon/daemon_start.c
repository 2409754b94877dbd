#include <poll.h>
#include <stdio.h>

#include "captures.h"
#include "config.h"
#include "daemon_parts.h"
#include "exhibition.h"
#include "fleet.h"
#include "journal.h"
#include "keeper.h"
#include "log.h"
#include "naming.h"
#include "sandbox.h"
#include "shared_config.h"
#include "steady.h"
#include "wirecensus/error.h"

/* Of the two seconds that an end may take: for the journal, pages, and all exporters. */
#define JOURNAL_NS  (WC_SECOND_NS * 5 / 10)
#define LOOKERS_NS  (WC_SECOND_NS * 2 / 10)
#define DELIVERY_NS (WC_SECOND_NS * 15 / 10)
#define ENDS_NS     (WC_SECOND_NS * 16 / 10)
#define POSITION_NS (WC_SECOND_NS * 175 / 100)

static int open_journal(struct wc_daemon *daemon, struct wc_error *error)
{
	const struct wc_config_daemon *config = &daemon->config->config->daemon;
	char notice[WC_ERROR_SIZE], path[4096];
	struct wc_journal_settings settings = {
		.path = config->journal_path,
		.size = config->journal_size,
		.undelivered = config->journal_undelivered,
		.age = config->journal_age,
		.host = daemon->host,
		.instance = daemon->instance,
		.version = WC_VERSION,
	};
	int status;

	if (!settings.path && config->state) {
		snprintf(path, sizeof(path), "%s/census.db", config->state);
		settings.path = path;
	}
	status = wc_journal_open(&daemon->journal, &settings, notice, error);
	if (!status && *notice)
		wc_log(WC_LOG_WARNING, "at the start: %s", notice);
	return status;
}

static void close_journal(struct wc_daemon *daemon)
{
	wc_journal_close(daemon->journal);
}

static int make_exporters(struct wc_daemon *daemon, struct wc_error *error)
{
	struct wc_fleet_settings settings = {
		.journal = daemon->journal,
		.context = &daemon->threads,
	};

	settings.captures = wc_captures_names(daemon->captures, &settings.capture_count);
	settings.names = daemon->names = wc_naming_source_new();
	daemon->fleet = daemon->names ? wc_fleet_new(&settings) : NULL;
	return daemon->fleet ? wc_fleet_use(daemon->fleet, daemon->config, error)
			     : wc_error_no_memory(error, "to begin");
}

static void free_exporters(struct wc_daemon *daemon)
{
	wc_fleet_free(daemon->fleet);
	wc_naming_source_free(daemon->names);
}

static int confine(struct wc_daemon *daemon, struct wc_error *error)
{
	int status = wc_sandbox_enter(daemon->settings.seccomp, error);

	return status ? status : wc_privileges_check(error);
}

/* Threads, all of which come behind the sandbox. */
static int start_threads(struct wc_daemon *daemon, struct wc_error *error)
{
	int status = wc_naming_source_use(daemon->names, daemon->config->config, error);

	if (!status)
		status = wc_keeper_start(&daemon->keeper, daemon->journal, error);
	wc_fleet_forget_others(daemon->fleet);
	if (!status)
		status = wc_fleet_start(daemon->fleet, error);
	if (!status)
		status = wc_captures_start(daemon->captures, error);
	return status;
}

/* Waits until the last interval is in the journal, as long as there is hope. */
static void wait_for_journal(struct wc_daemon *daemon, uint64_t deadline_ns)
{
	struct wc_keeper_state state;

	wc_keeper_state(daemon->keeper, &state);
	while (state.waiting && !*state.reason && wc_steady_left(deadline_ns)) {
		struct pollfd fd = {.fd = wc_keeper_fd(daemon->keeper), .events = POLLIN};

		poll(&fd, 1, (int)(wc_steady_left(deadline_ns) / 1000000) + 1);
		wc_keeper_heard(daemon->keeper);
		wc_keeper_state(daemon->keeper, &state);
	}
}

static void end_threads(struct wc_daemon *daemon)
{
	bool watched = daemon->exhibition &&
		       !wc_exhibition_end(daemon->exhibition, wc_steady_now() + LOOKERS_NS);
	uint64_t now = wc_steady_now();

	if (daemon->stopping) {
		wc_daemon_interval(daemon);
		wait_for_journal(daemon, now + JOURNAL_NS);
		wc_journal_end_run(daemon->journal);
		wc_fleet_wake(daemon->fleet);
	}
	if (daemon->fleet)
		wc_fleet_ask(daemon->fleet, now + DELIVERY_NS);
	if (daemon->stopping && daemon->config->config->daemon.dump_path)
		wc_daemon_dump_logged(daemon);
	daemon->hanging = !wc_fleet_end(daemon->fleet, now + ENDS_NS);
	if (daemon->keeper && !wc_keeper_end(daemon->keeper, now + POSITION_NS))
		daemon->hanging = true;
	daemon->hanging |= watched; /* a page is still being made */
}

static int start_exhibition(struct wc_daemon *daemon, struct wc_error *error)
{
	int status;

	if (!daemon->exhibition)
		return WC_OK;
	wc_daemon_post(daemon);
	status = wc_exhibition_start(daemon->exhibition, daemon->config->config, &daemon->board,
				     &daemon->threads, daemon->names, error);
	if (!status)
		daemon->board.http = wc_exhibition_server(daemon->exhibition);
	return status;
}

const struct wc_daemon_step wc_daemon_start[] = {
	{open_journal, close_journal},
	{make_exporters, free_exporters},
	{confine, NULL},
	{start_threads, end_threads},
	{start_exhibition, NULL}, /* ends with the threads */
	{0},
};

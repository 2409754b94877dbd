#include "daemon.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "buffer.h"
#include "captures.h"
#include "config.h"
#include "control.h"
#include "daemon_parts.h"
#include "directory.h"
#include "dump.h"
#include "exhibition.h"
#include "fleet.h"
#include "journal.h"
#include "keeper.h"
#include "lock.h"
#include "log.h"
#include "naming.h"
#include "notify.h"
#include "place.h"
#include "privileges.h"
#include "sandbox.h"
#include "shared_config.h"
#include "steady.h"
#include "trigger.h"
#include "wirecensus/error.h"
#include "wirecensus/registry.h"
#include "world.h"

/* Of the two seconds that an end may take: for the journal, pages, and all exporters. */
#define JOURNAL_NS  (WC_SECOND_NS * 5 / 10)
#define LOOKERS_NS  (WC_SECOND_NS * 2 / 10)
#define DELIVERY_NS (WC_SECOND_NS * 15 / 10)
#define ENDS_NS     (WC_SECOND_NS * 16 / 10)
#define POSITION_NS (WC_SECOND_NS * 175 / 100)

#define DESCRIPTION_SIZE 256

static int no_memory(struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED, "there is not enough memory to begin");
}

static void close_one(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* Signals are read, by this thread only: those that are started later never see any. */
static int open_signals(struct wc_daemon *daemon, struct wc_error *error)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
	sigset_t signals;

	sigemptyset(&signals);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		sigaddset(&signals, numbers[i]);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	daemon->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	daemon->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (daemon->signals < 0 || daemon->timer < 0)
		return wc_error_set(error, WC_FAILED, "cannot wait for signals: %s",
				    strerror(errno));
	return WC_OK;
}

static void close_signals(struct wc_daemon *daemon)
{
	close_one(daemon->timer);
	close_one(daemon->signals);
}

static int read_config(struct wc_daemon *daemon, struct wc_error *error)
{
	struct wc_config *config;
	int status = wc_config_read(&config, daemon->settings.config, daemon->complaints, error);

	if (status)
		return status;
	daemon->config = wc_shared_config_new(config);
	if (daemon->config)
		return WC_OK;
	wc_config_free(config);
	return no_memory(error);
}

static void drop_config(struct wc_daemon *daemon)
{
	wc_shared_config_drop(daemon->config);
}

/* Who this run is, for its rows; and the names of ports and protocols. */
static int introduce(struct wc_daemon *daemon, struct wc_error *error)
{
	int status = wc_instance_make(daemon->instance, error);

	if (status)
		return status;
	gethostname(daemon->host, sizeof(daemon->host) - 1);
	daemon->registry = wc_registry_new();
	if (!daemon->registry)
		return no_memory(error);
	daemon->context = (struct wc_context){
		.host = daemon->host,
		.instance = daemon->instance,
		.registry = daemon->registry,
		.interface_number = if_nametoindex, /* SIOCGIFINDEX, which the sandbox lets pass */
	};
	daemon->board.config_path = daemon->settings.config;
	daemon->board.context = &daemon->context;
	daemon->board.started_ns = wc_world_real.wall(NULL);
	daemon->watchdog_ns = wc_notify_watchdog();
	daemon->notify = wc_notify_open();
	return WC_OK;
}

static void leave(struct wc_daemon *daemon)
{
	close_one(daemon->notify);
	wc_registry_free(daemon->registry);
}

static int find_user(struct wc_daemon *daemon, struct wc_error *error)
{
	return wc_identity_find(&daemon->identity, daemon->config->config->daemon.user, error);
}

static void forget_user(struct wc_daemon *daemon)
{
	wc_identity_free(&daemon->identity);
}

static int take_lock(struct wc_daemon *daemon, struct wc_error *error)
{
	const char *state = daemon->config->config->daemon.state;

	if (state)
		daemon->lock = wc_lock_take(state, &daemon->identity, error);
	return state && daemon->lock < 0 ? daemon->lock : WC_OK;
}

static void drop_lock(struct wc_daemon *daemon)
{
	close_one(daemon->lock);
}

static int open_captures(struct wc_daemon *daemon, struct wc_error *error)
{
	return wc_captures_open(&daemon->captures, daemon->config->config, error);
}

static void close_captures(struct wc_daemon *daemon)
{
	wc_captures_free(daemon->captures);
}

static int ask_reload(void *arg, struct wc_buffer *said, struct wc_error *error)
{
	return wc_daemon_reload(arg, said, error);
}

static int ask_dump(void *arg, bool reset, struct wc_buffer *said, struct wc_error *error)
{
	(void)reset;
	return wc_daemon_dump(arg, said, error);
}

static int open_control(struct wc_daemon *daemon, struct wc_error *error)
{
	const struct wc_config_daemon *config = &daemon->config->config->daemon;
	int status;

	daemon->actions = (struct wc_control_actions){daemon, ask_reload, ask_dump};
	if (!config->control)
		return WC_OK;
	status = wc_directory_of(config->control, &daemon->identity, error);
	if (status)
		return status;
	return wc_control_open(&daemon->control, config->control, config->group, &daemon->board,
			       &daemon->actions, error);
}

static void close_control(struct wc_daemon *daemon)
{
	if (daemon->control)
		wc_control_close(daemon->control);
}

static int open_trigger(struct wc_daemon *daemon, struct wc_error *error)
{
	const struct wc_config_daemon *config = &daemon->config->config->daemon;
	struct wc_place place;
	int status;

	daemon->dump = wc_dump_new();
	if (!daemon->dump)
		return no_memory(error);
	if (!config->trigger)
		return WC_OK;
	status = wc_place_parse(&place, config->trigger, error);
	if (status)
		return status;
	status = wc_trigger_open(&daemon->trigger, &place, &config->trigger_allow, error);
	wc_place_free(&place);
	return status;
}

static void close_trigger(struct wc_daemon *daemon)
{
	wc_trigger_close(daemon->trigger);
	wc_dump_free(daemon->dump);
}

static int open_exhibition(struct wc_daemon *daemon, struct wc_error *error)
{
	return wc_exhibition_open(&daemon->exhibition, daemon->config->config, error);
}

static void close_exhibition(struct wc_daemon *daemon)
{
	wc_exhibition_free(daemon->exhibition);
}

/* From here on nothing is opened that a stranger could not open. */
static int drop_privileges(struct wc_daemon *daemon, struct wc_error *error)
{
	return wc_privileges_drop(&daemon->identity, error);
}

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
		.context = &daemon->context,
	};

	settings.captures = wc_captures_names(daemon->captures, &settings.capture_count);
	settings.names = daemon->names = wc_naming_source_new();
	daemon->fleet = daemon->names ? wc_fleet_new(&settings) : NULL;
	return daemon->fleet ? wc_fleet_use(daemon->fleet, daemon->config, error)
			     : no_memory(error);
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
	if (!status)
		status = wc_keeper_exporters(daemon->keeper, wc_fleet_names(daemon->fleet), error);
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
				     daemon->names, error);
	if (!status)
		daemon->board.http = wc_exhibition_server(daemon->exhibition);
	return status;
}

/*
 * What is begun, in this order, and ended in the other. An end also follows a beginning that
 * failed half-way.
 */
static const struct step {
	int (*begin)(struct wc_daemon *daemon, struct wc_error *error);
	void (*end)(struct wc_daemon *daemon); /* NULL: nothing to end */
} steps[] = {
	{open_signals, close_signals},
	{read_config, drop_config},
	{introduce, leave},
	{find_user, forget_user},
	{take_lock, drop_lock},
	{open_captures, close_captures},
	{open_control, close_control},
	{open_trigger, close_trigger},
	{open_exhibition, close_exhibition},
	{drop_privileges, NULL},
	{open_journal, close_journal},
	{make_exporters, free_exporters},
	{confine, NULL},
	{start_threads, end_threads},
	{start_exhibition, NULL}, /* ends with the threads */
};

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
	size_t begun = 0;
	int status = WC_OK;

	wc_log_begin();
	while (begun < sizeof(steps) / sizeof(*steps) && !status)
		status = steps[begun++].begin(&daemon, error);
	if (!status)
		run(&daemon);
	while (begun > 0 && !daemon.hanging) {
		begun--;
		if (steps[begun].end)
			steps[begun].end(&daemon);
	}
	if (daemon.hanging) { /* in a library or the disk: what it uses cannot be freed */
		wc_log(WC_LOG_ERROR, "a thread hangs, and is left behind");
		_exit(status ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	wc_buffer_free(&daemon.trouble);
	return status;
}

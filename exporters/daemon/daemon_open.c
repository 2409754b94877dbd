#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "captures.h"
#include "config.h"
#include "control.h"
#include "daemon_parts.h"
#include "directory.h"
#include "dump.h"
#include "exhibition.h"
#include "lock.h"
#include "notify.h"
#include "place.h"
#include "shared_config.h"
#include "trigger.h"
#include "wirecensus/error.h"
#include "wirecensus/registry.h"
#include "world.h"

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
	int status = wc_config_read(&config, daemon->settings.config, wc_exhibition_try,
				    daemon->complaints, error);

	if (status)
		return status;
	daemon->config = wc_shared_config_new(config);
	if (daemon->config)
		return WC_OK;
	wc_config_free(config);
	return wc_error_no_memory(error, "to begin");
}

static void drop_config(struct wc_daemon *daemon)
{
	wc_shared_config_drop(daemon->config);
}

/* Who this run is, for its rows; and the names of ports and protocols. */
static int introduce(struct wc_daemon *daemon, struct wc_error *error)
{
	int status = wc_instance_make(daemon->first, error);

	if (status)
		return status;
	memcpy(daemon->instance, daemon->first, sizeof(daemon->instance));
	gethostname(daemon->host, sizeof(daemon->host) - 1);
	daemon->registry = wc_registry_new();
	if (!daemon->registry)
		return wc_error_no_memory(error, "to begin");
	daemon->context = (struct wc_context){
		.host = daemon->host,
		.instance = daemon->instance,
		.registry = daemon->registry,
		.interface_number = if_nametoindex, /* SIOCGIFINDEX, which the sandbox lets pass */
	};
	daemon->threads = daemon->context;
	daemon->threads.instance = daemon->first;
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
	return reset ? wc_daemon_dump_reset(arg, said, error) : wc_daemon_dump(arg, said, error);
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
	status = wc_control_open(&daemon->control, config->control, config->group, &daemon->board,
				 &daemon->actions, error);
	if (!status && daemon->identity.name)
		status = wc_control_give(daemon->control, daemon->identity.uid, error);
	return status;
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
		return wc_error_no_memory(error, "to begin");
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

const struct wc_daemon_step wc_daemon_open[] = {
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
	{0},
};

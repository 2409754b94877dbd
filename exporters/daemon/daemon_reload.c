/*
 * daemon_reload.c - another configuration for a daemon that goes on counting
 *
 * All that can fail is tried first. Counters, positions and what was handed over to the
 * journal are not touched.
 */
#include <stdio.h>

#include "captures.h"
#include "config.h"
#include "daemon_parts.h"
#include "exhibition.h"
#include "fleet.h"
#include "log.h"
#include "naming.h"
#include "notify.h"
#include "shared_config.h"
#include "trigger.h"
#include "wirecensus/error.h"

static int read_new(struct wc_daemon *daemon, struct wc_shared_config **shared,
		    struct wc_buffer *said, struct wc_error *error)
{
	struct wc_config *config;
	int status =
		wc_config_read(&config, daemon->settings.config, wc_exhibition_try, said, error);

	if (status == WC_INVALID && said->length)
		return wc_error_set(error, WC_INVALID,
				    "the configuration %s is wrong, and nothing was changed",
				    daemon->settings.config);
	if (status)
		return status;
	*shared = wc_shared_config_new(config);
	if (*shared)
		return WC_OK;
	wc_config_free(config);
	return wc_error_no_memory(error, "to reload");
}

/* Tries all that can fail. */
static int check(const struct wc_daemon *daemon, const struct wc_config *next,
		 struct wc_buffer *said, struct wc_error *error)
{
	int status = WC_OK;

	if (wc_config_restarts(said, daemon->config->config, next))
		return wc_error_set(error, WC_FAILED,
				    "what changed takes a restart, and nothing was changed");
	status = wc_captures_check(daemon->captures, next, error);
	if (!status)
		status = wc_fleet_check(daemon->fleet, next, error);
	return status;
}

/* From here on the new configuration is the one; what fails all the same is told. */
static int swap(struct wc_daemon *daemon, struct wc_shared_config *next, struct wc_error *error)
{
	int status = wc_captures_change(daemon->captures, next->config, error);
	int failed = wc_fleet_use(daemon->fleet, next, error);

	if (daemon->trigger)
		wc_trigger_allow(daemon->trigger, &next->config->daemon.trigger_allow);
	wc_shared_config_drop(daemon->config);
	daemon->config = wc_shared_config_hold(next);
	if (daemon->exhibition && !failed)
		failed = wc_exhibition_change(daemon->exhibition, next->config, error);
	return failed ? failed : status;
}

int wc_daemon_reload(struct wc_daemon *daemon, struct wc_buffer *said, struct wc_error *error)
{
	struct wc_shared_config *next = NULL;
	int status = read_new(daemon, &next, said, error);

	if (!status)
		status = check(daemon, next->config, said, error);
	if (!status)
		status = wc_naming_source_use(daemon->names, next->config, error);
	if (!status)
		status = swap(daemon, next, error);
	if (!status)
		wc_buffer_format(said, "the configuration of %s is in effect\n",
				 daemon->settings.config);
	if (!status)
		wc_config_warn(next->config, said);
	wc_fleet_forget_others(daemon->fleet);
	snprintf(daemon->refused, sizeof(daemon->refused), "%s", status ? error->text : "");
	wc_shared_config_drop(next);
	wc_daemon_show(daemon);
	return status;
}

void wc_daemon_reload_logged(struct wc_daemon *daemon)
{
	struct wc_buffer said = {0};
	struct wc_error error;
	int status;

	wc_notify_reloading(daemon->notify);
	status = wc_daemon_reload(daemon, &said, &error);
	wc_buffer_add(&said, "", 1);
	if (!said.failed)
		wc_log_lines(status ? WC_LOG_ERROR : WC_LOG_NOTICE, "", said.data);
	if (status)
		wc_log(WC_LOG_ERROR, "reload: %s", error.text);
	wc_notify_send(daemon->notify, "READY=1");
	wc_buffer_free(&said);
}

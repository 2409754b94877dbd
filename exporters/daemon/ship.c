#include "ship.h"

#include <stdlib.h>

#include "config.h"
#include "exporter.h"
#include "fleet.h"
#include "log.h"
#include "naming.h"
#include "runner.h"
#include "shared_config.h"
#include "wirecensus/error.h"
#include "world.h"

static int blame(const struct wc_config_exporter *section, int status, struct wc_error *error)
{
	struct wc_error reason = *error;

	return wc_error_set(error, (enum wc_status)status, "%s: %s", section->name, reason.text);
}

static int make_exporter(struct wc_exporter **exporter, const struct wc_fleet_settings *fleet,
			 const struct wc_config *config, const struct wc_config_exporter *section,
			 const struct wc_context *context, struct wc_error *error)
{
	const struct wc_exporter_settings settings = {
		.name = section->name,
		.format = section->format,
		.options = &section->options,
		.interval = config->daemon.interval,
		.encoding = wc_section_digest(section, config->daemon.interval),
		.context = context,
		.captures = fleet->captures,
		.capture_count = fleet->capture_count,
		.journal = fleet->journal,
		.world = &wc_world_real,
	};
	int status = wc_exporter_new(exporter, &settings, error);

	return status ? blame(section, status, error) : WC_OK;
}

int wc_ship_check(const struct wc_fleet_settings *settings, const struct wc_config *config,
		  const struct wc_config_exporter *section, struct wc_error *error)
{
	struct wc_exporter *exporter;
	int status = make_exporter(&exporter, settings, config, section, settings->context, error);

	if (!status)
		wc_exporter_free(exporter);
	return status;
}

int wc_ship_new(struct wc_ship **ship, const struct wc_fleet_settings *settings,
		struct wc_shared_config *config, const struct wc_config_exporter *section,
		struct wc_error *error)
{
	struct wc_ship *made = calloc(1, sizeof(*made));
	int status;

	if (!made)
		return wc_error_no_memory(error, "for the exporters");
	made->config = wc_shared_config_hold(config);
	made->section = section;
	wc_section_look(&made->files, section);
	made->naming = wc_naming_new(settings->names);
	made->context = *settings->context;
	made->context.naming = made->naming;
	status = made->naming ? make_exporter(&made->exporter, settings, config->config, section,
					      &made->context, error)
			      : wc_error_no_memory(error, "for the exporters");
	if (status)
		wc_ship_free(made);
	else
		*ship = made;
	return status;
}

void wc_ship_free(struct wc_ship *ship)
{
	wc_exporter_free(ship->exporter);
	wc_naming_free(ship->naming);
	wc_shared_config_drop(ship->config);
	free(ship);
}

int wc_ship_start(struct wc_ship *ship, struct wc_error *error)
{
	int status = wc_runner_start(&ship->runner, ship->exporter, error);

	return status ? blame(ship->section, status, error) : WC_OK;
}

bool wc_ship_does(const struct wc_ship *ship, const struct wc_config *config,
		  const struct wc_config_exporter *section)
{
	struct wc_section_files files;

	wc_section_look(&files, section);
	return ship->config->config->daemon.interval == config->daemon.interval &&
	       wc_section_same(ship->section, section) &&
	       wc_section_files_same(&ship->files, &files);
}

void wc_ship_watch(struct wc_ship *ship)
{
	struct wc_exporter_status status;

	wc_exporter_status(ship->exporter, &status);
	if (*status.reason && !ship->failing)
		wc_log(WC_LOG_WARNING, "%s: %s; %llu intervals wait to be delivered",
		       ship->section->name, status.reason, (unsigned long long)status.backlog);
	else if (!*status.reason && ship->failing)
		wc_log(WC_LOG_NOTICE, "%s works again", ship->section->name);
	ship->failing = *status.reason;
}

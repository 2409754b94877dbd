#include "fleet.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "encode.h"
#include "exporter.h"
#include "log.h"
#include "naming.h"
#include "runner.h"
#include "section.h"
#include "shared_config.h"
#include "steady.h"
#include "wirecensus/error.h"
#include "world.h"

/* How long a reload waits for the ends of exporters. */
#define PATIENCE_NS (WC_SECOND_NS / 2)

struct ship {
	struct wc_shared_config *config; /* held; where the section lies */
	const struct wc_config_exporter *section;
	struct wc_naming *naming;
	struct wc_context context;
	struct wc_exporter *exporter;
	struct wc_runner *runner; /* NULL: not started */
	bool failing;             /* as the log has it */
};

struct wc_fleet {
	struct wc_fleet_settings settings;
	struct ship **ships;
	struct wc_exporter **exporters; /* of the ships, as others see them */
	const char **names;
	size_t count;
	bool started;
};

static int blame(const struct wc_config_exporter *section, int status, struct wc_error *error)
{
	struct wc_error reason = *error;

	return wc_error_set(error, (enum wc_status)status, "%s: %s", section->name, reason.text);
}

struct wc_fleet *wc_fleet_new(const struct wc_fleet_settings *settings)
{
	struct wc_fleet *fleet = calloc(1, sizeof(*fleet));

	if (fleet)
		fleet->settings = *settings;
	return fleet;
}

static void free_lists(struct wc_fleet *fleet)
{
	free(fleet->ships);
	free(fleet->exporters);
	free(fleet->names);
	fleet->ships = NULL;
	fleet->exporters = NULL;
	fleet->names = NULL;
	fleet->count = 0;
}

static void free_ship(struct ship *ship)
{
	wc_exporter_free(ship->exporter);
	wc_naming_free(ship->naming);
	wc_shared_config_drop(ship->config);
	free(ship);
}

void wc_fleet_free(struct wc_fleet *fleet)
{
	if (!fleet)
		return;
	for (size_t i = 0; i < fleet->count; i++)
		if (!fleet->ships[i]->runner)
			free_ship(fleet->ships[i]);
	free_lists(fleet);
	free(fleet);
}

static int make_exporter(const struct wc_fleet *fleet, struct wc_exporter **exporter,
			 const struct wc_config *config, const struct wc_config_exporter *section,
			 const struct wc_context *context, struct wc_error *error)
{
	const struct wc_exporter_settings settings = {
		.name = section->name,
		.format = section->format,
		.options = &section->options,
		.interval = config->daemon.interval,
		.context = context,
		.captures = fleet->settings.captures,
		.capture_count = fleet->settings.capture_count,
		.journal = fleet->settings.journal,
		.world = &wc_world_real,
	};
	int status = wc_exporter_new(exporter, &settings, error);

	return status ? blame(section, status, error) : WC_OK;
}

int wc_fleet_check(const struct wc_fleet *fleet, const struct wc_config *config,
		   struct wc_error *error)
{
	int status = WC_OK;

	for (size_t i = 0; i < config->exporter_count && !status; i++) {
		struct wc_exporter *exporter;

		status = make_exporter(fleet, &exporter, config, &config->exporters[i],
				       fleet->settings.context, error);
		if (!status)
			wc_exporter_free(exporter);
	}
	return status;
}

static int start(struct ship *ship, struct wc_error *error)
{
	int status = wc_runner_start(&ship->runner, ship->exporter, error);

	return status ? blame(ship->section, status, error) : WC_OK;
}

static int launch(struct wc_fleet *fleet, struct ship **ship, struct wc_shared_config *config,
		  const struct wc_config_exporter *section, struct wc_error *error)
{
	struct ship *made = calloc(1, sizeof(*made));
	int status;

	if (!made)
		return wc_error_no_memory(error, "for the exporters");
	made->config = wc_shared_config_hold(config);
	made->section = section;
	made->naming = wc_naming_new(fleet->settings.names);
	made->context = *fleet->settings.context;
	made->context.naming = made->naming;
	status = made->naming ? make_exporter(fleet, &made->exporter, config->config, section,
					      &made->context, error)
			      : wc_error_no_memory(error, "for the exporters");
	if (!status && fleet->started)
		status = start(made, error);
	if (status)
		free_ship(made);
	else
		*ship = made;
	return status;
}

/* Ends the ships of @list that are there, all of them at one time, and frees them. */
static void retire(struct ship **list, size_t count)
{
	uint64_t now = wc_steady_now();

	for (size_t i = 0; i < count; i++)
		if (list[i] && list[i]->runner)
			wc_runner_ask(list[i]->runner, now);
	for (size_t i = 0; i < count; i++) {
		if (!list[i])
			continue;
		if (!list[i]->runner || wc_runner_end(list[i]->runner, now + PATIENCE_NS))
			free_ship(list[i]);
		else
			wc_log(WC_LOG_ERROR, "%s hangs and is left behind", list[i]->section->name);
	}
}

/* Takes the ship out of the fleet that does what @section says, and returns it; or NULL. */
static struct ship *take_same(struct wc_fleet *fleet, const struct wc_config *config,
			      const struct wc_config_exporter *section)
{
	for (size_t i = 0; i < fleet->count; i++) {
		struct ship *ship = fleet->ships[i];

		if (!ship || ship->config->config->daemon.interval != config->daemon.interval ||
		    !wc_section_same(ship->section, section))
			continue;
		fleet->ships[i] = NULL;
		return ship;
	}
	return NULL;
}

/* Lets @ships, some of which may be NULL, be the fleet. */
static void adopt(struct wc_fleet *fleet, const struct wc_fleet *next, size_t room)
{
	free_lists(fleet);
	fleet->ships = next->ships;
	fleet->exporters = next->exporters;
	fleet->names = next->names;
	for (size_t i = 0; i < room; i++) {
		struct ship *ship = fleet->ships[i];

		if (!ship)
			continue;
		fleet->exporters[fleet->count] = ship->exporter;
		fleet->names[fleet->count] = ship->section->name;
		fleet->ships[fleet->count++] = ship;
	}
	fleet->names[fleet->count] = NULL;
}

int wc_fleet_use(struct wc_fleet *fleet, struct wc_shared_config *shared, struct wc_error *error)
{
	const struct wc_config *config = shared->config;
	size_t room = config->exporter_count;
	struct wc_fleet next = {
		.ships = calloc(room + 1, sizeof(*next.ships)),
		.exporters = calloc(room + 1, sizeof(*next.exporters)),
		.names = calloc(room + 1, sizeof(*next.names)),
	};
	int status = WC_OK;

	if (!next.ships || !next.exporters || !next.names) {
		free_lists(&next);
		return wc_error_no_memory(error, "for the exporters");
	}
	for (size_t i = 0; i < room; i++)
		next.ships[i] = take_same(fleet, config, &config->exporters[i]);
	retire(fleet->ships, fleet->count);
	for (size_t i = 0; i < room; i++) {
		int failed = next.ships[i] ? WC_OK
					   : launch(fleet, &next.ships[i], shared,
						    &config->exporters[i], error);

		status = failed ? failed : status;
	}
	adopt(fleet, &next, room);
	return status;
}

int wc_fleet_start(struct wc_fleet *fleet, struct wc_error *error)
{
	int status = WC_OK;

	fleet->started = true;
	for (size_t i = 0; i < fleet->count && !status; i++)
		status = start(fleet->ships[i], error);
	return status;
}

void wc_fleet_wake(struct wc_fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++)
		wc_runner_wake(fleet->ships[i]->runner);
}

void wc_fleet_watch(struct wc_fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++) {
		struct ship *ship = fleet->ships[i];
		struct wc_exporter_status status;

		wc_exporter_status(ship->exporter, &status);
		if (*status.reason && !ship->failing)
			wc_log(WC_LOG_WARNING, "%s: %s; %llu intervals wait to be delivered",
			       ship->section->name, status.reason,
			       (unsigned long long)status.backlog);
		else if (!*status.reason && ship->failing)
			wc_log(WC_LOG_NOTICE, "%s works again", ship->section->name);
		ship->failing = *status.reason;
	}
}

void wc_fleet_ask(struct wc_fleet *fleet, uint64_t deadline_ns)
{
	for (size_t i = 0; i < fleet->count; i++)
		if (fleet->ships[i]->runner)
			wc_runner_ask(fleet->ships[i]->runner, deadline_ns);
}

bool wc_fleet_end(struct wc_fleet *fleet, uint64_t deadline_ns)
{
	bool all = true;

	for (size_t i = 0; i < fleet->count; i++) {
		struct ship *ship = fleet->ships[i];

		if (!ship->runner)
			continue;
		if (wc_runner_end(ship->runner, deadline_ns))
			ship->runner = NULL;
		else
			all = false;
	}
	return all;
}

struct wc_exporter *const *wc_fleet_exporters(const struct wc_fleet *fleet, size_t *count)
{
	*count = fleet->count;
	return fleet->exporters;
}

const char *const *wc_fleet_names(const struct wc_fleet *fleet)
{
	static const char *const none[] = {NULL};

	return fleet->names ? fleet->names : none;
}

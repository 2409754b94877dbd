#include "fleet.h"

#include <stdlib.h>

#include "config.h"
#include "exporter.h"
#include "journal.h"
#include "log.h"
#include "runner.h"
#include "shared_config.h"
#include "ship.h"
#include "steady.h"
#include "wirecensus/error.h"

/* How long a reload waits for the ends of exporters. */
#define PATIENCE_NS (WC_SECOND_NS / 2)

struct wc_fleet {
	struct wc_fleet_settings settings;
	struct wc_ship **ships;
	struct wc_exporter **exporters; /* of the ships, as others see them */
	const char **names;
	size_t count;
	bool started;
	struct wc_ship *left; /* behind: their threads hang, and may wake */
};

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

void wc_fleet_free(struct wc_fleet *fleet)
{
	if (!fleet)
		return;
	for (size_t i = 0; i < fleet->count; i++)
		if (!fleet->ships[i]->runner)
			wc_ship_free(fleet->ships[i]);
	free_lists(fleet);
	free(fleet);
}

int wc_fleet_check(const struct wc_fleet *fleet, const struct wc_config *config,
		   struct wc_error *error)
{
	int status = WC_OK;

	for (size_t i = 0; i < config->exporter_count && !status; i++)
		status = wc_ship_check(&fleet->settings, config, &config->exporters[i], error);
	return status;
}

/* Makes the ship of @section, on its way if the others are. */
static int launch(struct wc_fleet *fleet, struct wc_ship **ship, struct wc_shared_config *config,
		  const struct wc_config_exporter *section, struct wc_error *error)
{
	struct wc_ship *made;
	int status = wc_ship_new(&made, &fleet->settings, config, section, error);

	if (status)
		return status;
	if (fleet->started)
		status = wc_ship_start(made, error);
	if (status)
		wc_ship_free(made);
	else
		*ship = made;
	return status;
}

/* Frees those that were left behind and have ended meanwhile. Returns true if none is left. */
static bool collect(struct wc_fleet *fleet)
{
	struct wc_ship **place = &fleet->left;

	while (*place) {
		struct wc_ship *ship = *place;

		if (wc_runner_end(ship->runner, 0)) {
			*place = ship->next;
			wc_ship_free(ship);
		} else {
			place = &ship->next;
		}
	}
	return !fleet->left;
}

/* What its thread uses must stay; the position is for the next of its name to move. */
static void leave(struct wc_fleet *fleet, struct wc_ship *ship)
{
	wc_log(WC_LOG_ERROR, "%s hangs and is left behind", ship->section->name);
	wc_exporter_disown(ship->exporter);
	ship->next = fleet->left;
	fleet->left = ship;
}

/* Ends the ships of the fleet that are there, all of them at one time, and frees them. */
static void retire(struct wc_fleet *fleet)
{
	struct wc_ship **list = fleet->ships;
	size_t count = fleet->count;
	uint64_t now = wc_steady_now();

	collect(fleet);
	for (size_t i = 0; i < count; i++)
		if (list[i] && list[i]->runner)
			wc_runner_ask(list[i]->runner, now);
	for (size_t i = 0; i < count; i++) {
		if (!list[i])
			continue;
		if (!list[i]->runner || wc_runner_end(list[i]->runner, now + PATIENCE_NS))
			wc_ship_free(list[i]);
		else
			leave(fleet, list[i]);
	}
}

/* Takes the ship out of the fleet that does what @section says, and returns it; or NULL. */
static struct wc_ship *take_same(struct wc_fleet *fleet, const struct wc_config *config,
				 const struct wc_config_exporter *section)
{
	for (size_t i = 0; i < fleet->count; i++) {
		struct wc_ship *ship = fleet->ships[i];

		if (!ship || !wc_ship_does(ship, config, section))
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
		struct wc_ship *ship = fleet->ships[i];

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
	retire(fleet);
	for (size_t i = 0; i < room; i++) {
		int failed = next.ships[i] ? WC_OK
					   : launch(fleet, &next.ships[i], shared,
						    &config->exporters[i], error);

		status = failed ? failed : status;
	}
	adopt(fleet, &next, room);
	return status;
}

void wc_fleet_forget_others(const struct wc_fleet *fleet)
{
	wc_journal_forget_others(fleet->settings.journal, fleet->names, fleet->count);
}

int wc_fleet_start(struct wc_fleet *fleet, struct wc_error *error)
{
	int status = WC_OK;

	fleet->started = true;
	for (size_t i = 0; i < fleet->count && !status; i++)
		status = wc_ship_start(fleet->ships[i], error);
	return status;
}

void wc_fleet_wake(struct wc_fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++)
		wc_runner_wake(fleet->ships[i]->runner);
}

void wc_fleet_watch(struct wc_fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++)
		wc_ship_watch(fleet->ships[i]);
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
		struct wc_ship *ship = fleet->ships[i];

		if (!ship->runner)
			continue;
		if (wc_runner_end(ship->runner, deadline_ns))
			ship->runner = NULL;
		else
			all = false;
	}
	return collect(fleet) && all;
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

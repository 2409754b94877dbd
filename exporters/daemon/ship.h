/*
 * ship.h - one exporter of the fleet: its section, its look-up of names, its thread
 */
#ifndef WC_SHIP_H
#define WC_SHIP_H

#include <stdbool.h>

#include "encode.h"
#include "section.h"

struct wc_config;          /* config.h */
struct wc_config_exporter; /* config.h */
struct wc_error;           /* wirecensus/error.h */
struct wc_exporter;        /* exporter.h */
struct wc_fleet_settings;  /* fleet.h */
struct wc_runner;          /* runner.h */
struct wc_shared_config;

struct wc_ship {
	struct wc_shared_config *config; /* held; where the section lies */
	const struct wc_config_exporter *section;
	struct wc_section_files files; /* that it was made with, or older ones */
	struct wc_naming *naming;
	struct wc_context context;
	struct wc_exporter *exporter;
	struct wc_runner *runner; /* NULL: not started */
	bool failing;             /* as the log has it */
	struct wc_ship *next;     /* of those that were left behind */
};

/*
 * Could the exporter of @section, which is one of @config's, be made? Keeps nothing. Returns 0,
 * or a negative code with @error filled in, which names the exporter.
 */
int wc_ship_check(const struct wc_fleet_settings *settings, const struct wc_config *config,
		  const struct wc_config_exporter *section, struct wc_error *error);

/*
 * Makes the ship of @section, which is one of @config's, and holds that; starts nothing.
 * Returns 0 and a ship to be freed with wc_ship_free(), or as above.
 */
int wc_ship_new(struct wc_ship **ship, const struct wc_fleet_settings *settings,
		struct wc_shared_config *config, const struct wc_config_exporter *section,
		struct wc_error *error);

/* Frees a ship whose thread has ended, or was never started. */
void wc_ship_free(struct wc_ship *ship);

/* Starts its thread. Returns 0, or WC_FAILED with @error filled in, which names the exporter. */
int wc_ship_start(struct wc_ship *ship, struct wc_error *error);

/* True if the ship does what @section, one of @config's, says, with the files as they are now. */
bool wc_ship_does(const struct wc_ship *ship, const struct wc_config *config,
		  const struct wc_config_exporter *section);

/* Logs, once each time, that it does not work, and that it works again. */
void wc_ship_watch(struct wc_ship *ship);

#endif /* WC_SHIP_H */

/*
 * fleet.h - the exporters that the configuration names, each with its thread
 *
 * Belongs to the main thread. A reload leaves the exporters alone whose sections, and files
 * of TLS, did not change; the others end, and those that are new begin where their position is.
 */
#ifndef WC_FLEET_H
#define WC_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_config;   /* config.h */
struct wc_context;  /* encode.h */
struct wc_error;    /* wirecensus/error.h */
struct wc_exporter; /* exporter.h */
struct wc_fleet;
struct wc_journal; /* journal.h */
struct wc_naming_source;
struct wc_shared_config;

struct wc_fleet_settings {
	struct wc_journal *journal;
	const struct wc_context *context; /* stays valid; its naming is replaced by */
	struct wc_naming_source *names;
	const char *const *captures; /* names; stay valid */
	size_t capture_count;
};

/* Makes a fleet without exporters. NULL: memory is short. */
struct wc_fleet *wc_fleet_new(const struct wc_fleet_settings *settings);

/* Frees; those that hang and were left behind stay as they are. NULL is allowed. */
void wc_fleet_free(struct wc_fleet *fleet);

/*
 * Could the exporters of @config be made? Starts nothing. Returns 0, or a negative code with
 * @error filled in, which names the exporter.
 */
int wc_fleet_check(const struct wc_fleet *fleet, const struct wc_config *config,
		   struct wc_error *error);

/*
 * Makes the fleet what @config says, which it then holds for as long as one of its
 * exporters needs it. Ends what is gone or different; this waits at most half a second, and
 * leaves behind what hangs, which moves no position any more.
 * Returns 0, or a negative code with @error filled in: an exporter could not be made or
 * started, the others are there.
 */
int wc_fleet_use(struct wc_fleet *fleet, struct wc_shared_config *config, struct wc_error *error);

/*
 * Has the journal forget all exporters but these: those that are gone, and those that were
 * only tried.
 */
void wc_fleet_forget_others(const struct wc_fleet *fleet);

/* Starts the threads of those that have none. Results as above. */
int wc_fleet_start(struct wc_fleet *fleet, struct wc_error *error);

/* The journal has a new interval. */
void wc_fleet_wake(struct wc_fleet *fleet);

/* Logs which exporters work again, or no more. */
void wc_fleet_watch(struct wc_fleet *fleet);

/* Has all deliver what they can until @deadline_ns (CLOCK_BOOTTIME), and end; at once. */
void wc_fleet_ask(struct wc_fleet *fleet, uint64_t deadline_ns);

/*
 * Waits for that until @deadline_ns. Returns false when one hangs and is left behind, or was by
 * wc_fleet_use(): it may still use what the fleet was given.
 */
bool wc_fleet_end(struct wc_fleet *fleet, uint64_t deadline_ns);

/* The exporters and their names, in the configuration's order; until the next use. */
struct wc_exporter *const *wc_fleet_exporters(const struct wc_fleet *fleet, size_t *count);
const char *const *wc_fleet_names(const struct wc_fleet *fleet); /* ended by NULL */

#endif /* WC_FLEET_H */

/*
 * world.h - time and delivery, as a table that a test can replace
 *
 * The daemon's middle (clock, journal, exporters) asks nothing but this table for
 * the time and for a delivery; its disk is the VFS that the journal was given. So a
 * simulation replays years, kills and collectors of every kind in one thread.
 */
#ifndef WC_WORLD_H
#define WC_WORLD_H

#include <stdint.h>

struct wc_delivery;          /* delivery.h */
struct wc_delivery_settings; /* delivery.h */
struct wc_error;             /* wirecensus/error.h */
struct wc_place;             /* place.h */

struct wc_world {
	void *arg;
	uint64_t (*steady)(void *arg); /* ns, goes on while the machine is suspended */
	int64_t (*wall)(void *arg);    /* ns since 1970 */
	uint64_t (*random)(void *arg); /* for jitter only */
	int (*deliver)(void *arg, struct wc_delivery **delivery, const struct wc_place *place,
		       const struct wc_delivery_settings *settings, struct wc_error *error);
};

/* The real one. */
extern const struct wc_world wc_world_real;

#endif /* WC_WORLD_H */

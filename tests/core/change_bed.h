/*
 * change_bed.h - a census that counts live traffic, in a network namespace of its own
 */
#ifndef TESTS_CHANGE_BED_H
#define TESTS_CHANGE_BED_H

#include "wirecensus/census.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define CHANGE_WATCHDOG_MS 20000

/* What can count here. */
#define CHANGE_ENGINES 3
extern const char *const change_engines[CHANGE_ENGINES];

extern struct wc_options change_options;
extern struct wc_census *change_census;

void change_pause_ms(long ms);

/* Sets an option, as a configuration would; the payload filter, NULL for none. */
void change_set(const char *name, const char *text);
void change_set_match(const char *text);

/* Makes "va" to send on and "vb" to count with @engine, which has the address 192.0.2.1. */
void change_enter(const char *engine);

/* Counts @interface, which need not be there yet; ends that, and what change_enter() opened. */
void change_start(const char *interface);
void change_end(void);

/* Sends the frame of a recipe on "va", @times times. */
void change_send_frames(const char *text, int times);

/* Takes a snapshot, to be freed with wc_snapshot_free(). */
struct wc_snapshot *change_snapshot(void);

/* Has the census count by change_options from now on. */
void change_reconfigure(void);

#endif /* TESTS_CHANGE_BED_H */

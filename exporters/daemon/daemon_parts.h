/*
 * daemon_parts.h - what the daemon consists of, for the files daemon*.c only
 */
#ifndef WC_DAEMON_PARTS_H
#define WC_DAEMON_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"
#include "buffer.h"
#include "clock.h"
#include "control.h"
#include "daemon.h"
#include "encode.h"
#include "instance.h"
#include "privileges.h"
#include "wirecensus/error.h"

struct wc_captures;
struct wc_dump;
struct wc_exhibition;
struct wc_fleet;
struct wc_journal; /* journal.h */
struct wc_keeper;
struct wc_naming_source;
struct wc_registry; /* wirecensus/registry.h */
struct wc_shared_config;
struct wc_trigger;

struct wc_daemon {
	struct wc_daemon_settings settings;
	struct wc_buffer *complaints;

	/* In the order of their beginning: daemon_open.c, daemon_start.c. */
	int signals; /* signalfd(2) */
	struct wc_shared_config *config;
	char host[256];
	char first[WC_INSTANCE];    /* who the first run is */
	char instance[WC_INSTANCE]; /* and this one */
	struct wc_registry *registry;
	struct wc_context context,
		threads;             /* the main thread's; for all others, with the first run */
	struct wc_identity identity; /* to become */
	int lock;
	struct wc_captures *captures;
	struct wc_control_actions actions;
	struct wc_control *control;       /* NULL: none */
	struct wc_trigger *trigger;       /* NULL: none */
	struct wc_exhibition *exhibition; /* NULL: none */
	struct wc_dump *dump;
	struct wc_journal *journal;
	struct wc_naming_source *names;
	struct wc_fleet *fleet;
	struct wc_keeper *keeper;
	int timer;  /* timerfd(2) */
	int notify; /* to the service manager */

	/* The loop: daemon_loop.c. */
	struct wc_clock clock;
	uint64_t watchdog_ns; /* 0: nobody waits for us */
	uint64_t fed_ns;
	bool stopping;
	bool hanging; /* a thread was left behind: nothing can be freed */

	struct wc_board board;
	struct wc_buffer trouble;
	char refused[WC_ERROR_SIZE]; /* why the last reload changed nothing; empty: it did */
};

/*
 * What is begun, in this order, and ended in the other. An end also follows a beginning that
 * failed half-way. What no stranger could open comes first, with privileges; then what runs
 * without. Both end with a step without a beginning.
 */
struct wc_daemon_step {
	int (*begin)(struct wc_daemon *daemon, struct wc_error *error);
	void (*end)(struct wc_daemon *daemon); /* NULL: nothing to end */
};

extern const struct wc_daemon_step wc_daemon_open[], wc_daemon_start[];

/* Counts interval after interval until the daemon is told to stop. */
void wc_daemon_loop(struct wc_daemon *daemon);

/* Ends the current interval and hands it to the keeper. */
void wc_daemon_interval(struct wc_daemon *daemon);

/* Brings the board up to date. */
void wc_daemon_post(struct wc_daemon *daemon);

/* The same, for those who look by HTTP, too. */
void wc_daemon_show(struct wc_daemon *daemon);

/*
 * Writes the dump files, where a place for them is configured. Returns 0 with their paths in
 * @said, or a negative code with @error filled in.
 */
int wc_daemon_dump(struct wc_daemon *daemon, struct wc_buffer *said, struct wc_error *error);

/*
 * The same, and a new run begins behind it: with a name of its own, and counts from 0. Results as
 * above; if it fails, the run goes on.
 */
int wc_daemon_dump_reset(struct wc_daemon *daemon, struct wc_buffer *said, struct wc_error *error);

/* wc_daemon_dump() for a signal or a datagram, whose results are logged. */
void wc_daemon_dump_logged(struct wc_daemon *daemon);

/*
 * Reads the configuration again: checks all of it, then swaps. Returns 0 with lines in @said;
 * or a negative code with @error filled in, lines in @said, and nothing changed.
 */
int wc_daemon_reload(struct wc_daemon *daemon, struct wc_buffer *said, struct wc_error *error);

/* The same for SIGHUP, whose results are logged. */
void wc_daemon_reload_logged(struct wc_daemon *daemon);

#endif /* WC_DAEMON_PARTS_H */

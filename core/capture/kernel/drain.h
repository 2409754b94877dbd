/*
 * drain.h - what the program has counted, into the tables that all engines share
 */
#ifndef WC_KERNEL_DRAIN_H
#define WC_KERNEL_DRAIN_H

#include <stdint.h>

struct wc_error; /* wirecensus/error.h */
struct wc_kernel_drain;
struct wc_kernel_maps; /* program.h */
struct wc_served;      /* served.h */
struct wc_tables;      /* tables.h */

/*
 * Makes ready to read @maps, which stay the caller's. Returns 0, or WC_FAILED with
 * @error filled in: no memory, or a kernel that cannot tell when the program has
 * left a generation.
 */
int wc_kernel_drain_open(struct wc_kernel_drain **drain, const struct wc_kernel_maps *maps,
			 struct wc_error *error);
void wc_kernel_drain_free(struct wc_kernel_drain *drain);

/* When counts were made: since the last reading. */
struct wc_kernel_when {
	int64_t first_ns, last_ns; /* by the wall clock */
	uint32_t now_s;            /* by a clock that never steps and goes on in suspension */
};

/* Frames that were counted since the last reading. */
struct wc_kernel_frames {
	uint64_t counted;
	uint64_t merged; /* longer than the link carries, of segments unknown */
};

/*
 * Turns the program to its other generation, waits some 40 ms until no frame is
 * being counted into the one before, and adds all of that to @tables. Frees rows
 * that have been idle for as long as the rules of @tables say.
 */
void wc_kernel_drain_run(struct wc_kernel_drain *drain, struct wc_tables *tables,
			 const struct wc_kernel_when *when, struct wc_kernel_frames *frames);

/* Waits, some 20 ms, until every run of the program that has begun by now is over. */
void wc_kernel_drain_wait(void);

/*
 * Has the program go by the service ports that are known: at the start, and when
 * an interval is over, which puts into effect what was learned.
 */
void wc_kernel_drain_serve(struct wc_kernel_drain *drain, const struct wc_served *served);

#endif /* WC_KERNEL_DRAIN_H */

/*
 * runner.h - one exporter in a thread of its own
 */
#ifndef WC_RUNNER_H
#define WC_RUNNER_H

#include <stdbool.h>
#include <stdint.h>

struct wc_error; /* wirecensus/error.h */
struct wc_exporter;
struct wc_runner;

/* Starts the thread, which does not own @exporter. Returns 0, or WC_FAILED with @error filled in.
 */
int wc_runner_start(struct wc_runner **runner, struct wc_exporter *exporter,
		    struct wc_error *error);

/* The journal has a new interval; any thread, at once. */
void wc_runner_wake(struct wc_runner *runner);

/* Asks the thread to deliver what it can until @deadline_ns (CLOCK_BOOTTIME) and to end; at once.
 */
void wc_runner_ask(struct wc_runner *runner, uint64_t deadline_ns);

/*
 * Waits for the end until @deadline_ns, and frees. Returns false when the thread hangs in a call of
 * a library, or in the disk: its exporter must stay as it is, and it can be waited for again.
 */
bool wc_runner_end(struct wc_runner *runner, uint64_t deadline_ns);

#endif /* WC_RUNNER_H */

/*
 * keeper.h - the thread that writes intervals to the journal
 *
 * The main thread hands each interval over and goes on: a slow or full disk costs
 * no frame. Intervals that cannot be written wait, bounded, and are tried again;
 * when there are too many the oldest goes and is counted. Positions of exporters that
 * moved are brought to disk within a second.
 */
#ifndef WC_KEEPER_H
#define WC_KEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_error; /* wirecensus/error.h */
struct wc_interval;
struct wc_journal; /* journal.h */
struct wc_keeper;

/* Intervals that wait, at most, and the memory that they take; one always may. */
#define WC_KEEPER_INTERVALS 60
#define WC_KEEPER_BYTES     (64u << 20)

/* Starts the thread. Returns 0, or WC_FAILED with @error filled in. @journal stays the caller's. */
int wc_keeper_start(struct wc_keeper **keeper, struct wc_journal *journal, struct wc_error *error);

/* Takes over what the caller holds of @interval, to be written; returns at once. */
void wc_keeper_hand(struct wc_keeper *keeper, struct wc_interval *interval);

/* An eventfd(2), readable when intervals were written since wc_keeper_heard(). */
int wc_keeper_fd(const struct wc_keeper *keeper);
void wc_keeper_heard(struct wc_keeper *keeper);

/* What is wrong while it is behind. */
#define WC_KEEPER_BEHIND                                                                           \
	"intervals come faster than the journal is written, and the oldest are lost: give a "      \
	"longer interval, smaller tables, or a faster disk"

struct wc_keeper_state {
	uint64_t written;  /* intervals */
	uint64_t lost;     /* intervals that found no room while they waited */
	size_t waiting;    /* intervals */
	uint64_t failures; /* of writing */
	bool behind;       /* some were lost, and since then others have waited all the time */
	char reason[1024]; /* of the last failure; empty: none since it works */
};
void wc_keeper_state(struct wc_keeper *keeper, struct wc_keeper_state *state);

/*
 * Has it write what waits and flush, and ends the thread; frees. At @deadline_ns
 * (CLOCK_BOOTTIME) it gives up and returns false: the thread hangs in the disk, is
 * left behind, and so must be the journal.
 */
bool wc_keeper_end(struct wc_keeper *keeper, uint64_t deadline_ns);

#endif /* WC_KEEPER_H */

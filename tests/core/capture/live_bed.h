/*
 * live_bed.h - a live source on a veth pair of its own, without a worker
 *
 * Each test enters a namespace with "va" to send on and "vb" to count, opens a source
 * and drains it. One at a time: all is in one struct.
 */
#ifndef TESTS_LIVE_BED_H
#define TESTS_LIVE_BED_H

#include <check.h>
#include <stdbool.h>
#include <stdint.h>

#include "filter.h"
#include "filter_frames.h"
#include "host.h"
#include "source.h"
#include "wirecensus/options.h"

#define BED_WATCHDOG_MS 10000

/* What came out of the source, in place of a worker. */
struct bed_seen {
	uint64_t frames, bytes;
	uint64_t origins[4];
	uint32_t captured_last, length_last;
	uint16_t segment_last, segment_at_last;
	uint8_t link_last;
	uint8_t last[64];
};

extern struct bed {
	struct wc_options options;
	struct wc_filter *filter;
	struct wc_host *host;
	struct wc_source *source;
	struct bed_seen seen;
	struct wc_source_stats stats;
} bed;

struct wc_live_kind; /* live_reader.h */

/* The engine under test: the environment's WC_ENGINE, pcap or ring. */
const struct wc_live_kind *bed_kind(void);

/* A wc_sink. @user is a struct bed_seen. */
void bed_take(void *user, const struct wc_frame *frame);

void bed_pause_ms(long ms);

/* Makes the namespace and the pair. Both ends are up, and no one else sends on them. */
void bed_enter(void);

/*
 * Brings both ends up. A link drops what is sent on it until the kernel has noticed,
 * in its own time, that the other end is up too.
 */
void bed_bring_up(void);

/* Opens @interface with the options of the bed; with @wait, also if it is not there. */
void bed_open(const char *interface, bool wait);
void bed_close(void);

/* Takes all frames that are there now. */
void bed_run(void);

/*
 * Waits until @frames have been seen or lost, which takes the kernel as long as it
 * likes, and then for one lag more, in which nothing is to come.
 */
void bed_drain(uint64_t frames);

/* Without a filter: waits until @frames are received, and reads none of them. */
void bed_await(uint64_t frames);

/* Waits until the source has noticed that its interface is gone, or there. */
void bed_follow_until(bool gone);

/* Tells the source what has changed. */
void bed_tell(void);

/*
 * Sees all frames of "vb" from now on, and each of them after the sources that are
 * opened later, so that a test knows when they were there. The second waits for them.
 */
void bed_witness(void);
void bed_await_witness(int frames);

/* Sends a frame, or one of filter_frames.h, so many times. */
void bed_send(const char *interface, const struct frame *frame, int times);
void bed_send_sort(const char *interface, enum filter_tags tags, int sort, int times);

/* Hands the kernel a frame of segments of 1000 bytes, of TCP over IPv4, as its own TCP does. */
void bed_send_merged(const char *interface, const struct frame *frame);

/* Runs the tests of @suite, if there can be namespaces. Returns main()'s exit code. */
int bed_main(Suite *suite);

#endif /* TESTS_LIVE_BED_H */

/*
 * twins.h - the program in the kernel, and the decoder, fed with the same frames
 *
 * Each counts into tables of its own. twins_compare() takes a snapshot of both, and
 * every row of the one must be a row of the other.
 */
#ifndef TESTS_TWINS_H
#define TESTS_TWINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "layout.h"
#include "memo.h"
#include "rules.h"
#include "wirecensus/options.h"

struct wc_filter; /* filter.h */
struct wc_local;  /* local.h */
struct wc_tables; /* tables.h */

/* The longest frame that BPF_PROG_TEST_RUN takes, and some less. */
#define TWINS_FRAME_MAX 3500

struct twins {
	struct wc_rules rules;
	enum wc_attach attach;
	bool drop_echo;
	struct wc_local *local;
	struct wc_memo memo;
	struct wc_tables *tables[2], *last[2]; /* the program's, the decoder's */
	struct wc_kernel_program *program;
	struct wc_kernel_drain *drain;
	struct wc_filter *filter; /* the caller's; NULL: none */
	uint8_t link;             /* enum wc_link */
	uint64_t now_ns;          /* the end of the last interval */
	uint64_t handed_over;     /* frames that the program left to the decoder */
	uint64_t refused;         /* by the filter */
};

/* Prints why and ends the program with 77 when programs for the kernel cannot be run here. */
void twins_need(void);

/*
 * Begins. The rules of @twins, which is zeros but for them, attach and drop_echo, have been
 * filled in; this adds a seed. @filter may be NULL, or is prepared for @link. This host is
 * 192.0.2.1, 192.0.2.2, 2001:db8::1 and 2001:db8::2.
 * @processors: how many share the slices; 0: as it is here.
 */
void twins_open(struct twins *twins, enum wc_link link, struct wc_filter *filter,
		unsigned processors);
void twins_close(struct twins *twins);

/* Both count a frame, received or for another host; sent only where it is not at a socket. */
void twins_feed(struct twins *twins, const void *bytes, size_t size, enum wc_origin origin);

/* Both count a frame that is received, @count times; not at a socket. From one thread at a time. */
void twins_repeat(struct twins *twins, const void *bytes, size_t size, unsigned count);

/*
 * The program counts a frame that is said to be merged of @segments, 0 for not told, with
 * @segment_size bytes each; the decoder counts @parts of them.
 */
void twins_feed_merged(struct twins *twins, const void *bytes, size_t size, uint32_t segments,
		       uint32_t segment_size, const struct wc_frame *parts, size_t count);

/* Returns what the program says to a frame, which it counts, without its twin. */
uint32_t twins_verdict(struct twins *twins, const void *bytes, size_t size);

/* Returns how many frames the program has counted since this was last asked. */
uint64_t twins_counted(struct twins *twins);

/* Ends an interval of @seconds and compares all rows. @name is for the message. */
void twins_compare(struct twins *twins, const char *name, unsigned seconds);

/* The same where both tables are too small: with other, their rows add up to the same. */
void twins_overflow(struct twins *twins, unsigned seconds);

#endif /* TESTS_TWINS_H */

/*
 * census.h - one observation point being counted
 *
 * A census ties a frame source, the decoder and the tables. Made for a file, it
 * counts in the calling thread; made for an interface, it has a thread of its
 * own from wc_census_start() to wc_census_stop(). In between, snapshots can be
 * taken at any time, by one thread at a time.
 */
#ifndef WC_CENSUS_H
#define WC_CENSUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_census;
struct wc_error;    /* wirecensus/error.h */
struct wc_option;   /* wirecensus/options.h */
struct wc_options;  /* wirecensus/options.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

/*
 * Opens @interface (or "any") for counting, with the filter, addresses and
 * buffers of @options, which the census copies what it needs of. @name is the
 * capture's name. Needs CAP_NET_RAW. Nothing is counted before wc_census_start().
 * Returns 0 and a census to be freed with wc_census_free(); or a negative code
 * with @error filled in.
 */
int wc_census_open_live(struct wc_census **census, const char *name, const char *interface,
			const struct wc_options *options, struct wc_error *error);

/*
 * The same, but an interface that is not there is waited for: the time until it comes
 * counts as gone. It is counted when it comes, without privileges from now on, as long
 * as some interface is up, be it the loopback. Results as above.
 */
int wc_census_open_waiting(struct wc_census **census, const char *name, const char *interface,
			   const struct wc_options *options, struct wc_error *error);

/*
 * Opens the capture file @path, "-" for standard input: pcap or pcapng, plain or
 * compressed by gzip or zstd. Results as above.
 */
int wc_census_open_file(struct wc_census **census, const char *name, const char *path,
			const struct wc_options *options, struct wc_error *error);

/* Stops what still runs, and frees. NULL is allowed. */
void wc_census_free(struct wc_census *census);

/* Starts counting an interface. Returns 0 or a negative code with @error filled in. */
int wc_census_start(struct wc_census *census, struct wc_error *error);

/*
 * Ends the thread of wc_census_start() within 200 ms of its last batch. What was
 * counted stays, and one last snapshot can be taken.
 */
void wc_census_stop(struct wc_census *census);

/*
 * Counts the next frames of a file, about @frames of them. Returns 1 when there
 * may be more, 0 at the end, or WC_FAILED with @error filled in where the file
 * breaks; what came before stays counted.
 */
int wc_census_read(struct wc_census *census, size_t frames, struct wc_error *error);

/* How far a file has been read: bytes, of all bytes, both as stored; 0 when not known. */
void wc_census_progress(const struct wc_census *census, uint64_t *done, uint64_t *all);

/*
 * Announces that a snapshot follows, and returns at once. Frames that the kernel
 * still withholds are waited for: announcing to all of several censuses first
 * lets these waits overlap. Not needed for one.
 */
void wc_census_ask(struct wc_census *census);

/* Waits until the thread of @census stands between two batches, and lets it go on: it lives. */
void wc_census_answer(struct wc_census *census);

/*
 * Ends the interval: waits until the frames that have reached the interface are
 * counted, and takes a picture. Returns 0 and a snapshot, to be freed with
 * wc_snapshot_free() before the census; or WC_FAILED (memory) with @error filled
 * in: the interval then goes on.
 */
int wc_census_snapshot(struct wc_census *census, struct wc_snapshot **snapshot,
		       struct wc_error *error);

/*
 * Tries what of @options needs no interface: filter, match and no_match. Returns 0, or a
 * negative code with @error filled in.
 */
int wc_census_try(const struct wc_options *options, struct wc_error *error);

/*
 * The same of the engine: can the one that @options name do what they ask for? Returns 0, or
 * WC_INVALID with @error filled in.
 */
int wc_census_try_engine(const struct wc_options *options, struct wc_error *error);

/*
 * Has a new run begin where the last snapshot ended: totals since the start count from there, and
 * intervals from 1. In two steps, so that several can begin together. The first changes nothing and
 * returns 0, or WC_FAILED (memory) with @error filled in; the second cannot fail.
 */
int wc_census_prepare_run(struct wc_census *census, struct wc_error *error);
void wc_census_begin_run(struct wc_census *census);

/*
 * Tries all of wc_census_reconfigure() that can fail, and changes nothing. Returns 0,
 * or a negative code with @error filled in.
 */
int wc_census_check(const struct wc_census *census, const struct wc_options *options,
		    struct wc_error *error);

/*
 * Counts by @options from one frame on, while it runs or before: filter, match and
 * no_match with their offset, exclude_local_sources, to, local_address, local_net,
 * fold_internet, serve, idle, and the options of scanners. Frames that have been
 * received are counted by the old ones first; no frame is lost, and all counts, rows
 * and intervals go on. The options that wc_census_restarts() names stay as they were.
 * Returns 0; or a negative code with @error filled in, and nothing is changed: a wrong
 * filter or text, memory, a census of a file.
 */
int wc_census_reconfigure(struct wc_census *census, const struct wc_options *options,
			  struct wc_error *error);

/*
 * Lists up to @room options that are not the same in @now and @next, and that a census
 * takes only when it is opened. Returns how many there are, which may be more.
 */
size_t wc_census_restarts(const struct wc_options *now, const struct wc_options *next,
			  const struct wc_option *found[], size_t room);

/* How a census stands. A file is always present. */
struct wc_census_state {
	const char *engine;    /* "pcap", "file" ...; lives for ever */
	bool present;          /* the interface is there, be it up or down, and is counted */
	int64_t gone_since_ns; /* wall clock, since 1970; WC_TIME_UNKNOWN while it is present */
	const char *declined;  /* NULL, or a sentence: what of the options cannot be done, so that
				  it is counted without; lives as long as the census */
};

/* Tells how @census stands. Any thread may ask, at any time. */
void wc_census_state(const struct wc_census *census, struct wc_census_state *state);

/*
 * Writes what was opened, with which filter, addresses and buffers, and the most
 * memory that its tables can take, to @text, in lines, cut at @size. Any thread may
 * ask, at any time. Returns @text.
 */
const char *wc_census_describe(const struct wc_census *census, char *text, size_t size);

#endif /* WC_CENSUS_H */

/*
 * source.h - where frames come from
 *
 * A source is a row of operations and a state of its own behind it. It belongs
 * to one thread at a time: the worker that runs it.
 */
#ifndef WC_SOURCE_H
#define WC_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "wirecensus/error.h"

struct wc_filter; /* filter.h */
struct wc_host;   /* host.h */
struct wc_source;
struct wc_tables; /* tables.h */

/* Takes one frame; its bytes are gone when the call returns. */
typedef void wc_sink(void *user, const struct wc_frame *frame);

/* Room for a line about each of two engines. */
#define WC_SOURCE_INSTEAD (2 * WC_ERROR_SIZE + 64)

/* What run() returns besides a number of frames. */
enum {
	WC_SOURCE_IDLE = 0, /* nothing now; a live source may have more later */
	WC_SOURCE_END = -1,
	WC_SOURCE_DAMAGED = -2, /* a file breaks here, with error filled in */
};

/* From outside the decoder. All counts but pending grow from the opening on and never fall. */
struct wc_source_stats {
	uint64_t received;       /* frames that passed the filter, lost ones included */
	uint64_t lost_kernel;    /* of them, frames without room in the kernel's buffer */
	uint64_t lost_interface; /* missed and fifo errors of the interface */
	uint64_t pending;        /* frames not handed over yet; the filter may refuse some */
	uint64_t taken;          /* frames handed over or refused; 0 where that is not told */
	uint64_t gone_ns;        /* for how long there was no interface, now included */
	uint64_t restarts;       /* openings after the first */
	uint64_t merged;         /* frames longer than the link carries */
	uint64_t position, size; /* of a file, in stored bytes; 0 when not known */
};

/* Which frames are received, and how much of them is needed. */
struct wc_source_rule {
	struct wc_filter *filter; /* NULL: all */
	bool payload;             /* they are looked into: match.h */
};

struct wc_source_ops {
	const char *name; /* of the engine: "ring", "file" */

	/*
	 * Hands up to about @budget frames to @sink and returns how many it
	 * handed over, which never blocks; or one of the values above. Trouble
	 * that can pass, such as an interface that is gone, is idleness.
	 */
	int (*run)(struct wc_source *source, size_t budget, wc_sink *sink, void *user,
		   struct wc_error *error);

	void (*stats)(struct wc_source *source, struct wc_source_stats *stats);

	/*
	 * Adds to @tables what was counted elsewhere, without coming to a sink: when the
	 * worker begins, and before it stands still. The source may do so at other times
	 * too, with the same tables, within run(). NULL where nothing is.
	 */
	void (*collect)(struct wc_source *source, struct wc_tables *tables);

	/*
	 * Counts by what the tables, their rules and the host's addresses say now: at the
	 * end of an interval, or of a change, before the worker goes on. As above.
	 */
	void (*settle)(struct wc_source *source, const struct wc_tables *tables);

	/* The host's links have changed: followed by a live source, NULL in a file. */
	void (*changed)(struct wc_source *source, const struct wc_host *host);

	/*
	 * Makes @filter, which may be NULL, ready for the link, and changes nothing.
	 * Returns 0, or WC_INVALID with @error filled in when it has no meaning there.
	 * This and the next are NULL where the filter stays as it is.
	 */
	int (*prepare)(struct wc_source *source, struct wc_filter *filter, struct wc_error *error);

	/*
	 * Counts by @rule, whose filter stays the caller's, from here on. Frames that
	 * were received before go to @sink by the old one. Returns 0; or a negative
	 * code with @error filled in, and nothing is changed.
	 */
	int (*refilter)(struct wc_source *source, const struct wc_source_rule *rule, wc_sink *sink,
			void *user, struct wc_error *error);

	/* Writes lines that say what was opened, cut at @size; for --verbose. */
	void (*describe)(const struct wc_source *source, char *text, size_t size);

	void (*close)(struct wc_source *source);
};

/* The first member of each kind of source. */
struct wc_source {
	const struct wc_source_ops *ops;
	unsigned tick_ms; /* how long a worker may sleep after idleness; 0: it need not ask again */
	unsigned lag_ms;  /* frames may be withheld so long in the kernel's buffer */

	/* For whoever asks how it stands. A live source keeps it. */
	unsigned news;          /* grows when the rest, or what describe() says, has changed */
	bool gone;              /* there is no interface now */
	uint64_t gone_since_ns; /* by the monotonic clock */

	/* Lines that say why it is no engine that auto would have preferred; may be empty. */
	char instead[WC_SOURCE_INSTEAD];

	/* A sentence about what was asked for and is not given by that engine; may be empty. */
	char declined[WC_SOURCE_INSTEAD];
};

#endif /* WC_SOURCE_H */

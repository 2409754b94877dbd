/*
 * live_reader.h - who takes frames out of a packet socket: libpcap, or a ring of our own
 *
 * A reader has the socket and what the kernel copies frames to. What is the same for
 * all of them, such as filters and interfaces that come and go, is in live_socket.h.
 */
#ifndef WC_LIVE_READER_H
#define WC_LIVE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

struct wc_error;      /* wirecensus/error.h */
struct wc_live_setup; /* live_socket.h */
struct wc_live_reader;

/*
 * Takes one frame, whose bytes are gone when the call returns. Its origin is
 * WC_ORIGIN_FILE where the reader does not know it.
 */
typedef void wc_live_take(void *user, struct wc_frame *frame);

/* What the kernel has counted since the opening. */
struct wc_live_counts {
	uint64_t received; /* frames that the program has let through, lost ones included */
	uint64_t lost;     /* of them, frames without room */
	uint64_t full;     /* how often there was no room; 0 where that is not told */
};

/* A kind of reader, and so of engine. */
struct wc_live_kind {
	const char *name; /* of the engine */
	unsigned lag_ms;  /* the kernel may keep a frame so long from a reader */
	bool any_type;    /* a socket reads any type of link, whatever it was opened on */

	/*
	 * Opens a silent socket on @setup->device. Returns 0; or a negative code with @error
	 * filled in, and true in @down if it is only that the interface is down.
	 */
	int (*open)(struct wc_live_reader **reader, const struct wc_live_setup *setup, bool *down,
		    struct wc_error *error);
	void (*close)(struct wc_live_reader *reader);

	/* Hands up to @budget frames, above 0, to @take. Returns how many; 0 for none now. */
	size_t (*read)(struct wc_live_reader *reader, size_t budget, wc_live_take *take,
		       void *user);

	/* To be called more often than a count of 32 bits takes to run over. */
	void (*count)(struct wc_live_reader *reader, struct wc_live_counts *counts);
};

/* The first member of each kind of reader. */
struct wc_live_reader {
	const struct wc_live_kind *kind;
	int fd;
	enum wc_link link; /* of the frames that it reads now */
};

#endif /* WC_LIVE_READER_H */

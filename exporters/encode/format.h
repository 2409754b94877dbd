/*
 * format.h - what every format of the daemon's exporters is made of
 *
 * A format turns a snapshot into messages. It knows nothing of where they go but
 * how long they may be and whether they are datagrams, and nothing of time: a test
 * runs it on a snapshot made by hand and reads the bytes. To add one: write NAME.c
 * with one struct wc_format, and its row in format.c.
 */
#ifndef WC_FORMAT_H
#define WC_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_buffer;           /* buffer.h */
struct wc_context;          /* encode.h */
struct wc_error;            /* wirecensus/error.h */
struct wc_exporter_options; /* exporter_options.h */
struct wc_messages;         /* messages.h */
struct wc_selection;        /* rows.h */
struct wc_snapshot;         /* wirecensus/snapshot.h */

/* How messages travel. */
struct wc_framing {
	bool datagrams; /* each alone; else one behind the other in a stream */
	size_t longest; /* bytes */
	int place;      /* enum wc_place_kind */

	/* Names of the captures that are counted, in the configuration's order. */
	const char *const *captures;
	size_t capture_count;
};

/* What only the sending of a message tells. */
struct wc_stamp {
	uint64_t before;   /* records that the messages before it on this connection carried */
	uint32_t records;  /* that it carries itself */
	uint64_t messages; /* that went before it on this connection */
	int64_t wall_ns;
};

struct wc_format {
	const char *name;    /* of its section in the configuration */
	const char *summary; /* one line */
	unsigned places;     /* bits 1 << enum wc_place_kind where it can go */
	unsigned rows;       /* kinds, where the configuration names none: rows.h */
	uint64_t top;        /* the same */
	uint64_t interval;   /* seconds, the same; 0: each interval */
	uint64_t refresh;    /* datagrams: seconds after which greet() is sent again; 0: never */
	uint64_t refresh_messages; /* the same, by how many messages were sent; 0: never */
	const char *fallback;      /* the default address; NULL: one must be given */

	/*
	 * Tells what cannot work, such as rows that it has none of. NULL: nothing. Returns 0 or
	 * WC_INVALID with @error filled in.
	 */
	int (*check)(const struct wc_selection *selection, const struct wc_framing *framing,
		     struct wc_error *error);

	/*
	 * Appends a line for each thing that works, but hardly as it is meant, such as a collector
	 * that skips what it is sent. NULL: nothing.
	 */
	void (*warn)(const struct wc_exporter_options *options, const struct wc_framing *framing,
		     struct wc_buffer *lines);

	/* Makes the state kept from one snapshot to the next. @options stay valid until close(). */
	int (*open)(void **state, const struct wc_exporter_options *options,
		    const struct wc_framing *framing, struct wc_error *error);

	/*
	 * Appends the messages of @snapshot, which was cut to the exporter's rows. Returns
	 * 0, or WC_FAILED with @error filled in.
	 */
	int (*encode)(void *state, const struct wc_context *context,
		      const struct wc_snapshot *snapshot, struct wc_messages *messages,
		      struct wc_error *error);

	/* Appends what a new connection must hear first, such as templates. NULL: nothing. */
	int (*greet)(void *state, struct wc_messages *messages, struct wc_error *error);

	/*
	 * Writes into one message what only its sending tells, just before it is offered to
	 * the delivery; again, with the same numbers, when there was no room. NULL: nothing.
	 */
	void (*stamp)(void *state, void *message, size_t length, const struct wc_stamp *stamp);

	void (*close)(void *state);
};

/* Every format in this build; ends with NULL. */
extern const struct wc_format *const wc_format_list[];

/* Returns the format called @name, or NULL. */
const struct wc_format *wc_format_find(const char *name);

/*
 * Fills in which rows an exporter shows: what @options say, else what @format does by
 * itself. Returns 0, or WC_INVALID with a sentence that names the kind that is none.
 */
int wc_format_selection(struct wc_selection *selection, const struct wc_format *format,
			const struct wc_exporter_options *options, struct wc_error *error);

/*
 * Can @format do what @options say, in messages as @framing has them? Returns 0, or
 * WC_INVALID with @error filled in.
 */
int wc_format_check(const struct wc_format *format, const struct wc_exporter_options *options,
		    const struct wc_framing *framing, struct wc_error *error);

#endif /* WC_FORMAT_H */

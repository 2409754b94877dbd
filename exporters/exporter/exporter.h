/*
 * exporter.h - reads the journal from its position, encodes, delivers, and moves on
 *
 * A state machine without waiting: wc_exporter_step() does what can be done now and
 * says what to wait for. A thread of its own runs it (runner.h); a simulation runs
 * many in one. Delivery is in order. The position moves only over what the
 * delivery has confirmed; after a failure it goes on from there, with
 * back-off and jitter, so that a reader may see a record twice and knows it by
 * (instance, capture, interval, row), but misses none that was not confirmed. A group of
 * which a part was delivered in another encoding is delivered again as a whole.
 */
#ifndef WC_EXPORTER_H
#define WC_EXPORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pollfd;              /* poll.h */
struct wc_context;          /* encode.h */
struct wc_error;            /* wirecensus/error.h */
struct wc_exporter_options; /* exporter_options.h */
struct wc_format;           /* format.h */
struct wc_journal;          /* journal.h */
struct wc_world;            /* world.h */
struct wc_exporter;

struct wc_exporter_settings {
	const char *name; /* FORMAT/TITLE: the key of its position */
	const struct wc_format *format;
	const struct wc_exporter_options *options; /* stay valid */
	uint64_t interval;                         /* the daemon's, in seconds */
	const struct wc_context *context;          /* host and instance come from the journal */
	/*
	 * A digest of all that decides which messages a group of intervals becomes: the options,
	 * the daemon's interval, the version of the program. 0: nobody knows, and it equals no
	 * other.
	 */
	uint64_t encoding;
	struct wc_journal *journal;
	const struct wc_world *world;
	const char *const *captures; /* names, in the configuration's order; copied */
	size_t capture_count;
};

/*
 * Makes an exporter that stands at its position in the journal. Returns 0, or
 * a negative code with @error filled in: a file of TLS cannot be read, an option
 * does not fit.
 */
int wc_exporter_new(struct wc_exporter **exporter, const struct wc_exporter_settings *settings,
		    struct wc_error *error);
void wc_exporter_free(struct wc_exporter *exporter);

/*
 * Does what can be done at once. Fills in what to poll for, at most WC_DELIVERY_FDS;
 * returns how many. @deadline_ns: when to step again at the latest, by world->steady;
 * it is also to be stepped when the journal has a new interval.
 */
size_t wc_exporter_step(struct wc_exporter *exporter, struct pollfd *fds, uint64_t *deadline_ns);

/* Notes what is confirmed and closes the delivery, without waiting. Stepped again, it goes on. */
void wc_exporter_stop(struct wc_exporter *exporter);

/*
 * From now on its position is another exporter's, and stays where that one moves it, whatever the
 * thread of this one still does. Any thread.
 */
void wc_exporter_disown(struct wc_exporter *exporter);

enum wc_exporter_condition {
	WC_EXPORTER_IDLE,    /* all is delivered */
	WC_EXPORTER_SENDING, /* is on it */
	WC_EXPORTER_OPENING, /* connects */
	WC_EXPORTER_WAITING, /* failed, and tries again at a time */
};

/* What it has done, for `status` and `show exporters`; any thread. */
struct wc_exporter_status {
	enum wc_exporter_condition condition;
	uint64_t backlog;               /* intervals not delivered yet */
	uint64_t messages, rows, bytes; /* delivered since the start, confirmed */
	uint64_t repeated;              /* messages sent more than once */
	uint64_t unconfirmed;           /* messages sent and not yet confirmed */
	uint64_t lost_intervals;        /* dropped by the journal's bounds before delivery */
	uint64_t unsendable;            /* messages longer than the place takes: given up */
	uint64_t connections, failures;
	int64_t last_ns;  /* wall clock of the last confirmed message, or WC_TIME_UNKNOWN */
	char reason[256]; /* of the last failure; empty: none since it works */
};
void wc_exporter_status(struct wc_exporter *exporter, struct wc_exporter_status *status);

#endif /* WC_EXPORTER_H */

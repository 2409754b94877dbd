/*
 * feed.h - where the snapshots of one interface come from
 *
 * A feed is a row of operations and a state of its own behind it. There are two
 * kinds: a census counted in this process, and a capture of a running daemon, read
 * from its control socket.
 *
 * Totals of a feed count from its opening on and never fall. The delta of the totals
 * is what came since the snapshot before.
 */
#ifndef WC_FEED_H
#define WC_FEED_H

struct wc_error; /* wirecensus/error.h */
struct wc_feed;
struct wc_options;  /* wirecensus/options.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

enum { WC_FEED_NOTHING = 1 };

struct wc_feed_ops {
	/* Announces that a snapshot follows, and returns at once. */
	void (*ask)(struct wc_feed *feed);

	/*
	 * Returns 0 and a snapshot, to be freed with wc_snapshot_free() before the
	 * feed is closed; WC_FEED_NOTHING when there is no new one; or WC_FAILED with
	 * @error filled in: it can be tried again. Waits for no other process.
	 */
	int (*snapshot)(struct wc_feed *feed, struct wc_snapshot **snapshot,
			struct wc_error *error);

	/* Ends the feed, joins its threads, and frees it. */
	void (*close)(struct wc_feed *feed);
};

/* The first member of each kind of feed. */
struct wc_feed {
	const struct wc_feed_ops *ops;
	const char *declined; /* NULL, or a sentence: what of the options it does without */
};

/*
 * Counts @interface in this process, in a thread of its own, as capture @name
 * with @options. Returns 0 and a feed, or a negative code with @error filled in.
 */
int wc_feed_capture_open(struct wc_feed **feed, const char *name, const char *interface,
			 const struct wc_options *options, struct wc_error *error);

/*
 * Reads the snapshots of the capture @capture of the daemon whose control socket is at
 * @path, which need not be there yet, or always. Results as above.
 */
int wc_feed_socket_open(struct wc_feed **feed, const char *path, const char *capture,
			struct wc_error *error);

#endif /* WC_FEED_H */

/*
 * delivery.h - messages to one place, in order, without waiting
 *
 * A delivery is a row of operations and a state of its own behind it. It belongs
 * to one thread, knows nothing of what the messages say, and never sleeps: its
 * owner polls what wait() names and then calls work(). An error may be NULL.
 * A connection that fails goes to WC_DELIVERY_CLOSED with a sentence; when to
 * try again is the owner's decision.
 */
#ifndef WC_DELIVERY_H
#define WC_DELIVERY_H

#include <stddef.h>
#include <stdint.h>

struct pollfd;   /* poll.h */
struct wc_error; /* wirecensus/error.h */
struct wc_place; /* place.h */

/* Descriptors that one delivery waits for, at most: several while a name is looked up. */
#define WC_DELIVERY_FDS 16

/* "No deadline": wc_delivery_wait() has nothing to do at a certain time. */
#define WC_DELIVERY_NEVER UINT64_MAX

enum wc_delivery_state {
	WC_DELIVERY_CLOSED,  /* not begun, or ended */
	WC_DELIVERY_OPENING, /* looks up a name, connects, shakes hands */
	WC_DELIVERY_OPEN,    /* takes messages */
};

struct wc_delivery;

struct wc_delivery_ops {
	/* Begins to open, by the monotonic clock @now_ns; of a closed delivery only. */
	void (*open)(struct wc_delivery *delivery, uint64_t now_ns);

	/*
	 * Goes on as far as it can at once: opening, sending what was taken, hearing
	 * what the peer says. Returns the state; with @error filled in when the
	 * connection has just ended. Where it was open, and is opening again, it begins as
	 * a new one does, because a file was moved away: what was not confirmed is
	 * forgotten and to be sent again, behind what a beginning must hear.
	 */
	enum wc_delivery_state (*work)(struct wc_delivery *delivery, uint64_t now_ns,
				       struct wc_error *error);

	/*
	 * Takes one message, which is not empty, copying it. Returns 1; 0 when there is no
	 * room now, or it is not open; or WC_FAILED with @error filled in: the connection
	 * has ended, be it that the message is longer than the longest.
	 */
	int (*send)(struct wc_delivery *delivery, const void *message, size_t length,
		    struct wc_error *error);

	/*
	 * Of the messages taken since it was opened, returns how many are confirmed:
	 * by RELP's answers, by the peer's kernel on TCP and TLS, by the reader of a local
	 * stream, on disk in a file, sent as datagrams.
	 * Those taken before this many are confirmed, too. Stays when it is closed.
	 */
	uint64_t (*confirmed)(struct wc_delivery *delivery);

	/* Fills in what to poll for; returns how many. @deadline_ns: when to work() at the latest.
	 */
	size_t (*wait)(struct wc_delivery *delivery, struct pollfd *fds, uint64_t *deadline_ns);

	/* Ends the connection in good order, as far as that needs no waiting. */
	void (*close)(struct wc_delivery *delivery);

	void (*free)(struct wc_delivery *delivery);
};

/* The first member of each kind of delivery. */
struct wc_delivery {
	const struct wc_delivery_ops *ops;
	size_t longest; /* the longest message that send() takes, in bytes */
};

/* How a peer is known and how we are known to it; each NULL when not given. Files are PEM. */
struct wc_delivery_tls {
	const char *ca;          /* whom to trust in place of the system's list */
	const char *certificate; /* our own */
	const char *key;
	const char *peer; /* the name that must be in the peer's certificate; NULL: the host */
};

struct wc_delivery_settings {
	struct wc_delivery_tls tls;
	size_t datagram; /* the longest datagram, in bytes; 0: fitting: 1,232, or 8,192 locally */
	uint64_t files;  /* in a tree, at most */

	/* For a name, a connection, a handshake, and no progress in sending. */
	uint64_t patience_ns;
};

/*
 * Makes a closed delivery to @place; reads the files of TLS. Returns 0 and a
 * delivery, or a negative code with @error filled in. @place and the settings
 * are copied.
 */
int wc_delivery_new(struct wc_delivery **delivery, const struct wc_place *place,
		    const struct wc_delivery_settings *settings, struct wc_error *error);

/* Closes and frees. NULL is allowed. */
void wc_delivery_free(struct wc_delivery *delivery);

#endif /* WC_DELIVERY_H */

/*
 * channel.h - bytes over a connected stream socket, as they are or encrypted
 *
 * A channel owns its socket. Nothing here waits.
 */
#ifndef WC_CHANNEL_H
#define WC_CHANNEL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct wc_channel;
struct wc_error;        /* wirecensus/error.h */
struct wc_delivery_tls; /* delivery.h */
struct wc_tls_identity;

/* Bytes that put() takes at once, at most: what one TLS record holds (RFC 8446 5.1). */
#define WC_CHANNEL_PUT 16384

struct wc_channel_ops {
	/*
	 * Agrees with the peer. Returns 1 when data may be sent, 0 when there is more to
	 * wait for, WC_FAILED with @error filled in.
	 */
	int (*shake)(struct wc_channel *channel, uint64_t now_ns, struct wc_error *error);

	/*
	 * Sends. Returns how many bytes were taken; 0 when it would wait: then the next
	 * call must begin with the same bytes; or WC_FAILED with @error filled in.
	 */
	ssize_t (*put)(struct wc_channel *channel, const void *bytes, size_t length,
		       struct wc_error *error);

	/*
	 * Reads what the peer sent. Returns how many bytes; 0 when there are none; or
	 * WC_FAILED with @error filled in: also when the peer has closed.
	 */
	ssize_t (*take)(struct wc_channel *channel, void *bytes, size_t room,
			struct wc_error *error);

	/* Tells the peer that this is the end, if it can be told at once. */
	void (*bye)(struct wc_channel *channel);

	/* Closes the socket, and frees. */
	void (*free)(struct wc_channel *channel);
};

struct wc_channel {
	const struct wc_channel_ops *ops;
	int fd;
	uint64_t written; /* bytes that the kernel took: on the wire, not those of put() */
	uint64_t heard;   /* bytes that came, on the wire */
	short events;     /* what shake() and put() wait for */
	uint64_t wake_ns; /* when shake() wants to be called at the latest; 0: no such time */
};

/* Each takes over @fd, and closes it when it fails: NULL with @error filled in. */
struct wc_channel *wc_channel_plain(int fd, struct wc_error *error);
struct wc_channel *wc_channel_tls(int fd, struct wc_tls_identity *identity, struct wc_error *error);

/*
 * What TLS needs to know whom to trust and who we are, read from the files in
 * @settings; the peer must be called @host, or what the settings say. Returns 0,
 * or a negative code with @error filled in: always so in a build without GnuTLS.
 */
int wc_tls_identity_new(struct wc_tls_identity **identity, const struct wc_delivery_tls *settings,
			const char *host, struct wc_error *error);

/* Frees @identity, which must outlive its channels. NULL is allowed. */
void wc_tls_identity_free(struct wc_tls_identity *identity);

/*
 * Fills in a sentence about a connection that ended: @number is an errno, or 0: the peer closed
 * it. Returns WC_FAILED.
 */
int wc_channel_ended(struct wc_error *error, int number);

#endif /* WC_CHANNEL_H */

/*
 * place.h - where an exporter's messages go, as the configuration writes it
 *
 * udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT, relp://HOST:PORT,
 * relp+tls://HOST:PORT, unix:///PATH (a stream), unixgram:///PATH (datagrams),
 * file:///PATH, tree:///PATH, journald://. An IPv6 address stands in brackets.
 */
#ifndef WC_PLACE_H
#define WC_PLACE_H

#include <stdbool.h>

struct wc_error; /* wirecensus/error.h */

enum wc_place_kind {
	WC_PLACE_UDP,
	WC_PLACE_TCP,
	WC_PLACE_TLS,
	WC_PLACE_RELP,
	WC_PLACE_RELPS, /* RELP over TLS */
	WC_PLACE_UNIX,
	WC_PLACE_UNIXGRAM,
	WC_PLACE_FILE,
	WC_PLACE_TREE,     /* a folder of empty files */
	WC_PLACE_JOURNALD, /* of this machine */
	WC_PLACE_KINDS
};

struct wc_place {
	enum wc_place_kind kind;
	char *text; /* as it was written, for sentences */
	char *host; /* a name or a numeric address, without brackets; NULL for a path */
	char *port; /* decimal, 1 to 65535; NULL for a path */
	char *path; /* absolute; NULL for a host; of a local socket short enough for its address */
};

/*
 * Reads @text. Returns 0 and a place to be freed with wc_place_free(), or
 * WC_INVALID with a sentence that shows what is allowed, or WC_FAILED (memory);
 * then @place is empty.
 */
int wc_place_parse(struct wc_place *place, const char *text, struct wc_error *error);

/* Frees what @place points to and empties it. */
void wc_place_free(struct wc_place *place);

/* True if each message travels as a datagram of its own. */
bool wc_place_datagrams(const struct wc_place *place);

/* Returns the scheme: "udp", "tcp" ... */
const char *wc_place_kind_name(enum wc_place_kind kind);

#endif /* WC_PLACE_H */

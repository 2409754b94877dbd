/*
 * cases.h - tables of frames and what they have to be decoded to
 *
 * The host of all cases has 192.0.2.1, 192.0.2.2, 2001:db8::1 and 2001:db8::2, in a
 * network whose broadcast address is 192.0.2.255.
 */
#ifndef TESTS_CASES_H
#define TESTS_CASES_H

#include <stddef.h>

#include "frame.h"
#include "packet.h"

struct recipe;   /* recipe.h */
struct wc_local; /* local.h */
struct wc_memo;  /* memo.h */

/* The beginnings of a recipe: from a stranger to this host and so on; the protocol follows. */
#define V4_IN      "eth 0800 / ip4 198.51.100.9 192.0.2.1 "
#define V4_OUT     "eth 0800 / ip4 192.0.2.1 198.51.100.9 "
#define V4_LOCAL   "eth 0800 / ip4 192.0.2.1 192.0.2.2 "
#define V4_TRANSIT "eth 0800 / ip4 198.51.100.9 203.0.113.7 "
#define V6_IN      "eth 86dd / ip6 2001:db8:f::9 2001:db8::1 "
#define V6_OUT     "eth 86dd / ip6 2001:db8::1 2001:db8:f::9 "
#define V6_LOCAL   "eth 86dd / ip6 2001:db8::1 2001:db8::2 "
#define V6_TRANSIT "eth 86dd / ip6 2001:db8:f::9 2001:db8:e::7 "

struct decode_case {
	const char *name;
	enum wc_link link;
	enum wc_origin origin;
	const char *recipe; /* recipe.h */
	const char
		*expected; /* "tcp 80 in, new tcp 80 in": class, key, direction; then the event */
};

/* Makes the host's addresses; freed by wc_local_free(). */
struct wc_local *cases_host(void);

/* Decodes a frame out of a block of memory of just its size. */
struct wc_packet cases_decode_by(struct wc_memo *memo, const struct wc_local *local,
				 enum wc_link link, enum wc_origin origin,
				 const struct recipe *recipe);

/* The same by a memo that has seen nothing, whose numbers nobody is to know. */
struct wc_packet cases_decode_frame(const struct wc_local *local, enum wc_link link,
				    enum wc_origin origin, const struct recipe *recipe);

/* The same for the frame that @recipe makes. */
struct wc_packet cases_decode(const struct wc_local *local, enum wc_link link,
			      enum wc_origin origin, const char *recipe);

/* Fails the running test, naming the case, unless all are decoded as expected. */
void cases_check(const struct decode_case *cases, size_t count);

#endif /* TESTS_CASES_H */

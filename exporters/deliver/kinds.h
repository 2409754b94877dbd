/*
 * kinds.h - the kinds of deliveries, for delivery.c
 *
 * Each function makes a closed delivery as wc_delivery_new() says. It takes over
 * @place when it succeeds.
 */
#ifndef WC_KINDS_H
#define WC_KINDS_H

#include <stddef.h>

struct wc_delivery;          /* delivery.h */
struct wc_delivery_settings; /* delivery.h */
struct wc_error;             /* wirecensus/error.h */
struct wc_place;             /* place.h */

typedef int wc_delivery_maker(struct wc_delivery **delivery, struct wc_place *place,
			      const struct wc_delivery_settings *settings, struct wc_error *error);

wc_delivery_maker wc_stream_new;   /* tcp, tls, unix, relp, relp+tls: stream.c */
wc_delivery_maker wc_datagram_new; /* udp, unixgram: datagram.c */
wc_delivery_maker wc_file_new;     /* file: file.c */
wc_delivery_maker wc_tree_new;     /* tree: tree.c */
#ifdef WC_HAVE_JOURNALD
wc_delivery_maker wc_journald_new; /* journald: journald.c */
#endif

/* Puts the place in front of the reason in @error. Returns WC_FAILED. */
int wc_delivery_failed(const struct wc_place *place, struct wc_error *error);

/* Says that a message of @length is too long. Returns WC_FAILED. */
int wc_delivery_too_long(const struct wc_delivery *delivery, const struct wc_place *place,
			 size_t length, struct wc_error *error);

#endif /* WC_KINDS_H */

/*
 * kinds.h - the kinds of deliveries, for delivery.c
 *
 * Each function makes a closed delivery as wc_delivery_new() says. It takes over
 * @place when it succeeds.
 */
#ifndef WC_KINDS_H
#define WC_KINDS_H

struct wc_delivery;          /* delivery.h */
struct wc_delivery_settings; /* delivery.h */
struct wc_error;             /* wirecensus/error.h */
struct wc_place;             /* place.h */

typedef int wc_delivery_maker(struct wc_delivery **delivery, struct wc_place *place,
			      const struct wc_delivery_settings *settings, struct wc_error *error);

wc_delivery_maker wc_stream_new;   /* tcp, tls, unix: stream.c */
wc_delivery_maker wc_datagram_new; /* udp, unixgram: datagram.c */
wc_delivery_maker wc_file_new;     /* file: file.c */
#ifdef WC_HAVE_RELP
wc_delivery_maker wc_relp_new; /* relp, relp+tls: relp.c */
#endif
#ifdef WC_HAVE_JOURNALD
wc_delivery_maker wc_journald_new; /* journald: journald.c */
#endif

#endif /* WC_KINDS_H */

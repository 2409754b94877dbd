/*
 * peer.h - an address as all encoders write it
 */
#ifndef WC_PEER_H
#define WC_PEER_H

#include <stdint.h>

struct wc_address; /* wirecensus/address.h */
struct wc_buffer;  /* buffer.h */

/* Adds @address (RFC 5952), or "internet" for one that stands for all outside the local networks.
 */
void wc_peer_add(struct wc_buffer *buffer, const struct wc_address *address);

/* Adds @address and @port: 192.0.2.1:443, [2001:db8::1]:443. */
void wc_peer_add_port(struct wc_buffer *buffer, const struct wc_address *address, uint16_t port);

#endif /* WC_PEER_H */

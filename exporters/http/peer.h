/*
 * peer.h - who is one caller: an address of IPv4, or a network of IPv6
 */
#ifndef WC_PEER_H
#define WC_PEER_H

#include "wirecensus/address.h"

struct sockaddr; /* sys/socket.h */

/*
 * Returns the address of whoever connected. Of IPv6 it is that of the network of 64 bits, as
 * whoever has one of its addresses has all of them.
 */
struct wc_address wc_peer_address(const struct sockaddr *address);

#endif /* WC_PEER_H */

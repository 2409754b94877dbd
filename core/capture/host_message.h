/*
 * host_message.h - what one rtnetlink(7) message says of a link or an address
 */
#ifndef WC_HOST_MESSAGE_H
#define WC_HOST_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "host.h"
#include "wirecensus/address.h"

struct nlmsghdr; /* linux/netlink.h */

struct wc_host_address {
	unsigned index; /* of the link */
	struct wc_address local;
	struct wc_address far;       /* the other end's on a point-to-point link, else local */
	unsigned prefix;             /* bits of the network in which that is */
	struct wc_address broadcast; /* version 0: none was set */
};

/*
 * Read an RTM_NEWLINK or RTM_DELLINK, and an RTM_NEWADDR or RTM_DELADDR. Return
 * false when the message is about something else, such as a bridge's port.
 * The link's serial is left to the caller.
 */
bool wc_host_read_link(struct wc_host_link *link, const struct nlmsghdr *message);
bool wc_host_read_address(struct wc_host_address *address, const struct nlmsghdr *message);

/*
 * Reads how many frames were missed, fifo errors included, by which link, out of an RTM_NEWLINK.
 * Returns false where it is not said.
 */
bool wc_host_read_missed(unsigned *index, uint64_t *missed, const struct nlmsghdr *message);

#endif /* WC_HOST_MESSAGE_H */

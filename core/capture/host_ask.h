/*
 * host_ask.h - questions to rtnetlink(7), each on a socket of its own
 */
#ifndef WC_HOST_ASK_H
#define WC_HOST_ASK_H

#include <stdint.h>

struct nlmsghdr; /* linux/netlink.h */

/* Takes one message of an answer. */
typedef void wc_host_each(const struct nlmsghdr *message, void *user);

/*
 * Asks for all links (RTM_GETLINK) or addresses (RTM_GETADDR). Returns 0, or -1
 * with errno; EINTR says that they changed while they were told, so that the
 * answer may lack some.
 */
int wc_host_ask_all(uint16_t type, wc_host_each *each, void *user);

/* Asks for one link. Returns 0, or -1 with errno, ENODEV if there is none. */
int wc_host_ask_link(unsigned index, wc_host_each *each, void *user);

#endif /* WC_HOST_ASK_H */

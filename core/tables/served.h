/*
 * served.h - the ports that are known to be services
 *
 * Ports below 1024, those given by hand, and those that answered with a SYN-ACK.
 * What was learned takes effect at once, or at the end of the interval: then the
 * same frames give the same rows, however they are spread over workers.
 */
#ifndef WC_SERVED_H
#define WC_SERVED_H

#include <stdbool.h>
#include <stdint.h>

#define WC_SERVED_WELL_KNOWN 1024

enum { WC_SERVED_TCP, WC_SERVED_UDP, WC_SERVED_TRANSPORTS };

struct wc_served {
	uint64_t known[WC_SERVED_TRANSPORTS][1024];
	uint64_t learned[1024]; /* TCP, not yet in effect */
	bool at_once;
};

static inline bool wc_served_has(const struct wc_served *served, unsigned transport, uint16_t port)
{
	return port < WC_SERVED_WELL_KNOWN || served->known[transport][port / 64] >> port % 64 & 1;
}

/* Marks a port by hand. */
static inline void wc_served_add(struct wc_served *served, unsigned transport, uint16_t port)
{
	served->known[transport][port / 64] |= UINT64_C(1) << port % 64;
}

/* A SYN-ACK came from this TCP port. */
static inline void wc_served_learn(struct wc_served *served, uint16_t port)
{
	uint64_t *words = served->at_once ? served->known[WC_SERVED_TCP] : served->learned;

	words[port / 64] |= UINT64_C(1) << port % 64;
}

/* Puts into effect what was learned: at the end of an interval. */
void wc_served_settle(struct wc_served *served);

/* Has the ports of @given in place of those that were marked by hand before. */
void wc_served_replace(struct wc_served *served, const struct wc_served *given);

#endif /* WC_SERVED_H */

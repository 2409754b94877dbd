/*
 * ipfix_stamp.h - the numbers of an IPFIX message that only its sending tells
 *
 * Export time, and the sequence number: of an observation domain, how many data
 * records were sent on this connection before, those of options among them (RFC 7011,
 * section 3.1). The statistics of exporting, which count since the start, are filled in
 * where a message has them.
 */
#ifndef WC_IPFIX_STAMP_H
#define WC_IPFIX_STAMP_H

#include <stddef.h>
#include <stdint.h>

struct wc_stamp; /* format.h */

/* Observation domains that are told apart, at most. */
#define WC_IPFIX_DOMAINS 256

struct wc_ipfix_sent {
	uint64_t messages, records, octets;
};

/* Begins as all zeros but for first_domain. */
struct wc_ipfix_stamps {
	struct {
		struct wc_ipfix_sent sent; /* since the start */
		uint64_t before;           /* records of it on earlier connections */
	} domains[WC_IPFIX_DOMAINS];       /* counted from the first */
	struct wc_ipfix_sent last;         /* the message stamped last: not in sent yet */
	uint32_t last_domain;
	uint64_t last_number; /* of it on its connection */
	uint32_t first_domain;
};

/*
 * Stamps a whole message, whose domain is among the WC_IPFIX_DOMAINS from first_domain
 * on. Each message is stamped when it is offered, in order; one that is offered again
 * counts once.
 */
void wc_ipfix_stamp(struct wc_ipfix_stamps *stamps, uint8_t *message, size_t length,
		    const struct wc_stamp *stamp);

#endif /* WC_IPFIX_STAMP_H */

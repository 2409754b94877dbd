/*
 * dns_answer.h - what a DNS message says about the names of an address
 *
 * Reads the bytes of an answer to a PTR question (RFC 1035), every one of them
 * checked. Pure: no I/O, no memory of its own.
 */
#ifndef WC_DNS_ANSWER_H
#define WC_DNS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "names.h"

enum wc_dns_answer_verdict {
	WC_DNS_NAMES,     /* PTR records; names may be 0 if none was clean */
	WC_DNS_NO_DOMAIN, /* NXDOMAIN; the name is ':' and the zone's server, if it was told */
	WC_DNS_NO_DATA,   /* NOERROR without a PTR record */
	WC_DNS_TRUNCATED, /* ask again over TCP */
	WC_DNS_REFUSED,   /* SERVFAIL, REFUSED or another error of the server */
	WC_DNS_MALFORMED, /* not an answer to a PTR question, or broken */
	WC_DNS_NONE,      /* no message at all; never returned by wc_dns_answer_read() */
};

struct wc_dns_answer {
	struct wc_name_list names;
	uint32_t lowest_ttl; /* of the records the names came from, CNAMEs included */
	uint32_t last_ttl;   /* of the last of them; 0 for both: not told */
	unsigned dropped;    /* names that were not clean */
};

/* Reads @length bytes. Fills @answer in; it is empty unless the verdict is one of the first three.
 */
enum wc_dns_answer_verdict wc_dns_answer_read(const uint8_t *bytes, size_t length,
					      struct wc_dns_answer *answer);

/*
 * Returns for how many seconds @answer holds: by the lowest time to live, or by
 * the last, within the bounds of names.h.
 */
unsigned wc_dns_answer_seconds(const struct wc_dns_answer *answer, bool last);

#endif /* WC_DNS_ANSWER_H */

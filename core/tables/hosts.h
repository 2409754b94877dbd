/*
 * hosts.h - what each address sent and received
 *
 * One row per address of every frame with a valid IP header. Frames without room
 * for a row are in `other`, apart for what they sent and what they received, so
 * that rows and `other` add up.
 */
#ifndef WC_HOSTS_H
#define WC_HOSTS_H

#include <stdint.h>

#include "keyed.h"
#include "rules.h"

struct wc_packet; /* packet.h */

struct wc_host_key {
	uint64_t high, low;
	uint64_t version;
};

struct wc_host_counts {
	uint64_t packets, bytes, new;
};

/* Two cache lines. */
struct wc_host_entry {
	struct wc_keyed_head head;
	struct wc_host_key key;
	struct wc_host_counts sent, received;
	int64_t first_ns, last_ns;
	uint32_t active_s; /* when it was last counted, by the workers' clock */
	uint32_t spare[7];
};

/* What the last snapshot had, beside each row. */
struct wc_host_side {
	struct wc_host_counts sent, received;
};

struct wc_hosts {
	struct wc_keyed table;
	struct wc_host_counts other_sent, other_received;
	struct wc_host_side other_before; /* as the last snapshot had it */
};

/* Results as wc_keyed_open(). */
int wc_hosts_open(struct wc_hosts *hosts, const struct wc_rules *rules);
void wc_hosts_close(struct wc_hosts *hosts);

/* Counts the packet for both of its ends, whose hashes have these tags. */
void wc_hosts_count(struct wc_hosts *hosts, const struct wc_packet *packet, uint32_t source_tag,
		    uint32_t destination_tag, uint32_t now_s);

#endif /* WC_HOSTS_H */

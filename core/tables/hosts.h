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
#include "wirecensus/snapshot.h"

struct wc_packet; /* packet.h */

/* The rest of the key is the row's kind: the version. */
struct wc_host_key {
	uint64_t high, low;
};

struct wc_host_counts {
	struct wc_counts all;
	uint64_t new;
};

/* One cache line: what every frame counts. */
struct wc_host_entry {
	struct wc_keyed_head head;
	struct wc_host_key key;
	struct wc_counts sent, received;
	int64_t last_ns;
};

/* Beside each row: what few frames count, and what the last snapshot had. */
struct wc_host_side {
	uint64_t sent_new, received_new;
	int64_t first_ns;
	struct wc_host_counts sent_before, received_before;
	uint32_t active_s; /* the last snapshot that found it counted, by a steady clock */
};

struct wc_hosts {
	struct wc_keyed table;
	struct wc_host_counts other_sent, other_received;
	struct wc_host_counts other_sent_before, other_received_before; /* at the last snapshot */
};

/* Results as wc_keyed_open(). */
int wc_hosts_open(struct wc_hosts *hosts, const struct wc_rules *rules);
void wc_hosts_close(struct wc_hosts *hosts);

/* Counts the packet for both of its ends, whose hashes have these tags. */
void wc_hosts_count(struct wc_hosts *hosts, const struct wc_packet *packet, uint32_t source_tag,
		    uint32_t destination_tag);

#endif /* WC_HOSTS_H */

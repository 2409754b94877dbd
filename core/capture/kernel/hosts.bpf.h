/*
 * hosts.bpf.h - what each address sent and received, and whom it tries
 *
 * As core/tables/hosts.c and scan.h have it.
 */
#ifndef WC_HOSTS_BPF_H
#define WC_HOSTS_BPF_H

#include "local.bpf.h"
#include "maps.bpf.h"
#include "rows.bpf.h"
#include "seen.bpf.h"

enum { SCAN_TCP, SCAN_UDP };

#define RECENT 3

static __always_inline bool is_host(const struct wc_kernel_host *row, const struct end *address,
				    uint32_t version)
{
	return row->low == address->low && row->version == version && row->high == address->high;
}

/* Returns where a row is that counts into @generation. */
static __always_inline struct wc_kernel_host *host_at(uint32_t place, uint32_t generation)
{
	return entry(&hosts, in_generation(place, generation, rules.host_buckets));
}

__noinline uint32_t claim_host(uint32_t number, uint32_t wanted)
{
	struct wc_kernel_bucket *bucket = entry(&host_tags, number);

	return bucket ? claim(bucket, wanted) : WC_KERNEL_PROBES;
}

/* Makes the row of an address, unless there is no room for it. Returns its place, or NO_ROW. */
__noinline uint32_t make_host(const struct party *party, uint32_t version, uint32_t number)
{
	struct wc_kernel_bucket *bucket = entry(&host_tags, number);
	struct wc_kernel_host *even, *odd;
	uint32_t place;

	if (!party || !bucket)
		return NO_ROW;
	place = claim_host(number, favourite(party->hash));
	if (place >= WC_KERNEL_PROBES)
		return NO_ROW;
	even = host_at(number * WC_KERNEL_PROBES + place, 0);
	odd = host_at(number * WC_KERNEL_PROBES + place, 1);
	if (!even || !odd)
		return NO_ROW;
	even->high = odd->high = party->address.high;
	even->low = odd->low = party->address.low;
	PUBLISH(&bucket->tags[place], party->hash, version, even->version, odd->version);
	return number * WC_KERNEL_PROBES + place;
}

/* Returns the place of an address that is not in its favourite, or NO_ROW. */
__noinline uint32_t seek_host(const struct party *party, uint32_t version, uint32_t number)
{
	const struct wc_kernel_bucket *bucket = entry(&host_tags, number);
	const struct wc_kernel_host *row;

	if (!party || !bucket)
		return NO_ROW;
#pragma unroll
	for (uint32_t i = 0; i < WC_KERNEL_PROBES; i++) {
		if (bucket->tags[i] != party->hash)
			continue;
		row = host_at(number * WC_KERNEL_PROBES + i, 0);
		if (row && is_host(row, &party->address, version))
			return number * WC_KERNEL_PROBES + i;
	}
	return make_host(party, version, number);
}

static __always_inline struct wc_kernel_host *host_of(struct party *party, uint32_t version,
						      uint32_t slice, uint32_t generation)
{
	uint32_t place = first_place(party->hash, slice, rules.host_buckets);
	struct wc_kernel_host *row = host_at(place, generation);

	if (!row || !is_host(row, &party->address, version)) {
		place = seek_host(party, version, place / WC_KERNEL_PROBES);
		row = place == NO_ROW ? NULL : host_at(place, generation);
	}
	party->row = place + 1;
	return row;
}

/* Finds an address's row, and what it is to this host, which is kept beside the row. */
static __always_inline int look_up(struct party *party, uint32_t version, uint32_t slice,
				   uint32_t generation)
{
	uint16_t stamp = (uint16_t)state.control.stamp;
	struct wc_kernel_host *host = NULL;

	if (!party)
		return 0;
	if (rules.host_buckets)
		host = host_of(party, version, slice, generation);
	if (host && host->stamp == stamp) {
		party->bits = host->bits;
		return 0;
	}
	party->bits = look(&party->address, version);
	if (host) {
		host->bits = (uint16_t)party->bits;
		host->stamp = stamp;
	}
	return 0;
}

/*
 * A hash of an address, or a port, as sketches and targets need it: good bits at both ends. Those
 * of neighbours lie at equal distances until they are mixed.
 */
static __always_inline uint64_t spread(uint32_t hash)
{
	uint64_t mixed = (hash + 1ull) * 0x9e3779b97f4a7c15ull;

	mixed = (mixed ^ mixed >> 32) * 0xd6e8feb86659fd93ull;
	return mixed ^ mixed >> 32;
}

/* The number of zeros below the lowest bit of @hash, at most 11: the machine has no instruction. */
static __always_inline uint32_t level_of(uint64_t hash)
{
	uint32_t low = (uint32_t)hash | 1u << 11, level = 0;

	if (!(low & 0xff)) {
		low >>= 8;
		level = 8;
	}
	if (!(low & 0xf)) {
		low >>= 4;
		level += 4;
	}
	if (!(low & 3)) {
		low >>= 2;
		level += 2;
	}
	return low & 1 ? level : level + 1;
}

/* As wc_sketch_add(). */
static __always_inline void add_to_sketch(uint64_t words[2], uint64_t hash)
{
	uint32_t level = level_of(hash);

	if (level < 4)
		MARK(words[0], 1ull << (level * 16 + (hash >> 60)));
	else
		MARK(words[1], 1ull << ((level - 4) * 8 + (hash >> 61)));
}

/* A frame to one of the last three targets goes on with that attempt. */
static __always_inline bool is_new_target(struct wc_kernel_scan *scan, uint32_t hash, uint16_t port)
{
	uint16_t mixed = (uint16_t)((spread(hash) ^ port) * 0x9e3779b97f4a7c15ull >> 48);
	uint16_t target = mixed ? mixed : 1;
	uint16_t first = scan->recent[0], second = scan->recent[1], third = scan->recent[2];

	if (first == target)
		return false;
	scan->recent[0] = target;
	scan->recent[1] = first;
	if (second == target)
		return false;
	scan->recent[2] = second;
	return third != target;
}

/* As wc_scan_attempt(), or wc_scan_datagram(). */
__noinline int attempt(uint32_t host, uint32_t transport, uint32_t hash, uint16_t port,
		       bool datagram)
{
	struct wc_kernel_scan *scan = entry(&scans, host);

	transport &= 1;
	if (!scan || (datagram && !is_new_target(scan, hash, port)))
		return 0;
	if (port != scan->last_port && (scan->attempts[SCAN_TCP] | scan->attempts[SCAN_UDP]))
		ADD(scan->port_changes, 1);
	scan->last_port = port;
	ADD(scan->attempts[transport], 1);
	add_to_sketch(scan->hosts, spread(hash));
	add_to_sketch(scan->ports, spread(port));
	return 0;
}

/* As wc_scan_answer(). */
__noinline int answer(uint32_t host, uint32_t transport, bool refused)
{
	struct wc_kernel_scan *scan = entry(&scans, host);

	transport &= 1;
	if (!scan)
		return 0;
	ADD(scan->answers[transport], 1);
	if (refused)
		ADD(scan->refused, 1);
	return 0;
}

/* What the frame means to whoever is judged a scanner or not. */
static __always_inline void count_scan(const struct seen *seen)
{
	bool tcp = seen->class == CLASS_TCP, udp = seen->class == CLASS_UDP;
	bool refused = seen->event == EVENT_REFUSED, plain = seen->scan_plain, tries, answers;
	uint32_t transport = tcp ? SCAN_TCP : SCAN_UDP;

	tries = tcp ? plain || !(seen->flags & 0x14) : udp && (plain || !seen->reverse);
	answers = !plain && (tcp ? refused || seen->event == EVENT_ACCEPTED
				 : udp || (refused && seen->reverse));
	if (tries && seen->source.row)
		attempt(seen->source.row - 1, transport, seen->destination.hash, seen->key,
			udp && !plain);
	else if (!tries && answers && seen->destination.row)
		answer(seen->destination.row - 1, transport, refused);
}

static __always_inline void count_other(struct wc_kernel_counts *counts, const struct seen *seen)
{
	ADD(counts->packets, seen->packets);
	ADD(counts->bytes, seen->bytes);
	if (seen->event == EVENT_NEW)
		ADD(counts->new, 1);
}

static __always_inline void count_sent(const struct seen *seen, struct wc_kernel_slice *slice)
{
	struct wc_kernel_host *counts =
		seen->source.row ? host_at(seen->source.row - 1, seen->generation) : NULL;

	if (!counts) {
		count_other(&slice->no_source, seen);
		return;
	}
	ADD(counts->sent_packets, seen->packets);
	ADD(counts->sent_bytes, seen->bytes);
	if (seen->event == EVENT_NEW)
		ADD(counts->sent_new, 1);
}

static __always_inline void count_received(const struct seen *seen, struct wc_kernel_slice *slice)
{
	struct wc_kernel_host *counts =
		seen->destination.row ? host_at(seen->destination.row - 1, seen->generation) : NULL;

	if (!counts) {
		count_other(&slice->no_destination, seen);
		return;
	}
	ADD(counts->received_packets, seen->packets);
	ADD(counts->received_bytes, seen->bytes);
	if (seen->event == EVENT_NEW)
		ADD(counts->received_new, 1);
}

/* Counts a frame with a valid IP header for both of its ends. */
static __always_inline int count_hosts(const struct seen *seen)
{
	struct wc_kernel_slice *slice;

	if (!seen)
		return 0;
	slice = slice_of(seen);
	count_sent(seen, slice);
	count_received(seen, slice);
	count_scan(seen);
	return 0;
}

#endif /* WC_HOSTS_BPF_H */

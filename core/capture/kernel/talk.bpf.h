/*
 * talk.bpf.h - who talks to whom, and which way
 *
 * As core/tables/conversations.c has it, which has the reasons.
 */
#ifndef WC_TALK_BPF_H
#define WC_TALK_BPF_H

#include "hosts.bpf.h"
#include "local.bpf.h"
#include "maps.bpf.h"
#include "rows.bpf.h"
#include "seen.bpf.h"

enum { SCOPE_LOCAL, SCOPE_INTERNET };
enum { FOLDED_CLIENT = 1, FOLDED_SERVER = 2, FOLDED_BOTH = 3 };

static __always_inline uint32_t is_served(const struct wc_kernel_served *ports, uint32_t transport,
					  uint16_t port)
{
	return ports->known[transport & 1][port / 64] >> port % 64 & 1;
}

static __always_inline void learn(struct wc_kernel_served *ports, uint16_t port)
{
	uint64_t bit = 1ull << port % 64;

	if (!(ports->learned[port / 64] & bit))
		__sync_fetch_and_or(&ports->learned[port / 64], bit);
}

static __always_inline bool is_lower(const struct end *a, const struct end *b)
{
	return a->high != b->high ? a->high < b->high : a->low < b->low;
}

/* True if the ports of a TCP or UDP frame, and what it says, do not tell which side serves. */
static __always_inline bool is_undecided(const struct seen *seen)
{
	return seen->event == EVENT_NONE && seen->source_port == seen->key;
}

/*
 * Returns 1 if, by the ports, the side of @from serves; 0 where it is undecided. Without
 * branches, which of frames in both directions are guessed wrong half of the time.
 */
static __always_inline uint32_t port_serves(uint32_t transport, uint16_t from, uint16_t to)
{
	const struct wc_kernel_served *ports = &state.served;
	uint32_t source = is_served(ports, transport, from);
	uint32_t destination = is_served(ports, transport, to);
	uint32_t lower = ((uint32_t)from - (uint32_t)to) >> 31;

	return (source & ~destination) | (~(source ^ destination) & lower);
}

/* The same of a TCP or UDP frame, and of what it says. */
static __always_inline uint32_t source_serves(const struct seen *seen)
{
	struct wc_kernel_served *ports = &state.served;

	if (!seen)
		return 0;
	if (seen->event == EVENT_ACCEPTED)
		learn(ports, seen->source_port);
	if (seen->event != EVENT_NONE)
		return seen->event != EVENT_NEW;
	return port_serves(seen->class, seen->source_port, seen->key); /* CLASS_TCP, CLASS_UDP */
}

/* The same for those that are undecided. */
static __always_inline bool source_is_server(const struct seen *seen)
{
	if (seen->direction == DIRECTION_IN || seen->direction == DIRECTION_OUT)
		return seen->direction == DIRECTION_IN;
	return is_lower(&seen->source.address, &seen->destination.address);
}

/* True if an ICMP error refuses a datagram towards the side that serves, which it then is from. */
static __always_inline bool error_serves(const struct seen *seen)
{
	if (seen->event_port == seen->source_port)
		return source_is_server(seen);
	return port_serves(CLASS_UDP, seen->event_port, seen->source_port);
}

static __always_inline uint8_t scope_of(uint8_t direction, uint32_t inside)
{
	uint32_t wanted = direction == DIRECTION_IN    ? INSIDE_SOURCE
			  : direction == DIRECTION_OUT ? INSIDE_DESTINATION
						       : INSIDE_BOTH;

	return (inside & wanted) == wanted ? SCOPE_LOCAL : SCOPE_INTERNET;
}

static __always_inline uint32_t tag_of(const struct talk *talk, uint32_t one, uint32_t other)
{
	return hash_pair(one, other, talk->ports, talk->kind);
}

/* All ones if a frame comes from the side that serves; no compiler makes a branch of it. */
static __always_inline uint64_t mask_of(const struct seen *seen)
{
	uint64_t mask = 0 - (uint64_t)seen->reverse;

	asm volatile("" : "+r"(mask));
	return mask;
}

/* All of a key but its ends, as it is when nothing is folded. */
static __always_inline void begin_talk(struct seen *seen)
{
	struct talk *talk = &seen->talk;
	uint32_t from = seen->source_port, to = seen->key;
	uint32_t swapped = (from ^ to) & (uint32_t)mask_of(seen);

	talk->ports = to ^ swapped;
	if (rules.five_tuple)
		talk->ports |= (from ^ swapped) << 16;
	talk->kind = (uint16_t)((uint32_t)seen->protocol << 8 | (uint32_t)seen->version << 4);
	talk->tag = tag_of(talk, seen->source.hash, seen->destination.hash);
}

/* All addresses that are not inside count as one. */
static __always_inline void fold(struct talk *talk, const struct party *client,
				 const struct party *server)
{
	uint32_t client_hash = client->hash, server_hash = server->hash, folded = 0;

	if (!(client->bits & LOCAL_INSIDE)) {
		folded |= FOLDED_CLIENT;
		talk->client.high = talk->client.low = client_hash = 0;
	}
	if (!(server->bits & LOCAL_INSIDE)) {
		folded |= FOLDED_SERVER;
		talk->server.high = talk->server.low = server_hash = 0;
	}
	talk->kind |= (uint16_t)folded;
	if (folded == FOLDED_BOTH)
		talk->kind &= 0xff0f;
	talk->tag = tag_of(talk, client_hash, server_hash);
}

static __always_inline void set_ends(struct talk *talk, const struct seen *seen)
{
	const struct party *source = &seen->source, *destination = &seen->destination;
	uint64_t mask = mask_of(seen);
	uint64_t high = (source->address.high ^ destination->address.high) & mask;
	uint64_t low = (source->address.low ^ destination->address.low) & mask;

	talk->client.high = source->address.high ^ high;
	talk->client.low = source->address.low ^ low;
	talk->server.high = destination->address.high ^ high;
	talk->server.low = destination->address.low ^ low;
	if (seen->fold_internet)
		fold(talk, seen->reverse ? destination : source,
		     seen->reverse ? source : destination);
	talk->ends = (uint32_t)talk->client.low | talk->server.low << 32;
}

/* Are the upper bits of IPv6 addresses those of the row at @place? */
__noinline int is_far(const struct talk *talk, uint32_t place)
{
	const struct wc_kernel_far *far = entry(&fars, place);

	return talk && far && far->client_middle == (uint32_t)(talk->client.low >> 32) &&
	       far->server_middle == (uint32_t)(talk->server.low >> 32) &&
	       far->client_high == talk->client.high && far->server_high == talk->server.high;
}

static __always_inline bool is_v6(const struct talk *talk)
{
	return (talk->kind >> 4 & 0xf) == 6;
}

static __always_inline bool is_talk(const struct wc_kernel_talk *row, const struct talk *talk,
				    uint32_t place)
{
	return row->ends == talk->ends && row->ports == talk->ports && row->kind == talk->kind &&
	       (!is_v6(talk) || is_far(talk, place));
}

/* Returns where a row is that counts into @generation. */
static __always_inline struct wc_kernel_talk *talk_at(uint32_t place, uint32_t generation)
{
	return entry(&talks, in_generation(place, generation, rules.conversation_buckets));
}

__noinline uint32_t claim_talk(uint32_t number, uint32_t wanted)
{
	struct wc_kernel_bucket *bucket = entry(&conversation_tags, number);

	return bucket ? claim(bucket, wanted) : WC_KERNEL_PROBES;
}

static __always_inline void fill_talk(struct wc_kernel_talk *row, const struct seen *seen)
{
	row->ends = seen->talk.ends;
	row->ports = seen->talk.ports;
	row->direction = seen->reverse ? turned(seen->direction) : seen->direction;
	row->scope =
		scope_of(seen->direction,
			 (seen->source.bits & LOCAL_INSIDE ? INSIDE_SOURCE : 0) |
				 (seen->destination.bits & LOCAL_INSIDE ? INSIDE_DESTINATION : 0));
}

static __always_inline void fill_far(struct wc_kernel_far *far, const struct talk *talk)
{
	far->client_middle = (uint32_t)(talk->client.low >> 32);
	far->server_middle = (uint32_t)(talk->server.low >> 32);
	far->client_high = talk->client.high;
	far->server_high = talk->server.high;
}

/* Makes the row of a conversation, unless there is no room for it. Returns its place, or NO_ROW. */
__noinline uint32_t make_talk(const struct seen *seen, uint32_t number)
{
	struct wc_kernel_bucket *bucket = entry(&conversation_tags, number);
	struct wc_kernel_talk *even, *odd;
	struct wc_kernel_far *far;
	const struct talk *talk;
	uint32_t place, taken;

	if (!seen || !bucket)
		return NO_ROW;
	talk = &seen->talk;
	taken = claim_talk(number, favourite(talk->tag));
	if (taken >= WC_KERNEL_PROBES)
		return NO_ROW;
	place = number * WC_KERNEL_PROBES + taken;
	even = talk_at(place, 0);
	odd = talk_at(place, 1);
	far = entry(&fars, place);
	if (!even || !odd || !far)
		return NO_ROW;
	fill_talk(even, seen);
	fill_talk(odd, seen);
	fill_far(far, talk);
	PUBLISH(&bucket->tags[taken], talk->tag, talk->kind, even->kind, odd->kind);
	return place;
}

/* Returns the place of a conversation that is not in its favourite, or NO_ROW. */
__noinline uint32_t seek_talk(const struct seen *seen, uint32_t number)
{
	const struct wc_kernel_bucket *bucket = entry(&conversation_tags, number);
	const struct wc_kernel_talk *row;
	const struct talk *talk;

	if (!seen || !bucket)
		return NO_ROW;
	talk = &seen->talk;
#pragma unroll
	for (uint32_t i = 0; i < WC_KERNEL_PROBES; i++) {
		if (bucket->tags[i] != talk->tag)
			continue;
		row = talk_at(number * WC_KERNEL_PROBES + i, 0);
		if (row && is_talk(row, talk, number * WC_KERNEL_PROBES + i))
			return number * WC_KERNEL_PROBES + i;
	}
	return make_talk(seen, number);
}

/* Returns the row of a conversation, or NULL when there is no room for it. */
static __always_inline struct wc_kernel_talk *row_of(const struct seen *seen)
{
	const struct talk *talk = &seen->talk;
	uint32_t generation = seen->generation;
	uint32_t place = first_place(talk->tag, seen->slice, rules.conversation_buckets);
	struct wc_kernel_talk *row = talk_at(place, generation);

	if (row && is_talk(row, talk, place))
		return row;
	place = seek_talk(seen, place / WC_KERNEL_PROBES);
	return place == NO_ROW ? NULL : talk_at(place, generation);
}

/* Counts a TCP or UDP frame. */
static __always_inline int count_talk(struct seen *seen)
{
	struct wc_kernel_slice *slice;
	struct wc_kernel_talk *counts;
	uint32_t way, flags;

	if (!seen)
		return 0;
	slice = slice_of(seen);
	set_ends(&seen->talk, seen);
	counts = row_of(seen);
	if (!counts) {
		count_other(&slice->no_conversation, seen);
		ADD(slice->no_conversation_ip_bytes, seen->ip_bytes);
		return 0;
	}
	way = seen->reverse;
	/* The verifier does not know that this is one of two. */
	asm volatile("" : "+r"(way));
	way &= 1;
	flags = (uint32_t)seen->flags << way * 8;
	ADD(counts->packets[way], seen->packets);
	ADD(counts->bytes[way], seen->bytes);
	ADD(counts->ip_bytes[way], seen->ip_bytes);
	MARK(counts->flags, flags);
	if (seen->event == EVENT_NEW)
		ADD(counts->new, 1);
	return 0;
}

#endif /* WC_TALK_BPF_H */

/*
 * layout.h - what the program in the kernel and its reader share
 *
 * The program counts into one of two generations. The reader turns it to the
 * other one, waits until no run of the program is left that has seen the old
 * one (membarrier(2)), and only then reads and empties what that has: nobody
 * counts there any more, so that all tables of a reading are of the same frames.
 * A counter is read within seconds, so that 32 bits are enough for packets.
 *
 * Each processor counts into a slice of its own, up to four; beyond, processors
 * share a slice and count atomically. Compiled for the kernel and for user space.
 */
#ifndef WC_KERNEL_LAYOUT_H
#define WC_KERNEL_LAYOUT_H

#include <stdint.h>

#define WC_KERNEL_SLICES      4
#define WC_KERNEL_GENERATIONS 2

/* As enum wc_direction, enum wc_class and enum wc_event, which are not for the kernel. */
#define WC_KERNEL_DIRECTIONS 4

/* What the program returns to a socket for a frame that the decoder is to count: all of it. */
#define WC_KERNEL_HAND_OVER 0x40000

/* Of a processor, so many frames are counted together (wait.bpf.h). */
#define WC_KERNEL_WAITING 16

/* What waits of a processor: frames, since one or the other generation; or none. */
enum { WC_KERNEL_WAITS_NOBODY, WC_KERNEL_WAITS_READER, WC_KERNEL_WAITS_SINCE };

/* Programs of tcx that count beside the reader's run. */
enum { WC_KERNEL_BESIDE_RECEIVED, WC_KERNEL_BESIDE_SENT, WC_KERNEL_BESIDE };

enum wc_kernel_link { WC_KERNEL_ETHERNET, WC_KERNEL_RAW };

/* Constants of the program, set before it is loaded. */
struct wc_kernel_rules {
	uint64_t seed[12];             /* of rows.bpf.h's hashes, random */
	uint32_t processors;           /* that there can be */
	uint32_t slices;               /* at most WC_KERNEL_SLICES */
	uint32_t shared;               /* several processors to a slice */
	uint32_t loopback;             /* index of lo; what it sends comes again; 0: none */
	uint32_t pages;                /* in the pool */
	uint32_t conversation_buckets; /* of a slice, a power of two; 0: not counted */
	uint32_t host_buckets;
	uint32_t five_tuple;
	uint32_t sent_only; /* at the socket: the rest is counted by XDP */
	uint32_t drop_echo; /* by XDP */
	uint32_t waits;     /* frames are counted some at a time */
};

/* Written by the reader while the program runs. */
struct wc_kernel_control {
	uint32_t generation; /* to be counted into */
	uint32_t local;      /* number of the set of local addresses that is in effect */
	uint32_t stamp;      /* changes with it */
	uint32_t link;       /* enum wc_kernel_link */
	uint32_t longest;    /* frame that the link carries, its headers included */
	uint32_t fold_internet;
	uint32_t scan_plain; /* scanners are judged in mode plain */
	uint32_t hand_over;  /* all frames are for the decoder */
	uint64_t own;        /* hardware address, in the order of its bytes; the rest is 0 */
};

struct wc_kernel_served {
	uint64_t known[2][1024]; /* as struct wc_served, and well-known ports: TCP, UDP */
	uint64_t learned[1024];  /* written by the program */
};

/* The host's addresses and the local networks, as struct wc_local has them. */
#define WC_KERNEL_MEMBERS  2048
#define WC_KERNEL_DISTANCE 8 /* a member lies less than so many slots behind its place */
#define WC_KERNEL_NETS     64

struct wc_kernel_member {
	uint64_t high, low;
	uint32_t version; /* 0: no member here */
	uint32_t bits;    /* WC_LOCAL_ */
};

struct wc_kernel_net {
	uint64_t high_mask, high, low_mask, low;
};

struct wc_kernel_local {
	uint8_t v4[65536], v6[65536]; /* wc_local_prefixes() */
	uint64_t salt;                /* of the places of members; odd */
	uint32_t nets4, nets6;
	struct wc_kernel_member members[WC_KERNEL_MEMBERS];
	/*
	 * At the end: where the program has no CAP_PERFMON, the verifier also follows what a
	 * processor may run by mistake, which goes round a loop until it leaves the map.
	 */
	struct wc_kernel_net net4[WC_KERNEL_NETS], net6[WC_KERNEL_NETS];
};

static inline uint32_t wc_kernel_place(uint64_t salt, uint64_t high, uint64_t low)
{
	return (uint32_t)((high ^ low) * salt >> 40) % WC_KERNEL_MEMBERS;
}

/*
 * Rows by direction and a key of 16 bits are in pages of 64, out of a pool that all
 * slices share. The generations take pages from its two ends.
 */
#define WC_KERNEL_PAGE_ROWS 64
#define WC_KERNEL_PAGES     (65536 / WC_KERNEL_PAGE_ROWS) /* of one direction */

enum { WC_KERNEL_TCP, WC_KERNEL_UDP, WC_KERNEL_ETHERTYPE, WC_KERNEL_PAGED };

struct wc_kernel_row {
	uint64_t bytes;
	uint32_t packets;
	uint32_t new, accepted, refused; /* of port rows */
};

struct wc_kernel_page {
	struct wc_kernel_row rows[WC_KERNEL_PAGE_ROWS];
};

struct wc_kernel_pool {
	uint32_t taken[WC_KERNEL_GENERATIONS];
};

struct wc_kernel_counts {
	uint64_t bytes;
	uint32_t packets, new;
};

/* All of a slice and generation that is not in rows found by a hash. */
struct wc_kernel_slice {
	uint64_t frames; /* counted here */
	uint64_t merged; /* of them, longer than the link carries, of segments unknown */
	struct wc_kernel_counts llc[WC_KERNEL_DIRECTIONS], malformed[WC_KERNEL_DIRECTIONS];
	struct wc_kernel_counts internet[2]; /* in, out */
	struct wc_kernel_counts protocols[WC_KERNEL_DIRECTIONS][256];
	struct wc_kernel_counts fragments[WC_KERNEL_DIRECTIONS][2]; /* 6, 17: by the lowest bit */
	struct wc_kernel_row other[WC_KERNEL_PAGED][WC_KERNEL_DIRECTIONS];
	uint32_t pages[WC_KERNEL_PAGED][WC_KERNEL_DIRECTIONS][WC_KERNEL_PAGES]; /* + 1; 0: none */

	/* Frames for which there is no row. */
	struct wc_kernel_counts no_conversation, no_source, no_destination;
	uint64_t no_conversation_ip_bytes;
};

/*
 * Rows found by a hash, 16 to a bucket. A hash also has a favourite in its bucket, and its
 * row is made there if that is free: then it is found at once, without the cache line of
 * tags, which are upper halves of hashes. What is counted of a row into a generation is one
 * cache line with the key, as each line that is touched may cost more than all counting.
 *
 * The reader frees a row in two readings: the first hides it, the second, when no run of
 * the program is left that may have found it, empties it.
 */
#define WC_KERNEL_PROBES 16

enum { WC_KERNEL_TAG_FREE, WC_KERNEL_TAG_BUSY, WC_KERNEL_TAG_HIDDEN, WC_KERNEL_TAG_LEAST };

struct wc_kernel_bucket {
	uint32_t tags[WC_KERNEL_PROBES];
};

/* In a row's kind, or version: the program must not find it. */
#define WC_KERNEL_HIDDEN 0x8000u

/* All that is of one size, whatever the rules are. */
struct wc_kernel_state {
	struct wc_kernel_control control;
	struct wc_kernel_pool pool;
	struct wc_kernel_served served;
	struct wc_kernel_slice slices[WC_KERNEL_GENERATIONS * WC_KERNEL_SLICES];
};

/* A conversation, in one generation. */
struct wc_kernel_talk {
	uint64_t ends;  /* the lowest 32 bits of addresses: the client's, above them the server's */
	uint32_t ports; /* the server's, above it the client's */
	uint16_t kind;  /* as wc_conversation_kind(); 0: no row */
	uint8_t direction, scope;
	uint64_t bytes[2], ip_bytes[2]; /* of the client's frames, of the server's */
	uint32_t packets[2];
	uint32_t new;
	uint32_t flags; /* TCP's; of the server's frames 8 bits further up */
};

/* The other bits of a conversation's addresses; IPv4 has none. */
struct wc_kernel_far {
	uint64_t client_high, server_high;
	uint32_t client_middle, server_middle;
	uint64_t unused;
};

/* An address, in one generation. */
struct wc_kernel_host {
	uint64_t high, low;
	uint32_t version; /* 0: no row */
	uint16_t bits;    /* WC_LOCAL_, */
	uint16_t stamp;   /* as of this set of local addresses */
	uint64_t sent_bytes, received_bytes;
	uint32_t sent_packets, received_packets;
	uint32_t sent_new, received_new;
	uint64_t unused;
};

/* As struct wc_scan: counted modulo 2^32 and never emptied but with its host. */
struct wc_kernel_scan {
	uint32_t attempts[2], answers[2];
	uint32_t refused, port_changes;
	uint16_t last_port, recent[3];
	uint64_t hosts[2], ports[2]; /* sketches, which the reader clears */
};

#endif /* WC_KERNEL_LAYOUT_H */

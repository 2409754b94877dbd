/*
 * snapshot.h - an immutable picture of one observation point at the end of an interval
 *
 * Plain data, made by wc_census_snapshot() and only read afterwards, by any
 * number of threads. Every row has two sets of counts: delta, what the interval
 * added, and total, what was counted since the start. Totals never go down, and
 * the deltas of all rows of one kind add up to the delta of that kind's class.
 */
#ifndef WC_SNAPSHOT_H
#define WC_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wirecensus/address.h"

/* Which way a frame went, seen from this host's own addresses (IPFIX 61, and two more). */
enum wc_direction {
	WC_DIRECTION_IN,      /* to a local address */
	WC_DIRECTION_OUT,     /* from a local address */
	WC_DIRECTION_LOCAL,   /* from one to another */
	WC_DIRECTION_TRANSIT, /* neither */
	WC_DIRECTIONS
};

/* Every frame is counted in exactly one class. */
enum wc_class {
	WC_CLASS_TCP,
	WC_CLASS_UDP,
	WC_CLASS_PROTOCOL,    /* any other IP protocol */
	WC_CLASS_FRAGMENT,    /* TCP or UDP behind the first fragment: no port in it */
	WC_CLASS_ETHERTYPE,   /* not IP */
	WC_CLASS_LLC,         /* an 802.3 length in place of a type */
	WC_CLASS_MALFORMED,   /* headers cut short, or at odds with themselves */
	WC_CLASS_UNSUPPORTED, /* of a link type that is not decoded */
	WC_CLASSES
};

/* Where the far end of a conversation lies; in transit, both ends. */
enum wc_scope {
	WC_SCOPE_LOCAL,    /* in a local network */
	WC_SCOPE_INTERNET, /* in none */
};

/* A wall-clock time that is not known, as in a capture without frames. */
#define WC_TIME_UNKNOWN INT64_MIN

struct wc_counts {
	uint64_t packets;
	uint64_t bytes; /* of frames on the wire, link header included, FCS excluded */
};

struct wc_port_counts {
	struct wc_counts all;
	uint64_t new;      /* TCP: SYN without ACK, RST and FIN */
	uint64_t accepted; /* TCP: SYN-ACK from the port */
	uint64_t refused;  /* TCP: RST-ACK with sequence 0 from it; UDP: port unreachable */
};

struct wc_port_row {
	struct wc_port_counts delta, total;
	uint16_t port;
	uint8_t protocol;  /* 6 or 17 */
	uint8_t direction; /* enum wc_direction */
	bool other;        /* the remainder of a full table; port is 0 */
};

/* An IP protocol, a fragment's protocol, or an ethertype. */
struct wc_key_row {
	struct wc_counts delta, total;
	uint16_t key;
	uint8_t direction;
	bool other;
};

/* One way of a conversation, in the interval. */
struct wc_way_counts {
	uint64_t packets;
	uint64_t bytes;    /* of frames */
	uint64_t ip_bytes; /* by the IP headers */
	uint64_t new;
	uint8_t flags; /* TCP flags seen */
};

/* A conversation that was heard in the interval. */
struct wc_conversation_row {
	struct wc_way_counts forward, reverse; /* client to server, and back */
	struct wc_address client, server; /* version 0: all addresses outside the local networks */
	int64_t first_seen_ns, last_seen_ns; /* frame times, or WC_TIME_UNKNOWN */
	uint16_t port;                       /* the server's */
	uint16_t client_port;                /* only with five_tuple */
	uint8_t protocol;
	uint8_t direction; /* of forward frames */
	uint8_t scope;     /* enum wc_scope */
	bool other;        /* frames without a row, both ways in forward */
};

struct wc_host_way {
	uint64_t packets, bytes, new;
};

/* An address that has a row; its counts of the interval may be 0. */
struct wc_host_row {
	struct wc_address address;
	struct wc_host_way sent, received;
	int64_t first_seen_ns, last_seen_ns;
	bool rates_known; /* else they are 0 */
	double packets_per_hour, connections_per_hour, bytes_per_hour;
	bool other;
};

/* A source that was found to be a scanner: what it did within the last hour. */
struct wc_scanner_row {
	struct wc_address address;
	uint64_t attempts;
	uint64_t port_changes;
	uint64_t distinct_ports, distinct_hosts; /* about: the standard error is 13 % at 20 */
	uint64_t refused;
	uint64_t unanswered;   /* 0 in mode plain */
	int64_t first_seen_ns; /* of the address */
	bool plain;            /* judged in mode plain: what became of attempts is not known */
};

struct wc_totals {
	/* From outside the decoder: the kernel's count, or the file's records. */
	uint64_t received;       /* frames, lost ones included */
	uint64_t lost_kernel;    /* frames for which the kernel had no buffer */
	uint64_t lost_interface; /* frames the interface missed: not in received */
	uint64_t gone_ns;        /* how long the interface was not there */
	uint64_t restarts;       /* how often its source was opened again */

	/* From the decoder. received + pending before = frames + lost_kernel + pending after. */
	uint64_t frames;           /* handed over: of all classes, and rejected */
	struct wc_counts rejected; /* by the payload filter */
	struct wc_counts classes[WC_CLASSES];
	struct wc_counts directions[WC_DIRECTIONS]; /* every class */
	struct wc_counts internet_in;               /* from outside the local networks to inside */
	struct wc_counts internet_out;              /* from inside to outside */
	uint64_t merged; /* frames longer than the link carries: joined by offload, segments unknown
			  */
};

enum wc_offload {
	WC_OFFLOAD_NO,
	WC_OFFLOAD_YES,     /* merged frames were seen: packets are fewer than on the wire */
	WC_OFFLOAD_UNKNOWN, /* a file does not tell */
};

struct wc_snapshot {
	const char *capture;  /* its name */
	const char *observer; /* interface or file */
	uint64_t interval;    /* from 1 */
	int64_t start_ns;     /* wall clock, since 1970, or WC_TIME_UNKNOWN */
	int64_t end_ns;
	uint64_t length_ns;    /* by the monotonic clock; in a file by the frames' times */
	int64_t clock_step_ns; /* what the wall clock jumped meanwhile */
	uint64_t pending;      /* frames received and not yet counted, at the end */
	enum wc_offload offload;
	bool complete; /* nothing lost, nothing gone, no damage */

	struct wc_totals delta, total;

	/* Sorted by protocol or key, direction, `other` last. Only rows with a total. */
	const struct wc_port_row *ports;
	size_t port_rows;
	const struct wc_key_row *protocols;
	size_t protocol_rows;
	const struct wc_key_row *fragments;
	size_t fragment_rows;
	const struct wc_key_row *ethertypes;
	size_t ethertype_rows;

	/* In the order in which they were first seen, `other` last. */
	const struct wc_conversation_row *conversations;
	size_t conversation_rows;
	const struct wc_host_row *hosts;
	size_t host_rows;
	const struct wc_scanner_row *scanners;
	size_t scanner_rows;
	bool five_tuple; /* conversations are told apart by the client's port */
};

/* Returns packets and bytes over all classes of @totals. */
struct wc_counts wc_totals_sum(const struct wc_totals *totals);

/* Returns the word for @class: "tcp", "fragment", "malformed" ... */
const char *wc_class_name(unsigned class);

/* Returns "in", "out", "local" or "transit". */
const char *wc_direction_name(enum wc_direction direction);

/* Returns "local" or "internet". */
const char *wc_scope_name(enum wc_scope scope);

/* Frees what wc_census_snapshot() made. NULL is allowed. */
void wc_snapshot_free(struct wc_snapshot *snapshot);

#endif /* WC_SNAPSHOT_H */

/*
 * add.h - counts that were made elsewhere: by the program of the kernel engine
 *
 * What it counted is added to a set of tables, row by row, as if its packets had
 * been counted there one after the other. Neither blocks nor fails.
 */
#ifndef WC_ADD_H
#define WC_ADD_H

#include <stdbool.h>
#include <stdint.h>

#include "conversations.h"
#include "dense.h"
#include "hosts.h"
#include "scan.h"
#include "wirecensus/address.h"
#include "wirecensus/snapshot.h"

struct wc_tables; /* tables.h */

/* A row of ports, protocols, fragments or ethertypes; LLC and malformed have no key. */
struct wc_added_row {
	uint64_t counters[WC_DENSE_WIDTH_MAX]; /* WC_COUNTER_ */
	uint16_t key;
	uint8_t class;     /* enum wc_class */
	uint8_t direction; /* enum wc_direction */
	bool other;        /* of keys for which there was no room */
};

/* Also adds to the totals of the class, so that rows and totals never differ. */
void wc_tables_add_row(struct wc_tables *tables, const struct wc_added_row *row);

struct wc_added_conversation {
	struct wc_conversation_key key;
	uint16_t kind;            /* wc_conversation_kind() */
	uint8_t direction, scope; /* of a row that is new */
	struct wc_way forward, reverse;
	uint64_t new;
	uint8_t flags, reverse_flags;
	int64_t first_ns, last_ns; /* between which it was counted, by the wall clock */
};

void wc_tables_add_conversation(struct wc_tables *tables,
				const struct wc_added_conversation *conversation);

/* Frames without a row, either way. */
void wc_tables_add_no_conversation(struct wc_tables *tables, const struct wc_way *way,
				   uint64_t new);

struct wc_added_host {
	struct wc_address address;
	struct wc_host_counts sent, received;
	struct wc_scan_counts tried;
	struct wc_sketch hosts, ports; /* that it tried */
	int64_t first_ns, last_ns;
};

void wc_tables_add_host(struct wc_tables *tables, const struct wc_added_host *host);

/* Frames without a row for their source, and for their destination. */
void wc_tables_add_no_host(struct wc_tables *tables, const struct wc_host_counts *sent,
			   const struct wc_host_counts *received);

#endif /* WC_ADD_H */

/*
 * counting.h - packets into tables, tables into snapshots, and whether it adds up
 */
#ifndef TESTS_COUNTING_H
#define TESTS_COUNTING_H

#include <stddef.h>
#include <stdint.h>

#include "packet.h"
#include "tables.h"
#include "wirecensus/snapshot.h"

/* Makes a set that counts, with @pool bytes for pages; freed by wc_tables_free(). */
struct wc_tables *counting_tables(size_t pool);

/* Makes a set that keeps what a snapshot had. */
struct wc_tables *counting_last(void);

/* A packet without addresses, so that only the tables by key count it. */
struct wc_packet counting_packet(enum wc_class class, enum wc_direction direction, unsigned key,
				 uint32_t bytes);

/* Adds an event to @packet. */
void counting_event(struct wc_packet *packet, enum wc_event event, uint8_t protocol, unsigned port,
		    enum wc_direction direction);

/* Counts @packet @times times, in batches. */
void counting_add(struct wc_tables *tables, const struct wc_packet *packet, uint64_t times);

/*
 * Takes a snapshot, which has to succeed, and fails the test unless its rows, in
 * order and each once, add up to its classes, and these to its directions and
 * frames. Freed by wc_collect_free().
 */
void counting_collect(struct wc_snapshot *snapshot, struct wc_tables *last,
		      struct wc_tables *const *sets, size_t count);

/* Finds a row; it must be there, and for `other` @key is -1. */
const struct wc_port_row *counting_port(const struct wc_snapshot *snapshot, uint8_t protocol,
					int key, enum wc_direction direction);
const struct wc_key_row *counting_key(const struct wc_key_row *rows, size_t count, int key,
				      enum wc_direction direction);

#endif /* TESTS_COUNTING_H */

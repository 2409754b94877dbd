#include "tables.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "cases.h"
#include "collect.h"
#include "counting.h"
#include "decode.h"
#include "local.h"
#include "pool.h"
#include "recipe.h"
#include "stacks.h"
#include "suite.h"

#define MANY 100000

START_TEST(each_class_in_each_direction)
{
	struct wc_tables *tables = counting_tables(WC_TABLES_POOL), *last = counting_last();
	struct wc_snapshot snapshot;

	for (unsigned class = 0; class < WC_CLASSES; class ++) {
		for (unsigned direction = 0; direction < WC_DIRECTIONS; direction++) {
			struct wc_packet packet = counting_packet(class, direction, 17, 100);

			counting_add(tables, &packet, 10 * class + direction + 1);
		}
	}
	counting_collect(&snapshot, last, &tables, 1);
	for (unsigned class = 0; class < WC_CLASSES; class ++) {
		ck_assert_uint_eq(snapshot.total.classes[class].packets, 40 * class + 10);
		ck_assert_uint_eq(snapshot.total.classes[class].bytes, 4000 * class + 1000);
	}
	for (unsigned direction = 0; direction < WC_DIRECTIONS; direction++)
		ck_assert_uint_eq(snapshot.total.directions[direction].packets,
				  280 + 8 * (direction + 1));
	ck_assert_uint_eq(snapshot.total.frames, 1200);
	ck_assert_uint_eq(snapshot.port_rows, 8);
	ck_assert_uint_eq(snapshot.protocol_rows, 4);
	ck_assert_uint_eq(snapshot.fragment_rows, 4);
	ck_assert_uint_eq(snapshot.ethertype_rows, 4);
	wc_collect_free(&snapshot);
	wc_tables_free(last);
	wc_tables_free(tables);
}
END_TEST

/* An event counts on the attempt's row, even where that row has had no packet. */
START_TEST(events_on_the_row_of_the_attempt)
{
	struct wc_tables *tables = counting_tables(WC_TABLES_POOL), *last = counting_last();
	struct wc_packet packet = counting_packet(WC_CLASS_TCP, WC_DIRECTION_OUT, 40000, 60);
	const struct wc_port_row *row;
	struct wc_snapshot snapshot;

	counting_event(&packet, WC_EVENT_ACCEPTED, WC_PROTOCOL_TCP, 80, WC_DIRECTION_IN);
	counting_add(tables, &packet, 3);
	counting_event(&packet, WC_EVENT_REFUSED, WC_PROTOCOL_TCP, 80, WC_DIRECTION_IN);
	counting_add(tables, &packet, 5);
	packet = counting_packet(WC_CLASS_TCP, WC_DIRECTION_IN, 80, 60);
	counting_event(&packet, WC_EVENT_NEW, WC_PROTOCOL_TCP, 80, WC_DIRECTION_IN);
	counting_add(tables, &packet, 7);
	packet = counting_packet(WC_CLASS_PROTOCOL, WC_DIRECTION_IN, 1, 70);
	counting_event(&packet, WC_EVENT_REFUSED, WC_PROTOCOL_UDP, 53, WC_DIRECTION_OUT);
	counting_add(tables, &packet, 9);
	counting_collect(&snapshot, last, &tables, 1);
	ck_assert_uint_eq(snapshot.port_rows, 3);
	row = counting_port(&snapshot, WC_PROTOCOL_TCP, 80, WC_DIRECTION_IN);
	ck_assert_uint_eq(row->total.all.packets, 7);
	ck_assert_uint_eq(row->total.all.bytes, 420);
	ck_assert_uint_eq(row->total.new, 7);
	ck_assert_uint_eq(row->total.accepted, 3);
	ck_assert_uint_eq(row->total.refused, 5);
	row = counting_port(&snapshot, WC_PROTOCOL_TCP, 40000, WC_DIRECTION_OUT);
	ck_assert_uint_eq(row->total.all.packets, 8);
	ck_assert_uint_eq(row->total.accepted, 0);
	row = counting_port(&snapshot, WC_PROTOCOL_UDP, 53, WC_DIRECTION_OUT);
	ck_assert_uint_eq(row->total.all.packets, 0);
	ck_assert_uint_eq(row->total.refused, 9);
	wc_collect_free(&snapshot);
	wc_tables_free(last);
	wc_tables_free(tables);
}
END_TEST

/* The rows of @snapshot that have packets. */
static size_t rows_with_packets(const struct wc_snapshot *snapshot)
{
	size_t rows = snapshot->protocol_rows + snapshot->fragment_rows + snapshot->ethertype_rows;

	for (size_t i = 0; i < snapshot->port_rows; i++)
		rows += snapshot->ports[i].total.all.packets != 0;
	return rows;
}

START_TEST(a_hundred_thousand_of_each_stack)
{
	struct wc_local *local = cases_host();

	for (size_t i = 0; i < stack_count; i++) {
		struct wc_tables *tables = counting_tables(WC_TABLES_POOL);
		struct wc_tables *last = counting_last();
		struct wc_packet packet =
			cases_decode(local, stacks[i].link, WC_ORIGIN_FILE, stacks[i].recipe);
		struct wc_snapshot snapshot;
		bool keyed = stacks[i].class <= WC_CLASS_ETHERTYPE;
		const struct wc_counts *class = &snapshot.total.classes[stacks[i].class];

		counting_add(tables, &packet, MANY);
		counting_collect(&snapshot, last, &tables, 1);
		ck_assert_uint_eq(snapshot.total.frames, MANY);
		ck_assert_uint_eq(class->packets, MANY);
		ck_assert_uint_eq(class->bytes, MANY * (uint64_t)packet.bytes);
		ck_assert_uint_eq(rows_with_packets(&snapshot), keyed ? 1 : 0);
		wc_collect_free(&snapshot);
		wc_tables_free(last);
		wc_tables_free(tables);
	}
	wc_local_free(local);
}
END_TEST

START_TEST(more_than_four_gigabytes)
{
	struct wc_tables *tables = counting_tables(WC_TABLES_POOL), *last = counting_last();
	struct wc_packet packet =
		counting_packet(WC_CLASS_UDP, WC_DIRECTION_TRANSIT, 4789, UINT32_MAX);
	const struct wc_port_row *row;
	struct wc_snapshot snapshot;

	counting_add(tables, &packet, 1000);
	counting_collect(&snapshot, last, &tables, 1);
	row = counting_port(&snapshot, WC_PROTOCOL_UDP, 4789, WC_DIRECTION_TRANSIT);
	ck_assert_uint_eq(row->delta.all.bytes, UINT64_C(4294967295000));
	ck_assert_uint_eq(snapshot.delta.directions[WC_DIRECTION_TRANSIT].bytes,
			  UINT64_C(4294967295000));
	wc_collect_free(&snapshot);
	wc_tables_free(last);
	wc_tables_free(tables);
}
END_TEST

static void flood(struct wc_tables *tables)
{
	for (unsigned port = 0; port < 65536; port++) {
		for (unsigned direction = 0; direction < WC_DIRECTIONS; direction++) {
			struct wc_packet batch[] = {
				counting_packet(WC_CLASS_TCP, direction, port, 60),
				counting_packet(WC_CLASS_UDP, direction, port, 70),
			};

			wc_tables_count(tables, batch, 2);
		}
	}
}

/* All ports there are do not fit, and nothing else is pushed out by them. */
START_TEST(every_port_in_every_direction)
{
	struct wc_tables *tables = counting_tables(WC_TABLES_POOL), *last = counting_last();
	struct wc_packet icmp = counting_packet(WC_CLASS_PROTOCOL, WC_DIRECTION_IN, 1, 98);
	struct wc_packet last_protocol =
		counting_packet(WC_CLASS_PROTOCOL, WC_DIRECTION_TRANSIT, 255, 98);
	struct wc_packet fragment = counting_packet(WC_CLASS_FRAGMENT, WC_DIRECTION_OUT, 17, 98);
	struct wc_snapshot snapshot;
	uint64_t other = 0;
	size_t own = 0;

	flood(tables);
	ck_assert_uint_gt(wc_pool_used(tables->pool), WC_TABLES_POOL - 64 * 5 * 8);
	counting_add(tables, &icmp, 11);
	counting_add(tables, &last_protocol, 12);
	counting_add(tables, &fragment, 13);
	counting_collect(&snapshot, last, &tables, 1);
	for (size_t i = 0; i < snapshot.port_rows; i++) {
		const struct wc_port_row *row = &snapshot.ports[i];

		if (row->other)
			other += row->total.all.packets;
		else
			own += row->total.all.packets == 1;
	}
	ck_assert_uint_gt(other, 0);
	ck_assert_uint_gt(own, 150000);
	ck_assert_uint_eq(own + other, 8 * 65536);
	ck_assert_uint_eq(snapshot.total.classes[WC_CLASS_TCP].packets, 4 * 65536);
	ck_assert_uint_eq(snapshot.total.classes[WC_CLASS_UDP].bytes, 4 * 65536 * 70);
	ck_assert_uint_eq(
		counting_key(snapshot.protocols, snapshot.protocol_rows, 1, WC_DIRECTION_IN)
			->total.packets,
		11);
	ck_assert_uint_eq(
		counting_key(snapshot.protocols, snapshot.protocol_rows, 255, WC_DIRECTION_TRANSIT)
			->total.packets,
		12);
	ck_assert_uint_eq(
		counting_key(snapshot.fragments, snapshot.fragment_rows, 17, WC_DIRECTION_OUT)
			->total.packets,
		13);
	wc_collect_free(&snapshot);
	wc_tables_free(last);
	wc_tables_free(tables);
}
END_TEST

/* A set that keeps a snapshot's counts has room for every row that there can be. */
START_TEST(stays_under_eight_megabytes)
{
	ck_assert_uint_lt(5 * sizeof(struct wc_dense) + WC_TABLES_POOL, 8000000);
	ck_assert_uint_ge(WC_TABLES_POOL_ALL,
			  WC_DIRECTIONS * 65536 * 8 *
					  (WC_COUNTERS_TCP + WC_COUNTERS_UDP + WC_COUNTERS_PLAIN) +
				  WC_DIRECTIONS * (256 + 64) * 8 * WC_COUNTERS_PLAIN);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {each_class_in_each_direction,
				      events_on_the_row_of_the_attempt,
				      a_hundred_thousand_of_each_stack,
				      more_than_four_gigabytes,
				      every_port_in_every_direction,
				      stays_under_eight_megabytes,
				      NULL};

	return suite_run("tables", tests, 300);
}

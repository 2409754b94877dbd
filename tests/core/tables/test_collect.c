#include "collect.h"

#include <check.h>
#include <stdlib.h>

#include "counting.h"
#include "rules.h"
#include "shortage.h"
#include "suite.h"
#include "wirecensus/error.h"

START_TEST(nothing_counted)
{
	struct wc_tables *tables = counting_tables(WC_TABLES_POOL), *last = counting_last();
	struct wc_snapshot snapshot;

	for (int i = 0; i < 3; i++) {
		counting_collect(&snapshot, last, &tables, 1);
		ck_assert_uint_eq(snapshot.total.frames, 0);
		ck_assert_uint_eq(snapshot.port_rows, 0);
		ck_assert_uint_eq(snapshot.protocol_rows, 0);
		ck_assert_uint_eq(snapshot.fragment_rows, 0);
		ck_assert_uint_eq(snapshot.ethertype_rows, 0);
		wc_collect_free(&snapshot);
	}
	wc_tables_free(last);
	wc_tables_free(tables);
}
END_TEST

/* A row without traffic in an interval stays, with deltas of 0. */
START_TEST(deltas_and_totals)
{
	static const uint64_t times[] = {5, 0, 7, 1000, 0, 1};
	struct wc_tables *tables = counting_tables(WC_TABLES_POOL), *last = counting_last();
	struct wc_packet packet = counting_packet(WC_CLASS_TCP, WC_DIRECTION_IN, 443, 50);
	uint64_t total = 0;

	counting_event(&packet, WC_EVENT_NEW, WC_PROTOCOL_TCP, 443, WC_DIRECTION_IN);
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		const struct wc_port_row *row;
		struct wc_snapshot snapshot;

		counting_add(tables, &packet, times[i]);
		total += times[i];
		counting_collect(&snapshot, last, &tables, 1);
		row = counting_port(&snapshot, WC_PROTOCOL_TCP, 443, WC_DIRECTION_IN);
		ck_assert_uint_eq(row->delta.all.packets, times[i]);
		ck_assert_uint_eq(row->delta.all.bytes, times[i] * 50);
		ck_assert_uint_eq(row->delta.new, times[i]);
		ck_assert_uint_eq(row->total.all.packets, total);
		ck_assert_uint_eq(row->total.all.bytes, total * 50);
		ck_assert_uint_eq(row->total.new, total);
		ck_assert_uint_eq(snapshot.delta.frames, times[i]);
		ck_assert_uint_eq(snapshot.total.frames, total);
		wc_collect_free(&snapshot);
	}
	wc_tables_free(last);
	wc_tables_free(tables);
}
END_TEST

/* Counts every port once, those below @first last, so that others get pages first. */
static void flood(struct wc_tables *tables, unsigned first)
{
	for (unsigned i = 0; i < 65536; i++) {
		for (unsigned direction = 0; direction < WC_DIRECTIONS; direction++) {
			unsigned port = (first + i) & 65535;
			struct wc_packet batch[] = {
				counting_packet(WC_CLASS_TCP, direction, port, 60),
				counting_packet(WC_CLASS_UDP, direction, port, 70),
			};

			wc_tables_count(tables, batch, 2);
		}
	}
}

/* In a full table a key keeps its row, or stays in `other`, from interval to interval. */
START_TEST(keys_never_move)
{
	struct wc_tables *tables = counting_tables(WC_TABLES_POOL), *last = counting_last();
	struct wc_snapshot first, next;
	size_t moved = 0, wrong = 0;

	flood(tables, 0);
	counting_collect(&first, last, &tables, 1);
	for (uint64_t round = 2; round < 5; round++) {
		flood(tables, (unsigned)round * 12345);
		counting_collect(&next, last, &tables, 1);
		ck_assert_uint_eq(next.port_rows, first.port_rows);
		for (size_t i = 0; i < next.port_rows; i++) {
			const struct wc_port_row *was = &first.ports[i], *is = &next.ports[i];

			moved += is->port != was->port || is->other != was->other ||
				 is->direction != was->direction;
			wrong += is->delta.all.packets != was->delta.all.packets ||
				 is->total.all.packets != round * was->delta.all.packets ||
				 is->total.all.bytes != round * was->delta.all.bytes;
		}
		ck_assert_uint_eq(moved, 0);
		ck_assert_uint_eq(wrong, 0);
		wc_collect_free(&next);
	}
	wc_collect_free(&first);
	wc_tables_free(last);
	wc_tables_free(tables);
}
END_TEST

/* Two workers' sets, of which each gave its pages to other ports: nothing counts twice. */
START_TEST(sets_are_merged)
{
	struct wc_tables *sets[] = {counting_tables(WC_TABLES_POOL),
				    counting_tables(WC_TABLES_POOL)};
	struct wc_tables *last = counting_last();
	struct wc_packet arp = counting_packet(WC_CLASS_ETHERTYPE, WC_DIRECTION_IN, 0x0806, 60);
	struct wc_snapshot snapshot;

	counting_add(sets[0], &arp, 3);
	counting_add(sets[1], &arp, 4);
	for (uint64_t round = 1; round < 4; round++) {
		size_t once = 0, twice = 0, wrong = 0;

		flood(sets[0], 0);
		flood(sets[1], 16384);
		counting_collect(&snapshot, last, sets, 2);
		ck_assert_uint_eq(snapshot.delta.frames, 16 * 65536 + (round == 1 ? 7 : 0));
		ck_assert_uint_eq(snapshot.total.classes[WC_CLASS_TCP].packets, round * 8 * 65536);
		ck_assert_uint_eq(snapshot.delta.classes[WC_CLASS_UDP].bytes, 8 * 65536 * 70);
		for (size_t i = 0; i < snapshot.port_rows; i++) {
			const struct wc_port_row *row = &snapshot.ports[i];

			if (row->other)
				continue;
			once += row->delta.all.packets == 1;
			twice += row->delta.all.packets == 2;
			wrong += row->delta.all.packets > 2 ||
				 row->total.all.packets != round * row->delta.all.packets;
		}
		ck_assert_uint_eq(wrong, 0);
		ck_assert_uint_gt(once, 0);
		ck_assert_uint_gt(twice, 0);
		ck_assert_uint_eq(counting_key(snapshot.ethertypes, snapshot.ethertype_rows, 0x0806,
					       WC_DIRECTION_IN)
					  ->total.packets,
				  7);
		wc_collect_free(&snapshot);
	}
	wc_tables_free(last);
	wc_tables_free(sets[0]);
	wc_tables_free(sets[1]);
}
END_TEST

/* A set may join later: what it counted is of the interval in which it is first seen. */
START_TEST(a_set_that_joins)
{
	struct wc_tables *sets[] = {counting_tables(WC_TABLES_POOL),
				    counting_tables(WC_TABLES_POOL)};
	struct wc_tables *last = counting_last();
	struct wc_packet packet = counting_packet(WC_CLASS_FRAGMENT, WC_DIRECTION_OUT, 6, 1500);
	struct wc_snapshot snapshot;

	counting_add(sets[0], &packet, 10);
	counting_collect(&snapshot, last, sets, 1);
	ck_assert_uint_eq(snapshot.fragments[0].delta.packets, 10);
	wc_collect_free(&snapshot);
	counting_add(sets[1], &packet, 5);
	counting_collect(&snapshot, last, sets, 2);
	ck_assert_uint_eq(snapshot.fragments[0].delta.packets, 5);
	ck_assert_uint_eq(snapshot.fragments[0].total.packets, 15);
	wc_collect_free(&snapshot);
	wc_tables_free(last);
	wc_tables_free(sets[0]);
	wc_tables_free(sets[1]);
}
END_TEST

/* Some rows of every kind, conversations and hosts too. */
static void count_some(struct wc_tables *tables, unsigned salt)
{
	for (unsigned i = 0; i < 200; i++) {
		struct wc_packet batch[] = {
			counting_packet(WC_CLASS_TCP, i % WC_DIRECTIONS, i * 7 + salt, 60),
			counting_packet(WC_CLASS_UDP, i % WC_DIRECTIONS, i * 3, 70),
			counting_packet(WC_CLASS_PROTOCOL, i % WC_DIRECTIONS, i % 256, 80),
			counting_packet(WC_CLASS_FRAGMENT, i % WC_DIRECTIONS, i % 2 ? 6 : 17, 90),
			counting_packet(WC_CLASS_ETHERTYPE, i % WC_DIRECTIONS, 0x0600 + i, 64),
			counting_packet(WC_CLASS_MALFORMED, i % WC_DIRECTIONS, 0, 64),
		};

		batch[0].source = (struct wc_address){0, 0x0a000001, 4};
		batch[0].destination = (struct wc_address){0, 0x0a000100 + i, 4};
		batch[0].protocol = WC_PROTOCOL_TCP;
		wc_tables_count(tables, batch, 6);
	}
}

static void assert_same_deltas(const struct wc_snapshot *a, const struct wc_snapshot *b)
{
	ck_assert_uint_eq(a->delta.frames, b->delta.frames);
	ck_assert_uint_eq(a->total.frames, b->total.frames);
	ck_assert_uint_eq(a->port_rows, b->port_rows);
	for (size_t i = 0; i < a->port_rows; i++)
		ck_assert_mem_eq(&a->ports[i].delta, &b->ports[i].delta, sizeof(a->ports[i].delta));
	ck_assert_uint_eq(a->protocol_rows, b->protocol_rows);
	for (size_t i = 0; i < a->protocol_rows; i++)
		ck_assert_uint_eq(a->protocols[i].delta.bytes, b->protocols[i].delta.bytes);
	ck_assert_uint_eq(a->ethertype_rows, b->ethertype_rows);
	ck_assert_uint_eq(a->conversation_rows, b->conversation_rows);
	for (size_t i = 0; i < a->conversation_rows; i++) {
		ck_assert_uint_eq(a->conversations[i].forward.packets,
				  b->conversations[i].forward.packets);
		ck_assert_uint_eq(a->conversations[i].forward.bytes,
				  b->conversations[i].forward.bytes);
	}
	ck_assert_uint_eq(a->host_rows, b->host_rows);
	for (size_t i = 0; i < a->host_rows; i++) {
		ck_assert_uint_eq(a->hosts[i].sent.packets, b->hosts[i].sent.packets);
		ck_assert_uint_eq(a->hosts[i].received.bytes, b->hosts[i].received.bytes);
	}
}

/*
 * Memory runs out at each allocation in turn. The failed snapshot takes nothing
 * along: the one that succeeds has the whole interval, as that of a twin which
 * never failed.
 */
START_TEST(memory_runs_out)
{
	struct wc_tables *tables = counting_tables(WC_TABLES_POOL), *last = counting_last();
	struct wc_tables *twin = counting_tables(WC_TABLES_POOL), *twin_last = counting_last();
	struct wc_snapshot snapshot, expected;
	static const struct wc_span span = {.frame_ns = WC_TIME_UNKNOWN};
	int failed = 0;

	for (unsigned round = 0; round < 2; round++) {
		long allowed = 0;
		int status;

		count_some(tables, round);
		count_some(twin, round);
		do {
			struct wc_error error = {""};

			snapshot = (struct wc_snapshot){0};
			shortage_left = allowed++;
			status = wc_collect(&snapshot, last, &tables, 1, &span, &error);
			shortage_left = -1;
			if (status) {
				ck_assert_int_eq(status, WC_FAILED);
				ck_assert_str_ne(error.text, "");
				wc_collect_free(&snapshot);
				failed++;
			}
		} while (status);
		counting_collect(&expected, twin_last, &twin, 1);
		assert_same_deltas(&snapshot, &expected);
		wc_collect_free(&snapshot);
		wc_collect_free(&expected);
	}
	ck_assert_int_gt(failed, 10);
	wc_tables_free(tables);
	wc_tables_free(last);
	wc_tables_free(twin);
	wc_tables_free(twin_last);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {nothing_counted,
				      deltas_and_totals,
				      keys_never_move,
				      sets_are_merged,
				      a_set_that_joins,
				      memory_runs_out,
				      NULL};

	return suite_run("collect", tests, 300);
}

/* What hosts send and receive, and rows that are freed. */
#include "hosts.h"

#include <check.h>

#include "collect.h"
#include "flows.h"
#include "suite.h"

/* Every frame with a valid IP header counts for both of its ends. */
START_TEST(sent_and_received)
{
	struct flows flows = {.now_ns = 0};

	flows_begin(&flows);
	flows_frame(&flows, "eth 0800 / ip4 10.0.0.1 192.0.2.1 6 / tcp 40000 80 S 1", 2);
	flows_frame(&flows, "eth 0800 / ip4 192.0.2.1 10.0.0.1 6 / tcp 80 40000 SA 1", 1);
	flows_frame(&flows, "eth 0800 / ip4 10.0.0.1 10.0.0.255 17 / udp 138 138 / wire 243", 3);
	flows_frame(&flows, "eth 0800 / ip4 10.0.0.1 10.0.0.2 1 / icmp 8 0 / zeros 8", 1);
	flows_frame(&flows, "eth 0800 / ip4 10.0.0.1 10.0.0.2 6 / fragment4 185 0 / zeros 64", 1);
	flows_frame(&flows, "eth 0800 / ip4 10.0.0.1 10.0.0.2 6 / bytes 9c40", 1);
	flows_frame(&flows, "eth 0800 / ip4 10.0.0.2 10.0.0.2 17 / udp 5 5", 5);
	flows_frame(&flows, "eth 86dd / ip6 fe80::1 ff02::fb 17 / udp 5353 5353", 7);
	flows_frame(&flows, "eth 0806 / zeros 28", 9);
	flows_frame(&flows, "eth 0800 / bytes 45000014", 9);
	flows_collect(&flows, 10);
	ck_assert_uint_eq(flows.snapshot.host_rows, 6);
	flows_assert_way(&flows_host(&flows, "10.0.0.1")->sent, 8,
			 2 * 54 + 3 * 243 + (14 + 20 + 8 + 8) + (14 + 20 + 64) + 36, 2);
	flows_assert_way(&flows_host(&flows, "10.0.0.1")->received, 1, 54, 0);
	flows_assert_way(&flows_host(&flows, "192.0.2.1")->sent, 1, 54, 0);
	flows_assert_way(&flows_host(&flows, "192.0.2.1")->received, 2, 108, 2);
	flows_assert_way(&flows_host(&flows, "10.0.0.255")->received, 3, 729, 0);
	flows_assert_way(&flows_host(&flows, "10.0.0.2")->sent, 5, 5 * 42, 0);
	flows_assert_way(&flows_host(&flows, "10.0.0.2")->received, 8, 50 + 98 + 36 + 5 * 42, 0);
	flows_assert_way(&flows_host(&flows, "fe80::1")->sent, 7, 7 * 62, 0);
	flows_assert_way(&flows_host(&flows, "ff02::fb")->received, 7, 7 * 62, 0);
	flows_end(&flows);
}
END_TEST

START_TEST(first_and_last_seen)
{
	struct flows flows = {.now_ns = 0};
	const struct wc_host_row *row;

	flows_begin(&flows);
	flows_frame(&flows, "eth 0800 / ip4 10.0.0.1 192.0.2.1 17 / udp 5 6", 1);
	flows_collect(&flows, 10);
	flows_frame(&flows, "eth 0800 / ip4 192.0.2.1 10.0.0.3 17 / udp 5 6", 1);
	flows.now_ns -= 3 * FLOWS_SECOND;
	flows_frame(&flows, "eth 0800 / ip4 192.0.2.1 10.0.0.3 17 / udp 5 6", 1);
	flows_collect(&flows, 10);
	row = flows_host(&flows, "10.0.0.1");
	ck_assert_int_eq(row->first_seen_ns, 1000000 * FLOWS_SECOND);
	ck_assert_int_eq(row->last_seen_ns, 1000000 * FLOWS_SECOND);
	flows_assert_way(&row->sent, 0, 0, 0);
	row = flows_host(&flows, "192.0.2.1");
	ck_assert_int_eq(row->first_seen_ns, 1000000 * FLOWS_SECOND);
	ck_assert_int_eq(row->last_seen_ns, 1000010 * FLOWS_SECOND);
	ck_assert_int_eq(flows_host(&flows, "10.0.0.3")->first_seen_ns, 1000010 * FLOWS_SECOND);
	flows_end(&flows);
}
END_TEST

/* A file may have any time: none breaks anything, and each frame is counted. */
START_TEST(times_at_the_ends)
{
	static const int64_t times[] = {0,         INT64_MAX, INT64_MAX - 1, -1, INT64_MIN,
					INT64_MAX, 1,         INT64_MIN + 1};
	struct flows flows = {.rules = {.file = true, .rates_by_frame = true}};
	size_t count = sizeof(times) / sizeof(*times);

	flows_begin(&flows);
	for (size_t i = 0; i < count; i++) {
		struct wc_packet packet = flows_decode(
			&flows, "eth 0800 / ip4 10.0.0.1 192.0.2.1 6 / tcp 40000 80 S 1");

		packet.time_ns = times[i];
		flows_packet(&flows, &packet, 3);
	}
	flows.now_ns = INT64_MAX;
	flows_collect(&flows, 0);
	flows_assert_way(&flows_host(&flows, "10.0.0.1")->sent, 3 * count, 3 * count * 54,
			 3 * count);
	ck_assert_int_eq(flows_host(&flows, "10.0.0.1")->last_seen_ns, INT64_MAX);
	flows_end(&flows);
}
END_TEST

/* With a bound of 0 there are no rows, and no `other`; what else is counted stays. */
START_TEST(bounds_of_0)
{
	for (unsigned hosts = 0; hosts < 2; hosts++) {
		struct flows flows = {.now_ns = 0};
		struct wc_rules rules = {.hosts = hosts, .conversations = 1 - hosts};
		struct wc_tables *tables;
		struct wc_snapshot snapshot = {0};
		struct wc_span span = {.frame_ns = 0};
		struct wc_packet packet;

		flows_begin(&flows);
		packet = flows_decode(&flows, "eth 0800 / ip4 10.0.0.1 10.0.0.1 17 / udp 1 2");
		tables = wc_tables_new(WC_TABLES_POOL, &rules);
		ck_assert_ptr_nonnull(tables);
		for (int i = 0; i < 9; i++)
			wc_tables_count(tables, &packet, 1);
		ck_assert_int_eq(wc_collect(&snapshot, flows.last, &tables, 1, &span, NULL), 0);
		ck_assert_uint_eq(snapshot.delta.classes[WC_CLASS_UDP].packets, 9);
		ck_assert_uint_eq(snapshot.host_rows, hosts);
		ck_assert_uint_eq(snapshot.conversation_rows, 1 - hosts);
		wc_collect_free(&snapshot);
		wc_tables_free(tables);
		flows_end(&flows);
	}
}
END_TEST

static const struct wc_host_row *other_of(const struct flows *flows)
{
	size_t rows = flows->snapshot.host_rows;

	return rows && flows->snapshot.hosts[rows - 1].other ? &flows->snapshot.hosts[rows - 1]
							     : NULL;
}

/* Beyond the bound, what is sent and what is received count in `other`, apart. */
START_TEST(other)
{
	struct flows flows = {.rules.hosts = 4};

	flows_begin(&flows);
	flows_talk(&flows, 1, 2, false, 1);
	flows_talk(&flows, 3, 4, false, 1);
	flows_collect(&flows, 10);
	ck_assert_ptr_null(other_of(&flows));
	flows_talk(&flows, 1, 5, true, 2);
	flows_talk(&flows, 6, 2, true, 3);
	flows_talk(&flows, 7, 8, false, 4);
	flows_collect(&flows, 10);
	ck_assert_uint_eq(flows.snapshot.host_rows, 5);
	flows_assert_way(&other_of(&flows)->sent, 7, 3 * 54 + 4 * 42, 3);
	flows_assert_way(&other_of(&flows)->received, 6, 2 * 54 + 4 * 42, 2);
	ck_assert_int_eq(other_of(&flows)->first_seen_ns, WC_TIME_UNKNOWN);
	flows_assert_way(&flows_host(&flows, "10.0.0.1")->sent, 2, 108, 2);
	flows_assert_way(&flows_host(&flows, "10.0.0.2")->received, 3, 162, 3);
	flows_collect(&flows, 10);
	ck_assert_ptr_null(other_of(&flows));
	flows_end(&flows);
}
END_TEST

/* A row that was idle at two snapshots in a row frees its slot; no count is lost by that. */
START_TEST(idle_rows_are_freed)
{
	struct flows flows = {.rules = {.hosts = 2, .conversations = 1, .idle_s = 60}};

	flows_begin(&flows);
	flows_talk(&flows, 1, 2, true, 1);
	flows_talk(&flows, 3, 4, true, 2);
	for (int i = 0; i < 7; i++) {
		flows_collect(&flows, 10);
		ck_assert_uint_eq(flows.tables->hosts.table.used, 2);
		ck_assert_uint_eq(flows.tables->conversations.table.used, 1);
		flows_assert_way(&flows_host(&flows, "10.0.0.1")->sent, i == 0, i == 0 ? 54 : 0,
				 i == 0);
		if (i == 0)
			flows_assert_way(&other_of(&flows)->sent, 2, 108, 2);
		else
			ck_assert_ptr_null(other_of(&flows));
	}
	/* Marked as idle 60 s behind the interval with its last packet, freed at the next. */
	flows_talk(&flows, 5, 6, false, 1);
	flows_collect(&flows, 10);
	flows_assert_way(&other_of(&flows)->sent, 1, 42, 0);
	ck_assert_uint_eq(flows.tables->hosts.table.used, 0);
	ck_assert_uint_eq(flows.tables->conversations.table.used, 0);
	/* Whoever was in `other` gets the row, which begins with nothing. */
	flows_talk(&flows, 5, 6, false, 3);
	flows_collect(&flows, 10);
	ck_assert_ptr_null(other_of(&flows));
	flows_assert_way(&flows_host(&flows, "10.0.0.5")->sent, 3, 126, 0);
	flows_assert_way(&flows_host(&flows, "10.0.0.5")->received, 0, 0, 0);
	ck_assert_int_eq(flows_host(&flows, "10.0.0.5")->first_seen_ns, 1000080 * FLOWS_SECOND);
	ck_assert_uint_eq(flows.snapshot.conversation_rows, 1);
	ck_assert_uint_eq(flows.snapshot.conversations[0].forward.packets, 3);
	flows_end(&flows);
}
END_TEST

/* A frame in flight, between being found idle and being freed, keeps the row. */
START_TEST(a_frame_keeps_the_row)
{
	struct flows flows = {.rules = {.idle_s = 60}};

	flows_begin(&flows);
	flows_talk(&flows, 1, 2, true, 1);
	for (int i = 0; i < 7; i++)
		flows_collect(&flows, 10);
	flows_talk(&flows, 1, 2, false, 1);
	flows_collect(&flows, 10);
	ck_assert_uint_eq(flows.tables->hosts.table.used, 2);
	ck_assert_int_eq(flows_host(&flows, "10.0.0.1")->first_seen_ns, 1000000 * FLOWS_SECOND);
	flows_assert_way(&flows_host(&flows, "10.0.0.1")->sent, 1, 42, 0);
	flows_end(&flows);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {sent_and_received,
				      first_and_last_seen,
				      times_at_the_ends,
				      bounds_of_0,
				      other,
				      idle_rows_are_freed,
				      a_frame_keeps_the_row,
				      NULL};

	return suite_run("hosts", tests, 60);
}

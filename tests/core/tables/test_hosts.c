/* What hosts send and receive, their rates, rows that are freed, and hosts of several workers. */
#include "hosts.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "collect.h"
#include "flows.h"
#include "suite.h"
#include "wirecensus/error.h"

#define TOLERANCE 1e-4 /* of rates: the ancestor's are told to four places */

static void assert_way(const struct wc_host_way *way, uint64_t packets, uint64_t bytes,
		       uint64_t new)
{
	ck_assert_uint_eq(way->packets, packets);
	ck_assert_uint_eq(way->bytes, bytes);
	ck_assert_uint_eq(way->new, new);
}

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
	assert_way(&flows_host(&flows, "10.0.0.1")->sent, 8,
		   2 * 54 + 3 * 243 + (14 + 20 + 8 + 8) + (14 + 20 + 64) + 36, 2);
	assert_way(&flows_host(&flows, "10.0.0.1")->received, 1, 54, 0);
	assert_way(&flows_host(&flows, "192.0.2.1")->sent, 1, 54, 0);
	assert_way(&flows_host(&flows, "192.0.2.1")->received, 2, 108, 2);
	assert_way(&flows_host(&flows, "10.0.0.255")->received, 3, 729, 0);
	assert_way(&flows_host(&flows, "10.0.0.2")->sent, 5, 5 * 42, 0);
	assert_way(&flows_host(&flows, "10.0.0.2")->received, 8, 50 + 98 + 36 + 5 * 42, 0);
	assert_way(&flows_host(&flows, "fe80::1")->sent, 7, 7 * 62, 0);
	assert_way(&flows_host(&flows, "ff02::fb")->received, 7, 7 * 62, 0);
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
	assert_way(&row->sent, 0, 0, 0);
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
	assert_way(&flows_host(&flows, "10.0.0.1")->sent, 3 * count, 3 * count * 54, 3 * count);
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

/* Counts a UDP frame, or a SYN, from one host of 10.0.0.0/16 to another. */
static void talk(struct flows *flows, unsigned from, unsigned to, bool syn, unsigned times)
{
	char recipe[100];

	snprintf(recipe, sizeof(recipe), "eth 0800 / ip4 10.0.%u.%u 10.0.%u.%u %s", from / 256,
		 from % 256, to / 256, to % 256,
		 syn ? "6 / tcp 40000 80 S 1" : "17 / udp 40000 53");
	flows_frame(flows, recipe, times);
}

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
	talk(&flows, 1, 2, false, 1);
	talk(&flows, 3, 4, false, 1);
	flows_collect(&flows, 10);
	ck_assert_ptr_null(other_of(&flows));
	talk(&flows, 1, 5, true, 2);
	talk(&flows, 6, 2, true, 3);
	talk(&flows, 7, 8, false, 4);
	flows_collect(&flows, 10);
	ck_assert_uint_eq(flows.snapshot.host_rows, 5);
	assert_way(&other_of(&flows)->sent, 7, 3 * 54 + 4 * 42, 3);
	assert_way(&other_of(&flows)->received, 6, 2 * 54 + 4 * 42, 2);
	ck_assert_int_eq(other_of(&flows)->first_seen_ns, WC_TIME_UNKNOWN);
	assert_way(&flows_host(&flows, "10.0.0.1")->sent, 2, 108, 2);
	assert_way(&flows_host(&flows, "10.0.0.2")->received, 3, 162, 3);
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
	talk(&flows, 1, 2, true, 1);
	talk(&flows, 3, 4, true, 2);
	for (int i = 0; i < 7; i++) {
		flows_collect(&flows, 10);
		ck_assert_uint_eq(flows.tables->hosts.table.used, 2);
		ck_assert_uint_eq(flows.tables->conversations.table.used, 1);
		assert_way(&flows_host(&flows, "10.0.0.1")->sent, i == 0, i == 0 ? 54 : 0, i == 0);
		if (i == 0)
			assert_way(&other_of(&flows)->sent, 2, 108, 2);
		else
			ck_assert_ptr_null(other_of(&flows));
	}
	/* Marked as idle 60 s behind the interval with its last packet, freed at the next. */
	talk(&flows, 5, 6, false, 1);
	flows_collect(&flows, 10);
	assert_way(&other_of(&flows)->sent, 1, 42, 0);
	ck_assert_uint_eq(flows.tables->hosts.table.used, 0);
	ck_assert_uint_eq(flows.tables->conversations.table.used, 0);
	/* Whoever was in `other` gets the row, which begins with nothing. */
	talk(&flows, 5, 6, false, 3);
	flows_collect(&flows, 10);
	ck_assert_ptr_null(other_of(&flows));
	assert_way(&flows_host(&flows, "10.0.0.5")->sent, 3, 126, 0);
	assert_way(&flows_host(&flows, "10.0.0.5")->received, 0, 0, 0);
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
	talk(&flows, 1, 2, true, 1);
	for (int i = 0; i < 7; i++)
		flows_collect(&flows, 10);
	talk(&flows, 1, 2, false, 1);
	flows_collect(&flows, 10);
	ck_assert_uint_eq(flows.tables->hosts.table.used, 2);
	ck_assert_int_eq(flows_host(&flows, "10.0.0.1")->first_seen_ns, 1000000 * FLOWS_SECOND);
	assert_way(&flows_host(&flows, "10.0.0.1")->sent, 1, 42, 0);
	flows_end(&flows);
}
END_TEST

static void assert_rates(const struct flows *flows, const char *host, double packets,
			 double connections, double bytes)
{
	const struct wc_host_row *row = flows_host(flows, host);

	ck_assert(row->rates_known);
	ck_assert_double_eq_tol(row->packets_per_hour, packets, TOLERANCE);
	ck_assert_double_eq_tol(row->connections_per_hour, connections, TOLERANCE);
	ck_assert_double_eq_tol(row->bytes_per_hour, bytes, TOLERANCE);
}

/* Live, rates come from intervals: sent and received, a connection being a new one. */
START_TEST(live_rates)
{
	struct flows flows = {.now_ns = 0};

	flows_begin(&flows);
	for (int interval = 1; interval <= 90; interval++) {
		talk(&flows, 1, 2, false, 9);
		talk(&flows, 2, 1, true, 1);
		flows_collect(&flows, 10);
		if (interval < 6)
			ck_assert(!flows_host(&flows, "10.0.0.1")->rates_known);
		else
			assert_rates(&flows, "10.0.0.1", 3600, 360, 360 * (9 * 42 + 54));
	}
	/* Silence: after an hour, half of it. */
	flows_collect(&flows, 3600);
	assert_rates(&flows, "10.0.0.1", 1800, 180, 180 * (9 * 42 + 54));
	flows_end(&flows);
}
END_TEST

/* Counts a frame of @bytes, @seconds behind the start, for 10.0.1.1. */
static void at(struct flows *flows, unsigned seconds, unsigned bytes)
{
	char recipe[100];

	flows->now_ns = (1000000 + (uint64_t)seconds) * FLOWS_SECOND;
	snprintf(recipe, sizeof(recipe),
		 "eth 0800 / ip4 10.0.1.1 192.0.2.1 6 / tcp 40000 80 S 1 / wire %u", bytes);
	flows_frame(flows, recipe, 1);
}

/* The same traffic in both modes, and how its rates differ: rows 12 and 13 of host-rates.md. */
static void a_hundred_packets(struct flows *flows, enum wc_rate_mode mode, bool file)
{
	flows->rules.rates_by_frame = true;
	flows->rules.rate_mode = mode;
	flows->rules.file = file;
	flows_begin(flows);
	talk(flows, 1, 2, false, 1);
	for (unsigned i = 0; i < 100; i++)
		at(flows, 10 + i + (i == 99), 100);
	at(flows, 309, 100);
	flows_collect(flows, 0);
}

START_TEST(rates_of_a_file)
{
	struct flows flows = {.now_ns = 0};

	a_hundred_packets(&flows, WC_RATE_DEFAULT, true);
	assert_rates(&flows, "10.0.1.1", 101 * 3600 / 299.0, 101 * 3600 / 299.0,
		     10100 * 3600 / 299.0);
	at(&flows, 310, 100);
	flows_collect(&flows, 0);
	assert_rates(&flows, "10.0.1.1", 1212, 1212, 121200);
	flows_end(&flows);
}
END_TEST

START_TEST(rates_of_the_ancestor)
{
	for (int file = 0; file < 2; file++) {
		struct flows flows = {.now_ns = 0};

		a_hundred_packets(&flows, WC_RATE_NCS, file);
		assert_rates(&flows, "10.0.1.1", 0, 0, 0);
		at(&flows, 310, 100);
		flows_collect(&flows, 0);
		assert_rates(&flows, "10.0.1.1", 93.2308, 93.2308, 9323.0769);
		flows_end(&flows);
	}
}
END_TEST

/* Row 15: a host that was not there in the first second ramps up from 0. */
START_TEST(ramp_of_the_ancestor)
{
	static const struct {
		unsigned bins;
		double rate;
	} cases[] = {{1, 27.6923},   {2, 53.2544},   {3, 76.8503},  {6, 137.2951},
		     {12, 222.2292}, {24, 307.2756}, {48, 352.2781}};
	struct flows flows = {.rules = {.rates_by_frame = true, .rate_mode = WC_RATE_NCS}};
	unsigned second = 1;

	flows_begin(&flows);
	talk(&flows, 1, 2, false, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (; second <= 1 + 300 * cases[i].bins; second += 10)
			at(&flows, second, 1000);
		flows_collect(&flows, 0);
		ck_assert_double_eq_tol(flows_host(&flows, "10.0.1.1")->packets_per_hour,
					cases[i].rate, TOLERANCE);
		ck_assert_double_eq_tol(flows_host(&flows, "10.0.1.1")->bytes_per_hour,
					1000 * cases[i].rate, 1000 * TOLERANCE);
	}
	flows_end(&flows);
}
END_TEST

/* All that is said of a host in @a is said in @b. */
static void compare_hosts(const struct wc_host_row *a, const struct wc_host_row *b)
{
	assert_way(&a->sent, b->sent.packets, b->sent.bytes, b->sent.new);
	assert_way(&a->received, b->received.packets, b->received.bytes, b->received.new);
	ck_assert_int_eq(a->first_seen_ns, b->first_seen_ns);
	ck_assert_int_eq(a->last_seen_ns, b->last_seen_ns);
	ck_assert(a->rates_known == b->rates_known);
	ck_assert_double_eq_tol(a->packets_per_hour, b->packets_per_hour, TOLERANCE);
	ck_assert_double_eq_tol(a->connections_per_hour, b->connections_per_hour, TOLERANCE);
	ck_assert_double_eq_tol(a->bytes_per_hour, b->bytes_per_hour, TOLERANCE);
}

static void compare_ways(const struct wc_way_counts *a, const struct wc_way_counts *b)
{
	ck_assert_uint_eq(a->packets, b->packets);
	ck_assert_uint_eq(a->bytes, b->bytes);
	ck_assert_uint_eq(a->ip_bytes, b->ip_bytes);
	ck_assert_uint_eq(a->new, b->new);
	ck_assert_uint_eq(a->flags, b->flags);
}

static bool same_talk(const struct wc_conversation_row *a, const struct wc_conversation_row *b)
{
	return wc_address_equal(&a->client, &b->client) &&
	       wc_address_equal(&a->server, &b->server) && a->protocol == b->protocol &&
	       a->port == b->port && a->client_port == b->client_port;
}

/* The rows of @one, each once, are those of @merged. */
static void compare_snapshots(const struct wc_snapshot *one, const struct wc_snapshot *merged)
{
	ck_assert_uint_eq(one->host_rows, merged->host_rows);
	ck_assert_uint_eq(one->conversation_rows, merged->conversation_rows);
	for (size_t i = 0; i < one->host_rows; i++) {
		size_t at = 0;

		while (at < merged->host_rows &&
		       !wc_address_equal(&one->hosts[i].address, &merged->hosts[at].address))
			at++;
		ck_assert_uint_lt(at, merged->host_rows);
		compare_hosts(&merged->hosts[at], &one->hosts[i]);
	}
	for (size_t i = 0; i < one->conversation_rows; i++) {
		const struct wc_conversation_row *row = &one->conversations[i], *same;
		size_t at = 0;

		while (at < merged->conversation_rows &&
		       !same_talk(row, &merged->conversations[at]))
			at++;
		ck_assert_uint_lt(at, merged->conversation_rows);
		same = &merged->conversations[at];
		compare_ways(&same->forward, &row->forward);
		compare_ways(&same->reverse, &row->reverse);
		ck_assert_int_eq(same->first_seen_ns, row->first_seen_ns);
		ck_assert_int_eq(same->last_seen_ns, row->last_seen_ns);
		ck_assert_uint_eq(same->direction, row->direction);
		ck_assert_uint_eq(same->scope, row->scope);
	}
}

/* Counts the @number-th frame of an interval, a random one, in @all, and in one of two sets. */
static void spread(struct flows *all, struct flows sets[2], int number)
{
	/* Some flags are so rare that only one of the sets has them. */
	const char *flags = rand() % 40 ? "S" : rand() % 2 ? "FA" : "PU";
	int host = rand() % 9 + 1, port = 40000 + rand() % 3;
	struct wc_packet packet;
	char recipe[100];

	if (rand() % 2)
		snprintf(recipe, sizeof(recipe),
			 "eth 0800 / ip4 10.0.0.%d 192.0.2.1 6 / tcp %d 80 %s 1", host, port,
			 flags);
	else
		snprintf(recipe, sizeof(recipe),
			 "eth 86dd / ip6 2001:db8::1 fd00::%d 17 / udp 53 %d / zeros %d", host,
			 port, rand() % 100);
	packet = flows_decode(all, recipe);
	packet.time_ns += number;
	flows_packet(all, &packet, 1);
	flows_packet(&sets[rand() % 2], &packet, 1);
}

/* Two workers that share the traffic give the rows that one would give. */
START_TEST(two_sets)
{
	struct flows all = {.rules.five_tuple = true};
	struct flows sets[2] = {{.rules.five_tuple = true}, {.rules.five_tuple = true}};
	struct wc_error error = {""};

	srand(5);
	flows_begin(&all);
	flows_begin(&sets[0]);
	flows_begin(&sets[1]);
	for (int interval = 0; interval < 20; interval++) {
		struct wc_tables *const tables[2] = {sets[0].tables, sets[1].tables};
		struct wc_snapshot merged = {0};
		struct wc_span span = {.start_ns = all.now_ns};

		for (int i = 0; i < 2000; i++)
			spread(&all, sets, i);
		flows_collect(&all, 20);
		span.end_ns = all.now_ns;
		span.frame_ns = (int64_t)all.now_ns;
		ck_assert_int_eq(wc_collect(&merged, sets[0].last, tables, 2, &span, &error), 0);
		compare_snapshots(&all.snapshot, &merged);
		wc_collect_free(&merged);
	}
	flows_end(&all);
	flows_end(&sets[0]);
	flows_end(&sets[1]);
}
END_TEST

/* Both have an `other`: there is one in the snapshot, at its end. */
START_TEST(two_full_sets)
{
	struct flows sets[2] = {{.rules = {.hosts = 1, .conversations = 1}},
				{.rules = {.hosts = 1, .conversations = 1}}};
	struct wc_tables *tables[2];
	struct wc_snapshot merged = {0};
	struct wc_span span = {.start_ns = 0, .end_ns = 1};
	struct wc_error error = {""};

	for (unsigned i = 0; i < 2; i++) {
		flows_begin(&sets[i]);
		tables[i] = sets[i].tables;
		talk(&sets[i], 1, 2, false, 1);
		talk(&sets[i], 1, 3 + i, true, 10);
	}
	ck_assert_int_eq(wc_collect(&merged, sets[0].last, tables, 2, &span, &error), 0);
	ck_assert_uint_eq(merged.host_rows, 2);
	assert_way(&merged.hosts[0].sent, 22, 2 * 42 + 20 * 54, 20);
	ck_assert(merged.hosts[1].other);
	assert_way(&merged.hosts[1].received, 22, 2 * 42 + 20 * 54, 20);
	ck_assert_uint_eq(merged.conversation_rows, 2);
	ck_assert_uint_eq(merged.conversations[0].forward.packets, 2);
	ck_assert(merged.conversations[1].other);
	ck_assert_uint_eq(merged.conversations[1].forward.packets, 20);
	ck_assert_uint_eq(merged.conversations[1].forward.new, 20);
	wc_collect_free(&merged);
	flows_end(&sets[0]);
	flows_end(&sets[1]);
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
				      live_rates,
				      rates_of_a_file,
				      rates_of_the_ancestor,
				      ramp_of_the_ancestor,
				      two_sets,
				      two_full_sets,
				      NULL};

	return suite_run("hosts", tests, 60);
}

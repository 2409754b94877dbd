/*
 * Rows that are known again are those that a search finds: random traffic, once as
 * decoded and once without the numbers of pairs, over intervals that free rows.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "flows.h"
#include "settle.h"
#include "suite.h"

#define INTERVALS 40
#define BATCHES   8 /* an interval */

/* Both in the same state but for what is remembered. */
static struct flows known, searched;

/* Frames' times move on by up to so many seconds a frame, and some are odd. */
static unsigned stride_s;

static unsigned one_of(unsigned count)
{
	return (unsigned)rand() % count;
}

/* Addresses are of a few networks; which are seen moves on, so that others fall idle. */
static void draw(char text[200], unsigned interval)
{
	static const char *const flags[] = {"S", "SA", "RA", "A", "A", "A", "PA", "F", "-"};
	static const unsigned ports[] = {53, 1024, 3000, 50000, 65535};
	unsigned from = one_of(6) + interval, to = one_of(6) + interval;
	unsigned from_port = ports[one_of(5)], to_port = ports[one_of(5)];
	char upper[60];

	switch (one_of(5)) {
	case 0:
		snprintf(upper, sizeof(upper), "17 / udp %u %u", from_port, to_port);
		break;
	case 1:
		snprintf(upper, sizeof(upper), "%u / zeros %u", 40 + one_of(3), one_of(9));
		break;
	default:
		snprintf(upper, sizeof(upper), "6 / tcp %u %u %s 0", from_port, to_port,
			 flags[one_of(9)]);
	}
	if (one_of(3))
		snprintf(text, 200, "eth 0800 / ip4 10.0.%u.7 192.0.2.%u %s", from % 16, to % 4,
			 upper);
	else
		snprintf(text, 200, "eth 86dd / ip6 2001:db8::%x 2001:db8:f::%x %s", to % 4,
			 from % 16, upper);
}

/* Moves both clocks on. Returns the time of a frame: few are late, or have none. */
static int64_t next_time(void)
{
	if (!stride_s)
		return (int64_t)known.now_ns;
	known.now_ns += one_of(1000 * stride_s) * (uint64_t)1000000;
	searched.now_ns = known.now_ns;
	switch (one_of(40)) {
	case 0:
		return WC_TIME_UNKNOWN;
	case 1:
		return (int64_t)known.now_ns - one_of(5000) * FLOWS_SECOND;
	default:
		return (int64_t)known.now_ns;
	}
}

/* One batch of different packets, so that some are seen for the first time within it. */
static void count(unsigned interval)
{
	struct wc_packet batch[WC_TABLES_BATCH];
	char text[200];

	for (size_t i = 0; i < WC_TABLES_BATCH; i++) {
		draw(text, interval / 4);
		batch[i] = flows_decode(&known, text);
		batch[i].time_ns = next_time();
		ck_assert_uint_ne(batch[i].ends, 0);
	}
	wc_tables_count(known.tables, batch, WC_TABLES_BATCH);
	for (size_t i = 0; i < WC_TABLES_BATCH; i++)
		batch[i].ends = 0;
	wc_tables_count(searched.tables, batch, WC_TABLES_BATCH);
	known.hosts_heard += WC_TABLES_BATCH;
	searched.hosts_heard += WC_TABLES_BATCH;
}

static bool same_ways(const struct wc_way_counts *a, const struct wc_way_counts *b)
{
	return a->packets == b->packets && a->bytes == b->bytes && a->ip_bytes == b->ip_bytes &&
	       a->new == b->new && a->flags == b->flags;
}

static bool same_talks(const struct wc_conversation_row *a, const struct wc_conversation_row *b)
{
	return same_ways(&a->forward, &b->forward) && same_ways(&a->reverse, &b->reverse) &&
	       wc_address_equal(&a->client, &b->client) &&
	       wc_address_equal(&a->server, &b->server) && a->port == b->port &&
	       a->client_port == b->client_port && a->protocol == b->protocol &&
	       a->direction == b->direction && a->scope == b->scope && a->other == b->other &&
	       a->first_seen_ns == b->first_seen_ns && a->last_seen_ns == b->last_seen_ns;
}

static bool same_host_ways(const struct wc_host_way *a, const struct wc_host_way *b)
{
	return a->packets == b->packets && a->bytes == b->bytes && a->new == b->new;
}

static bool same_hosts(const struct wc_host_row *a, const struct wc_host_row *b)
{
	return wc_address_equal(&a->address, &b->address) && same_host_ways(&a->sent, &b->sent) &&
	       same_host_ways(&a->received, &b->received) && a->first_seen_ns == b->first_seen_ns &&
	       a->last_seen_ns == b->last_seen_ns && a->rates_known == b->rates_known &&
	       a->packets_per_hour == b->packets_per_hour &&
	       a->connections_per_hour == b->connections_per_hour &&
	       a->bytes_per_hour == b->bytes_per_hour && a->other == b->other;
}

static bool same_scanners(const struct wc_scanner_row *a, const struct wc_scanner_row *b)
{
	return wc_address_equal(&a->address, &b->address) && a->attempts == b->attempts &&
	       a->port_changes == b->port_changes && a->distinct_ports == b->distinct_ports &&
	       a->distinct_hosts == b->distinct_hosts && a->refused == b->refused &&
	       a->unanswered == b->unanswered;
}

/* Port rows are bare numbers and flags, whose sum is as good. */
static uint64_t sum_of_ports(const struct wc_snapshot *snapshot)
{
	uint64_t sum = snapshot->port_rows;

	for (size_t i = 0; i < snapshot->port_rows; i++) {
		const struct wc_port_counts *counts = &snapshot->ports[i].delta;

		sum = sum * 31 + snapshot->ports[i].port;
		sum = sum * 31 + counts->all.packets;
		sum = sum * 31 + counts->all.bytes;
		sum = sum * 31 + counts->new + 3 * counts->accepted + 7 * counts->refused;
	}
	return sum;
}

static void compare(void)
{
	const struct wc_snapshot *a = &known.snapshot, *b = &searched.snapshot;

	flows_collect(&known, 10);
	flows_collect(&searched, 10);
	ck_assert_uint_eq(sum_of_ports(a), sum_of_ports(b));
	ck_assert_uint_gt(a->conversation_rows, 0);
	ck_assert_uint_eq(a->conversation_rows, b->conversation_rows);
	ck_assert_uint_eq(a->host_rows, b->host_rows);
	ck_assert_uint_eq(a->scanner_rows, b->scanner_rows);
	for (size_t i = 0; i < a->conversation_rows; i++)
		ck_assert(same_talks(&a->conversations[i], &b->conversations[i]));
	for (size_t i = 0; i < a->host_rows; i++)
		ck_assert(same_hosts(&a->hosts[i], &b->hosts[i]));
	for (size_t i = 0; i < a->scanner_rows; i++)
		ck_assert(same_scanners(&a->scanners[i], &b->scanners[i]));
}

/* Returns true if rows were freed on the way. */
static bool run(struct wc_rules rules)
{
	uint32_t most = 0;
	bool freed = false;

	known.rules = searched.rules = rules;
	flows_begin(&known);
	flows_begin(&searched);
	for (unsigned interval = 0; interval < INTERVALS; interval++) {
		for (int i = 0; i < BATCHES; i++)
			count(interval);
		compare();
		freed |= known.tables->hosts.table.used < most;
		most = known.tables->hosts.table.used;
	}
	flows_end(&searched);
	flows_end(&known);
	return freed;
}

START_TEST(with_room)
{
	srand(1);
	ck_assert(run((struct wc_rules){.idle_s = 20}));
}
END_TEST

/* Some have a row, some none, and some get one that another left. */
START_TEST(without_room)
{
	srand(2);
	ck_assert(run((struct wc_rules){.idle_s = 20, .conversations = 40, .hosts = 20}));
}
END_TEST

START_TEST(by_five_tuple_and_folded)
{
	srand(3);
	ck_assert(run((struct wc_rules){
		.idle_s = 20, .five_tuple = true, .fold_internet = true, .served.at_once = true}));
}
END_TEST

START_TEST(as_a_file)
{
	srand(4);
	ck_assert(run((struct wc_rules){.idle_s = 20, .file = true, .rates_by_frame = true}));
}
END_TEST

/* Bins of rates end in the midst of what is kept for the rows, and scanners are judged. */
START_TEST(as_a_file_of_hours)
{
	srand(5);
	for (stride_s = 8; stride_s < 100; stride_s *= 8) {
		struct wc_rules rules = {.idle_s = 20, .file = true, .rates_by_frame = true};

		ck_assert(run(rules));
		rules.scan.mode = WC_SCAN_PLAIN;
		ck_assert(run(rules));
		rules.rate_mode = WC_RATE_NCS; /* which frees after a day */
		run(rules);
	}
	stride_s = 0;
}
END_TEST

/* Numbers of pairs come again for others, once they were forgotten. */
START_TEST(numbers_come_again)
{
	static const char *const recipes[] = {
		"eth 0800 / ip4 10.0.0.7 192.0.2.1 6 / tcp 50000 80 A 0",
		"eth 0800 / ip4 10.0.0.8 192.0.2.2 6 / tcp 50000 80 A 0"};
	uint32_t numbers[2];

	known.rules = (struct wc_rules){.idle_s = 20};
	flows_begin(&known);
	for (int i = 0; i < 2; i++) {
		struct wc_packet packet = flows_decode(&known, recipes[i]);

		numbers[i] = packet.ends;
		flows_packet(&known, &packet, 100);
		ck_assert(!wc_memo_is_spent(&known.memo));
		known.memo.numbered = WC_ENDS_NUMBERS / 2;
		ck_assert(wc_memo_is_spent(&known.memo));
		wc_settle_forget(known.tables);
		wc_memo_renumber(&known.memo);
	}
	ck_assert_uint_eq(numbers[0], numbers[1]);
	flows_collect(&known, 10);
	ck_assert_uint_eq(known.snapshot.conversation_rows, 2);
	for (int i = 0; i < 2; i++)
		ck_assert_uint_eq(known.snapshot.conversations[i].forward.packets, 100);
	flows_end(&known);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {with_room, without_room,       by_five_tuple_and_folded,
				      as_a_file, as_a_file_of_hours, numbers_come_again,
				      NULL};

	return suite_run("recent", tests, 120);
}

/* Hosts and conversations that several workers have counted. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "collect.h"
#include "flows.h"
#include "suite.h"
#include "wirecensus/error.h"

#define TOLERANCE 1e-4 /* of rates */

/* All that is said of a host in @a is said in @b. */
static void compare_hosts(const struct wc_host_row *a, const struct wc_host_row *b)
{
	flows_assert_way(&a->sent, b->sent.packets, b->sent.bytes, b->sent.new);
	flows_assert_way(&a->received, b->received.packets, b->received.bytes, b->received.new);
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
		flows_talk(&sets[i], 1, 2, false, 1);
		flows_talk(&sets[i], 1, 3 + i, true, 10);
	}
	ck_assert_int_eq(wc_collect(&merged, sets[0].last, tables, 2, &span, &error), 0);
	ck_assert_uint_eq(merged.host_rows, 2);
	flows_assert_way(&merged.hosts[0].sent, 22, 2 * 42 + 20 * 54, 20);
	ck_assert(merged.hosts[1].other);
	flows_assert_way(&merged.hosts[1].received, 22, 2 * 42 + 20 * 54, 20);
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
	const TTest *const tests[] = {
		two_sets,
		two_full_sets,
		NULL,
	};

	return suite_run("several_workers", tests, 60);
}

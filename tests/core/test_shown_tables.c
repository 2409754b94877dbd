/* What a row of each table of a snapshot is to the series. */
#include <netinet/in.h>
#include <string.h>

#include "suite.h"
#include "wirecensus/shown.h"
#include "wirecensus/shown_tables.h"
#include "wirecensus/snapshot.h"

#define IN WC_DIRECTION_IN

static struct wc_port_row port(uint8_t protocol, uint16_t number, uint64_t packets)
{
	return (struct wc_port_row){.total = {.all = {packets, 60 * packets}},
				    .protocol = protocol,
				    .port = number,
				    .direction = IN};
}

/* Shows one row as a service, and one for its rank, in each update. */
static struct wc_shown *make(void)
{
	struct wc_shown_bounds bounds = {
		.rows = 10, .services = 1, .top = 1, .directions = 1u << IN};
	struct wc_shown *shown = NULL;

	ck_assert_int_eq(wc_shown_new(&shown, &bounds, NULL), 0);
	return shown;
}

static void check(const uint64_t *values, const uint64_t expected[static WC_SHOWN_COUNTERS])
{
	for (size_t i = 0; i < WC_SHOWN_COUNTERS; i++)
		ck_assert_uint_eq(values[i], expected[i]);
}

/* Ports of TCP: 22 was accepted, 443 was tried; 50000 has most packets and is neither. */
START_TEST(test_tcp)
{
	struct wc_port_row ports[] = {port(IPPROTO_TCP, 22, 3), port(IPPROTO_TCP, 443, 5),
				      port(IPPROTO_TCP, 50000, 9), port(IPPROTO_UDP, 53, 100)};
	struct wc_snapshot snapshot = {.ports = ports, .port_rows = 4};
	struct wc_shown *shown = make();

	ports[0].total.accepted = 1;
	ports[1].total.new = 2;
	ports[2].total.refused = 4;
	wc_shown_follow(shown, &snapshot, WC_SHOWN_TCP);
	ck_assert_uint_eq(wc_shown_count(shown), 2);
	ck_assert_uint_eq(wc_shown_at(shown, 0)->key, 22);
	ck_assert_uint_eq(wc_shown_at(shown, 1)->key, 443);
	check(wc_shown_other(shown, IN), (uint64_t[]){17, 1020, 2, 1, 4});

	ports[0].total.all.packets = 4;
	ports[0].total.accepted = 8;
	wc_shown_follow(shown, &snapshot, WC_SHOWN_TCP);
	check(wc_shown_at(shown, 0)->values, (uint64_t[]){1, 0, 0, 7, 0});
	wc_shown_free(shown);
}
END_TEST

/* Ports of UDP have no services, and each can be among the top. */
START_TEST(test_udp)
{
	struct wc_port_row ports[] = {port(IPPROTO_TCP, 22, 300), port(IPPROTO_UDP, 53, 3),
				      port(IPPROTO_UDP, 123, 7)};
	struct wc_snapshot snapshot = {.ports = ports, .port_rows = 3};
	struct wc_shown *shown = make();

	ports[1].total.refused = 2;
	wc_shown_follow(shown, &snapshot, WC_SHOWN_UDP);
	ck_assert_uint_eq(wc_shown_count(shown), 1);
	ck_assert_uint_eq(wc_shown_at(shown, 0)->key, 123);
	check(wc_shown_other(shown, IN), (uint64_t[]){10, 600, 0, 0, 2});
	wc_shown_free(shown);
}
END_TEST

/* Each of the other tables is followed by its own rows. */
START_TEST(test_keys)
{
	struct wc_key_row keys[] = {{.key = 1, .direction = IN, .total = {4, 400}},
				    {.key = 47, .direction = IN, .total = {6, 900}}};
	struct {
		enum wc_shown_table table;
		struct wc_snapshot snapshot;
	} cases[] = {
		{WC_SHOWN_PROTOCOL, {.protocols = keys, .protocol_rows = 2}},
		{WC_SHOWN_FRAGMENT, {.fragments = keys, .fragment_rows = 2}},
		{WC_SHOWN_ETHERTYPE, {.ethertypes = keys, .ethertype_rows = 2}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct wc_shown *shown = make();

		wc_shown_follow(shown, &cases[i].snapshot, cases[i].table);
		ck_assert_uint_eq(wc_shown_count(shown), 1);
		ck_assert_uint_eq(wc_shown_at(shown, 0)->key, 47);
		check(wc_shown_other(shown, IN), (uint64_t[]){10, 1300, 0, 0, 0});
		wc_shown_free(shown);
	}
}
END_TEST

/* The remainder of a full table is never shown, and a table may be empty. */
START_TEST(test_other_and_none)
{
	struct wc_port_row other = port(IPPROTO_TCP, 0, 8);
	struct wc_snapshot snapshot = {.ports = &other, .port_rows = 1}, empty = {0};
	struct wc_shown *shown = make();

	other.other = true;
	other.total.accepted = 1;
	wc_shown_follow(shown, &empty, WC_SHOWN_TCP);
	check(wc_shown_other(shown, IN), (uint64_t[]){0, 0, 0, 0, 0});
	wc_shown_follow(shown, &snapshot, WC_SHOWN_TCP);
	ck_assert_uint_eq(wc_shown_count(shown), 0);
	check(wc_shown_other(shown, IN), (uint64_t[]){8, 480, 0, 1, 0});
	wc_shown_follow(shown, &snapshot, WC_SHOWN_UDP);
	check(wc_shown_other(shown, IN), (uint64_t[]){0, 0, 0, 0, 0});
	wc_shown_free(shown);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_tcp, test_udp, test_keys, test_other_and_none, NULL};

	return suite_run("shown_tables", tests, 60);
}

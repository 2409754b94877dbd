/* Which rows of a snapshot are left, and that what is cut is in `other`. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "sample.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

static struct wc_snapshot *select_rows(const struct wc_snapshot *snapshot, unsigned kinds,
				       uint64_t top)
{
	const struct wc_selection selection = {kinds, top};
	struct wc_snapshot *selected = NULL;
	struct wc_error error;

	ck_assert_int_eq(wc_rows_select(&selected, snapshot, &selection, &error), 0);
	ck_assert_ptr_nonnull(selected);
	return selected;
}

START_TEST(test_names)
{
	static char port[] = "port", scanner[] = "scanner", loss[] = "loss", ports[] = "ports";
	char *texts[] = {port, scanner, loss};
	const struct wc_texts good = {texts, 3};
	char *bad_texts[] = {port, ports};
	const struct wc_texts bad = {bad_texts, 2};
	struct wc_error error;
	unsigned kinds = 0;

	ck_assert_uint_eq(wc_rows_kind("total"), WC_ROWS_TOTAL);
	ck_assert_uint_eq(wc_rows_kind("unsupported"), WC_ROWS_UNSUPPORTED);
	ck_assert_uint_eq(wc_rows_kind("conversation"), WC_ROWS_CONVERSATION);
	ck_assert_uint_eq(wc_rows_kind("loss"), WC_ROWS_LOSS);
	ck_assert_uint_eq(wc_rows_kind("Port"), 0);
	ck_assert_int_eq(wc_rows_kinds(&kinds, &good, &error), 0);
	ck_assert_uint_eq(kinds, WC_ROWS_PORT | WC_ROWS_SCANNER | WC_ROWS_LOSS);
	ck_assert_int_eq(wc_rows_kinds(&kinds, &bad, &error), WC_INVALID);
	ck_assert_ptr_nonnull(strstr(error.text, "no rows are called ports"));
	ck_assert_uint_eq(kinds, WC_ROWS_PORT | WC_ROWS_SCANNER | WC_ROWS_LOSS);
}
END_TEST

/* What is wanted whole is the snapshot's own. */
START_TEST(test_kinds)
{
	struct wc_snapshot busy = sample_busy();
	struct wc_snapshot *selected = select_rows(&busy, WC_ROWS_PORT | WC_ROWS_HOST, WC_TOP_ALL);

	ck_assert_uint_eq(selected->port_rows, busy.port_rows);
	ck_assert_ptr_eq(selected->ports, busy.ports);
	ck_assert_uint_eq(selected->host_rows, busy.host_rows);
	ck_assert_uint_eq(selected->protocol_rows, 0);
	ck_assert_uint_eq(selected->fragment_rows, 0);
	ck_assert_uint_eq(selected->ethertype_rows, 0);
	ck_assert_uint_eq(selected->conversation_rows, 0);
	ck_assert_uint_eq(selected->scanner_rows, 0);
	ck_assert_mem_eq(&selected->delta, &busy.delta, sizeof(busy.delta));
	wc_rows_free(selected);
	wc_rows_free(NULL);
}
END_TEST

static void check_port(const struct wc_port_row *row, uint8_t protocol, unsigned direction,
		       int port, uint64_t packets)
{
	ck_assert_uint_eq(row->protocol, protocol);
	ck_assert_uint_eq(row->direction, direction);
	ck_assert_uint_eq(row->other, port < 0);
	ck_assert_int_eq(row->port, port < 0 ? 0 : port);
	ck_assert_uint_eq(row->delta.all.packets, packets);
}

/* The two largest, and a row `other` of each transport and direction that lost some. */
START_TEST(test_top)
{
	struct wc_snapshot busy = sample_busy();
	struct wc_snapshot *selected = select_rows(&busy, WC_ROWS_ALL, 2);

	ck_assert_uint_eq(selected->port_rows, 5);
	check_port(&selected->ports[0], IPPROTO_TCP, WC_DIRECTION_IN, 443, 1200000);
	check_port(&selected->ports[1], IPPROTO_TCP, WC_DIRECTION_OUT, 443, 900);
	check_port(&selected->ports[2], IPPROTO_TCP, WC_DIRECTION_IN, -1, 40 + 3 + 10);
	ck_assert_uint_eq(selected->ports[2].delta.new, 10);
	ck_assert_uint_eq(selected->ports[2].delta.accepted, 5);
	ck_assert_uint_eq(selected->ports[2].delta.refused, 4);
	check_port(&selected->ports[3], IPPROTO_UDP, WC_DIRECTION_OUT, -1, 64);
	check_port(&selected->ports[4], IPPROTO_UDP, WC_DIRECTION_TRANSIT, -1, 0);
	ck_assert_uint_eq(selected->ports[4].delta.refused, 1);
	/* Two and `other`: nothing to cut. */
	ck_assert_ptr_eq(selected->protocols, busy.protocols);
	ck_assert_uint_eq(selected->ethertype_rows, 3);
	ck_assert_uint_eq(selected->ethertypes[2].other, true);
	ck_assert_uint_eq(selected->ethertypes[2].key, 0);
	ck_assert_uint_eq(selected->ethertypes[2].delta.packets, 1);
	ck_assert_uint_eq(selected->ethertypes[2].direction, WC_DIRECTION_IN);
	wc_rows_free(selected);
}
END_TEST

/* Times, flags and rates of a remainder are not known; both ways are in forward. */
START_TEST(test_flows)
{
	struct wc_snapshot busy = sample_busy();
	struct wc_snapshot *selected = select_rows(&busy, WC_ROWS_ALL, 1);
	const struct wc_conversation_row *other = &selected->conversations[1];
	uint64_t packets = 0, ip_bytes = 0, received = 0;

	for (size_t i = 0; i < busy.conversation_rows; i++) {
		const struct wc_conversation_row *row = &busy.conversations[i];

		packets += row->forward.packets + row->reverse.packets;
		ip_bytes += row->forward.ip_bytes + row->reverse.ip_bytes;
	}
	ck_assert_uint_eq(selected->conversation_rows, 2);
	ck_assert_uint_eq(selected->conversations[0].reverse.packets, 1200000);
	ck_assert_uint_eq(other->other, true);
	ck_assert_uint_eq(other->forward.packets, packets - 1200900);
	ck_assert_uint_eq(other->forward.ip_bytes, ip_bytes - 57400 - 1483200000);
	ck_assert_uint_eq(other->reverse.packets, 0);
	ck_assert_uint_eq(other->forward.flags, 0);
	ck_assert_int_eq(other->last_seen_ns, WC_TIME_UNKNOWN);

	for (size_t i = 0; i < busy.host_rows; i++)
		received += busy.hosts[i].received.bytes;
	ck_assert_uint_eq(selected->host_rows, 2);
	ck_assert_uint_eq(selected->hosts[1].other, true);
	ck_assert_uint_eq(selected->hosts[0].received.bytes + selected->hosts[1].received.bytes,
			  received);
	ck_assert_uint_eq(selected->hosts[1].rates_known, false);
	wc_rows_free(selected);
}
END_TEST

#define MANY 3000

static uint64_t random_number(void)
{
	static uint64_t state = 1;

	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return state >> 33;
}

static void add_ports(uint64_t sums[2][WC_DIRECTIONS][5], const struct wc_port_row *rows,
		      size_t count)
{
	memset(sums, 0, 2 * sizeof(*sums));
	for (size_t i = 0; i < count; i++) {
		uint64_t *sum = sums[rows[i].protocol == IPPROTO_UDP][rows[i].direction];

		sum[0] += rows[i].delta.all.packets;
		sum[1] += rows[i].delta.all.bytes;
		sum[2] += rows[i].delta.new;
		sum[3] += rows[i].delta.refused;
		sum[4] += rows[i].total.all.packets;
	}
}

/* Whatever is cut: sums by transport and direction stay, and nothing cut is larger than what is
 * left. */
START_TEST(test_sums)
{
	static struct wc_port_row rows[MANY];
	static const uint64_t tops[] = {1, 7, 100, MANY - 1, MANY, MANY + 1};
	struct wc_snapshot snapshot = {.ports = rows, .port_rows = MANY};
	uint64_t before[2][WC_DIRECTIONS][5], after[2][WC_DIRECTIONS][5];

	for (size_t i = 0; i < MANY; i++)
		rows[i] = (struct wc_port_row){
			.protocol = random_number() % 2 ? IPPROTO_TCP : IPPROTO_UDP,
			.port = (uint16_t)i,
			.direction = (uint8_t)(random_number() % WC_DIRECTIONS),
			.other = random_number() % 100 == 0,
			.delta = {{random_number() % 50, random_number()}, 1, 2, random_number()},
			.total = {{random_number(), 3}, 4, 5, 6},
		};
	add_ports(before, rows, MANY);
	for (size_t t = 0; t < sizeof(tops) / sizeof(*tops); t++) {
		struct wc_snapshot *selected = select_rows(&snapshot, WC_ROWS_PORT, tops[t]);
		size_t own = 0;

		add_ports(after, selected->ports, selected->port_rows);
		ck_assert_mem_eq(before, after, sizeof(before));
		while (own < selected->port_rows && !selected->ports[own].other)
			own++;
		if (selected->ports != rows) {
			ck_assert_uint_eq(own, tops[t]);
			ck_assert_uint_le(selected->port_rows, own + 2 * WC_DIRECTIONS);
			for (size_t i = 1; i < own; i++)
				ck_assert_uint_ge(selected->ports[i - 1].delta.all.packets,
						  selected->ports[i].delta.all.packets);
		} else {
			ck_assert_uint_ge(tops[t], MANY - MANY / 50);
		}
		wc_rows_free(selected);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_names, test_kinds, test_top, test_flows, test_sums, NULL,
	};

	return suite_run("rows", tests, 60);
}

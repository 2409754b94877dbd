/* Intervals that are delivered as one: their sum. */
#include "census.h"
#include "desk.h"
#include "suite.h"

static const struct wc_address client = {.low = 0x0a000001, .version = 4};
static const struct wc_address server = {.high = 0x20010db800000000, .low = 1, .version = 6};

static void write_first(struct desk *desk)
{
	const struct wc_port_row ports[] = {
		{.delta = {{3, 300}, 1, 2, 3}, .port = 443, .protocol = 6},
		{.delta = {{1, 50}, 0, 0, 0}, .protocol = 6, .other = true},
	};
	const struct wc_conversation_row talks[] = {
		{.forward = {1, 100, 90, 1, 0x02},
		 .reverse = {1, 60, 50, 0, 0x12},
		 .client = client,
		 .server = server,
		 .first_seen_ns = 500,
		 .last_seen_ns = 700,
		 .port = 443,
		 .protocol = 6,
		 .direction = WC_DIRECTION_OUT,
		 .scope = WC_SCOPE_INTERNET},
		{.forward = {9, 900, 800, 0, 0},
		 .other = true,
		 .first_seen_ns = WC_TIME_UNKNOWN,
		 .last_seen_ns = WC_TIME_UNKNOWN},
	};
	const struct wc_host_row hosts[] = {
		{.address = client,
		 .sent = {1, 100, 1},
		 .received = {1, 60, 0},
		 .first_seen_ns = 500,
		 .last_seen_ns = 700,
		 .rates_known = true,
		 .packets_per_hour = 1.5},
	};
	const struct wc_scanner_row scanners[] = {
		{.address = client, .attempts = 30, .refused = 20}};
	struct wc_snapshot snapshot = {.capture = "wan",
				       .observer = "eth0",
				       .clock_step_ns = -5,
				       .pending = 4,
				       .complete = true,
				       .ports = ports,
				       .port_rows = 2,
				       .conversations = talks,
				       .conversation_rows = 2,
				       .hosts = hosts,
				       .host_rows = 1,
				       .scanners = scanners,
				       .scanner_rows = 1};

	snapshot.delta.received = 10;
	snapshot.delta.classes[WC_CLASS_TCP] = (struct wc_counts){4, 350};
	census_date(&snapshot, 1, 10);
	ck_assert_int_eq(desk_write(desk, &snapshot), 0);
}

static void write_second(struct desk *desk)
{
	const struct wc_port_row ports[] = {
		{.delta = {{1, 10}, 0, 0, 0}, .port = 80, .protocol = 6},
		{.delta = {{5, 500}, 4, 3, 2}, .port = 443, .protocol = 6},
		{.delta = {{7, 70}, 0, 0, 0}, .port = 443, .protocol = 6, .direction = 1},
		{.delta = {{2, 20}, 0, 0, 0}, .port = 53, .protocol = 17},
	};
	const struct wc_conversation_row talks[] = {
		{.forward = {2, 20, 10, 0, 0x10},
		 .client = client,
		 .server = server,
		 .first_seen_ns = 400,
		 .last_seen_ns = 900,
		 .port = 443,
		 .protocol = 6,
		 .direction = WC_DIRECTION_IN},
		{.forward = {1, 1, 1, 1, 1},
		 .client = server,
		 .server = client,
		 .first_seen_ns = WC_TIME_UNKNOWN,
		 .last_seen_ns = WC_TIME_UNKNOWN,
		 .port = 443,
		 .protocol = 6},
	};
	const struct wc_host_row hosts[] = {
		{.address = client,
		 .sent = {2, 20, 0},
		 .first_seen_ns = WC_TIME_UNKNOWN,
		 .last_seen_ns = 900,
		 .rates_known = true,
		 .packets_per_hour = 2.5},
	};
	const struct wc_scanner_row scanners[] = {
		{.address = client, .attempts = 45, .refused = 25},
		{.address = server, .attempts = 40}};
	struct wc_snapshot snapshot = {.capture = "wan",
				       .observer = "eth9",
				       .clock_step_ns = 7,
				       .pending = 6,
				       .offload = WC_OFFLOAD_YES,
				       .ports = ports,
				       .port_rows = 4,
				       .conversations = talks,
				       .conversation_rows = 2,
				       .hosts = hosts,
				       .host_rows = 1,
				       .scanners = scanners,
				       .scanner_rows = 2};

	snapshot.delta.received = 20;
	snapshot.delta.classes[WC_CLASS_TCP] = (struct wc_counts){15, 600};
	census_date(&snapshot, 2, 10);
	ck_assert_int_eq(desk_write(desk, &snapshot), 0);
}

static void check_ports(const struct wc_snapshot *sum)
{
	static const struct wc_port_row rows[] = {
		{.delta = {{1, 10}, 0, 0, 0}, .port = 80, .protocol = 6},
		{.delta = {{8, 800}, 5, 5, 5}, .port = 443, .protocol = 6},
		{.delta = {{7, 70}, 0, 0, 0}, .port = 443, .protocol = 6, .direction = 1},
		{.delta = {{1, 50}, 0, 0, 0}, .protocol = 6, .other = true},
		{.delta = {{2, 20}, 0, 0, 0}, .port = 53, .protocol = 17},
	};

	ck_assert_uint_eq(sum->port_rows, 5);
	for (size_t i = 0; i < 5; i++) {
		const struct wc_port_row *row = &sum->ports[i];

		ck_assert_uint_eq(row->port, rows[i].port);
		ck_assert_uint_eq(row->protocol, rows[i].protocol);
		ck_assert_uint_eq(row->direction, rows[i].direction);
		ck_assert_int_eq(row->other, rows[i].other);
		ck_assert_mem_eq(&row->delta, &rows[i].delta, sizeof(row->delta));
	}
}

static void check_conversations(const struct wc_snapshot *sum)
{
	const struct wc_conversation_row *row = sum->conversations;

	ck_assert_uint_eq(sum->conversation_rows, 3);
	ck_assert_uint_eq(row[0].forward.packets, 3);
	ck_assert_uint_eq(row[0].forward.bytes, 120);
	ck_assert_uint_eq(row[0].forward.ip_bytes, 100);
	ck_assert_uint_eq(row[0].forward.new, 1);
	ck_assert_uint_eq(row[0].forward.flags, 0x12);
	ck_assert_uint_eq(row[0].reverse.bytes, 60);
	ck_assert_uint_eq(row[0].reverse.flags, 0x12);
	ck_assert_int_eq(row[0].first_seen_ns, 400);
	ck_assert_int_eq(row[0].last_seen_ns, 900);
	ck_assert_uint_eq(row[0].direction, WC_DIRECTION_OUT);
	ck_assert_uint_eq(row[0].scope, WC_SCOPE_INTERNET);
	ck_assert(wc_address_equal(&row[1].client, &server));
	ck_assert_int_eq(row[1].first_seen_ns, WC_TIME_UNKNOWN);
	ck_assert(row[2].other);
	ck_assert_uint_eq(row[2].forward.packets, 9);
}

START_TEST(test_sum)
{
	struct desk desk;
	struct wc_journal_interval *loaded;
	const struct wc_snapshot *sum;

	desk_begin(&desk, true);
	write_first(&desk);
	write_second(&desk);
	loaded = desk_load(&desk, 1, 2);
	sum = loaded->snapshot;
	ck_assert_str_eq(sum->observer, "eth9");
	ck_assert_uint_eq(sum->interval, 2);
	ck_assert_int_eq(sum->start_ns, CENSUS_START_NS);
	ck_assert_int_eq(sum->end_ns, CENSUS_START_NS + 20 * CENSUS_SECOND_NS);
	ck_assert_uint_eq(sum->length_ns, 20 * (uint64_t)CENSUS_SECOND_NS);
	ck_assert_int_eq(sum->clock_step_ns, 2);
	ck_assert_uint_eq(sum->pending, 6);
	ck_assert_int_eq(sum->offload, WC_OFFLOAD_YES);
	ck_assert(!sum->complete);
	ck_assert_uint_eq(sum->delta.received, 30);
	ck_assert_uint_eq(sum->delta.classes[WC_CLASS_TCP].bytes, 950);
	ck_assert_uint_eq(sum->total.received, 0);
	check_ports(sum);
	check_conversations(sum);
	ck_assert_uint_eq(sum->host_rows, 1);
	ck_assert_uint_eq(sum->hosts[0].sent.bytes, 120);
	ck_assert_uint_eq(sum->hosts[0].received.packets, 1);
	ck_assert_int_eq(sum->hosts[0].first_seen_ns, 500);
	ck_assert_int_eq(sum->hosts[0].last_seen_ns, 900);
	ck_assert_double_eq(sum->hosts[0].packets_per_hour, 2.5);
	ck_assert_uint_eq(sum->scanner_rows, 2);
	ck_assert_uint_eq(sum->scanners[0].attempts, 45);
	ck_assert_uint_eq(sum->scanners[0].refused, 25);
	ck_assert_uint_eq(sum->scanners[1].attempts, 40);
	wc_journal_intervals_free(loaded, 1);
	desk_clear(&desk);
}
END_TEST

/* Many rows over many intervals: no count is lost, and none is there twice. */
START_TEST(test_large_sum)
{
	struct desk desk;
	struct wc_journal_interval *loaded;
	uint64_t packets = 0, bytes = 0, frames = 0;

	desk_begin(&desk, false);
	for (uint64_t i = 1; i <= 20; i++) {
		struct wc_snapshot *snapshot = census_usual(i, 100 * (i % 5 + 1));

		for (size_t c = 0; c < snapshot->conversation_rows; c++)
			packets += snapshot->conversations[c].forward.packets;
		for (size_t h = 0; h < snapshot->host_rows; h++)
			bytes += snapshot->hosts[h].sent.bytes;
		frames += snapshot->delta.frames;
		census_date(snapshot, i, 10);
		ck_assert_int_eq(desk_write(&desk, snapshot), 0);
		census_free(snapshot);
	}
	loaded = desk_load(&desk, 1, 20);
	ck_assert_uint_eq(loaded->snapshot->conversation_rows, 500);
	ck_assert_uint_eq(loaded->snapshot->host_rows, 500);
	for (size_t i = 0; i < 500; i++) {
		packets -= loaded->snapshot->conversations[i].forward.packets;
		bytes -= loaded->snapshot->hosts[i].sent.bytes;
	}
	for (size_t i = 0; i < loaded->snapshot->port_rows; i++)
		frames -= loaded->snapshot->ports[i].delta.all.packets;
	ck_assert_uint_eq(packets, 0);
	ck_assert_uint_eq(bytes, 0);
	ck_assert_uint_eq(frames, 0);
	wc_journal_intervals_free(loaded, 1);
	desk_clear(&desk);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_sum, test_large_sum, NULL};

	return suite_run("journal sums", tests, 120);
}

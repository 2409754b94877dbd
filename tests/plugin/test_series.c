/* Values out of snapshots made by hand: their names, their numbers, and that they add up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "series.h"
#include "suite.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"

#define IN  WC_DIRECTION_IN
#define OUT WC_DIRECTION_OUT

static struct wc_report report;
static struct wc_registry *registry;

/* What a sink was handed, as "packets-tcp-443-in". */
static struct {
	char names[4000][96];
	struct wc_value values[4000];
	size_t count;
} got;

static void keep(void *user, const struct wc_value *value)
{
	ck_assert_ptr_null(user);
	ck_assert_uint_lt(got.count, 4000);
	snprintf(got.names[got.count], sizeof(got.names[0]), "%s-%s", value->type, value->what);
	got.values[got.count++] = *value;
}

static void emit(struct wc_series *series, const struct wc_snapshot *snapshot)
{
	got.count = 0;
	ck_assert_uint_eq(wc_series_emit(series, snapshot, keep, NULL), got.count);
	for (size_t i = 0; i < got.count; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(got.names[i], got.names[j]))
				ck_abort_msg("%s twice", got.names[i]);
}

static const struct wc_value *find(const char *name)
{
	for (size_t i = 0; i < got.count; i++)
		if (!strcmp(got.names[i], name))
			return &got.values[i];
	return NULL;
}

static void is(const char *name, uint64_t number)
{
	const struct wc_value *value = find(name);

	ck_assert_msg(value, "no %s", name);
	ck_assert_msg(value->number == number, "%s is %llu, not %llu", name,
		      (unsigned long long)value->number, (unsigned long long)number);
}

/* Adds up all values whose name begins and ends so; either may be empty. */
static uint64_t sum(const char *begin, const char *end)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < got.count; i++) {
		size_t length = strlen(got.names[i]), tail = strlen(end);

		if (!strncmp(got.names[i], begin, strlen(begin)) && length >= tail &&
		    !strcmp(got.names[i] + length - tail, end))
			sum += got.values[i].number;
	}
	return sum;
}

static struct wc_series *make(size_t room)
{
	struct wc_series *series;

	ck_assert_int_eq(wc_series_new(&series, &report, registry, room, NULL), 0);
	return series;
}

static void begin(void)
{
	wc_report_init(&report);
	registry = wc_registry_new();
	ck_assert_ptr_nonnull(registry);
}

static void end(struct wc_series *series)
{
	wc_series_free(series);
	wc_registry_free(registry);
}

static struct wc_port_row tcp(uint16_t port, uint8_t direction, uint64_t packets, uint64_t new,
			      uint64_t accepted)
{
	return (struct wc_port_row){
		.total = {.all = {packets, packets * 60}, .new = new, .accepted = accepted},
		.port = port,
		.protocol = 6,
		.direction = direction};
}

static struct wc_port_row udp(uint16_t port, uint8_t direction, uint64_t packets)
{
	return (struct wc_port_row){.total = {.all = {packets, packets * 50}, .refused = packets},
				    .port = port,
				    .protocol = 17,
				    .direction = direction};
}

START_TEST(test_nothing_counted)
{
	struct wc_series *series;

	begin();
	series = make(400);
	emit(series, &(struct wc_snapshot){0});
	ck_assert_uint_eq(got.count, wc_series_fixed(&report));
	ck_assert_uint_eq(got.count, 88);
	is("packets-tcp", 0);
	is("packets-tcp-other-in", 0);
	is("total_connections-tcp-other-transit-accepted", 0);
	is("total_connections-udp-other-local-refused", 0);
	is("total_bytes-protocol-other-out", 0);
	is("packets-ethertype-other-in", 0);
	end(series);
}
END_TEST

START_TEST(test_totals_and_loss)
{
	struct wc_snapshot snapshot = {
		.pending = 7,
		.total = {.received = 100,
			  .lost_kernel = 3,
			  .lost_interface = 4,
			  .gone_ns = 2500000000,
			  .restarts = 2,
			  .rejected = {9, 99},
			  .frames = 90,
			  .classes = {[WC_CLASS_TCP] = {50, 5000}, [WC_CLASS_LLC] = {2, 120}},
			  .directions = {[OUT] = {52, 5120}},
			  .internet_in = {5, 600},
			  .internet_out = {6, 700}},
	};
	const struct wc_conversation_row conversations[] = {{.port = 1}, {.other = true}};
	const struct wc_host_row hosts[] = {{.other = false}, {.other = false}};
	struct wc_series *series;

	snapshot.conversations = conversations;
	snapshot.conversation_rows = 2;
	snapshot.hosts = hosts;
	snapshot.host_rows = 2;
	snapshot.scanner_rows = 5;
	begin();
	series = make(400);
	emit(series, &snapshot);
	is("packets-tcp", 50);
	is("total_bytes-tcp", 5000);
	is("packets-llc", 2);
	is("packets-malformed", 0);
	is("packets-rejected", 9);
	is("total_bytes-rejected", 99);
	is("packets-out", 52);
	is("total_bytes-out", 5120);
	is("packets-internet-in", 5);
	is("total_bytes-internet-out", 700);
	is("count-conversations", 1);
	is("count-hosts", 2);
	is("count-scanners", 5);
	is("packets-received", 100);
	is("packets-counted", 90);
	is("packets-lost-kernel", 3);
	is("packets-lost-interface", 4);
	is("total_time_in_ms-gone", 2500);
	is("total_events-restarts", 2);
	is("queue_length-pending", 7);
	ck_assert(find("queue_length-pending")->level);
	ck_assert(find("count-hosts")->level);
	ck_assert(!find("packets-received")->level);
	end(series);
}
END_TEST

START_TEST(test_ports_asked_for)
{
	const char *ports[] = {"tcp/443", "udp/53"}, *both[] = {"in", "out"};
	struct wc_port_row rows[] = {tcp(443, IN, 9, 2, 1), tcp(443, OUT, 3, 0, 0),
				     tcp(443, WC_DIRECTION_TRANSIT, 5, 1, 1), udp(53, IN, 4)};
	struct wc_snapshot snapshot = {.ports = rows, .port_rows = 4};
	struct wc_series *series;

	begin();
	report.top = 0;
	report.services = false;
	ck_assert_int_eq(wc_report_set(&report, "ReportPorts", ports, 2, NULL), 0);
	ck_assert_int_eq(wc_report_set(&report, "ReportDirections", both, 2, NULL), 0);
	series = make(0);
	emit(series, &snapshot);
	ck_assert_uint_eq(got.count, wc_series_fixed(&report));
	is("packets-tcp-443-in", 9);
	is("total_bytes-tcp-443-in", 540);
	is("total_connections-tcp-443-in-new", 2);
	is("total_connections-tcp-443-in-accepted", 1);
	is("total_connections-tcp-443-in-refused", 0);
	is("packets-tcp-443-out", 3);
	is("packets-tcp-other-transit", 5);
	is("total_connections-tcp-other-transit-accepted", 1);
	is("packets-udp-53-in", 4);
	is("total_connections-udp-53-in-refused", 4);
	is("packets-udp-53-out", 0);
	ck_assert_ptr_null(find("packets-tcp-443-transit"));
	ck_assert_ptr_null(find("packets-transit"));
	end(series);
}
END_TEST

START_TEST(test_services_and_top)
{
	struct wc_port_row rows[] = {tcp(22, IN, 5, 1, 1),        /* a service */
				     tcp(80, OUT, 70, 9, 0),      /* tried, and the top */
				     tcp(50000, OUT, 900, 0, 0)}; /* a client's end */
	struct wc_snapshot snapshot = {.ports = rows, .port_rows = 3};
	struct wc_series *series;

	begin();
	report.top = 1;
	series = make(400);
	emit(series, &snapshot);
	is("packets-tcp-22-in", 0);
	is("packets-tcp-80-out", 0);
	ck_assert_ptr_null(find("packets-tcp-50000-out"));
	is("packets-tcp-other-out", 970);
	rows[0].total.all.packets = 8;
	emit(series, &snapshot);
	is("packets-tcp-22-in", 3);
	is("packets-tcp-other-in", 5);
	end(series);
}
END_TEST

START_TEST(test_names_and_numbers)
{
	struct wc_key_row protocols[] = {{.key = 1, .total = {3, 300}}, {.key = 253}};
	struct wc_key_row ethertypes[] = {{.key = 0x0806, .total = {2, 84}}, {.key = 0x0abc}};
	struct wc_snapshot snapshot = {.protocols = protocols,
				       .protocol_rows = 2,
				       .ethertypes = ethertypes,
				       .ethertype_rows = 2};
	struct wc_series *series;

	begin();
	protocols[1].total.packets = ethertypes[1].total.packets = 1;
	series = make(400);
	emit(series, &snapshot);
	protocols[0].total.packets = 10;
	emit(series, &snapshot);
	if (wc_registry_protocol(registry, 1))
		is("packets-protocol-icmp-in", 7);
	else
		is("packets-protocol-1-in", 7);
	is("packets-protocol-253-in", 0);
	is("packets-ethertype-arp-in", 0);
	is("packets-ethertype-0abc-in", 0);
	is("packets-protocol-other-in", 4);
	end(series);
}
END_TEST

/* Random ports grow: the sums of what is shown are the sums of the rows, in each read. */
START_TEST(test_it_adds_up)
{
	static struct wc_port_row rows[400];
	struct wc_snapshot snapshot = {.ports = rows, .port_rows = 400};
	const char *ports[] = {"tcp/10", "udp/7"};
	struct wc_series *series;
	size_t room = (size_t)_i * 50;
	uint64_t before = 0;

	srandom((unsigned)_i);
	begin();
	ck_assert_int_eq(wc_report_set(&report, "ReportPorts", ports, 2, NULL), 0);
	for (uint16_t i = 0; i < 200; i++) {
		rows[i] = tcp(i, IN, 0, 0, 0);
		rows[200 + i] = udp(i, OUT, 0);
	}
	series = make(room);
	for (int step = 0; step < 30; step++) {
		uint64_t packets = 0, bytes = 0, new = 0, refused = 0;

		for (size_t i = 0; i < 400; i++) {
			struct wc_port_counts *total = &rows[i].total;

			total->all.packets += (uint64_t)random() % 1000;
			total->all.bytes += (uint64_t)random() % 100000;
			total->new += rows[i].protocol == 6 && !(random() % 9);
			total->accepted += rows[i].protocol == 6 && !(random() % 99);
			total->refused += !(random() % 9);
			packets += total->all.packets;
			bytes += total->all.bytes;
			new += total->new;
			refused += total->refused;
		}
		emit(series, &snapshot);
		ck_assert_uint_eq(sum("packets-tcp-", "") + sum("packets-udp-", ""), packets);
		ck_assert_uint_eq(sum("total_bytes-tcp-", "") + sum("total_bytes-udp-", ""), bytes);
		ck_assert_uint_eq(sum("total_connections-", "-new"), new);
		ck_assert_uint_eq(sum("total_connections-", "-refused"), refused);
		ck_assert_uint_ge(sum("packets-tcp-other", ""), before);
		before = sum("packets-tcp-other", "");
		if (room > wc_series_fixed(&report))
			ck_assert_uint_le(got.count, room);
		else
			ck_assert_uint_eq(got.count, wc_series_fixed(&report));
	}
	end(series);
}
END_TEST

START_TEST(test_little_is_reported)
{
	struct wc_series *series;

	begin();
	for (size_t i = 0; wc_report_name(i); i++)
		if (!strncmp(wc_report_name(i), "Report", 6) &&
		    strcmp(wc_report_name(i), "ReportTop") != 0)
			wc_report_set(&report, wc_report_name(i), (const char *[]){"false"}, 1,
				      NULL);
	report.top = 0;
	series = make(400);
	emit(series, &(struct wc_snapshot){0});
	ck_assert_uint_eq(got.count, 0);
	report.loss = true;
	emit(series, &(struct wc_snapshot){0});
	ck_assert_uint_eq(got.count, 7);
	end(series);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("series");
	TCase *group = tcase_create("series");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(group, test_nothing_counted);
	tcase_add_test(group, test_totals_and_loss);
	tcase_add_test(group, test_ports_asked_for);
	tcase_add_test(group, test_services_and_top);
	tcase_add_test(group, test_names_and_numbers);
	tcase_add_loop_test(group, test_it_adds_up, 0, 10);
	tcase_add_test(group, test_little_is_reported);
	tcase_set_timeout(group, 60);
	suite_add_tcase(suite, group);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

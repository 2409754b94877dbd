/* The JSON rows of conversations, hosts and scanners, and what the total says of them. */
#include <jansson.h>

#include "json_lines.h"
#include "sample.h"
#include "suite.h"

START_TEST(test_conversations)
{
	struct wc_snapshot snapshot = sample_busy();
	json_t *rows = json_lines(&snapshot), *row = json_lines_get(rows, "conversation", 0);

	ck_assert_int_eq(json_line_integer(json_array_get(rows, 0), "conversations"), 4);
	ck_assert_str_eq(json_line_text(row, "client"), "10.0.0.5");
	ck_assert_str_eq(json_line_text(row, "server"), "203.0.113.80");
	ck_assert_int_eq(json_line_integer(row, "protocol"), 6);
	ck_assert_int_eq(json_line_integer(row, "port"), 443);
	ck_assert_ptr_null(json_object_get(row, "client_port"));
	ck_assert_str_eq(json_line_text(row, "direction"), "out");
	ck_assert_str_eq(json_line_text(row, "scope"), "internet");
	ck_assert_int_eq(json_line_integer(row, "ip_bytes"), 57400);
	ck_assert_int_eq(json_line_integer(row, "flags"), 0x1b);
	ck_assert_int_eq(json_line_integer(row, "reverse_ip_bytes"), 1483200000);
	ck_assert_int_eq(json_line_integer(row, "reverse_flags"), 0x1a);
	ck_assert_str_eq(json_line_text(row, "first_seen"), "2023-11-14T21:13:20.250Z");
	ck_assert_str_eq(json_line_text(row, "last_seen"), "2023-11-14T22:13:30.249Z");

	row = json_lines_get(rows, "conversation", 1);
	ck_assert_str_eq(json_line_text(row, "client"), "2001:db8::5");
	ck_assert_str_eq(json_line_text(row, "server"), "2001:db8:ffff:ffff:ffff:ffff:ffff:fff0");
	ck_assert_str_eq(json_line_text(row, "scope"), "local");

	row = json_lines_get(rows, "conversation", 2);
	ck_assert_str_eq(json_line_text(row, "client"), "internet");
	ck_assert(json_line_null(row, "first_seen") && json_line_null(row, "last_seen"));
	json_decref(rows);
}
END_TEST

/* A remainder does not tell its ways apart. */
START_TEST(test_other_conversations)
{
	static const char *const unknown[] = {
		"direction",        "scope",           "flags",
		"reverse_new",      "reverse_packets", "reverse_bytes",
		"reverse_ip_bytes", "reverse_flags",   "first_seen",
		"last_seen"};
	struct wc_snapshot snapshot = sample_busy();
	json_t *rows = json_lines(&snapshot), *row = json_lines_get(rows, "conversation", 4);

	ck_assert(json_is_true(json_object_get(row, "other")));
	ck_assert_int_eq(json_line_integer(row, "packets"), 10);
	ck_assert_int_eq(json_line_integer(row, "new"), 3);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++)
		ck_assert_msg(json_line_null(row, unknown[i]), "%s", unknown[i]);
	json_decref(rows);
}
END_TEST

START_TEST(test_five_tuple)
{
	struct wc_snapshot snapshot = sample_busy();
	json_t *rows;

	snapshot.five_tuple = true;
	rows = json_lines(&snapshot);
	ck_assert_int_eq(json_line_integer(json_lines_get(rows, "conversation", 0), "client_port"),
			 51234);
	ck_assert_int_eq(json_line_integer(json_lines_get(rows, "conversation", 2), "client_port"),
			 0);
	ck_assert_ptr_null(json_object_get(json_lines_get(rows, "conversation", 4), "client_port"));
	json_decref(rows);
}
END_TEST

/* Both ways of all conversations are what the ports counted. */
START_TEST(test_conversations_add_up)
{
	struct wc_snapshot snapshot = sample_busy();
	json_t *rows = json_lines(&snapshot);
	long long packets = 0, bytes = 0;

	for (size_t i = 0; i < 5; i++) {
		const json_t *row = json_lines_get(rows, "conversation", i);

		packets += json_line_integer(row, "packets");
		bytes += json_line_integer(row, "bytes");
		packets += json_integer_value(json_object_get(row, "reverse_packets"));
		bytes += json_integer_value(json_object_get(row, "reverse_bytes"));
	}
	ck_assert_int_eq(packets, json_lines_sum(rows, "port", "packets"));
	ck_assert_int_eq(bytes, json_lines_sum(rows, "port", "bytes"));
	json_decref(rows);
}
END_TEST

/* A host that was not heard in the interval has no row. */
START_TEST(test_hosts)
{
	struct wc_snapshot snapshot = sample_busy();
	json_t *rows = json_lines(&snapshot), *row = json_lines_get(rows, "host", 0);

	ck_assert_int_eq(json_line_integer(json_array_get(rows, 0), "hosts"), 4);
	ck_assert_str_eq(json_line_text(row, "address"), "10.0.0.5");
	ck_assert_int_eq(json_line_integer(row, "sent_packets"), 900);
	ck_assert_int_eq(json_line_integer(row, "sent_bytes"), 70000);
	ck_assert_int_eq(json_line_integer(row, "sent_new"), 30);
	ck_assert_int_eq(json_line_integer(row, "received_packets"), 1200040);
	ck_assert_int_eq(json_line_integer(row, "received_bytes"), 1500005000);
	ck_assert_int_eq(json_line_integer(row, "received_new"), 7);
	ck_assert_str_eq(json_line_text(row, "first_seen"), "2023-11-14T21:13:20.250Z");
	ck_assert_str_eq(json_line_text(row, "last_seen"), "2023-11-14T22:13:30.250Z");
	ck_assert_str_eq(json_line_text(json_lines_get(rows, "host", 1), "address"),
			 "2001:db8:ffff:ffff:ffff:ffff:ffff:fff0");
	ck_assert_str_eq(json_line_text(json_lines_get(rows, "host", 2), "address"), "::1");
	ck_assert(json_line_null(json_lines_get(rows, "host", 4), "last_seen"));
	ck_assert_int_eq(json_lines_sum(rows, "host", "sent_packets"), 1201039);
	ck_assert_int_eq(json_lines_sum(rows, "host", "received_packets"), 1201039);
	json_decref(rows);
}
END_TEST

/* A name is one more field of a row: nothing else of it changes, nor any order. */
START_TEST(test_names)
{
	struct wc_snapshot snapshot = sample_busy();
	json_t *plain = json_lines(&snapshot);
	json_t *named = json_lines_of(&sample_named_context, &snapshot);
	const json_t *names = json_object_get(json_lines_get(named, "host", 0), "names");

	ck_assert_uint_eq(json_array_size(names), 3);
	ck_assert_str_eq(json_string_value(json_array_get(names, 0)), "a\"\n\033[31m.example");
	ck_assert_str_eq(json_string_value(json_array_get(names, 1)), "second.example");
	names = json_object_get(json_lines_get(named, "host", 1), "names");
	ck_assert_uint_eq(json_array_size(names), 1);
	ck_assert_str_eq(json_string_value(json_array_get(names, 0)), ":ns.example.net");
	for (size_t i = 3; i < 5; i++) {
		names = json_object_get(json_lines_get(named, "host", i), "names");
		ck_assert(json_is_array(names) && !json_array_size(names));
	}
	for (size_t i = 0; i < json_array_size(named); i++)
		json_object_del(json_array_get(named, i), "names");
	ck_assert(json_equal(plain, named));
	json_decref(named);
	json_decref(plain);
}
END_TEST

START_TEST(test_rates)
{
	static const char *const rates[] = {"packets_per_hour", "connections_per_hour",
					    "bytes_per_hour"};
	static const double known[] = {4323384.0, 0.063, 5.4e12}; /* to three decimals */
	struct wc_snapshot snapshot = sample_busy();
	json_t *rows = json_lines(&snapshot);

	for (size_t i = 0; i < 3; i++) {
		const json_t *row = json_lines_get(rows, "host", 0);

		ck_assert_double_eq_tol(json_real_value(json_object_get(row, rates[i])), known[i],
					1e-9);
		ck_assert(json_line_null(json_lines_get(rows, "host", 1), rates[i]));
		ck_assert(json_line_null(json_lines_get(rows, "host", 4), rates[i]));
	}
	json_decref(rows);
}
END_TEST

START_TEST(test_scanners)
{
	struct wc_snapshot snapshot = sample_busy();
	json_t *rows = json_lines(&snapshot), *row = json_lines_get(rows, "scanner", 1);

	ck_assert_str_eq(json_line_text(row, "address"), "2001:db8::99");
	ck_assert_int_eq(json_line_integer(row, "attempts"), 123456);
	ck_assert_int_eq(json_line_integer(row, "port_changes"), 4);
	ck_assert_int_eq(json_line_integer(row, "distinct_ports"), 3);
	ck_assert_int_eq(json_line_integer(row, "distinct_hosts"), 41000);
	ck_assert_int_eq(json_line_integer(row, "refused"), 0);
	ck_assert_int_eq(json_line_integer(row, "unanswered"), 123000);
	ck_assert(json_line_null(row, "first_seen"));
	row = json_lines_get(rows, "scanner", 3);
	ck_assert_str_eq(json_line_text(row, "first_seen"), "2023-11-14T22:13:20.250Z");
	json_decref(rows);
}
END_TEST

/* Port changes alone were looked at. */
START_TEST(test_plain)
{
	const struct wc_scanner_row scanner = {.attempts = 20, .port_changes = 19, .plain = true};
	struct wc_snapshot snapshot = sample_busy();
	json_t *rows, *row;

	snapshot.scanners = &scanner;
	snapshot.scanner_rows = 1;
	rows = json_lines(&snapshot);
	row = json_lines_get(rows, "scanner", 0);
	ck_assert_int_eq(json_line_integer(row, "attempts"), 20);
	ck_assert(json_line_null(row, "unanswered"));
	json_decref(rows);
}
END_TEST

START_TEST(test_internet)
{
	struct wc_snapshot snapshot = sample_busy();
	json_t *rows = json_lines(&snapshot), *total = json_array_get(rows, 0);

	ck_assert_int_eq(json_line_integer(total, "internet_in_packets"), 1200040);
	ck_assert_int_eq(json_line_integer(total, "internet_in_bytes"), 1500005000);
	ck_assert_int_eq(json_line_integer(total, "internet_out_packets"), 900);
	ck_assert_int_eq(json_line_integer(total, "internet_out_bytes"), 70000);
	json_decref(rows);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_conversations,
		test_other_conversations,
		test_five_tuple,
		test_conversations_add_up,
		test_hosts,
		test_names,
		test_rates,
		test_scanners,
		test_plain,
		test_internet,
		NULL,
	};

	return suite_run("json_flows", tests, 60);
}

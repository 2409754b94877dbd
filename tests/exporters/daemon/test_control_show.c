/* What the control socket answers to show and status. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../encode/json_lines.h"
#include "buffer.h"
#include "control_bed.h"
#include "control_show.h"
#include "json.h"
#include "rows.h"
#include "sample.h"
#include "suite.h"
#include "text.h"

static struct bed bed;

/* Checks that @line is answered by `OK`, the length, and @body. */
static void expect_ok(const char *line, const struct wc_buffer *body)
{
	struct wc_buffer whole = {0};

	wc_buffer_format(&whole, "OK %zu\n", body->length);
	wc_buffer_add(&whole, body->data, body->length);
	wc_buffer_add(&whole, "", 1);
	bed_expect(&bed, line, whole.data);
	wc_buffer_free(&whole);
}

static const struct {
	const char *what;
	unsigned rows;
} tables[] = {
	{"totals", WC_ROWS_TOTAL | WC_ROWS_LLC | WC_ROWS_MALFORMED | WC_ROWS_UNSUPPORTED},
	{"ports", WC_ROWS_PORT},
	{"protocols", WC_ROWS_PROTOCOL | WC_ROWS_FRAGMENT},
	{"ethertypes", WC_ROWS_ETHERTYPE},
	{"conversations", WC_ROWS_CONVERSATION},
	{"hosts", WC_ROWS_HOST},
	{"scanners", WC_ROWS_SCANNER},
};

/* Tables are those of the whole census; the second capture has none yet. */
START_TEST(test_text)
{
	struct wc_context context = sample_context;

	bed_open(&bed, NULL);
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct wc_buffer body = {0};
		char line[64];

		context.top = 2;
		wc_text_encode_rows(&body, &context, &bed.snapshot, tables[i].rows);
		wc_buffer_text(&body, "my lan\nno interval has ended yet\n\n");
		snprintf(line, sizeof(line), "show %s top=2", tables[i].what);
		expect_ok(line, &body);

		wc_buffer_clear(&body);
		context.top = 10;
		wc_text_encode_rows(&body, &context, &bed.snapshot, tables[i].rows);
		snprintf(line, sizeof(line), "show %s capture=wan", tables[i].what);
		expect_ok(line, &body);
		wc_buffer_free(&body);
	}
	bed_close(&bed);
}
END_TEST

START_TEST(test_json)
{
	bed_open(&bed, NULL);
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct wc_buffer body = {0};
		char line[64];

		wc_json_encode_rows(&body, &sample_context, &bed.snapshot, tables[i].rows);
		snprintf(line, sizeof(line), "show %s format=json top=1", tables[i].what);
		expect_ok(line, &body);
		wc_buffer_free(&body);
	}
	bed_expect(&bed, "show ports format=json capture=my%20lan", "OK 0\n");
	bed_close(&bed);
}
END_TEST

/* Since the start: the rows' totals, from the daemon's start on. */
START_TEST(test_total)
{
	static const struct wc_port_row ports[] = {
		{.protocol = 6, .port = 22, .total = {{7, 700}, 3, 2, 1}},
		{.protocol = 6,
		 .port = 25,
		 .delta = {{1, 60}, 1, 0, 0},
		 .total = {{9, 900}, 4, 0, 4}},
	};
	static const struct wc_key_row keys[] = {{.key = 1, .total = {5, 500}}};
	json_error_t reason;
	json_t *row;
	const char *text;

	bed_open(&bed, NULL);
	bed.snapshot.ports = ports;
	bed.snapshot.port_rows = 2;
	bed.snapshot.protocols = keys;
	bed.snapshot.protocol_rows = 1;
	bed.snapshot.fragment_rows = 0;
	bed.board.started_ns = INT64_C(1600000000000000000);

	text = strchr(bed_ask(&bed, "show ports format=json total=yes capture=wan"), '\n') + 1;
	row = json_loads(text, JSON_DISABLE_EOF_CHECK, &reason);
	ck_assert_msg(row, "%s", reason.text);
	ck_assert_int_eq(json_line_integer(row, "port"), 22);
	ck_assert_int_eq(json_line_integer(row, "packets"), 7);
	ck_assert_int_eq(json_line_integer(row, "bytes"), 700);
	ck_assert_int_eq(json_line_integer(row, "new"), 3);
	ck_assert_int_eq(json_line_integer(row, "rows"), 2);
	ck_assert_str_eq(json_line_text(row, "start"), "2020-09-13T12:26:40.000Z");
	ck_assert_str_eq(json_line_text(row, "end"), "2023-11-14T22:13:30.251Z");
	json_decref(row);

	text = strchr(bed_ask(&bed, "show protocols format=json total=yes capture=wan"), '\n') + 1;
	row = json_loads(text, 0, &reason);
	ck_assert_msg(row, "%s", reason.text);
	ck_assert_int_eq(json_line_integer(row, "packets"), 5);
	json_decref(row);

	bed_expect(&bed, "show hosts total=yes",
		   "ERROR 2 hosts are kept by intervals, not since the start: leave out --total\n");
	bed_expect(&bed, "show exporters total=yes",
		   "ERROR 2 exporters are kept by intervals, not since the start: leave out "
		   "--total\n");
	bed_close(&bed);
}
END_TEST

START_TEST(test_loss)
{
	static const char wanted[] = "wan: eth0\n"
				     "interval 3\n"
				     "\n"
				     "frames                         interval            all\n"
				     "received                      1,201,142      1,202,142\n"
				     "counted                       1,201,057      1,202,057\n"
				     "  of them malformed                   2              2\n"
				     "  of them unsupported                 -              -\n"
				     "rejected by match                    50             50\n"
				     "lost in the kernel                   33             33\n"
				     "pending at the end                    2              2\n"
				     "not among the received:\n"
				     "missed by the interface               4              4\n"
				     "interface gone, in ms             2,346          2,346\n"
				     "interface opened again                1              1\n"
				     "\n";
	struct wc_buffer body = {0};

	bed_open(&bed, NULL);
	wc_buffer_text(&body, wanted);
	expect_ok("show loss capture=wan", &body);
	wc_buffer_clear(&body);
	wc_json_encode_rows(&body, &sample_context, &bed.snapshot, WC_ROWS_TOTAL);
	expect_ok("show loss format=json", &body);
	wc_buffer_free(&body);
	bed_close(&bed);
}
END_TEST

START_TEST(test_captures)
{
	static const char wanted[] = "capture wan: eth0\n"
				     "  interval 3: frames 1,201,107, lost 33, missed by the "
				     "interface 4; since the start: "
				     "frames 1,202,107, lost 33\n"
				     "  engine pcap, as asked for\n"
				     "  filter none\n"
				     "capture my lan: eth1, which is not there\n"
				     "  no interval has ended yet\n";
	struct wc_buffer body = {0};
	json_error_t reason;
	json_t *row;

	bed_open(&bed, NULL);
	bed.captures[1].present = false;
	wc_buffer_text(&body, wanted);
	expect_ok("show captures", &body);
	row = json_loads(strchr(bed_ask(&bed, "show captures format=json capture=my%20lan"), '\n'),
			 0, &reason);
	ck_assert_msg(row, "%s", reason.text);
	ck_assert_str_eq(json_line_text(row, "type"), "capture");
	ck_assert_str_eq(json_line_text(row, "capture"), "my lan");
	ck_assert(json_is_false(json_object_get(row, "present")));
	ck_assert(json_line_null(row, "interval"));
	json_decref(row);
	wc_buffer_free(&body);
	bed_close(&bed);
}
END_TEST

/* A name of others moves no cursor, and ends no line. */
START_TEST(test_exporters)
{
	static const char wanted[] =
		"exporter json/fluentd: waiting\n"
		"  intervals: backlog 12, lost 1\n"
		"  delivered: messages 3,000, rows 45,000, bytes 6,000,000, last at "
		"2023-11-14T22:13:20.250Z\n"
		"  messages: unconfirmed 7, repeated 8\n"
		"  connections 9, failures 10\n"
		"  last failure: refused by \\x1b[2J\\x0a\"me\"\n"
		"exporter syslog/\\x1b[31m: waiting\n";
	json_error_t reason;
	const char *text;
	json_t *row;

	bed_open(&bed, NULL);
	bed_exporter = (struct wc_exporter_status){
		.condition = WC_EXPORTER_WAITING,
		.backlog = 12,
		.lost_intervals = 1,
		.messages = 3000,
		.rows = 45000,
		.bytes = 6000000,
		.unconfirmed = 7,
		.repeated = 8,
		.connections = 9,
		.failures = 10,
		.last_ns = INT64_C(1700000000250000000),
		.reason = "refused by \033[2J\n\"me\"",
	};
	text = strchr(bed_ask(&bed, "show exporters"), '\n') + 1;
	ck_assert_msg(!strncmp(text, wanted, strlen(wanted)), "%s", text);
	text = strchr(bed_ask(&bed, "show exporters format=json"), '\n') + 1;
	row = json_loads(text, JSON_DISABLE_EOF_CHECK, &reason);
	ck_assert_msg(row, "%s", reason.text);
	ck_assert_str_eq(json_line_text(row, "state"), "waiting");
	ck_assert_int_eq(json_line_integer(row, "backlog_intervals"), 12);
	ck_assert_int_eq(json_line_integer(row, "lost_intervals"), 1);
	ck_assert_int_eq(json_line_integer(row, "rows"), 45000);
	ck_assert_str_eq(json_line_text(row, "reason"), bed_exporter.reason);
	json_decref(row);
	bed.board.exporter_count = 0;
	bed_expect(&bed, "show exporters", "OK 26\nno exporter is configured\n");
	bed_close(&bed);
}
END_TEST

/* All is well when nothing was lost in the last interval and the board has no trouble. */
START_TEST(test_status)
{
	const char *text;

	bed_open(&bed, NULL);
	bed.snapshot.delta.lost_kernel = bed.snapshot.delta.lost_interface = 0;
	bed_journal = (struct wc_journal_state){2, 11, 10, 4096, 1, 5};
	bed.board.lost_intervals = 6;
	text = bed_ask(&bed, "status");
	ck_assert_msg(!strncmp(text, "OK ", 3), "%s", text);
	ck_assert_ptr_nonnull(
		strstr(text, " on census.example, all is well\ninstance   4f6f5c1e-"));
	ck_assert_ptr_nonnull(strstr(text, "\nstarted    2023-11-14T22:13:20.250Z\n"));
	ck_assert_ptr_nonnull(strstr(text, "\nconfig     /etc/wirecensus/wirecensus.conf\n"));
	ck_assert_ptr_nonnull(
		strstr(text, "\njournal: intervals 10, bytes 4,096\n"
			     "  dropped before they were delivered 1, never written 6, failures of "
			     "writing 5\n"));
	ck_assert_ptr_nonnull(strstr(text, "\ncapture my lan: eth1\n"));
	ck_assert_ptr_nonnull(strstr(text, "\nexporter json/fluentd: idle\n"));

	bed.snapshot.delta.lost_kernel = 33;
	bed.snapshot.delta.lost_interface = 4;
	bed.board.trouble = "first \033[31m\nsecond\n";
	text = bed_ask(&bed, "status");
	ck_assert_msg(!strncmp(text, "TROUBLE 1 ", 10), "%s", text);
	ck_assert_ptr_nonnull(strstr(
		text, " on census.example\n"
		      "WRONG      capture wan: the kernel lost 33 frames in the last interval\n"
		      "           capture wan: the interface missed 4 frames in the last interval\n"
		      "           first \\x1b[31m\n"
		      "           second\n"
		      "instance "));
	bed_close(&bed);
}
END_TEST

START_TEST(test_status_json)
{
	json_error_t reason;
	const char *text;
	json_t *row, *wrong;
	size_t length;
	int body;

	bed_open(&bed, NULL);
	bed.board.trouble = "a \"quoted\" line\n";
	text = bed_ask(&bed, "status format=json");
	ck_assert_int_eq(sscanf(text, "TROUBLE 1 %zu\n%n", &length, &body), 1);
	ck_assert_uint_eq(strlen(text + body), length);
	row = json_loads(text + body, JSON_DISABLE_EOF_CHECK, &reason);
	ck_assert_msg(row, "%s", reason.text);
	ck_assert_str_eq(json_line_text(row, "type"), "status");
	ck_assert(json_is_false(json_object_get(row, "well")));
	wrong = json_object_get(row, "wrong");
	ck_assert_uint_eq(json_array_size(wrong), 3);
	ck_assert_str_eq(json_string_value(json_array_get(wrong, 2)), "a \"quoted\" line");
	ck_assert_int_gt(json_line_integer(row, "memory_bytes"), 1000000);
	json_decref(row);
	ck_assert_ptr_nonnull(strstr(text, "\n{\"schema\":1,\"type\":\"capture\","));
	ck_assert_ptr_nonnull(strstr(text, "\n{\"schema\":1,\"type\":\"exporter\","));
	bed_close(&bed);
}
END_TEST

START_TEST(test_refused)
{
	bed_open(&bed, NULL);
	bed_expect(&bed, "show", "ERROR 2 show needs one of " WC_SHOW_LIST "\n");
	bed_expect(&bed, "show \xc3\xa4%1b[31m",
		   "ERROR 2 '\xc3\xa4\\x1b[31m' cannot be shown: choose one of " WC_SHOW_LIST "\n");
	bed_expect(&bed, "show ports top=0",
		   "ERROR 2 top: '0' is not a whole number from 1 to 1000000\n");
	bed_expect(&bed, "show ports reset=yes", "ERROR 2 show has no option 'reset'\n");
	bed_expect(&bed, "show ports capture=dmz",
		   "ERROR 2 there is no capture 'dmz': 'wirecensus show captures' lists them\n");
	bed_expect(&bed, "status now", "ERROR 2 status takes no argument 'now'\n");
	bed_expect(
		&bed, "hello",
		"ERROR 2 there is no request 'hello': show, status, snapshot, dump and reload are "
		"answered\n");
	bed_expect(&bed, "top=5", "ERROR 2 a request begins with a verb\n");
	bed_close(&bed);
}
END_TEST

/* What would be too much to keep for a client is refused before it is made. */
START_TEST(test_too_many)
{
	struct wc_snapshot full = sample_full();

	bed_open(&bed, NULL);
	bed.captures[0].last = bed.captures[1].last = &full;
	bed_expect(
		&bed, "show ports format=json",
		"ERROR 1 262144 rows are too many for one answer, which takes 200000: ask for one "
		"capture, for text, or have an exporter send them\n");
	ck_assert(!strncmp(bed_ask(&bed, "show ports format=json capture=wan"), "OK ", 3));
	ck_assert(!strncmp(bed_ask(&bed, "show ports"), "OK ", 3));
	bed_close(&bed);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_text,     test_json,      test_total,  test_loss,
		test_captures, test_exporters, test_status, test_status_json,
		test_refused,  test_too_many,  NULL,
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return suite_run("control_show", tests, 60);
}

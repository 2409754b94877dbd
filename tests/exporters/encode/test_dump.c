/* Dump files: JSON rows, and what Perl makes of the ancestor's layout. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "dump_json.h"
#include "dump_perl.h"
#include "json_lines.h"
#include "sample.h"
#include "suite.h"
#include "wirecensus/options.h"

#define STARTED_NS INT64_C(1600000000000000000)

static struct wc_snapshot snapshot;
static struct wc_options options;
static struct wc_dump_facts facts;

static void prepare(void)
{
	snapshot = sample_busy();
	options = (struct wc_options){.filter = (char *)"not port 22"};
	facts = (struct wc_dump_facts){.snapshot = &snapshot,
				       .started_ns = STARTED_NS,
				       .hits = {20.2, 168.333},
				       .options = &options};
}

/* Every line is an object; they are numbered through; hosts that are silent have a row. */
START_TEST(test_json)
{
	static const char *const types[] = {"dump", "total", "llc",  "malformed", "host",
					    "host", "host",  "host", "host",      "host"};
	struct wc_buffer text = {0};
	size_t lines = 0, of_types = 0;
	char *line, *rest;

	prepare();
	wc_dump_json_encode(&text, &sample_named_context, &facts);
	wc_buffer_add(&text, "", 1);
	rest = text.data;
	while ((line = strsep(&rest, "\n")) && *line) {
		json_error_t reason;
		json_t *row = json_loads(line, JSON_REJECT_DUPLICATES, &reason);
		const char *type;

		ck_assert_msg(row, "%s: %s", line, reason.text);
		type = json_line_text(row, "type");
		ck_assert_int_eq(json_line_integer(row, "row"), (long long)++lines);
		ck_assert_int_eq(json_line_integer(row, "schema"), 1);
		ck_assert_int_eq(json_line_integer(row, "rows"), 10);
		ck_assert_str_eq(json_line_text(row, "start"),
				 strcmp(type, "host") != 0 ? "2020-09-13T12:26:40.000Z"
							   : "2023-11-14T22:13:20.250Z");
		if (of_types < sizeof(types) / sizeof(*types) && !strcmp(type, types[of_types]))
			of_types++;
		json_decref(row);
	}
	ck_assert_uint_eq(lines, 10);
	ck_assert_uint_eq(of_types, sizeof(types) / sizeof(*types));
	wc_buffer_free(&text);
}
END_TEST

/* What was counted since the start, whatever the last interval added. */
START_TEST(test_json_totals)
{
	static const struct wc_port_row ports[] = {
		{.protocol = 6, .port = 22, .total = {{7, 700}, 3, 2, 1}}};
	struct wc_buffer text = {0};
	const char *head;

	prepare();
	snapshot.ports = ports;
	snapshot.port_rows = 1;
	wc_dump_json_encode(&text, &sample_context, &facts);
	wc_buffer_add(&text, "", 1);
	ck_assert_ptr_nonnull(strstr(text.data, "\"port\":22,\"name\":null,\"direction\":\"in\","
						"\"packets\":7,\"bytes\":700,\"new\":3,"
						"\"accepted\":2,\"refused\":1}\n"));
	head = strstr(text.data, "\"row\":1,\"rows\":");
	ck_assert_ptr_nonnull(strstr(head,
				     ",\"version\":\"" WC_VERSION "\",\"hits_per_minute\":20.200,"
				     "\"bytes_per_second\":168.333,\"users\":5,"
				     "\"filter\":\"not port 22\",\"match\":null,"
				     "\"no_match\":null}\n"));
	wc_buffer_free(&text);
}
END_TEST

START_TEST(test_perl_layout)
{
	static const char wanted[] =
		"\n"
		"# wirecensus " WC_VERSION ", in the layout of Net::Connection::Sniffer 0.36\n"
		"# start:\t1600000000,\tSun Sep 13 12:26:40 2020\n"
		"# current:\t1700000010,\tTue Nov 14 22:13:30 2023\n"
		"# hits:\t\t20 per minute\n"
		"# bytes:\t168 per second\n"
		"# users:\t3\n"
		"# device:\teth0\tpromiscuous\n"
		"# bpf:\t\tnot port 22\n"
		"# fragment:\t42 - 512\n"
		"# contains:\tsome\\x{0a}domain\n"
		"{\n"
		"  my $dump = {\n"
		"\t'10.9.0.9'\t=> {\n"
		"\t\tB\t=> 1514,\n"
		"\t\tC\t=> 1,\n"
		"\t\tE\t=> 1700000001,\n"
		"\t\tN\t=> [],\n"
		"\t\tR\t=> 3,\n"
		"\t\tS\t=> 1700000000,\n"
		"\t\tT\t=> 0,\n"
		"\t\tW\t=> 276,\n"
		"\t},\n"
		"\t'10.9.0.10'\t=> {\n";
	static const struct wc_host_row hosts[] = {
		{.address = {.version = 4, .low = 0xc63364c8}},
		{.address = {.version = 4, .low = 0x0a09000a}},
		{.address = {.version = 4, .low = 0x0a090009},
		 .received = {1, 1514, 0},
		 .first_seen_ns = INT64_C(1700000000900000000),
		 .last_seen_ns = INT64_C(1700000001000000000),
		 .rates_known = true,
		 .packets_per_hour = 2.7551,
		 .bytes_per_hour = 275.5102},
		{.other = true},
	};
	struct wc_buffer text = {0};

	prepare();
	snapshot.hosts = hosts;
	snapshot.host_rows = 4;
	options.promiscuous = true;
	options.match = (char *)"SOME\nDomain";
	options.payload_offset = 42;
	wc_dump_perl_encode(&text, &sample_context, &facts);
	wc_buffer_add(&text, "", 1);
	ck_assert_msg(!strncmp(text.data, wanted, strlen(wanted)), "%s", text.data);
	ck_assert_ptr_nonnull(strstr(text.data, "\n\t'198.51.100.200' => {\n"));
	ck_assert_str_eq(text.data + strlen(text.data) - 11, "\t},\n  };\n}\n");
	wc_buffer_free(&text);
}
END_TEST

/* ---- as Perl reads it ---- */

static size_t hostile; /* which of the names */

static size_t find_hostile(void *arg, const struct wc_address *address,
			   const char *names[static WC_NAMING_MAX])
{
	(void)arg;
	(void)address;
	names[0] = sample_hostile[hostile];
	names[1] = "','',],},};system('touch pwned');{my $x={y=>{N=>['";
	names[2] = "\\";
	names[3] = "\\'.`touch pwned`.\\'";
	return 4;
}

/* Runs Perl on the file "dump" of the current folder, with @program, and returns what it prints. */
static const char *perl(const char *program)
{
	static char text[65536];
	FILE *output;
	size_t length;

	setenv("PROGRAM", program, 1);
	output = popen("LC_ALL=C perl -w -e \"$PROGRAM\" 2>&1", "r");
	ck_assert_ptr_nonnull(output);
	length = fread(text, 1, sizeof(text) - 1, output);
	text[length] = '\0';
	ck_assert_msg(pclose(output) == 0, "%s", text);
	return text;
}

static void write_dump(const struct wc_buffer *text)
{
	FILE *file = fopen("dump", "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text->data, 1, text->length, file), text->length);
	ck_assert_int_eq(fclose(file), 0);
}

/* What the name is to Perl: bytes that are not plain, written out. */
static const char *written_out(const char *name)
{
	static struct wc_buffer text;

	wc_buffer_clear(&text);
	for (; *name; name++)
		if (*name >= 0x20 && *name < 0x7f)
			wc_buffer_add(&text, name, 1);
		else
			wc_buffer_format(&text, "\\x{%02x}", (unsigned char)*name);
	wc_buffer_add(&text, "", 1);
	return text.data;
}

/* Names, filters, interfaces and needles of any bytes stay texts, and run nothing. */
START_TEST(test_perl_hostile)
{
	static const struct wc_naming naming = {.find = find_hostile};
	static const char program[] =
		"my $d = do './dump'; die $@ if $@; print scalar(keys %$d), '\n';"
		"print $_, '\n' for @{$d->{'10.0.0.5'}{N}};"
		"print join(' ', sort keys %{$d->{'10.0.0.5'}}), '\n', $d->{'10.0.0.5'}{R};";
	char folder[] = "/tmp/wirecensus-dump-XXXXXX";
	struct wc_context context = sample_context;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	context.naming = &naming;
	prepare();
	for (hostile = 0; sample_hostile[hostile]; hostile++) {
		struct wc_buffer text = {0}, wanted = {0};
		const char *got;

		snapshot.observer = sample_hostile[hostile];
		options.filter = options.match = options.no_match = (char *)sample_hostile[hostile];
		wc_dump_perl_encode(&text, &context, &facts);
		write_dump(&text);
		got = perl(program);
		wc_buffer_format(&wanted, "5\n%s\n", written_out(sample_hostile[hostile]));
		wc_buffer_text(&wanted, "','',],},};system('touch pwned');{my $x={y=>{N=>['\n\\\n"
					"\\'.`touch pwned`.\\'\nB C E N R S T W\n4323384");
		wc_buffer_add(&wanted, "", 1);
		ck_assert_str_eq(got, wanted.data);
		ck_assert_int_eq(access("pwned", F_OK), -1);
		wc_buffer_free(&text);
		wc_buffer_free(&wanted);
	}
	ck_assert_uint_ge(hostile, 30);
	unlink("dump");
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* A file without hosts is a file all the same. */
START_TEST(test_perl_empty)
{
	struct wc_buffer text = {0};

	prepare();
	snapshot.host_rows = 0;
	wc_dump_perl_encode(&text, &sample_context, &facts);
	wc_buffer_add(&text, "", 1);
	ck_assert_ptr_nonnull(strstr(text.data, "# users:\t0\n"));
	ck_assert_ptr_nonnull(strstr(text.data, "\n{\n  my $dump = {\n  };\n}\n"));
	wc_buffer_free(&text);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_json,         test_json_totals, test_perl_layout,
				      test_perl_hostile, test_perl_empty,  NULL};

	setenv("TZ", "UTC", 1);
	tzset();
	return suite_run("dump", tests, 60);
}

/* <Plugin wirecensus> blocks: what they set, and the one line for what is wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "stub.h"
#include "suite.h"
#include "wirecensus/options.h"

static struct wc_config config;
static oconfig_item_t *block;

static void begin(void)
{
	stub_reset();
	wc_config_init(&config);
	block = stub_item(NULL, "Plugin", "wirecensus");
}

/* Reads the block, and begins another. */
static void read_block(void)
{
	wc_config_block(&config, block);
	stub_free(block);
	block = stub_item(NULL, "Plugin", "wirecensus");
}

static void end(void)
{
	stub_free(block);
	wc_config_free(&config);
}

static void only_line(const char *line)
{
	ck_assert_ptr_nonnull(stub_line(0));
	ck_assert_str_eq(stub_line(0), line);
	ck_assert_ptr_null(stub_line(1));
}

/* A block with one capture "wan" of one option. */
static void capture_with(const char *key, const char *value)
{
	begin();
	stub_item(stub_item(block, "Capture", "wan"), key, value);
	read_block();
}

START_TEST(test_all_kinds_of_values)
{
	oconfig_item_t *capture;

	begin();
	capture = stub_item(block, "Capture", "wan");
	stub_more(stub_item(capture, "Interface", "eth0"), "eth1");
	stub_item(capture, "interface", "eth2");
	stub_item(capture, "Promiscuous", "true");
	stub_item(capture, "ExcludeLocalSources", NULL);
	stub_item(capture, "Snaplen", "128");
	stub_item(capture, "Buffer", "4M");
	stub_item(capture, "Filter", "not port 22");
	stub_item(capture, "To", "192.0.2.1");
	stub_item(capture, "Local", "192.0.2.2");
	stub_item(capture, "LocalAddress", "2001:db8::1");
	stub_item(capture, "Engine", "pcap");
	read_block();
	ck_assert_ptr_null(stub_line(0));
	ck_assert(config.asked);
	ck_assert_uint_eq(config.count, 1);
	ck_assert_str_eq(config.captures[0].name, "wan");
	ck_assert_uint_eq(config.captures[0].options.interface.count, 3);
	ck_assert_str_eq(config.captures[0].options.interface.items[2], "eth2");
	ck_assert(config.captures[0].options.promiscuous);
	ck_assert(config.captures[0].options.exclude_local_sources);
	ck_assert_uint_eq(config.captures[0].options.snaplen, 128);
	ck_assert_uint_eq(config.captures[0].options.buffer, 4 << 20);
	ck_assert_str_eq(config.captures[0].options.filter, "not port 22");
	ck_assert_uint_eq(config.captures[0].options.to.version, 4);
	ck_assert_uint_eq(config.captures[0].options.local_address.count, 2);
	ck_assert_int_eq(config.captures[0].options.engine, WC_ENGINE_PCAP);
	end();
}
END_TEST

/* Whatever the option table says that a capture of the plugin has is taken, and nothing else. */
START_TEST(test_the_table_decides)
{
	char name[WC_OPTION_NAME];

	for (const struct wc_option *row = wc_option_table; row->name; row++) {
		const char *line;

		capture_with(wc_option_spell(row, WC_SPELLING_CAMEL, name), "no such value");
		line = stub_line(0);
		if (row->scope & WC_SCOPE_PLUGIN)
			ck_assert_msg(!line || !strstr(line, "is not one of its options"), "%s",
				      line);
		else
			ck_assert_msg(line && strstr(line, "is not one of its options"), "%s",
				      name);
		end();
	}
}
END_TEST

START_TEST(test_blocks_add_up)
{
	begin();
	stub_item(stub_item(block, "Capture", "wan"), "Interface", "eth0");
	stub_item(block, "ReportTop", "5");
	read_block();
	stub_item(stub_item(block, "Capture", "lan"), "Interface", "eth1");
	stub_item(block, "ReportPorts", "tcp/443");
	read_block();
	ck_assert_ptr_null(stub_line(0));
	ck_assert_uint_eq(config.count, 2);
	ck_assert_str_eq(config.captures[1].name, "lan");
	ck_assert_uint_eq(config.report.top, 5);
	ck_assert_uint_eq(config.report.port_count, 1);
	end();
}
END_TEST

START_TEST(test_the_same_block_twice)
{
	begin();
	for (int i = 0; i < 2; i++) {
		stub_item(stub_item(block, "Capture", "wan"), "Interface", "eth0");
		read_block();
	}
	only_line("<Capture \"wan\"> is left out: there is one of this name already, which stays");
	ck_assert_uint_eq(config.count, 1);
	ck_assert_uint_eq(config.captures[0].options.interface.count, 1);
	end();
}
END_TEST

START_TEST(test_a_bad_capture_leaves_the_others)
{
	oconfig_item_t *bad;

	begin();
	bad = stub_item(block, "Capture", "bad");
	stub_item(bad, "Interface", "eth0");
	stub_item(bad, "Snaplen", "13");
	stub_item(bad, "Buffer", "many");
	stub_item(stub_item(block, "Capture", "good"), "Interface", "eth0");
	read_block();
	only_line("<Capture \"bad\"> is left out: Snaplen: '13' is not a size from 14 to 262144 "
		  "bytes; K, M or G may follow the number");
	ck_assert_uint_eq(config.count, 1);
	ck_assert_str_eq(config.captures[0].name, "good");
	end();
}
END_TEST

START_TEST(test_wrong_values)
{
	capture_with("Engine", "warp");
	ck_assert_ptr_nonnull(strstr(stub_line(0), "<Capture \"wan\"> is left out: Engine: 'warp' "
						   "is not one of auto"));
	ck_assert(config.asked);
	ck_assert_uint_eq(config.count, 0);
	end();
	capture_with("Promiscuous", "perhaps");
	only_line("<Capture \"wan\"> is left out: Promiscuous: 'perhaps' is neither yes nor no; "
		  "true, false, on and off will do, too");
	end();
	capture_with("Snaplen", "96.5");
	ck_assert_ptr_nonnull(strstr(stub_line(0), "Snaplen: '96.5' is not a size"));
	end();
	capture_with("Filter", NULL);
	only_line("<Capture \"wan\"> is left out: Filter needs a value: EXPRESSION");
	end();
	capture_with("To", "example.org");
	ck_assert_ptr_nonnull(strstr(stub_line(0), "To: "));
	end();
}
END_TEST

START_TEST(test_wrong_options)
{
	oconfig_item_t *capture;

	capture_with("Colour", "red");
	ck_assert_ptr_nonnull(strstr(stub_line(0),
				     "<Capture \"wan\"> is left out: Colour is not "
				     "one of its options: Interface, Engine, Attach"));
	end();

	begin();
	capture = stub_item(block, "Capture", "wan");
	stub_more(stub_item(capture, "Snaplen", "96"), "128");
	read_block();
	only_line("<Capture \"wan\"> is left out: Snaplen takes one value");
	end();

	begin();
	capture = stub_item(block, "Capture", "wan");
	stub_item(stub_item(capture, "Interface", "eth0"), "Filter", "ip");
	read_block();
	only_line("<Capture \"wan\"> is left out: Interface takes one value");
	end();

	begin();
	stub_item(block, "ReportTop", "many");
	stub_item(block, "ReportTotals", "false");
	read_block();
	only_line("<Plugin wirecensus>: an option is left out: ReportTop: 'many' is not a whole "
		  "number from 0 to 100");
	ck_assert(!config.report.totals);
	ck_assert_uint_eq(config.report.top, 10);
	end();

	begin();
	capture = stub_item(stub_item(block, "Capture", "wan"), "Interface", "eth0");
	for (int i = 1; i <= 256; i++)
		stub_more(capture, "eth1");
	read_block();
	only_line("<Capture \"wan\"> is left out: Interface: there are more than 256 values in one "
		  "line");
	end();

	begin();
	stub_item(block, "Interface", "eth0");
	read_block();
	ck_assert_ptr_nonnull(strstr(stub_line(0), "Interface is not one of its options: Capture, "
						   "ReportTotals, "));
	ck_assert(!config.asked);
	end();
}
END_TEST

START_TEST(test_wrong_names)
{
	char longest[WC_CAPTURE_NAME + 1];

	begin();
	stub_item(block, "Capture", NULL);
	read_block();
	only_line("<Capture \"\"> is left out: it needs one name, in quotes");
	end();

	begin();
	stub_item(block, "Capture", "'7'");
	stub_item(block, "Capture", "7");
	read_block();
	only_line("<Capture \"\"> is left out: it needs one name, in quotes");
	ck_assert_uint_eq(config.count, 1);
	end();

	memset(longest, 'x', sizeof(longest));
	longest[WC_CAPTURE_NAME] = '\0';
	begin();
	stub_item(block, "Capture", longest);
	stub_item(block, "Capture", longest + 1);
	stub_item(block, "Capture", "''");
	read_block();
	ck_assert_ptr_nonnull(
		strstr(stub_line(0), "is left out: its name must have 1 to 95 characters"));
	ck_assert_ptr_nonnull(strstr(stub_line(1), "<Capture \"\"> is left out"));
	ck_assert_uint_eq(config.count, 1);
	end();
}
END_TEST

/* It stands alone, and is a path. */
START_TEST(test_sockets)
{
	oconfig_item_t *capture;
	char longest[WC_DAEMON_PATH + 1];

	begin();
	stub_item(stub_item(block, "Capture", "wan"), "socket", "/run/wirecensus/control.sock");
	stub_item(stub_item(block, "Capture", "lan"), "Interface", "eth0");
	read_block();
	ck_assert_uint_eq(config.count, 2);
	ck_assert_str_eq(config.captures[0].socket, "/run/wirecensus/control.sock");
	ck_assert_str_eq(config.captures[1].socket, "");
	end();

	begin();
	capture = stub_item(block, "Capture", "wan");
	stub_item(capture, "Interface", "eth0");
	stub_item(capture, "Socket", "/run/wirecensus/control.sock");
	read_block();
	only_line("<Capture \"wan\"> is left out: Socket stands alone: what the daemon counts, and "
		  "how, is up to its own configuration");
	end();

	memset(longest, '/', sizeof(longest));
	longest[WC_DAEMON_PATH] = '\0';
	begin();
	stub_item(stub_item(block, "Capture", "wan"), "Socket", "control.sock");
	stub_item(stub_item(block, "Capture", "lan"), "Socket", longest);
	stub_item(stub_item(block, "Capture", "dmz"), "Socket", "10");
	read_block();
	ck_assert_uint_eq(config.count, 0);
	for (size_t i = 0; i < 3; i++)
		ck_assert_ptr_nonnull(strstr(stub_line(i), "is left out: Socket takes one path, "
							   "which begins with a slash"));
	end();
}
END_TEST

/* Reads a file of the source tree. */
static const char *text_of(const char *path)
{
	static char text[65536];
	FILE *file = fopen(path, "r");
	size_t length;

	ck_assert_msg(file, "%s cannot be read", path);
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	fclose(file);
	return text;
}

static void check_named(const char *path, const char *before, const char *name)
{
	char wanted[WC_OPTION_NAME + 8];
	const char *at = text_of(path);
	size_t length;

	snprintf(wanted, sizeof(wanted), "%s%s", before, name);
	length = strlen(wanted);
	while ((at = strstr(at, wanted)) && at[length] != ' ')
		at++;
	ck_assert_msg(at, "%s does not name %s", path, name);
}

/* The manual explains every option, and the sample has each of them. */
START_TEST(test_every_option_is_told)
{
	char name[WC_OPTION_NAME];

	for (const struct wc_option *row = wc_option_table; row->name; row++) {
		if (!(row->scope & WC_SCOPE_PLUGIN))
			continue;
		wc_option_spell(row, WC_SPELLING_CAMEL, name);
		check_named(MANUAL, ".It Cm ", name);
		check_named(SAMPLE, "  #  ", name);
	}
	check_named(MANUAL, ".It Cm ", "Socket");
	check_named(SAMPLE, "  #  ", "Socket");
	for (size_t i = 0; wc_report_name(i); i++) {
		check_named(MANUAL, ".It Cm ", wc_report_name(i));
		check_named(SAMPLE, "  #", wc_report_name(i));
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_all_kinds_of_values,
				      test_the_table_decides,
				      test_blocks_add_up,
				      test_the_same_block_twice,
				      test_a_bad_capture_leaves_the_others,
				      test_wrong_values,
				      test_wrong_options,
				      test_wrong_names,
				      test_sockets,
				      test_every_option_is_told,
				      NULL};

	return suite_run("config", tests, 60);
}

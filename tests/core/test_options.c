/* The option table: its rows, their spellings, and values that are refused. */
#include <stdio.h>
#include <string.h>

#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define ALL                                                                                        \
	(WC_SCOPE_READ | WC_SCOPE_LIVE | WC_SCOPE_DAEMON | WC_SCOPE_PLUGIN | WC_SCOPE_RUN |        \
	 WC_SCOPE_SHOW | WC_SCOPE_STATUS | WC_SCOPE_DUMP | WC_SCOPE_RELOAD | WC_SCOPE_REPORT |     \
	 WC_SCOPE_HISTORY)

static struct wc_options options; /* as the tests before left them */
static struct wc_error error;

static int set(const char *name, const char *text)
{
	const struct wc_option *option = wc_option_find(name, ALL);

	ck_assert_msg(option, "no option %s", name);
	return wc_options_set(&options, option, name, text, &error);
}

static void refused(const char *name, const char *text, const char *sentence)
{
	ck_assert_msg(set(name, text) == WC_INVALID, "%s took '%s'", name, text);
	ck_assert_str_eq(error.text, sentence);
}

START_TEST(test_table)
{
	for (const struct wc_option *row = wc_option_table; row->name; row++) {
		ck_assert_msg(strlen(row->name) < WC_OPTION_NAME, "%s", row->name);
		ck_assert_msg(row->scope && !(row->scope & ~(unsigned)ALL), "%s", row->name);
		ck_assert_msg(row->group < WC_GROUPS, "%s", row->name);
		ck_assert_msg(row->offset < sizeof(struct wc_options), "%s", row->name);
		ck_assert_msg(row->help && strlen(row->help) > 10, "%s", row->name);
		ck_assert_msg((row->type == WC_OPTION_FLAG) == !row->argument, "%s", row->name);
		ck_assert_msg((row->type == WC_OPTION_CHOICE) == !!row->choices, "%s", row->name);
		ck_assert_msg(row->min <= row->max, "%s", row->name);
		for (const struct wc_option *other = wc_option_table; other < row; other++) {
			ck_assert_str_ne(other->name, row->name);
			ck_assert_msg(other->offset != row->offset, "%s", row->name);
			ck_assert_msg(!row->letter || other->letter != row->letter ||
					      !(other->scope & row->scope),
				      "%s", row->name);
		}
	}
}
END_TEST

START_TEST(test_defaults)
{
	ck_assert_uint_eq(options.interface.count, 0);
	ck_assert_int_eq(options.engine, WC_ENGINE_AUTO);
	ck_assert_int_eq(options.attach, WC_ATTACH_SOCKET);
	ck_assert(!options.drop_echo);
	ck_assert_ptr_null(options.filter);
	ck_assert(!options.exclude_local_sources && !options.promiscuous && !options.verbose);
	ck_assert_uint_eq(options.to.version, 0);
	ck_assert_uint_eq(options.snaplen, 0);
	ck_assert_uint_eq(options.buffer, 0);
	ck_assert_uint_eq(options.local_address.count, 0);
	ck_assert_ptr_null(options.match);
	ck_assert_ptr_null(options.no_match);
	ck_assert_uint_eq(options.payload_offset, 0);
	ck_assert_uint_eq(options.local_net.count, 0);
	ck_assert(!options.five_tuple && !options.fold_internet && !options.names);
	ck_assert_uint_eq(options.serve.count, 0);
	ck_assert_uint_eq(options.conversations, WC_ROWS_FITTING);
	ck_assert_uint_eq(options.hosts, WC_ROWS_FITTING);
	ck_assert_uint_eq(options.idle, 3600);
	ck_assert_uint_eq(options.scanner_threshold, 20);
	ck_assert_uint_eq(options.scanner_ignore.count, 0);
	ck_assert_int_eq(options.scanner_mode, WC_SCAN_DEFAULT);
	ck_assert_int_eq(options.rate_mode, WC_RATE_DEFAULT);
	ck_assert_uint_eq(options.interval, 10);
	ck_assert_uint_eq(options.count, 0);
	ck_assert_uint_eq(options.top, 10);
	ck_assert_int_eq(options.format, WC_FORMAT_TEXT);
}
END_TEST

START_TEST(test_spellings)
{
	const struct wc_option *option = wc_option_find("exclude_local_sources", ALL);
	char name[WC_OPTION_NAME];

	ck_assert_ptr_nonnull(option);
	ck_assert_ptr_eq(wc_option_find("exclude-local-sources", ALL), option);
	ck_assert_ptr_eq(wc_option_find("ExcludeLocalSources", ALL), option);
	ck_assert_str_eq(wc_option_spell(option, WC_SPELLING_DASHED, name),
			 "exclude-local-sources");
	ck_assert_str_eq(wc_option_spell(option, WC_SPELLING_SNAKE, name), "exclude_local_sources");
	ck_assert_str_eq(wc_option_spell(option, WC_SPELLING_CAMEL, name), "ExcludeLocalSources");
	ck_assert_ptr_null(wc_option_find("exclude-local_sources", ALL));
	ck_assert_ptr_null(wc_option_find("excludelocalsources", ALL));
	ck_assert_ptr_null(wc_option_find("exclude-local", ALL));
	ck_assert_ptr_null(wc_option_find("exclude-local-sources-", ALL));
	ck_assert_ptr_null(wc_option_find("", ALL));
}
END_TEST

START_TEST(test_scopes)
{
	ck_assert_ptr_nonnull(wc_option_find("interface", WC_SCOPE_LIVE));
	ck_assert_ptr_nonnull(wc_option_find("Interface", WC_SCOPE_PLUGIN));
	ck_assert_ptr_null(wc_option_find("interface", WC_SCOPE_READ));
	ck_assert_ptr_null(wc_option_find("interval", WC_SCOPE_PLUGIN));
	ck_assert_ptr_nonnull(wc_option_find("filter", WC_SCOPE_READ));
	ck_assert_ptr_null(wc_option_find("filter", 0));
}
END_TEST

START_TEST(test_numbers)
{
	static const char sentence[] = "top: '%s' is not a whole number from 1 to 1000000";
	static const char *const wrong[] = {"",
					    " 5",
					    "5 ",
					    "+5",
					    "-5",
					    "0x10",
					    "5x",
					    "1e3",
					    "0",
					    "1000001",
					    "1K",
					    "99999999999999999999",
					    "18446744073709551617",
					    "5\n"};

	ck_assert_int_eq(set("top", "1"), WC_OK);
	ck_assert_uint_eq(options.top, 1);
	ck_assert_int_eq(set("top", "01000000"), WC_OK);
	ck_assert_uint_eq(options.top, 1000000);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char expected[256];

		snprintf(expected, sizeof(expected), sentence, wrong[i]);
		refused("top", wrong[i], expected);
	}
	ck_assert_uint_eq(options.top, 1000000);
}
END_TEST

START_TEST(test_sizes)
{
	ck_assert_int_eq(set("buffer", "4096"), WC_OK);
	ck_assert_uint_eq(options.buffer, 4096);
	ck_assert_int_eq(set("buffer", "4K"), WC_OK);
	ck_assert_uint_eq(options.buffer, 4096);
	ck_assert_int_eq(set("buffer", "64m"), WC_OK);
	ck_assert_uint_eq(options.buffer, 64 << 20);
	ck_assert_int_eq(set("buffer", "1G"), WC_OK);
	ck_assert_uint_eq(options.buffer, 1 << 30);
	refused("buffer", "2G",
		"buffer: '2G' is not a size from 4096 to 2146435072 bytes; "
		"K, M or G may follow the number");
	refused("snaplen", "13",
		"snaplen: '13' is not a size from 14 to 262144 bytes; "
		"K, M or G may follow the number");
	/* 2^34 + 1 G is 1 G in 64 bits. */
	ck_assert_int_eq(set("buffer", "17179869185G"), WC_INVALID);
	ck_assert_int_eq(set("buffer", "4KB"), WC_INVALID);
	ck_assert_int_eq(set("buffer", "K"), WC_INVALID);
	ck_assert_int_eq(set("buffer", "1T"), WC_INVALID);
	ck_assert_int_eq(set("buffer", "1 K"), WC_INVALID);
	ck_assert_uint_eq(options.buffer, 1 << 30);
}
END_TEST

START_TEST(test_seconds)
{
	static const struct {
		const char *text;
		uint64_t seconds;
	} right[] = {{"1", 1}, {"90s", 90}, {"2m", 120}, {"3h", 10800}, {"31d", 31 * 86400}};

	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		ck_assert_int_eq(set("interval", right[i].text), WC_OK);
		ck_assert_uint_eq(options.interval, right[i].seconds);
	}
	refused("interval", "0",
		"interval: '0' is not a time from 1 to 2678400 seconds; "
		"s, m, h or d may follow the number");
	ck_assert_int_eq(set("interval", "32d"), WC_INVALID);
	ck_assert_int_eq(set("interval", "1.5"), WC_INVALID);
	ck_assert_int_eq(set("interval", "1M"), WC_INVALID);
	ck_assert_int_eq(set("interval", "1m30s"), WC_INVALID);
	/* More than 64 bits of seconds, and 10 s of what would be left. */
	ck_assert_int_eq(set("interval", "213503982334602d"), WC_INVALID);
	ck_assert_uint_eq(options.interval, 31 * 86400);
}
END_TEST

START_TEST(test_flags)
{
	static const char *const yes[] = {NULL, "yes", "true", "on"};
	static const char *const no[] = {"no", "false", "off"};

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++) {
		options.verbose = false;
		ck_assert_int_eq(set("verbose", yes[i]), WC_OK);
		ck_assert(options.verbose);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++) {
		options.verbose = true;
		ck_assert_int_eq(set("verbose", no[i]), WC_OK);
		ck_assert(!options.verbose);
	}
	refused("verbose", "1",
		"verbose: '1' is neither yes nor no; true, false, on and off will do, too");
	ck_assert_int_eq(set("verbose", ""), WC_INVALID);
	ck_assert_int_eq(set("verbose", "Yes"), WC_INVALID);
}
END_TEST

START_TEST(test_choices)
{
	ck_assert_int_eq(set("format", "json"), WC_OK);
	ck_assert_int_eq(options.format, WC_FORMAT_JSON);
	ck_assert_int_eq(set("engine", "pcap"), WC_OK);
	ck_assert_int_eq(options.engine, WC_ENGINE_PCAP);
	ck_assert_int_eq(set("engine", "ring"), WC_OK);
	ck_assert_int_eq(options.engine, WC_ENGINE_RING);
	refused("format", "xml", "format: 'xml' is not one of text, json");
	refused("format", "js", "format: 'js' is not one of text, json");
	ck_assert_int_eq(options.format, WC_FORMAT_JSON);
}
END_TEST

START_TEST(test_texts)
{
	ck_assert_int_eq(set("filter", "tcp"), WC_OK);
	ck_assert_int_eq(set("filter", "udp port 53"), WC_OK);
	ck_assert_str_eq(options.filter, "udp port 53");
	ck_assert_int_eq(set("interface", "eth0"), WC_OK);
	ck_assert_int_eq(set("interface", "eth1"), WC_OK);
	ck_assert_uint_eq(options.interface.count, 2);
	ck_assert_str_eq(options.interface.items[0], "eth0");
	ck_assert_str_eq(options.interface.items[1], "eth1");
	refused("interface", "", "interface: '' is not a name");
	refused("filter", NULL, "filter needs a value: EXPRESSION");
	ck_assert_uint_eq(options.interface.count, 2);
	ck_assert_str_eq(options.filter, "udp port 53");
}
END_TEST

START_TEST(test_addresses)
{
	ck_assert_int_eq(set("to", "192.0.2.1"), WC_OK);
	ck_assert_uint_eq(options.to.version, 4);
	ck_assert_uint_eq(options.to.low, 0xc0000201);
	ck_assert_int_eq(set("local_address", "2001:db8::1"), WC_OK);
	ck_assert_int_eq(set("local_address", "10.0.0.1"), WC_OK);
	ck_assert_uint_eq(options.local_address.count, 2);
	ck_assert_uint_eq(options.local_address.items[0].version, 6);
	ck_assert_uint_eq(options.local_address.items[1].low, 0x0a000001);
	ck_assert_int_eq(set("to", "192.0.2.256"), WC_INVALID);
	ck_assert_ptr_eq(strstr(error.text, "to: '192.0.2.256' is not an address"), error.text);
	ck_assert_int_eq(set("local_address", "localhost"), WC_INVALID);
	ck_assert_uint_eq(options.to.low, 0xc0000201);
	ck_assert_uint_eq(options.local_address.count, 2);
}
END_TEST

START_TEST(test_networks)
{
	ck_assert_int_eq(set("scanner_ignore", "192.0.2.7"), WC_OK);
	ck_assert_int_eq(set("scanner_ignore", "2001:db8::/32"), WC_OK);
	ck_assert_uint_eq(options.scanner_ignore.count, 2);
	ck_assert_uint_eq(options.scanner_ignore.items[0].prefix, 32);
	ck_assert_uint_eq(options.scanner_ignore.items[0].base.low, 0xc0000207);
	ck_assert_uint_eq(options.scanner_ignore.items[1].prefix, 32);
	ck_assert_uint_eq(options.scanner_ignore.items[1].base.high, 0x20010db800000000);
	refused("scanner_ignore", "192.0.2.7/24",
		"scanner_ignore: '192.0.2.7/24' has bits behind its prefix: clear them, or write "
		"a longer prefix");
	ck_assert_int_eq(set("local_net", "10.0.0.0/33"), WC_INVALID);
	ck_assert_int_eq(set("local_net", ""), WC_INVALID);
	ck_assert_uint_eq(options.scanner_ignore.count, 2);
	ck_assert_uint_eq(options.local_net.count, 0);
}
END_TEST

START_TEST(test_services)
{
	static const char *const wrong[] = {"",        "53",       "udp",       "udp/",
					    "udp/x",   "UDP/53",   "tcp/65536", "sctp/5",
					    "tcp/ 80", "tcp/80/1", "tcp/-1"};

	ck_assert_int_eq(set("serve", "udp/5353"), WC_OK);
	ck_assert_int_eq(set("serve", "tcp/0"), WC_OK);
	ck_assert_int_eq(set("serve", "tcp/65535"), WC_OK);
	ck_assert_uint_eq(options.serve.count, 3);
	ck_assert_uint_eq(options.serve.items[0].protocol, 17);
	ck_assert_uint_eq(options.serve.items[0].port, 5353);
	ck_assert_uint_eq(options.serve.items[1].port, 0);
	ck_assert_uint_eq(options.serve.items[2].protocol, 6);
	ck_assert_uint_eq(options.serve.items[2].port, 65535);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert_msg(set("serve", wrong[i]) == WC_INVALID, "'%s'", wrong[i]);
	refused("serve", "53", "serve: '53' is not a service: write one like tcp/443 or udp/53");
	ck_assert_uint_eq(options.serve.count, 3);
}
END_TEST

START_TEST(test_counting)
{
	ck_assert_int_eq(set("payload_offset", "65535"), WC_OK);
	ck_assert_uint_eq(options.payload_offset, 65535);
	ck_assert_int_eq(set("payload_offset", "65536"), WC_INVALID);
	ck_assert_int_eq(set("scanner_threshold", "0"), WC_INVALID);
	ck_assert_int_eq(set("scanner_mode", "plain"), WC_OK);
	ck_assert_int_eq(options.scanner_mode, WC_SCAN_PLAIN);
	ck_assert_int_eq(set("rate_mode", "ncs"), WC_OK);
	ck_assert_int_eq(options.rate_mode, WC_RATE_NCS);
	refused("rate_mode", "NCS", "rate_mode: 'NCS' is not one of default, ncs");
	/* Bytes are the payload filter's business; here it is a text like others. */
	ck_assert_int_eq(set("match", "a\\x00b"), WC_OK);
	ck_assert_str_eq(options.match, "a\\x00b");
	ck_assert_int_eq(set("NoMatch", ""), WC_OK);
	ck_assert_str_eq(options.no_match, "");
}
END_TEST

/* A sentence has the name as the user wrote it. */
START_TEST(test_as)
{
	const struct wc_option *option = wc_option_find("top", ALL);

	ck_assert_int_eq(wc_options_set(&options, option, "--top", "x", &error), WC_INVALID);
	ck_assert_str_eq(error.text, "--top: 'x' is not a whole number from 1 to 1000000");
	ck_assert_int_eq(wc_options_set(&options, option, "--top", "x", NULL), WC_INVALID);
}
END_TEST

START_TEST(test_repeats)
{
	ck_assert(wc_option_repeats(wc_option_find("interface", ALL)));
	ck_assert(wc_option_repeats(wc_option_find("serve", ALL)));
	ck_assert(wc_option_repeats(wc_option_find("local_net", ALL)));
	ck_assert(wc_option_repeats(wc_option_find("local_address", ALL)));
	ck_assert(!wc_option_repeats(wc_option_find("to", ALL)));
	ck_assert(!wc_option_repeats(wc_option_find("filter", ALL)));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_table,     test_defaults, test_spellings, test_scopes,   test_numbers,
		test_sizes,     test_seconds,  test_flags,     test_choices,  test_texts,
		test_addresses, test_networks, test_services,  test_counting, test_as,
		test_repeats,   NULL,
	};
	int code;

	if (wc_options_init(&options, &error))
		return EXIT_FAILURE;
	code = suite_run("options", tests, 60);
	wc_options_free(&options);
	return code;
}

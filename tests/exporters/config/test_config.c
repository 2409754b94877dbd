/* What a configuration means: values, defaults, includes; printed and read again; compared. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "conf.h"
#include "config_sections.h"
#include "format.h"
#include "place.h"
#include "rows.h"
#include "suite.h"

START_TEST(test_defaults)
{
	struct wc_config *config;

	conf_begin();
	config = conf_right("");
	ck_assert_uint_eq(config->daemon.interval, 10);
	ck_assert_ptr_null(config->daemon.user);
	ck_assert_ptr_null(config->daemon.group);
	ck_assert_ptr_null(config->daemon.state);
	ck_assert_ptr_null(config->daemon.control);
	ck_assert_ptr_null(config->daemon.journal_path);
	ck_assert_uint_eq(config->daemon.journal_size, 256 << 20);
	ck_assert_uint_eq(config->daemon.journal_undelivered, 128 << 20);
	ck_assert_uint_eq(config->daemon.journal_age, 30 * 86400);
	ck_assert_ptr_null(config->daemon.dump_path);
	ck_assert(!config->daemon.dump_perl);
	ck_assert_ptr_null(config->daemon.trigger);
	ck_assert_uint_eq(config->daemon.trigger_allow.count, 0);
	ck_assert_uint_eq(config->capture_count, 1);
	ck_assert_str_eq(config->captures[0].name, "main");
	ck_assert_uint_eq(config->captures[0].options.interface.count, 0);
	ck_assert_uint_eq(config->captures[0].options.interval, 10);
	ck_assert(!config->captures[0].options.five_tuple);
	ck_assert_uint_eq(config->exporter_count, 0);
	wc_config_free(config);
	conf_end();
}
END_TEST

START_TEST(test_values)
{
	static const char text[] = "interval = 5 user = nobody\n"
				   "state = \"/var/lib/x/\" # behind a value\n"
				   "control = '/run/x' // and so\n"
				   "/* over\n lines */ group = adm\n"
				   "journal { size = \"1G\" age = 7d }\n"
				   "dump { perl = yes allow = {\"10.0.0.0/8\", ::1} }\n"
				   "capture wan { interface = eth0 filter = \"not port 22\"\n"
				   "\tserve = {udp/5353, tcp/8080,} five_tuple = yes\n"
				   "\tmatch = '\\x00a\\'b' hosts = 0 }\n"
				   "capture lan-2 { interface = {eth1, eth2} filter = \"\" }\n";
	const struct wc_options *options;
	struct wc_config *config;

	conf_begin();
	config = conf_right(text);
	ck_assert_uint_eq(config->daemon.interval, 5);
	ck_assert_str_eq(config->daemon.user, "nobody");
	ck_assert_str_eq(config->daemon.state, "/var/lib/x/");
	ck_assert_str_eq(config->daemon.control, "/run/x");
	ck_assert_str_eq(config->daemon.group, "adm");
	ck_assert_str_eq(config->daemon.journal_path, "/var/lib/x/census.db");
	ck_assert_str_eq(config->daemon.dump_path, "/var/lib/x/dump");
	ck_assert_uint_eq(config->daemon.journal_size, 1 << 30);
	ck_assert_uint_eq(config->daemon.journal_undelivered, 1 << 29);
	ck_assert_uint_eq(config->daemon.journal_age, 7 * 86400);
	ck_assert(config->daemon.dump_perl);
	ck_assert_uint_eq(config->daemon.trigger_allow.count, 2);
	ck_assert_uint_eq(config->daemon.trigger_allow.items[1].prefix, 128);
	ck_assert_uint_eq(config->capture_count, 2);
	ck_assert_str_eq(config->captures[0].name, "wan");
	options = &config->captures[0].options;
	ck_assert_str_eq(options->interface.items[0], "eth0");
	ck_assert_str_eq(options->filter, "not port 22");
	ck_assert_uint_eq(options->serve.count, 2);
	ck_assert_uint_eq(options->serve.items[1].port, 8080);
	ck_assert(options->five_tuple);
	ck_assert_str_eq(options->match, "\\x00a'b");
	ck_assert_uint_eq(options->hosts, 0);
	ck_assert_uint_eq(options->conversations, WC_ROWS_FITTING);
	ck_assert_uint_eq(options->interval, 5);
	options = &config->captures[1].options;
	ck_assert_str_eq(config->captures[1].name, "lan-2");
	ck_assert_uint_eq(options->interface.count, 2);
	ck_assert_ptr_null(options->filter);
	wc_config_free(config);
	conf_end();
}
END_TEST

START_TEST(test_http)
{
	struct wc_config *config;
	const struct wc_config_http *http;

	conf_begin();
	config = conf_right("");
	http = &config->daemon.http;
	ck_assert_ptr_null(http->listen);
	ck_assert_uint_eq(http->clients, 64);
	ck_assert_uint_eq(http->timeout, 30);
	ck_assert_uint_eq(http->max_series, 5000);
	ck_assert_uint_eq(http->top, 50);
	ck_assert_uint_eq(http->conversations, 0);
	wc_config_free(config);

	config = conf_right("http { listen = \"[::1]:8888\" ports = {tcp/22} host_names = a }");
	http = &config->daemon.http;
	ck_assert_uint_eq(http->address.version, 6);
	ck_assert_uint_eq(http->address.low, 1);
	ck_assert_uint_eq(http->port, 8888);
	ck_assert_uint_eq(http->ports.items[0].port, 22);
	ck_assert_str_eq(http->host_names.items[0], "a");
	wc_config_free(config);

	/* Beyond this host: by the word for it, or by what is in another file. */
	wc_config_free(conf_right("http { listen = \"192.0.2.1:80\" public = yes }"));
	wc_config_free(conf_right("http { listen = \"[::]:80\" web_config = \"/x.yml\" }"));
	conf_end();
}
END_TEST

START_TEST(test_exporters)
{
	static const char text[] = "interval = 7\n"
				   "json far { address = \"tls://[2001:db8::1]:6514\" ca = \"/a\" "
				   "certificate = \"/b\"\n"
				   "\tkey = \"/c\" peer = d top = 100 rows = {total, port} "
				   "interval = 21 patience = 1m }\n"
				   "json near { }\n"
				   "json packets { address = \"udp://localhost:5170\" datagram = "
				   "512 pace = 7 top = 0 }\n";
	const struct wc_exporter_options *options;
	struct wc_config *config;

	conf_begin();
	config = conf_right(text);
	ck_assert_uint_eq(config->exporter_count, 3);
	ck_assert_str_eq(config->exporters[0].name, "json/far");
	ck_assert_ptr_eq(config->exporters[0].format, wc_format_find("json"));
	options = &config->exporters[0].options;
	ck_assert_str_eq(options->address, "tls://[2001:db8::1]:6514");
	ck_assert_str_eq(options->ca, "/a");
	ck_assert_str_eq(options->certificate, "/b");
	ck_assert_str_eq(options->key, "/c");
	ck_assert_str_eq(options->peer, "d");
	ck_assert_uint_eq(options->top, 100);
	ck_assert_uint_eq(options->rows.count, 2);
	ck_assert_uint_eq(options->interval, 21);
	ck_assert_uint_eq(options->patience, 60);
	options = &config->exporters[1].options;
	ck_assert_str_eq(options->address, "tcp://localhost:3334");
	ck_assert_uint_eq(options->rows.count, 11);
	ck_assert_str_eq(options->rows.items[10], "scanner");
	ck_assert_uint_eq(options->top, WC_TOP_ALL);
	ck_assert_uint_eq(options->interval, 0);
	ck_assert_uint_eq(options->datagram, 0);
	ck_assert_uint_eq(options->patience, 10);
	options = &config->exporters[2].options;
	ck_assert_uint_eq(options->datagram, 512);
	ck_assert_uint_eq(options->pace, 7);
	ck_assert_uint_eq(options->top, 0);
	wc_config_free(config);
	conf_end();
}
END_TEST

/* Every format has a section of its own with options, and one that is left empty works. */
START_TEST(test_formats)
{
	char text[256];

	conf_begin();
	for (const struct wc_format *const *format = wc_format_list; *format; format++) {
		struct wc_section section;
		struct wc_config *config;

		ck_assert(wc_section_find(&section, (*format)->name, strlen((*format)->name)));
		ck_assert_msg(section.scope, "no option is for %s", (*format)->name);
		snprintf(text, sizeof(text), "%s x { %s }", (*format)->name,
			 (*format)->fallback ? "" : "address = \"tree:///tmp\"");
		config = conf_right(text);
		ck_assert_ptr_eq(config->exporters[0].format, *format);
		wc_config_free(config);
	}
	conf_end();
}
END_TEST

/* Flow collectors expect flows of five parts. */
START_TEST(test_five_tuple)
{
	static const char text[] = "ipfix a { address = \"udp://127.0.0.1:4739\" }\n"
				   "capture a { } capture b { five_tuple = no }\n";
	struct wc_config *config;

	conf_begin();
	if (wc_format_find("ipfix")) {
		config = conf_right(text);
		ck_assert(config->captures[0].options.five_tuple);
		ck_assert(!config->captures[1].options.five_tuple);
		wc_config_free(config);
		config = conf_right("ipfix a { address = \"udp://127.0.0.1:4739\" }\n");
		ck_assert(config->captures[0].options.five_tuple);
		wc_config_free(config);
	}
	if (!wc_format_find("ipfix")) {
		conf_write("main.conf", text);
		ck_assert_ptr_null(conf_read());
		ck_assert_str_eq(conf_said(),
				 "main.conf:1: there is no section 'ipfix'; this build "
				 "was made without the format\n");
	}
	config = conf_right("json a { }\ncapture a { }\n");
	ck_assert(!config->captures[0].options.five_tuple);
	wc_config_free(config);
	conf_end();
}
END_TEST

/* Paths begin where the file is that asks for them; what a wildcard finds nothing for is fine. */
START_TEST(test_includes)
{
	struct wc_config *config;

	conf_begin();
	conf_write("conf.d/b.conf", "capture b { }\ninclude(\"more/*.conf\")\n");
	conf_write("conf.d/a.conf", "capture a { }\ninclude('../other.conf')\n");
	conf_write("other.conf", "interval = 3\n");
	config = conf_right("include(\"conf.d/*.conf\")\ninclude(\"none.d/*.conf\")\n"
			    "capture first { }\n");
	ck_assert_uint_eq(config->daemon.interval, 3);
	ck_assert_uint_eq(config->capture_count, 3);
	ck_assert_str_eq(config->captures[0].name, "first");
	ck_assert_str_eq(config->captures[1].name, "a");
	ck_assert_str_eq(config->captures[2].name, "b");
	wc_config_free(config);
	conf_end();
}
END_TEST

START_TEST(test_environment)
{
	struct wc_config *config;

	conf_begin();
	ck_assert_int_eq(setenv("WC_TEST_USER", "somebody", 1), 0);
	ck_assert_int_eq(unsetenv("WC_TEST_GROUP"), 0);
	config = conf_right("user = \"${WC_TEST_USER}\" group = \"${WC_TEST_GROUP:-staff}\"\n"
			    "capture a { match = '${WC_TEST_USER}' }\n");
	ck_assert_str_eq(config->daemon.user, "somebody");
	ck_assert_str_eq(config->daemon.group, "staff");
	ck_assert_str_eq(config->captures[0].options.match, "${WC_TEST_USER}");
	wc_config_free(config);
	conf_end();
}
END_TEST

/* ---- printed and read again ---- */

/* What is printed means the same, so it is printed the same. */
static void check_round(const char *text)
{
	struct wc_config *config = conf_right(text);
	char *once = conf_printed(config), *twice;

	wc_config_free(config);
	config = conf_right(once);
	twice = conf_printed(config);
	ck_assert_str_eq(twice, once);
	wc_config_free(config);
	free(twice);
	free(once);
}

START_TEST(test_round)
{
	static const char *const texts[] = {
		"",
		"interval = 1m state = \"/a b\" user = 'x\"y' group = 'a\\'b\"c\\\\d${e}'",
		"journal { size = 1000000000 undelivered = 1M age = 61 }",
		"dump { perl = yes trigger = \"udp://127.0.0.1:1\" allow = {10.0.0.0/8, ::1/128} }"
		"http { listen = \"[::1]:1\" public = yes web_config = /w host_names = {a, b}\n"
		"clients = 5 timeout = 1m max_series = 600 top = 0 ports = {udp/1} conversations = "
		"2 }",
		"capture a { interface = {any, eth0} engine = pcap filter = \"tcp and\nport 1\"\n"
		"exclude_local_sources = yes to = 2001:db8::1 match = '\\x00\n\\'\" ${c}'\n"
		"no_match = \"a\\\"b\" payload_offset = 7 promiscuous = on snaplen = 128\n"
		"buffer = 5000 local_address = {192.0.2.1, ::2} local_net = 192.0.2.0/24\n"
		"five_tuple = yes fold_internet = yes serve = {tcp/1, udp/65535}\n"
		"conversations = 0 hosts = 16777216 idle = 90 scanner_threshold = 1\n"
		"scanner_ignore = {10.0.0.0/8} scanner_mode = plain rate_mode = ncs names = yes\n"
		"name_server = {\"127.0.0.1:53\", ::1} }",
		"json a { } json b { address = \"tls://h:1\" rows = {total} top = 0 interval = 20\n"
		"ca = '/x y' certificate = /c key = /k peer = p patience = 1h }\n"
		"json c { address = \"udp://h:1\" datagram = 1K pace = 3 }",
	};

	conf_begin();
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		check_round(texts[i]);
	conf_end();
}
END_TEST

START_TEST(test_printed)
{
	static const char expected[] = "interval = \"1m\"\n"
				       "user = \"\"\n"
				       "group = \"adm\"\n"
				       "state = \"/s\"\n"
				       "control = \"\"\n"
				       "\n"
				       "journal {\n"
				       "\tpath = \"/s/census.db\"\n"
				       "\tsize = \"1M\"\n"
				       "\tundelivered = \"512K\"\n"
				       "\tage = \"30d\"\n"
				       "}\n"
				       "\n"
				       "dump {\n"
				       "\tpath = \"/s/dump\"\n"
				       "\tperl = no\n"
				       "\ttrigger = \"\"\n"
				       "\tallow = {}\n"
				       "}\n"
				       "\n"
				       "http {\n"
				       "\tlisten = \"\"\n"
				       "\tpublic = no\n"
				       "\tweb_config = \"\"\n"
				       "\thost_names = {}\n"
				       "\tclients = 64\n"
				       "\ttimeout = 30\n"
				       "\tmax_series = 5000\n"
				       "\ttop = 50\n"
				       "\tports = {}\n"
				       "\tconversations = 0\n"
				       "}\n"
				       "\n"
				       "capture main {\n";
	struct wc_config *config;
	char *printed;

	conf_begin();
	config = conf_right("interval = 60 group = adm state = /s journal { size = 1M }");
	printed = conf_printed(config);
	ck_assert_msg(!strncmp(printed, expected, strlen(expected)), "%s", printed);
	free(printed);
	wc_config_free(config);
	conf_end();
}
END_TEST

/* ---- tried ---- */

/* What is wrong with TLS, in a build with it and in one without. */
#ifdef WC_HAVE_TLS
#define TLS_REASON "/nonexistent/ca.pem"
#else
#define TLS_REASON "(WC_TLS)"
#endif

START_TEST(test_try)
{
	struct wc_buffer said = {0};
	struct wc_config *config;

	conf_begin();
	config = conf_right("json a { }\n"
			    "json b { address = \"tls://h:1\" ca = \"/nonexistent/ca.pem\" }\n"
			    "json c { address = \"file:///nonexistent/file\" }\n");
	ck_assert_uint_eq(wc_config_try(config, &said), 1);
	wc_buffer_add(&said, "", 1);
	ck_assert_msg(!strncmp(said.data, "json/b: ", 8), "%s", said.data);
	ck_assert_msg(strstr(said.data, TLS_REASON), "%s", said.data);
	wc_buffer_free(&said);
	wc_config_free(config);
	conf_end();
}
END_TEST

/* ---- compared ---- */

static const char before[] = "capture a { interface = eth0 filter = tcp } capture b { }\n"
			     "json x { } state = /s\n";

/* Compares with @after: what it takes a restart for. */
static void check_restarts(const char *after, const char *expected)
{
	struct wc_config *old = conf_right(before), *new = conf_right(after);
	struct wc_buffer said = {0};
	size_t lines = 0, count = wc_config_restarts(&said, old, new);

	wc_buffer_add(&said, "", 1);
	ck_assert_str_eq(said.data, expected);
	for (const char *c = said.data; *c; c++)
		lines += *c == '\n';
	ck_assert_uint_eq(count, lines);
	wc_buffer_free(&said);
	wc_config_free(old);
	wc_config_free(new);
}

START_TEST(test_restarts)
{
	conf_begin();
	check_restarts(before, "");
	/* What a running daemon takes over. */
	check_restarts("capture b { scanner_threshold = 7 idle = 1 names = yes }\n"
		       "capture a { interface = eth0 filter = udp local_net = 10.0.0.0/8 }\n"
		       "json y { top = 3 } state = /s dump { path = /d perl = yes }\n",
		       "");
	check_restarts("capture a { interface = eth1 filter = udp snaplen = 256 hosts = 7 }\n"
		       "capture b { five_tuple = yes conversations = 0 }\n"
		       "state = /t interval = 5 user = x group = y control = /c\n"
		       "journal { age = 1h size = 8M }\n",
		       "interval: from 10 to 5\n"
		       "user: from \"\" to \"x\"\n"
		       "group: from \"\" to \"y\"\n"
		       "state: from \"/s\" to \"/t\"\n"
		       "control: from \"\" to \"/c\"\n"
		       "journal path: from \"/s/census.db\" to \"/t/census.db\"\n"
		       "journal size: from \"256M\" to \"8M\"\n"
		       "journal undelivered: from \"128M\" to \"4M\"\n"
		       "journal age: from \"30d\" to \"1h\"\n"
		       "capture a interface: from {\"eth0\"} to {\"eth1\"}\n"
		       "capture a snaplen: from \"\" to 256\n"
		       "capture a hosts: from \"\" to 7\n"
		       "capture b five_tuple: from no to yes\n"
		       "capture b conversations: from \"\" to 0\n");
	check_restarts("capture a { interface = eth0 } capture c { } state = /s\n",
		       "capture b: it is no longer there\n"
		       "capture c: it is new\n");
	conf_end();
}
END_TEST

static void check_warned(const char *text, const char *warnings)
{
	struct wc_config *config = conf_right(text);
	struct wc_buffer said = {0};

	wc_config_warn(config, &said);
	wc_buffer_add(&said, "", 1);
	ck_assert_str_eq(said.data, warnings);
	wc_buffer_free(&said);
	wc_config_free(config);
}

/* Rows that no capture counts, asked for by name, or all that there is to send. */
START_TEST(test_rows_not_counted)
{
	conf_begin();
	check_warned("capture a { conversations = 0 hosts = 0 } capture b { }\n"
		     "json x { address = \"udp://[::1]:1\" rows = {host} }\n",
		     "");
	check_warned("capture a { conversations = 0 hosts = 0 }\n"
		     "json x { address = \"udp://[::1]:1\" }\n"
		     "json y { address = \"udp://[::1]:1\" rows = {port, host} }\n",
		     "json/y: rows: no capture counts hosts: see its bounds conversations and "
		     "hosts\n");
	if (wc_format_find("ipfix"))
		check_warned("capture a { conversations = 0 }\n"
			     "ipfix x { address = \"udp://[::1]:1\" }\n",
			     "ipfix/x: rows: no capture counts conversations: see its bounds "
			     "conversations "
			     "and hosts\n");
	conf_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_defaults,
		test_values,
		test_http,
		test_exporters,
		test_formats,
		test_five_tuple,
		test_includes,
		test_environment,
		test_round,
		test_printed,
		test_try,
		test_restarts,
		test_rows_not_counted,
		NULL,
	};

	return suite_run("config", tests, 60);
}

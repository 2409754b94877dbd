/* What a configuration means: values, defaults, includes. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	static const char text[] =
		"interval = 5 user = nobody\n"
		"state = \"/var/lib/x/\" # behind a value\n"
		"control = '/run/x' // and so\n"
		"/* over\n lines */ group = adm\n"
		"journal { size = \"1G\" age = 7d }\n"
		"dump { perl = yes allow = {\"10.0.0.0/8\", ::1} trigger = \"udp://[::1]:1\" }\n"
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

int main(void)
{
	const TTest *const tests[] = {
		test_defaults,   test_values,   test_http,        test_exporters, test_formats,
		test_five_tuple, test_includes, test_environment, NULL,
	};

	return suite_run("config", tests, 60);
}

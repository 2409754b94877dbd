/* A configuration that is printed means the same when it is read again. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "suite.h"

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
		"scanner_ignore = {10.0.0.0/8} scanner_mode = plain rate_mode = ncs " CONF_NAMES
		"\n"
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

int main(void)
{
	const TTest *const tests[] = {test_round, test_printed, NULL};

	return suite_run("config printed", tests, 60);
}

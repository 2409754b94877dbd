/* What is said of a configuration that can be read: compared, and doubtful. */
#include "config.h"

#include <string.h>

#include "buffer.h"
#include "conf.h"
#include "format.h"
#include "suite.h"

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
	check_restarts("capture b { scanner_threshold = 7 idle = 1 " CONF_NAMES " }\n"
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
	const TTest *const tests[] = {test_restarts, test_rows_not_counted, NULL};

	return suite_run("config checks", tests, 60);
}

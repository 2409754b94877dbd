#include "dns_servers.h"

#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

static struct wc_dns_servers servers;
static struct wc_error error;

static int parse(const char *text)
{
	char *item = strdup(text);
	struct wc_texts texts = {.items = &item, .count = 1};
	int status = wc_dns_servers_parse(&servers, &texts, &error);

	free(item);
	return status;
}

static void expect(const char *text, const char *address, unsigned port)
{
	char found[WC_ADDRESS_TEXT];

	ck_assert_int_eq(parse(text), WC_OK);
	ck_assert_uint_eq(servers.count, 1);
	ck_assert_str_eq(wc_address_format(&servers.item[0].address, found), address);
	ck_assert_uint_eq(servers.item[0].port, port);
}

START_TEST(servers_are_addresses_and_ports)
{
	expect("192.0.2.53", "192.0.2.53", 53);
	expect("192.0.2.53:5353", "192.0.2.53", 5353);
	expect("2001:db8::53", "2001:db8::53", 53);
	expect("[2001:db8::53]", "2001:db8::53", 53);
	expect("[2001:db8::53]:65535", "2001:db8::53", 65535);
}
END_TEST

START_TEST(what_is_no_server_is_named)
{
	static const char *const wrong[] = {
		"",           "resolver",          "192.0.2.53:",     "192.0.2.53:0",
		":53",        "192.0.2.53:65536",  "192.0.2.53: 53",  "[2001:db8::53",
		"[2001::1]5", "[2001:db8::53]:5x", "fe80::1%eth0:53", "192.0.2.53:53:53",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		ck_assert_msg(parse(wrong[i]) == WC_INVALID, "'%s' is taken", wrong[i]);
		ck_assert_ptr_nonnull(strstr(error.text, wrong[i]));
	}
}
END_TEST

START_TEST(too_many_are_refused)
{
	char *items[WC_DNS_SERVERS_MAX + 1];
	struct wc_texts texts = {.items = items, .count = WC_DNS_SERVERS_MAX};
	char text[] = "192.0.2.53";

	for (size_t i = 0; i < WC_DNS_SERVERS_MAX + 1; i++)
		items[i] = text;
	ck_assert_int_eq(wc_dns_servers_parse(&servers, &texts, &error), WC_OK);
	ck_assert_uint_eq(servers.count, WC_DNS_SERVERS_MAX);
	texts.count++;
	ck_assert_int_eq(wc_dns_servers_parse(&servers, &texts, &error), WC_INVALID);
}
END_TEST

START_TEST(the_system_has_at_least_one)
{
	servers.count = 0;
	ck_assert_int_eq(wc_dns_servers_system(&servers, &error), WC_OK);
	ck_assert_uint_ge(servers.count, 1);
	ck_assert_uint_eq(servers.item[0].port, 53);
	ck_assert(servers.item[0].address.version == 4 || servers.item[0].address.version == 6);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		servers_are_addresses_and_ports,
		what_is_no_server_is_named,
		too_many_are_refused,
		the_system_has_at_least_one,
		NULL,
	};

	return suite_run("dns_servers", tests, 60);
}

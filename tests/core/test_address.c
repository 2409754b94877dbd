#include "wirecensus/address.h"

#include <arpa/inet.h>
#include <check.h>
#include <string.h>

#include "suite.h"
#include "wirecensus/error.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

START_TEST(parsed_and_written)
{
	static const struct {
		const char *text, *written; /* NULL: as it was */
		struct wc_address address;
	} rows[] = {
		{"0.0.0.0", NULL, {0, 0, 4}},
		{"192.0.2.1", NULL, {0, 0xc0000201, 4}},
		{"255.255.255.255", NULL, {0, 0xffffffff, 4}},
		{"::", NULL, {0, 0, 6}},
		{"::1", NULL, {0, 1, 6}},
		{"2001:db8::1", NULL, {UINT64_C(0x20010db800000000), 1, 6}},
		{"2001:0DB8:0:0:0:0:0:1", "2001:db8::1", {UINT64_C(0x20010db800000000), 1, 6}},
		{"2001:db8:0:1:1:1:1:1",
		 NULL,
		 {UINT64_C(0x20010db800000001), UINT64_C(0x0001000100010001), 6}},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, {UINT64_MAX, UINT64_MAX, 6}},
		{"::ffff:192.0.2.1", NULL, {0, UINT64_C(0xffffc0000201), 6}},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct wc_error error = {""};
		struct wc_address address;
		char text[WC_ADDRESS_TEXT];

		ck_assert_int_eq(wc_address_parse(&address, rows[i].text, &error), 0);
		ck_assert(wc_address_equal(&address, &rows[i].address));
		ck_assert_ptr_eq(wc_address_format(&address, text), text);
		ck_assert_str_eq(text, rows[i].written ? rows[i].written : rows[i].text);
	}
}
END_TEST

/* As the C library writes it, whichever of its groups are 0. */
START_TEST(written_as_inet_ntop_does)
{
	static const uint16_t values[] = {0x1, 0xffff, 0x20, 0xabc, 0xa0b1};
	char text[WC_ADDRESS_TEXT], expected[INET6_ADDRSTRLEN];

	for (unsigned zeros = 0; zeros < 256; zeros++)
		for (unsigned first = 0; first < 5; first++) {
			uint8_t bytes[16] = {0};
			struct wc_address address;

			for (unsigned i = 0; i < 8; i++) {
				unsigned group = zeros >> i & 1 ? 0 : values[(first + i) % 5];

				bytes[2 * i] = (uint8_t)(group >> 8);
				bytes[2 * i + 1] = (uint8_t)group;
			}
			address = wc_address_v6(bytes);
			inet_ntop(AF_INET6, bytes, expected, sizeof(expected));
			ck_assert_str_eq(wc_address_format(&address, text), expected);
			address = wc_address_v4(bytes);
			inet_ntop(AF_INET, bytes, expected, sizeof(expected));
			ck_assert_str_eq(wc_address_format(&address, text), expected);
		}
	for (unsigned octet = 0; octet < 256; octet++) {
		const uint8_t bytes[] = {(uint8_t)octet, 0, (uint8_t)(255 - octet), (uint8_t)octet};
		struct wc_address address = wc_address_v4(bytes);

		inet_ntop(AF_INET, bytes, expected, sizeof(expected));
		ck_assert_str_eq(wc_address_format(&address, text), expected);
	}
}
END_TEST

START_TEST(no_address)
{
	static const char *const wrong[] = {"",        "192.0.2",     "192.0.2.256",  "192.0.2.1 ",
					    " ::1",    "192.0.2.1/8", "fe80::1%eth0", "2001:db8",
					    "1::2::3", "localhost",   "0x7f000001",   "127.1"};
	struct wc_address none = {0}, address = {1, 2, 6};
	char text[WC_ADDRESS_TEXT];

	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct wc_error error = {""};

		ck_assert_int_eq(wc_address_parse(&address, wrong[i], &error), WC_INVALID);
		ck_assert_ptr_nonnull(strstr(error.text, "is not an address: write one like"));
		ck_assert_int_eq(wc_address_parse(&address, wrong[i], NULL), WC_INVALID);
	}
	ck_assert_uint_eq(address.low, 2);
	ck_assert_str_eq(wc_address_format(&none, text), "-");
}
END_TEST

START_TEST(made_of_bytes)
{
	static const uint8_t bytes[16] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0,
					  0xff, 2, 3,   4,    5, 6, 7, 8};
	struct wc_address v4 = wc_address_v4(bytes), v6 = wc_address_v6(bytes);

	ck_assert_uint_eq(v4.high, 0);
	ck_assert_uint_eq(v4.low, 0x20010db8);
	ck_assert_uint_eq(v4.version, 4);
	ck_assert_uint_eq(v6.high, UINT64_C(0x20010db800000000));
	ck_assert_uint_eq(v6.low, UINT64_C(0xff02030405060708));
	ck_assert_uint_eq(v6.version, 6);
}
END_TEST

START_TEST(equal)
{
	struct wc_address a = {1, 2, 6}, b = a;

	ck_assert(wc_address_equal(&a, &b));
	b.high++;
	ck_assert(!wc_address_equal(&a, &b));
	b = a;
	b.low++;
	ck_assert(!wc_address_equal(&a, &b));
	b = a;
	b.version = 4;
	ck_assert(!wc_address_equal(&a, &b));
}
END_TEST

START_TEST(networks)
{
	static const struct {
		const char *network, *inside, *outside; /* NULL: there is none */
	} rows[] = {
		{"0.0.0.0/0", "255.255.255.255", "::1"},
		{"128.0.0.0/1", "255.0.0.1", "127.255.255.255"},
		{"10.0.0.0/8", "10.255.255.255", "11.0.0.0"},
		{"192.0.2.0/31", "192.0.2.1", "192.0.2.2"},
		{"192.0.2.1/32", "192.0.2.1", "192.0.2.0"},
		{"192.0.2.1", "192.0.2.1", "192.0.2.2"},
		{"::/0", "ffff::1", "10.0.0.1"},
		{"8000::/1", "ffff::1", "7fff::1"},
		{"2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"},
		{"2001:db8:0:1::/64", "2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:2::"},
		{"2001:db8::8000:0:0:0/65", "2001:db8::ffff:0:0:1", "2001:db8::7fff:0:0:1"},
		{"64:ff9b::/96", "64:ff9b::192.0.2.1", "64:ff9b::1:0:0"},
		{"2001:db8::2/127", "2001:db8::3", "2001:db8::4"},
		{"2001:db8::1/128", "2001:db8::1", "2001:db8::"},
		{"::1", "::1", "::2"},
		{"::ffff:10.0.0.0/104", "::ffff:10.9.9.9", "10.9.9.9"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct wc_error error = {""};
		struct wc_network network;
		struct wc_address address;

		ck_assert_int_eq(wc_network_parse(&network, rows[i].network, &error), 0);
		ck_assert(wc_network_has(&network, &network.base));
		ck_assert_int_eq(wc_address_parse(&address, rows[i].inside, &error), 0);
		ck_assert(wc_network_has(&network, &address));
		ck_assert_int_eq(wc_address_parse(&address, rows[i].outside, &error), 0);
		ck_assert(!wc_network_has(&network, &address));
	}
}
END_TEST

START_TEST(no_network)
{
	static const struct {
		const char *text, *reason;
	} wrong[] = {
		{"", "is not a network"},
		{"/24", "is not a network"},
		{"192.0.2/24", "is not a network"},
		{"0000000000000000000000000000000000000000000000000000000000000000/1",
		 "is not a network"},
		{"0000:0000:0000:0000:0000:ffff:255.255.255.2555", "is not a network"},
		{"192.0.2.0/", "has no usable prefix: write a length from 0 to 32"},
		{"192.0.2.0/33", "has no usable prefix"},
		{"192.0.2.0/-1", "has no usable prefix"},
		{"192.0.2.0/+1", "has no usable prefix"},
		{"192.0.2.0/ 8", "has no usable prefix"},
		{"192.0.2.0/24x", "has no usable prefix"},
		{"192.0.2.0/24/8", "has no usable prefix"},
		{"192.0.2.0/255.255.255.0", "has no usable prefix"},
		{"192.0.2.0/99999999999999999999999", "has no usable prefix"},
		{"2001:db8::/129", "has no usable prefix: write a length from 0 to 128"},
		{"192.0.2.1/24", "has bits behind its prefix"},
		{"0.0.0.1/0", "has bits behind its prefix"},
		{"2001:db8::1/64", "has bits behind its prefix"},
		{"8000::/0", "has bits behind its prefix"},
	};
	struct wc_network network = {{1, 2, 6}, 3};

	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct wc_error error = {""};

		ck_assert_int_eq(wc_network_parse(&network, wrong[i].text, &error), WC_INVALID);
		ck_assert_msg(strstr(error.text, wrong[i].reason), "%s", error.text);
	}
	ck_assert_uint_eq(network.base.low, 2);
	ck_assert_uint_eq(network.prefix, 3);
}
END_TEST

START_TEST(errors_are_cut)
{
	struct wc_error error;
	char text[2 * WC_ERROR_SIZE];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	ck_assert_int_eq(wc_error_set(&error, WC_FAILED, "%s", text), WC_FAILED);
	ck_assert_uint_eq(strlen(error.text), WC_ERROR_SIZE - 1);
	ck_assert_int_eq(wc_error_set(NULL, WC_INVALID, "%s", text), WC_INVALID);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {parsed_and_written,
				      written_as_inet_ntop_does,
				      no_address,
				      made_of_bytes,
				      equal,
				      networks,
				      no_network,
				      errors_are_cut,
				      NULL};

	return suite_run("address", tests, 60);
}

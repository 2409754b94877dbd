#include <check.h>
#include <stdbool.h>
#include <string.h>

#include "cases.h"
#include "cursor.h"
#include "ip.h"
#include "local.h"
#include "recipe.h"
#include "suite.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

#define ETH  WC_LINK_ETHERNET, WC_ORIGIN_FILE
#define TCP  "tcp 40000 80 A 1"
#define SEEN "tcp 80 in"

static const struct decode_case headers4[] = {
	{"plain", ETH, V4_IN "6 / " TCP, SEEN},
	{"options", ETH, V4_IN "6 / options 4 / " TCP, SEEN},
	{"all the options there can be", ETH, V4_IN "6 / options 40 / " TCP, SEEN},
	{"source route: the header's destination counts", ETH,
	 V4_IN "6 / options 8 / " TCP " / ip 20 830704cb0071ff00", SEEN},
	{"options that contradict themselves", ETH,
	 V4_IN "6 / options 4 / " TCP " / ip 20 44000000", SEEN},
	{"wrong checksum", ETH, V4_IN "6 / " TCP " / ip 10 dead", SEEN},
	{"version 5", ETH, V4_IN "6 / " TCP " / ip 0 55", "malformed transit"},
	{"version 6", ETH, V4_IN "6 / " TCP " / ip 0 65", "malformed transit"},
	{"IPv6 under IPv4's ethertype", ETH, "eth 0800 / ip6 2001:db8:f::9 2001:db8::1 6 / " TCP,
	 "malformed transit"},
	{"header of 16 bytes", ETH, V4_IN "6 / " TCP " / ip 0 44", "malformed transit"},
	{"header of 0 bytes", ETH, V4_IN "6 / " TCP " / ip 0 40", "malformed transit"},
	{"cut in the fixed header", ETH, V4_IN "6 / " TCP " / cut 33", "malformed transit"},
	{"cut in the options", ETH, V4_IN "6 / options 8 / " TCP " / cut 41", "malformed transit"},
	{"no byte of it", ETH, V4_IN "6 / cut 14", "malformed transit"},
	{"total length 0", ETH, V4_IN "6 / " TCP " / ip 2 0000", SEEN},
	{"total length 0 and cut", ETH, V4_IN "6 / " TCP " / ip 2 0000 / cut 47", "malformed in"},
	{"total length 1", ETH, V4_IN "6 / " TCP " / ip 2 0001", "malformed transit"},
	{"total length below the header", ETH, V4_IN "6 / " TCP " / ip 2 0013",
	 "malformed transit"},
	{"total length below the options", ETH, V4_IN "6 / options 4 / " TCP " / ip 2 0017",
	 "malformed transit"},
	{"total length of the header alone", ETH, V4_IN "6 / " TCP " / ip 2 0014", "malformed in"},
	{"total length beyond the frame", ETH, V4_IN "6 / " TCP " / ip 2 ffff", SEEN},
	{"padding", ETH, V4_IN "6 / " TCP " / zeros 6 / ip 2 0028", SEEN},
	{"padding does not lengthen a packet", ETH, V4_IN "6 / " TCP " / zeros 6 / ip 2 0021",
	 "malformed in"},
	{"reserved bit and don't fragment", ETH, V4_IN "6 / " TCP " / ip 6 c000", SEEN},
};

static const struct decode_case protocols4[] = {
	{"ICMP", ETH, V4_IN "1 / icmp 8 0", "protocol 1 in"},
	{"IGMP out", ETH, V4_OUT "2", "protocol 2 out"},
	{"GRE", ETH, V4_IN "47 / zeros 4", "protocol 47 in"},
	{"IP in IP is not opened", ETH, V4_IN "4 / ip4 198.51.100.1 203.0.113.1 6 / " TCP,
	 "protocol 4 in"},
	{"6in4 is not opened", ETH, V4_IN "41 / ip6 2001:db8:f::9 2001:db8::1 6 / " TCP,
	 "protocol 41 in"},
	{"ESP", ETH, V4_TRANSIT "50 / zeros 8", "protocol 50 transit"},
	{"AH is a protocol in IPv4", ETH, V4_IN "51 / ah 6 4 / " TCP, "protocol 51 in"},
	{"hop-by-hop is none in IPv4", ETH, V4_IN "0 / extension 6 8 / " TCP, "protocol 0 in"},
	{"ICMPv6 in IPv4", ETH, V4_IN "58 / icmp 1 4", "protocol 58 in"},
	{"255", ETH, V4_LOCAL "255", "protocol 255 local"},
	{"no byte behind the header", ETH, V4_IN "1 / cut 34", "protocol 1 in"},
};

static const struct decode_case fragments4[] = {
	{"first TCP", ETH, V4_IN "6 / fragment4 0 1 / " TCP, SEEN},
	{"first UDP", ETH, V4_IN "17 / fragment4 0 1 / udp 40000 53", "udp 53 in"},
	{"later TCP", ETH, V4_IN "6 / fragment4 1 1 / " TCP, "fragment 6 in"},
	{"last UDP", ETH, V4_OUT "17 / fragment4 185 0 / zeros 9", "fragment 17 out"},
	{"the highest offset", ETH, V4_TRANSIT "6 / fragment4 8191 0", "fragment 6 transit"},
	{"later, empty", ETH, V4_LOCAL "17 / fragment4 2 0", "fragment 17 local"},
	{"later ICMP is a protocol", ETH,
	 V4_IN "1 / fragment4 3 0 / icmp 3 3 / quote / "
	       "ip4 192.0.2.1 198.51.100.9 17 / udp 1 2",
	 "protocol 1 in"},
	{"later GRE is a protocol", ETH, V4_IN "47 / fragment4 3 1", "protocol 47 in"},
	{"tiny first fragment", ETH, V4_IN "6 / fragment4 0 1 / zeros 8", "malformed in"},
	{"tiny first UDP fragment", ETH, V4_IN "17 / fragment4 0 1 / bytes 9c400035", "udp 53 in"},
	{"tiny second fragment", ETH, V4_IN "6 / fragment4 1 0 / zeros 8", "fragment 6 in"},
};

static const struct decode_case headers6[] = {
	{"plain", ETH, V6_IN "6 / " TCP, SEEN},
	{"version 4", ETH, V6_IN "6 / " TCP " / ip 0 40", "malformed transit"},
	{"version 7", ETH, V6_IN "6 / " TCP " / ip 0 70", "malformed transit"},
	{"IPv4 under IPv6's ethertype", ETH, "eth 86dd / ip4 198.51.100.9 192.0.2.1 6 / " TCP,
	 "malformed transit"},
	{"traffic class and flow label", ETH, V6_IN "6 / " TCP " / ip 0 6fffffff", SEEN},
	{"cut in the header", ETH, V6_IN "6 / " TCP " / cut 53", "malformed transit"},
	{"no byte of it", ETH, V6_IN "6 / cut 14", "malformed transit"},
	{"the header alone", ETH, V6_IN "6", "malformed in"},
	{"payload length 0: the rest of the frame", ETH, V6_IN "6 / " TCP " / ip 4 0000", SEEN},
	{"a jumbogram's option is not read", ETH,
	 V6_IN "0 / extension 6 8 / " TCP " / ip 4 0000 / ip 42 c20400010000", SEEN},
	{"payload length beyond the frame", ETH, V6_IN "6 / " TCP " / ip 4 ffff", SEEN},
	{"payload length shorter than the frame", ETH, V6_IN "6 / " TCP " / zeros 6 / ip 4 0014",
	 SEEN},
	{"padding does not lengthen a packet", ETH, V6_IN "6 / " TCP " / ip 4 000d",
	 "malformed in"},
};

static const struct decode_case protocols6[] = {
	{"ICMPv6", ETH, V6_IN "58 / icmp 128 0", "protocol 58 in"},
	{"ICMP in IPv6", ETH, V6_IN "1 / icmp 3 3", "protocol 1 in"},
	{"4in6 is not opened", ETH, V6_IN "4 / ip4 198.51.100.9 192.0.2.1 6 / " TCP,
	 "protocol 4 in"},
	{"GRE", ETH, V6_OUT "47 / zeros 4", "protocol 47 out"},
	{"ESP stops the walk", ETH, V6_IN "0 / extension 50 8 / zeros 8", "protocol 50 in"},
	{"no next header", ETH, V6_TRANSIT "59", "protocol 59 transit"},
	{"no next header behind options", ETH, V6_IN "60 / extension 59 8", "protocol 59 in"},
	{"mobility stops the walk", ETH, V6_IN "135 / extension 6 8 / " TCP, "protocol 135 in"},
	{"HIP stops the walk", ETH, V6_IN "139 / extension 6 40 / " TCP, "protocol 139 in"},
	{"shim6 stops the walk", ETH, V6_IN "140 / extension 6 8 / " TCP, "protocol 140 in"},
	{"255", ETH, V6_LOCAL "255", "protocol 255 local"},
};

static const struct decode_case extensions[] = {
	{"hop-by-hop", ETH, V6_IN "0 / extension 6 8 / " TCP, SEEN},
	{"routing", ETH, V6_IN "43 / extension 6 24 / " TCP, SEEN},
	{"destination options", ETH, V6_IN "60 / extension 17 16 / udp 40000 53", "udp 53 in"},
	{"AH of 8 bytes", ETH, V6_IN "51 / ah 6 0 / " TCP, SEEN},
	{"AH of 12 bytes", ETH, V6_IN "51 / ah 6 1 / " TCP, SEEN},
	{"AH of 24 bytes", ETH, V6_IN "51 / ah 6 4 / " TCP, SEEN},
	{"AH of 1028 bytes", ETH, V6_IN "51 / ah 6 255 / " TCP, SEEN},
	{"AH cut short", ETH, V6_IN "51 / ah 6 4 / cut 77", "malformed in"},
	{"AH is all there, TCP is not", ETH, V6_IN "51 / ah 6 4", "malformed in"},
	{"a header of 2048 bytes", ETH, V6_IN "60 / extension 6 2048 / " TCP, SEEN},
	{"all of them, and two twice", ETH,
	 V6_IN "0 / extension 60 8 / extension 43 16 / extension 44 8 / fragment6 51 0 0 / "
	       "ah 60 4 / extension 0 8 / extension 6 8 / " TCP,
	 SEEN},
	{"255", ETH, V6_IN "60 / chain 6 255 / " TCP, SEEN},
	{"256", ETH, V6_IN "60 / chain 6 256 / " TCP, SEEN},
	{"257", ETH, V6_IN "60 / chain 6 257 / " TCP, "malformed in"},
	{"256 and no more", ETH, V6_IN "60 / chain 59 256", "protocol 59 in"},
	{"less than 8 bytes of one", ETH, V6_IN "60 / extension 6 8 / cut 61", "malformed in"},
	{"no byte of one", ETH, V6_IN "0", "malformed in"},
	{"second one cut short", ETH, V6_OUT "0 / extension 60 8 / extension 6 16 / cut 77",
	 "malformed out"},
	{"longer than the packet", ETH, V6_IN "60 / extension 6 8 / " TCP " / ip 41 ff",
	 "malformed in"},
	{"cut by the payload length", ETH, V6_IN "60 / extension 6 16 / " TCP " / ip 4 000f",
	 "malformed in"},
	{"ends with the packet", ETH, V6_IN "60 / extension 59 16 / ip 4 0010", "protocol 59 in"},
};

static const struct decode_case fragments6[] = {
	{"atomic", ETH, V6_IN "44 / fragment6 6 0 0 / " TCP, SEEN},
	{"first", ETH, V6_IN "44 / fragment6 17 0 1 / udp 40000 53", "udp 53 in"},
	{"later TCP", ETH, V6_IN "44 / fragment6 6 1 1 / " TCP, "fragment 6 in"},
	{"last UDP", ETH, V6_OUT "44 / fragment6 17 180 0 / zeros 9", "fragment 17 out"},
	{"the highest offset, empty", ETH, V6_TRANSIT "44 / fragment6 6 8191 0",
	 "fragment 6 transit"},
	{"later ICMPv6 is a protocol", ETH, V6_LOCAL "44 / fragment6 58 5 0 / icmp 1 4",
	 "protocol 58 local"},
	{"later: what it names is not walked", ETH, V6_IN "44 / fragment6 60 5 0 / " TCP,
	 "protocol 60 in"},
	{"later: nor a second fragment header", ETH, V6_IN "44 / fragment6 44 5 0 / zeros 2",
	 "protocol 44 in"},
	{"later, behind options", ETH, V6_IN "0 / extension 44 8 / fragment6 6 5 1 / zeros 16",
	 "fragment 6 in"},
	{"first, options behind it", ETH, V6_IN "44 / fragment6 60 0 1 / extension 6 8 / " TCP,
	 SEEN},
	{"reserved bits are no offset", ETH, V6_IN "44 / fragment6 6 0 0 / " TCP " / ip 42 0006",
	 SEEN},
	{"the header's reserved byte is no length", ETH,
	 V6_IN "44 / fragment6 6 0 0 / " TCP " / ip 41 ff", SEEN},
	{"cut in the header", ETH, V6_IN "44 / fragment6 6 5 0 / cut 61", "malformed in"},
	{"tiny first fragment", ETH, V6_IN "44 / fragment6 6 0 1 / zeros 8", "malformed in"},
};

START_TEST(ipv4)
{
	cases_check(headers4, COUNT(headers4));
	cases_check(protocols4, COUNT(protocols4));
	cases_check(fragments4, COUNT(fragments4));
}
END_TEST

START_TEST(ipv6)
{
	cases_check(headers6, COUNT(headers6));
	cases_check(protocols6, COUNT(protocols6));
	cases_check(extensions, COUNT(extensions));
	cases_check(fragments6, COUNT(fragments6));
}
END_TEST

/* Hosts are counted for every valid IP header, and for no other. */
START_TEST(addresses_of_valid_headers)
{
	static const struct {
		const char *recipe;
		uint8_t version, protocol;
		uint32_t ip_bytes;
	} rows[] = {
		{V4_IN "6 / " TCP, 4, 6, 40},
		{V4_IN "6 / " TCP " / zeros 6 / ip 2 0028", 4, 6, 40},
		{V4_IN "6 / " TCP " / zeros 100 / ip 2 0000", 4, 6, 140},
		{V4_IN "6 / " TCP " / zeros 100 / ip 2 0000 / cut 60", 4, 6, 140},
		{V4_IN "6 / " TCP " / ip 2 05dc", 4, 6, 1500},
		{V4_IN "6 / fragment4 7 0 / zeros 100", 4, 6, 120},
		{V4_IN "47", 4, 47, 20},
		{V4_IN "6 / " TCP " / cut 47", 4, 6, 40}, /* malformed behind IP */
		{V4_IN "6 / " TCP " / ip 0 44", 0, 0, 0},
		{V6_IN "6 / " TCP, 6, 6, 60},
		{V6_IN "0 / extension 6 8 / " TCP, 6, 6, 68},
		{V6_IN "6 / " TCP " / zeros 100 / ip 4 0000", 6, 6, 160},
		{V6_IN "6 / " TCP " / zeros 100 / ip 4 0000 / cut 80", 6, 6, 160},
		{V6_IN "0 / extension 6 8 / " TCP " / zeros 100 / ip 4 0000 / cut 90", 6, 6, 168},
		{V6_IN "6 / " TCP " / ip 4 0578", 6, 6, 1440},
		{V6_IN "44 / fragment6 17 7 0 / zeros 100", 6, 17, 148},
		{V6_IN "6 / " TCP " / cut 67", 6, 6, 60},
		{V6_IN "0 / extension 6 8 / cut 61", 6, 0, 48},
		{V6_IN "6 / " TCP " / ip 0 40", 0, 0, 0},
		{"eth 0806 / zeros 28", 0, 0, 0},
		{"eth 0026 / zeros 38", 0, 0, 0},
	};
	struct wc_local *local = cases_host();

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct wc_packet packet = cases_decode(local, ETH, rows[i].recipe);
		char source[WC_ADDRESS_TEXT], destination[WC_ADDRESS_TEXT];
		bool v4 = rows[i].version == 4;

		ck_assert_uint_eq(packet.source.version, rows[i].version);
		ck_assert_uint_eq(packet.destination.version, rows[i].version);
		ck_assert_uint_eq(packet.protocol, rows[i].protocol);
		ck_assert_msg(packet.ip_bytes == rows[i].ip_bytes, "row %zu: %u", i,
			      packet.ip_bytes);
		if (!rows[i].version)
			continue;
		wc_address_format(&packet.source, source);
		wc_address_format(&packet.destination, destination);
		ck_assert_str_eq(source, v4 ? "198.51.100.9" : "2001:db8:f::9");
		ck_assert_str_eq(destination, v4 ? "192.0.2.1" : "2001:db8::1");
	}
	wc_local_free(local);
}
END_TEST

/* Where the cursor stands behind the headers, and where it ends. */
START_TEST(cursor_limits)
{
	static const struct {
		const char *recipe;
		int ethertype;
		enum wc_ip_result result;
		size_t stepped, left;
	} rows[] = {
		{"ip4 10.0.0.1 10.0.0.2 6 / " TCP, 0x0800, WC_IP_OK, 20, 20},
		{"ip4 10.0.0.1 10.0.0.2 6 / options 12 / " TCP, 0x0800, WC_IP_OK, 32, 20},
		{"ip4 10.0.0.1 10.0.0.2 6 / " TCP " / ip 2 001e", 0x0800, WC_IP_OK, 20, 10},
		{"ip4 10.0.0.1 10.0.0.2 6 / " TCP " / ip 2 0000", 0x0800, WC_IP_OK, 20, 20},
		{"ip4 10.0.0.1 10.0.0.2 6 / " TCP " / ip 2 0100", 0x0800, WC_IP_OK, 20, 20},
		{"ip6 ::2 ::3 6 / " TCP, 0x86dd, WC_IP_OK, 40, 20},
		{"ip6 ::2 ::3 0 / extension 6 24 / " TCP, 0x86dd, WC_IP_OK, 64, 20},
		{"ip6 ::2 ::3 6 / " TCP " / ip 4 000a", 0x86dd, WC_IP_OK, 40, 10},
		{"ip6 ::2 ::3 6 / " TCP " / ip 4 0000", 0x86dd, WC_IP_OK, 40, 20},
		{"ip6 ::2 ::3 44 / fragment6 6 9 0 / " TCP, 0x86dd, WC_IP_OK, 48, 20},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct wc_cursor cursor;
		struct recipe recipe;
		struct wc_address source, destination;
		struct wc_ip ip = {.source = &source, .destination = &destination};

		recipe_build(&recipe, rows[i].recipe);
		cursor = (struct wc_cursor){recipe.frame.bytes,
					    recipe.frame.bytes + recipe.captured};
		ck_assert_int_eq(wc_ip_step(&cursor, rows[i].ethertype, &ip), rows[i].result);
		ck_assert_uint_eq((size_t)(cursor.at - recipe.frame.bytes), rows[i].stepped);
		ck_assert_uint_eq(wc_cursor_left(&cursor), rows[i].left);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {ipv4, ipv6, addresses_of_valid_headers, cursor_limits, NULL};

	return suite_run("ip", tests, 60);
}

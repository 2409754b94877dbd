#include <check.h>
#include <stdio.h>

#include "cases.h"
#include "local.h"
#include "suite.h"
#include "wirecensus/snapshot.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

#define ETH WC_LINK_ETHERNET, WC_ORIGIN_FILE

static const struct decode_case headers[] = {
	{"TCP", ETH, V4_IN "6 / tcp 40000 80 A 1", "tcp 80 in"},
	{"TCP6", ETH, V6_IN "6 / tcp 40000 80 A 1", "tcp 80 in"},
	{"14 bytes of TCP are enough", ETH, V4_IN "6 / tcp 40000 80 S 1 / cut 48",
	 "tcp 80 in, new tcp 80 in"},
	{"14 bytes of TCP6 are enough", ETH, V6_IN "6 / tcp 40000 80 S 1 / cut 68",
	 "tcp 80 in, new tcp 80 in"},
	{"13 bytes are not", ETH, V4_IN "6 / tcp 40000 80 S 1 / cut 47", "malformed in"},
	{"13 bytes are not, TCP6", ETH, V6_IN "6 / tcp 40000 80 S 1 / cut 67", "malformed in"},
	{"ports without flags", ETH, V4_OUT "6 / tcp 40000 80 S 1 / cut 40", "malformed out"},
	{"nothing of TCP", ETH, V4_LOCAL "6", "malformed local"},
	{"data offset 4", ETH, V4_IN "6 / tcp 40000 80 A 1 / ip 32 40", "malformed in"},
	{"data offset 0", ETH, V4_IN "6 / tcp 40000 80 S 1 / ip 32 00", "malformed in"},
	{"data offset 4, TCP6", ETH, V6_IN "6 / tcp 40000 80 A 1 / ip 52 40", "malformed in"},
	{"data offset beyond the packet", ETH, V4_IN "6 / tcp 40000 80 S 1 / ip 32 f0",
	 "tcp 80 in, new tcp 80 in"},
	{"AE and reserved bits are no offset", ETH, V4_IN "6 / tcp 40000 80 S 1 / ip 32 5f",
	 "tcp 80 in, new tcp 80 in"},
	{"port 0", ETH, V4_IN "6 / tcp 0 0 A 1", "tcp 0 in"},
	{"port 65535", ETH, V6_OUT "6 / tcp 65535 65535 A 1", "tcp 65535 out"},
	{"UDP", ETH, V4_IN "17 / udp 40000 53", "udp 53 in"},
	{"UDP6", ETH, V6_IN "17 / udp 40000 53", "udp 53 in"},
	{"UDP port 0", ETH, V4_OUT "17 / udp 0 0", "udp 0 out"},
	{"UDP port 65535", ETH, V6_TRANSIT "17 / udp 1 65535", "udp 65535 transit"},
	{"4 bytes of UDP are enough", ETH, V4_IN "17 / udp 40000 53 / cut 38", "udp 53 in"},
	{"4 bytes of UDP6 are enough", ETH, V6_IN "17 / udp 40000 53 / cut 58", "udp 53 in"},
	{"3 bytes are not", ETH, V4_IN "17 / udp 40000 53 / cut 37", "malformed in"},
	{"3 bytes are not, UDP6", ETH, V6_IN "17 / udp 40000 53 / cut 57", "malformed in"},
	{"3 bytes by the total length", ETH, V4_IN "17 / udp 40000 53 / ip 2 0017", "malformed in"},
	{"3 bytes by the payload length", ETH, V6_IN "17 / udp 40000 53 / ip 4 0003",
	 "malformed in"},
	{"UDP length 0", ETH, V4_IN "17 / udp 40000 53 / ip 24 0000", "udp 53 in"},
	{"UDP length 7", ETH, V4_IN "17 / udp 40000 53 / ip 24 0007", "udp 53 in"},
	{"UDP length beyond the packet", ETH, V6_IN "17 / udp 40000 53 / ip 44 ffff", "udp 53 in"},
	{"VXLAN is not opened", ETH,
	 V4_IN "17 / udp 40000 4789 / zeros 8 / " V4_OUT "6 / tcp 40000 80 S 1", "udp 4789 in"},
};

/* new = (flags & 0x17) == 0x02, whatever else is set. */
static const struct decode_case attempts[] = {
	{"SYN", ETH, V4_IN "6 / tcp 40000 80 S 7", "tcp 80 in, new tcp 80 in"},
	{"SYN6", ETH, V6_IN "6 / tcp 40000 80 S 7", "tcp 80 in, new tcp 80 in"},
	{"SYN out", ETH, V4_OUT "6 / tcp 40000 443 S 7", "tcp 443 out, new tcp 443 out"},
	{"SYN6 out", ETH, V6_OUT "6 / tcp 40000 443 S 7", "tcp 443 out, new tcp 443 out"},
	{"SYN local", ETH, V6_LOCAL "6 / tcp 40000 22 S 7", "tcp 22 local, new tcp 22 local"},
	{"SYN transit", ETH, V4_TRANSIT "6 / tcp 40000 22 S 7",
	 "tcp 22 transit, new tcp 22 transit"},
	{"sequence 0", ETH, V4_IN "6 / tcp 40000 80 S 0", "tcp 80 in, new tcp 80 in"},
	{"ECN-setup SYN", ETH, V4_IN "6 / tcp 40000 80 SEC 7", "tcp 80 in, new tcp 80 in"},
	{"SYN and PSH", ETH, V6_IN "6 / tcp 40000 80 SP 7", "tcp 80 in, new tcp 80 in"},
	{"SYN and URG", ETH, V4_IN "6 / tcp 40000 80 SU 7", "tcp 80 in, new tcp 80 in"},
	{"SYN and FIN", ETH, V4_IN "6 / tcp 40000 80 SF 7", "tcp 80 in"},
	{"SYN and RST", ETH, V6_IN "6 / tcp 40000 80 SR 0", "tcp 80 in"},
	{"SYN, RST and ACK", ETH, V4_IN "6 / tcp 40000 80 SRA 0", "tcp 80 in"},
	{"SYN, ACK and FIN", ETH, V4_IN "6 / tcp 40000 80 SAF 0", "tcp 80 in"},
	{"all flags", ETH, V4_IN "6 / tcp 40000 80 FSRPAUEC 0", "tcp 80 in"},
	{"no flag", ETH, V6_IN "6 / tcp 40000 80 - 0", "tcp 80 in"},
	{"ACK", ETH, V4_IN "6 / tcp 40000 80 A 0", "tcp 80 in"},
	{"FIN and ACK", ETH, V4_IN "6 / tcp 40000 80 FA 0", "tcp 80 in"},
	{"SYN in a first fragment", ETH, V4_IN "6 / fragment4 0 1 / tcp 40000 80 S 7",
	 "tcp 80 in, new tcp 80 in"},
	{"SYN in a later one", ETH, V4_IN "6 / fragment4 2 0 / tcp 40000 80 S 7", "fragment 6 in"},
};

/* Answers belong to the row of the attempt: the port they come from, and the way it went. */
static const struct decode_case answers[] = {
	{"SYN-ACK to our attempt", ETH, V4_IN "6 / tcp 443 40000 SA 7",
	 "tcp 40000 in, accepted tcp 443 out"},
	{"SYN-ACK to our attempt, 6", ETH, V6_IN "6 / tcp 443 40000 SA 7",
	 "tcp 40000 in, accepted tcp 443 out"},
	{"our SYN-ACK", ETH, V4_OUT "6 / tcp 80 40000 SA 7", "tcp 40000 out, accepted tcp 80 in"},
	{"our SYN-ACK, 6", ETH, V6_OUT "6 / tcp 80 40000 SA 7",
	 "tcp 40000 out, accepted tcp 80 in"},
	{"SYN-ACK local", ETH, V4_LOCAL "6 / tcp 80 40000 SA 7",
	 "tcp 40000 local, accepted tcp 80 local"},
	{"SYN-ACK transit", ETH, V6_TRANSIT "6 / tcp 80 40000 SA 7",
	 "tcp 40000 transit, accepted tcp 80 transit"},
	{"SYN-ACK with ECN", ETH, V4_OUT "6 / tcp 80 40000 SAE 7",
	 "tcp 40000 out, accepted tcp 80 in"},
	{"SYN-ACK of sequence 0", ETH, V6_OUT "6 / tcp 80 40000 SA 0",
	 "tcp 40000 out, accepted tcp 80 in"},
	{"SYN-ACK and PSH", ETH, V4_OUT "6 / tcp 80 40000 SAP 0",
	 "tcp 40000 out, accepted tcp 80 in"},
	{"refused us", ETH, V4_IN "6 / tcp 443 40000 RA 0", "tcp 40000 in, refused tcp 443 out"},
	{"refused us, 6", ETH, V6_IN "6 / tcp 443 40000 RA 0", "tcp 40000 in, refused tcp 443 out"},
	{"we refused", ETH, V4_OUT "6 / tcp 23 40000 RA 0", "tcp 40000 out, refused tcp 23 in"},
	{"we refused, 6", ETH, V6_OUT "6 / tcp 23 40000 RA 0", "tcp 40000 out, refused tcp 23 in"},
	{"refused local", ETH, V6_LOCAL "6 / tcp 23 40000 RA 0",
	 "tcp 40000 local, refused tcp 23 local"},
	{"refused transit", ETH, V4_TRANSIT "6 / tcp 23 40000 RA 0",
	 "tcp 40000 transit, refused tcp 23 transit"},
	{"RST-ACK with PSH", ETH, V4_IN "6 / tcp 443 40000 RAP 0",
	 "tcp 40000 in, refused tcp 443 out"},
	{"RST-ACK within a connection", ETH, V4_IN "6 / tcp 443 40000 RA 1", "tcp 40000 in"},
	{"RST-ACK with a high sequence", ETH, V6_IN "6 / tcp 443 40000 RA 4278190080",
	 "tcp 40000 in"},
	{"RST alone", ETH, V4_IN "6 / tcp 443 40000 R 0", "tcp 40000 in"},
	{"RST, ACK and FIN", ETH, V4_IN "6 / tcp 443 40000 RAF 0", "tcp 40000 in"},
	{"refused, cut behind the flags", ETH, V6_IN "6 / tcp 443 40000 RA 0 / cut 68",
	 "tcp 40000 in, refused tcp 443 out"},
};

#define QUOTED4    "ip4 192.0.2.1 198.51.100.9 17 / udp 40000 53"
#define QUOTED4_IN "ip4 198.51.100.9 192.0.2.1 17 / udp 40000 53"
#define QUOTED6    "ip6 2001:db8::1 2001:db8:f::9 17 / udp 40000 53"
#define QUOTED6_IN "ip6 2001:db8:f::9 2001:db8::1 17 / udp 40000 53"

static const struct decode_case unreachable4[] = {
	{"they refused us", ETH, V4_IN "1 / icmp 3 3 / quote / " QUOTED4,
	 "protocol 1 in, refused udp 53 out"},
	{"we refused them", ETH, V4_OUT "1 / icmp 3 3 / quote / " QUOTED4_IN,
	 "protocol 1 out, refused udp 53 in"},
	{"on this host", ETH,
	 V4_LOCAL "1 / icmp 3 3 / quote / ip4 192.0.2.2 192.0.2.1 17 / udp 40000 53",
	 "protocol 1 local, refused udp 53 local"},
	{"passing by", ETH,
	 V4_TRANSIT "1 / icmp 3 3 / quote / ip4 203.0.113.7 198.51.100.9 17 / udp 40000 53",
	 "protocol 1 transit, refused udp 53 transit"},
	{"a router between says so", ETH,
	 "eth 0800 / ip4 198.51.100.1 192.0.2.1 1 / icmp 3 3 / quote / " QUOTED4,
	 "protocol 1 in, refused udp 53 out"},
	{"quoting TCP", ETH,
	 V4_IN "1 / icmp 3 3 / quote / ip4 192.0.2.1 198.51.100.9 6 / tcp 40000 53 S 1",
	 "protocol 1 in"},
	{"quoting ICMP", ETH,
	 V4_IN "1 / icmp 3 3 / quote / ip4 192.0.2.1 198.51.100.9 1 / icmp 8 0", "protocol 1 in"},
	{"quoting options", ETH,
	 V4_IN "1 / icmp 3 3 / quote / ip4 192.0.2.1 198.51.100.9 17 / options 40 / udp 40000 53",
	 "protocol 1 in, refused udp 53 out"},
	{"options in front", ETH, V4_IN "1 / options 8 / icmp 3 3 / quote / " QUOTED4,
	 "protocol 1 in, refused udp 53 out"},
	{"quoting a first fragment", ETH,
	 V4_IN "1 / icmp 3 3 / quote / ip4 192.0.2.1 198.51.100.9 17 / fragment4 0 1 / udp 4 53",
	 "protocol 1 in, refused udp 53 out"},
	{"quoting a later fragment", ETH,
	 V4_IN "1 / icmp 3 3 / quote / ip4 192.0.2.1 198.51.100.9 17 / fragment4 1 0 / udp 4 53",
	 "protocol 1 in"},
	{"quoting the two ports and no more", ETH,
	 V4_IN "1 / icmp 3 3 / quote / " QUOTED4 " / cut 24", "protocol 1 in, refused udp 53 out"},
	{"quoting a byte less", ETH, V4_IN "1 / icmp 3 3 / quote / " QUOTED4 " / cut 23",
	 "protocol 1 in"},
	{"quoting a header and no port", ETH, V4_IN "1 / icmp 3 3 / quote / " QUOTED4 " / cut 20",
	 "protocol 1 in"},
	{"quoting half a header", ETH, V4_IN "1 / icmp 3 3 / quote / " QUOTED4 " / cut 19",
	 "protocol 1 in"},
	{"quoting nothing", ETH, V4_IN "1 / icmp 3 3", "protocol 1 in"},
	{"less than its header", ETH, V4_IN "1 / icmp 3 3 / cut 41", "protocol 1 in"},
	{"the quoted length says it has no port", ETH,
	 V4_IN "1 / icmp 3 3 / quote / " QUOTED4 " / ip 2 0017", "protocol 1 in"},
	{"the quoted length is of a datagram that was cut", ETH,
	 V4_IN "1 / icmp 3 3 / quote / " QUOTED4 " / ip 2 05dc",
	 "protocol 1 in, refused udp 53 out"},
	{"quoting IPv6", ETH, V4_IN "1 / icmp 3 3 / quote / " QUOTED6, "protocol 1 in"},
	{"quoting a bad header", ETH, V4_IN "1 / icmp 3 3 / quote / " QUOTED4 " / ip 0 44",
	 "protocol 1 in"},
	{"host unreachable", ETH, V4_IN "1 / icmp 3 1 / quote / " QUOTED4, "protocol 1 in"},
	{"prohibited", ETH, V4_IN "1 / icmp 3 13 / quote / " QUOTED4, "protocol 1 in"},
	{"another type", ETH, V4_IN "1 / icmp 11 3 / quote / " QUOTED4, "protocol 1 in"},
	{"ICMPv6's numbers", ETH, V4_IN "1 / icmp 1 4 / quote / " QUOTED4, "protocol 1 in"},
	{"in ICMPv6 over IPv4", ETH, V4_IN "58 / icmp 1 4 / quote / " QUOTED4, "protocol 58 in"},
	{"itself a later fragment", ETH, V4_IN "1 / fragment4 4 0 / icmp 3 3 / quote / " QUOTED4,
	 "protocol 1 in"},
	{"itself a first fragment", ETH, V4_IN "1 / fragment4 0 1 / icmp 3 3 / quote / " QUOTED4,
	 "protocol 1 in, refused udp 53 out"},
	{"port 0", ETH, V4_IN "1 / icmp 3 3 / quote / ip4 192.0.2.1 198.51.100.9 17 / udp 40000 0",
	 "protocol 1 in, refused udp 0 out"},
	{"quoting neither end of ours", ETH,
	 V4_IN "1 / icmp 3 3 / quote / ip4 203.0.113.7 198.51.100.9 17 / udp 40000 53",
	 "protocol 1 in, refused udp 53 transit"},
};

static const struct decode_case unreachable6[] = {
	{"they refused us", ETH, V6_IN "58 / icmp 1 4 / quote / " QUOTED6,
	 "protocol 58 in, refused udp 53 out"},
	{"we refused them", ETH, V6_OUT "58 / icmp 1 4 / quote / " QUOTED6_IN,
	 "protocol 58 out, refused udp 53 in"},
	{"on this host", ETH,
	 V6_LOCAL "58 / icmp 1 4 / quote / ip6 2001:db8::2 2001:db8::1 17 / udp 40000 53",
	 "protocol 58 local, refused udp 53 local"},
	{"passing by", ETH,
	 V6_TRANSIT "58 / icmp 1 4 / quote / ip6 2001:db8:e::7 2001:db8:f::9 17 / udp 40000 53",
	 "protocol 58 transit, refused udp 53 transit"},
	{"quoting TCP", ETH,
	 V6_IN "58 / icmp 1 4 / quote / ip6 2001:db8::1 2001:db8:f::9 6 / tcp 40000 53 S 1",
	 "protocol 58 in"},
	{"quoting extension headers", ETH,
	 V6_IN "58 / icmp 1 4 / quote / ip6 2001:db8::1 2001:db8:f::9 0 / extension 60 8 / "
	       "extension 17 16 / udp 40000 53",
	 "protocol 58 in, refused udp 53 out"},
	{"behind extension headers", ETH, V6_IN "60 / extension 58 8 / icmp 1 4 / quote / " QUOTED6,
	 "protocol 58 in, refused udp 53 out"},
	{"quoting an extension header cut short", ETH,
	 V6_IN "58 / icmp 1 4 / quote / ip6 2001:db8::1 2001:db8:f::9 0 / extension 17 16 / cut 55",
	 "protocol 58 in"},
	{"quoting an atomic fragment", ETH,
	 V6_IN "58 / icmp 1 4 / quote / ip6 2001:db8::1 2001:db8:f::9 44 / fragment6 17 0 0 / "
	       "udp 40000 53",
	 "protocol 58 in, refused udp 53 out"},
	{"quoting a later fragment", ETH,
	 V6_IN "58 / icmp 1 4 / quote / ip6 2001:db8::1 2001:db8:f::9 44 / fragment6 17 1 0 / "
	       "udp 40000 53",
	 "protocol 58 in"},
	{"quoting the two ports and no more", ETH,
	 V6_IN "58 / icmp 1 4 / quote / " QUOTED6 " / cut 44",
	 "protocol 58 in, refused udp 53 out"},
	{"quoting a byte less", ETH, V6_IN "58 / icmp 1 4 / quote / " QUOTED6 " / cut 43",
	 "protocol 58 in"},
	{"quoting half a header", ETH, V6_IN "58 / icmp 1 4 / quote / " QUOTED6 " / cut 39",
	 "protocol 58 in"},
	{"quoting nothing", ETH, V6_IN "58 / icmp 1 4", "protocol 58 in"},
	{"quoting IPv4", ETH, V6_IN "58 / icmp 1 4 / quote / " QUOTED4, "protocol 58 in"},
	{"address unreachable", ETH, V6_IN "58 / icmp 1 3 / quote / " QUOTED6, "protocol 58 in"},
	{"another type", ETH, V6_IN "58 / icmp 4 4 / quote / " QUOTED6, "protocol 58 in"},
	{"ICMP's numbers", ETH, V6_IN "58 / icmp 3 3 / quote / " QUOTED6, "protocol 58 in"},
	{"in ICMP over IPv6", ETH, V6_IN "1 / icmp 3 3 / quote / " QUOTED6, "protocol 1 in"},
	{"itself a later fragment", ETH,
	 V6_IN "44 / fragment6 58 4 0 / icmp 1 4 / quote / " QUOTED6, "protocol 58 in"},
	{"quoting neither end of ours", ETH,
	 V6_IN "58 / icmp 1 4 / quote / ip6 2001:db8:e::7 2001:db8:f::9 17 / udp 40000 53",
	 "protocol 58 in, refused udp 53 transit"},
};

START_TEST(cut_headers)
{
	cases_check(headers, COUNT(headers));
}
END_TEST

START_TEST(new_connections)
{
	cases_check(attempts, COUNT(attempts));
}
END_TEST

START_TEST(accepted_and_refused)
{
	cases_check(answers, COUNT(answers));
}
END_TEST

START_TEST(port_unreachable)
{
	cases_check(unreachable4, COUNT(unreachable4));
	cases_check(unreachable6, COUNT(unreachable6));
}
END_TEST

/* Of the 256 values that the flags can have, and both kinds of sequence. */
START_TEST(every_flag_byte)
{
	struct wc_local *local = cases_host();

	for (unsigned i = 0; i < 512; i++) {
		unsigned flags = i & 0xff, sequence = i >> 8;
		char recipe[120];
		struct wc_packet packet;
		enum wc_event expected = WC_EVENT_NONE;

		snprintf(recipe, sizeof(recipe), V6_OUT "6 / tcp 80 40000 - %u / ip 53 %02x",
			 sequence, flags);
		packet = cases_decode(local, ETH, recipe);
		if ((flags & 0x17) == 0x02)
			expected = WC_EVENT_NEW;
		else if ((flags & 0x17) == 0x12)
			expected = WC_EVENT_ACCEPTED;
		else if ((flags & 0x17) == 0x14 && sequence == 0)
			expected = WC_EVENT_REFUSED;
		ck_assert_uint_eq(packet.class, WC_CLASS_TCP);
		ck_assert_uint_eq(packet.tcp_flags, flags);
		ck_assert_uint_eq(packet.source_port, 80);
		ck_assert_uint_eq(packet.key, 40000);
		ck_assert_uint_eq(packet.event, expected);
	}
	wc_local_free(local);
}
END_TEST

/* A reset is cold with sequence 0 and with no other. */
START_TEST(every_sequence_bit)
{
	struct wc_local *local = cases_host();

	for (int bit = 0; bit < 32; bit++) {
		char recipe[120];

		snprintf(recipe, sizeof(recipe), V4_IN "6 / tcp 443 40000 RA %u", 1u << bit);
		ck_assert_uint_eq(cases_decode(local, ETH, recipe).event, WC_EVENT_NONE);
	}
	wc_local_free(local);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {cut_headers,
				      new_connections,
				      accepted_and_refused,
				      port_unreachable,
				      every_flag_byte,
				      every_sequence_bit,
				      NULL};

	return suite_run("transport", tests, 60);
}

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "decode.h"
#include "local.h"
#include "memo.h"
#include "recipe.h"
#include "stacks.h"
#include "suite.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

#define E    WC_LINK_ETHERNET
#define FILE WC_ORIGIN_FILE
#define RECV WC_ORIGIN_RECEIVED
#define SENT WC_ORIGIN_SENT
#define PASS WC_ORIGIN_OTHER

#define UDP4(from, to) "eth 0800 / ip4 " from " " to " 17 / udp 40000 9"
#define UDP6(from, to) "eth 86dd / ip6 " from " " to " 17 / udp 40000 9"

/* Where an address of this host has a part, what the kernel says does not matter. */
static const struct decode_case own_addresses[] = {
	{"in", E, FILE, UDP4("198.51.100.9", "192.0.2.1"), "udp 9 in"},
	{"in, other address", E, FILE, UDP4("198.51.100.9", "192.0.2.2"), "udp 9 in"},
	{"in, though sent", E, SENT, UDP4("198.51.100.9", "192.0.2.1"), "udp 9 in"},
	{"in, though for another", E, PASS, UDP6("2001:db8:f::9", "2001:db8::1"), "udp 9 in"},
	{"in, 6", E, RECV, UDP6("2001:db8:f::9", "2001:db8::2"), "udp 9 in"},
	{"out", E, FILE, UDP4("192.0.2.1", "198.51.100.9"), "udp 9 out"},
	{"out, though received", E, RECV, UDP4("192.0.2.2", "198.51.100.9"), "udp 9 out"},
	{"out, 6", E, SENT, UDP6("2001:db8::1", "2001:db8:f::9"), "udp 9 out"},
	{"local", E, FILE, UDP4("192.0.2.1", "192.0.2.2"), "udp 9 local"},
	{"local to itself", E, SENT, UDP4("192.0.2.1", "192.0.2.1"), "udp 9 local"},
	{"local, 6", E, RECV, UDP6("2001:db8::2", "2001:db8::1"), "udp 9 local"},
	{"loopback", E, FILE, UDP4("127.0.0.1", "127.0.0.1"), "udp 9 local"},
	{"all of 127/8", E, RECV, UDP4("127.0.0.0", "127.255.255.255"), "udp 9 local"},
	{"::1", E, FILE, UDP6("::1", "::1"), "udp 9 local"},
	{"from 127/8 to a stranger", E, FILE, UDP4("127.0.0.1", "198.51.100.9"), "udp 9 out"},
	{"to 127/8 from a stranger", E, FILE, UDP4("198.51.100.9", "127.3.2.1"), "udp 9 in"},
	{"to ::1 from an own address", E, FILE, UDP6("2001:db8::1", "::1"), "udp 9 local"},
	{"neighbour of ::1", E, RECV, UDP6("::2", "::3"), "udp 9 transit"},
	{"126/8 and 128/8 are not loopback", E, RECV, UDP4("126.255.255.255", "128.0.0.0"),
	 "udp 9 transit"},
	{"transit, received", E, RECV, UDP4("198.51.100.9", "203.0.113.7"), "udp 9 transit"},
	{"transit, sent", E, SENT, UDP4("198.51.100.9", "203.0.113.7"), "udp 9 transit"},
	{"transit, in a file", E, FILE, UDP6("2001:db8:f::9", "2001:db8:e::7"), "udp 9 transit"},
	{"transit, for another", E, PASS, UDP6("2001:db8:f::9", "2001:db8:e::7"), "udp 9 transit"},
	{"a mapped address is not its twin", E, FILE, UDP6("2001:db8:f::9", "::ffff:192.0.2.1"),
	 "udp 9 transit"},
	{"from 0.0.0.0 to us", E, RECV, UDP4("0.0.0.0", "192.0.2.1"), "udp 9 in"},
	{"from :: to us", E, RECV, UDP6("::", "2001:db8::1"), "udp 9 in"},
	{"to 0.0.0.0", E, RECV, UDP4("198.51.100.9", "0.0.0.0"), "udp 9 transit"},
};

/* Broadcast and multicast: from us it is out; else the kernel's word; else transit. */
static const struct decode_case groups[] = {
	{"broadcast from us", E, FILE, UDP4("192.0.2.1", "255.255.255.255"), "udp 9 out"},
	{"broadcast from us, seen again", E, RECV, UDP4("192.0.2.1", "255.255.255.255"),
	 "udp 9 out"},
	{"broadcast received", E, RECV, UDP4("192.0.2.9", "255.255.255.255"), "udp 9 in"},
	{"broadcast sent for another", E, SENT, UDP4("192.0.2.9", "255.255.255.255"), "udp 9 out"},
	{"broadcast for another host", E, PASS, UDP4("192.0.2.9", "255.255.255.255"),
	 "udp 9 transit"},
	{"broadcast in a file", E, FILE, UDP4("192.0.2.9", "255.255.255.255"), "udp 9 transit"},
	{"DHCP request of a stranger", E, RECV, UDP4("0.0.0.0", "255.255.255.255"), "udp 9 in"},
	{"DHCP request of ours", E, SENT, UDP4("0.0.0.0", "255.255.255.255"), "udp 9 out"},
	{"DHCP request in a file", E, FILE, UDP4("0.0.0.0", "255.255.255.255"), "udp 9 transit"},
	{"subnet broadcast from us", E, FILE, UDP4("192.0.2.1", "192.0.2.255"), "udp 9 out"},
	{"subnet broadcast received", E, RECV, UDP4("192.0.2.9", "192.0.2.255"), "udp 9 in"},
	{"subnet broadcast sent", E, SENT, UDP4("192.0.2.9", "192.0.2.255"), "udp 9 out"},
	{"subnet broadcast for another host", E, PASS, UDP4("192.0.2.9", "192.0.2.255"),
	 "udp 9 transit"},
	{"subnet broadcast in a file", E, FILE, UDP4("192.0.2.9", "192.0.2.255"), "udp 9 transit"},
	{"broadcast of a foreign subnet", E, RECV, UDP4("198.51.100.9", "198.51.100.255"),
	 "udp 9 transit"},
	{"multicast from us", E, RECV, UDP4("192.0.2.2", "224.0.0.251"), "udp 9 out"},
	{"multicast received", E, RECV, UDP4("192.0.2.9", "224.0.0.251"), "udp 9 in"},
	{"multicast sent", E, SENT, UDP4("192.0.2.9", "239.255.255.255"), "udp 9 out"},
	{"multicast for another host", E, PASS, UDP4("192.0.2.9", "224.0.0.1"), "udp 9 transit"},
	{"multicast in a file", E, FILE, UDP4("192.0.2.9", "224.0.0.1"), "udp 9 transit"},
	{"240/4 is no multicast", E, RECV, UDP4("192.0.2.9", "240.0.0.1"), "udp 9 transit"},
	{"223/8 is none either", E, RECV, UDP4("192.0.2.9", "223.255.255.255"), "udp 9 transit"},
	{"multicast6 from us", E, RECV, UDP6("2001:db8::1", "ff02::fb"), "udp 9 out"},
	{"multicast6 received", E, RECV, UDP6("fe80::9", "ff02::1"), "udp 9 in"},
	{"multicast6 from ::", E, RECV, UDP6("::", "ff02::1:ff00:1"), "udp 9 in"},
	{"multicast6 from :: of ours", E, SENT, UDP6("::", "ff02::16"), "udp 9 out"},
	{"multicast6 sent", E, SENT, UDP6("fe80::9", "ff0e::1"), "udp 9 out"},
	{"multicast6 for another host", E, PASS, UDP6("fe80::9", "ff02::1"), "udp 9 transit"},
	{"multicast6 in a file", E, FILE, UDP6("fe80::9", "ff02::1"), "udp 9 transit"},
	{"fe00::/8 is no multicast", E, RECV, UDP6("fe80::9", "feff::1"), "udp 9 transit"},
	{"a group as the source", E, RECV, UDP4("224.0.0.1", "192.0.2.1"), "udp 9 in"},
};

/* Frames without addresses to go by. */
static const struct decode_case no_addresses[] = {
	{"ARP received", E, RECV, "eth 0806 / zeros 28", "ethertype 0806 in"},
	{"ARP sent", E, SENT, "eth 0806 / zeros 28", "ethertype 0806 out"},
	{"ARP for another host", E, PASS, "eth 0806 / zeros 28", "ethertype 0806 transit"},
	{"ARP in a file", E, FILE, "eth 0806 / zeros 28", "ethertype 0806 transit"},
	{"LLC for another host", E, PASS, "eth 0026", "llc transit"},
	{"malformed for another host", E, PASS, "eth 0800 / zeros 19", "malformed transit"},
	{"malformed header sent", E, SENT, UDP4("192.0.2.1", "192.0.2.2") " / ip 0 44",
	 "malformed out"},
	{"malformed behind IP goes by its addresses", E, SENT,
	 UDP4("198.51.100.9", "192.0.2.2") " / cut 37", "malformed in"},
	{"so does a chain that breaks", E, RECV,
	 "eth 86dd / ip6 2001:db8::1 2001:db8:f::9 0 / zeros 7", "malformed out"},
	{"unsupported for another host", WC_LINK_UNSUPPORTED, PASS, "zeros 10",
	 "unsupported transit"},
	{"unsupported sent", WC_LINK_UNSUPPORTED, SENT, "zeros 10", "unsupported out"},
};

/* An answer to or from a group has no row of its own to speak of, but it has one. */
static const struct decode_case events[] = {
	{"attempt at a group", E, RECV, "eth 0800 / ip4 192.0.2.9 224.0.0.1 6 / tcp 9 80 S 1",
	 "tcp 80 in, new tcp 80 in"},
	{"answer within this host", E, FILE, "eth 0800 / ip4 127.0.0.1 127.0.0.1 6 / tcp 80 9 SA 1",
	 "tcp 9 local, accepted tcp 80 local"},
	{"answer in transit, sent by this host", E, SENT, V6_TRANSIT "6 / tcp 80 9 RA 0",
	 "tcp 9 transit, refused tcp 80 transit"},
};

START_TEST(directions)
{
	cases_check(own_addresses, COUNT(own_addresses));
	cases_check(groups, COUNT(groups));
	cases_check(no_addresses, COUNT(no_addresses));
	cases_check(events, COUNT(events));
}
END_TEST

/* cases_decode() asserts that the packet has the length of the wire, whatever was captured. */
START_TEST(lengths_on_the_wire)
{
	static const struct decode_case rows[] = {
		{"cut by a snaplen", E, FILE, V4_IN "17 / udp 9 9 / zeros 1400 / cut 96",
		 "udp 9 in"},
		{"0", E, FILE, V4_IN "17 / udp 9 9 / wire 0", "udp 9 in"},
		{"below what was captured", E, FILE, V6_IN "17 / udp 9 9 / wire 20", "udp 9 in"},
		{"4 GB", E, FILE, V4_IN "17 / udp 9 9 / wire 4294967295", "udp 9 in"},
		{"just under it", E, FILE, "eth 0806 / wire 4093509168", "ethertype 0806 transit"},
		{"malformed", E, FILE, "eth 0800 / cut 3 / wire 1514", "malformed transit"},
		{"LLC", E, FILE, "eth 0026 / wire 60", "llc transit"},
		{"unsupported", WC_LINK_UNSUPPORTED, FILE, "zeros 4 / wire 1500",
		 "unsupported transit"},
		{"empty", E, FILE, "zeros 0 / wire 64", "malformed transit"},
	};

	cases_check(rows, COUNT(rows));
}
END_TEST

START_TEST(times_are_labels)
{
	static const int64_t times[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
	static const struct wc_hash_seed seed = {{1, 2, 3, 4}};
	static struct wc_memo memo;
	struct wc_local *local = cases_host();
	struct recipe recipe;

	wc_memo_begin(&memo, &seed, true);
	recipe_build(&recipe, V4_IN "17 / udp 9 9");
	for (size_t i = 0; i < COUNT(times); i++) {
		struct wc_frame frame = {
			.bytes = recipe.frame.bytes,
			.captured = recipe.captured,
			.length = recipe.length,
			.time_ns = times[i],
			.link = WC_LINK_ETHERNET,
			.origin = WC_ORIGIN_FILE,
		};
		struct wc_packet packet;

		wc_decode(&packet, &frame, local, &memo);
		ck_assert_int_eq(packet.time_ns, times[i]);
	}
	wc_local_free(local);
}
END_TEST

/* @there is how much of the stack's frame can be used. */
static void check_stack(const struct stack *stack, const struct wc_packet *packet, size_t there)
{
	bool whole = there >= stack->need;

	ck_assert_msg(packet->class == (whole ? stack->class : WC_CLASS_MALFORMED),
		      "%s, %zu bytes: class %u", stack->name, there, packet->class);
	ck_assert_msg(packet->key == (whole ? stack->key : 0), "%s, %zu bytes: key %u", stack->name,
		      there, packet->key);
	ck_assert_uint_lt(packet->direction, WC_DIRECTIONS);
	ck_assert_msg((packet->event != WC_EVENT_NONE) == (stack->event && there >= stack->event),
		      "%s, %zu bytes: event %u", stack->name, there, packet->event);
}

/* Every stack, with only its first bytes captured. Memory ends where they end. */
START_TEST(cut_at_every_byte)
{
	struct wc_local *local = cases_host();

	for (size_t i = 0; i < stack_count; i++) {
		struct recipe recipe;

		recipe_build(&recipe, stacks[i].recipe);
		ck_assert_uint_ge(recipe.frame.size, stacks[i].need);
		ck_assert_uint_ge(recipe.frame.size, stacks[i].event);
		for (uint32_t size = 0; size <= recipe.frame.size; size++) {
			struct wc_packet packet;

			recipe.captured = size;
			packet = cases_decode_frame(local, stacks[i].link, WC_ORIGIN_FILE, &recipe);
			check_stack(&stacks[i], &packet, size);
		}
	}
	wc_local_free(local);
}
END_TEST

/* Writes what the IP header says of the packet's length. Returns how many bytes that leaves. */
static size_t set_ip_length(struct recipe *recipe, size_t length)
{
	uint8_t *ip = recipe->frame.bytes + recipe->frame.ip;
	bool v4 = ip[0] >> 4 == 4;
	uint8_t *field = ip + (v4 ? 2 : 4);
	size_t behind = recipe->frame.ip + (v4 ? 0 : 40);

	field[0] = (uint8_t)(length >> 8);
	field[1] = (uint8_t)length;
	if (!length || behind + length > recipe->frame.size)
		return recipe->frame.size;
	return v4 && length < (size_t)(ip[0] & 15) * 4 ? 0 : behind + length;
}

/* All bytes are there, but the IP header claims fewer of them, or more. */
START_TEST(limited_by_every_ip_length)
{
	struct wc_local *local = cases_host();
	size_t tried = 0;

	for (size_t i = 0; i < stack_count; i++) {
		const struct stack *stack = &stacks[i];
		struct recipe recipe;

		recipe_build(&recipe, stack->recipe);
		if (recipe.frame.ip >= stack->need) /* none, or one that is not opened */
			continue;
		for (size_t length = 0; length < recipe.frame.size + 8; length++) {
			size_t there = set_ip_length(&recipe, length);
			struct wc_packet packet =
				cases_decode_frame(local, stack->link, WC_ORIGIN_FILE, &recipe);

			check_stack(stack, &packet, there);
			tried++;
		}
	}
	ck_assert_uint_gt(tried, 2000);
	wc_local_free(local);
}
END_TEST

START_TEST(scope_of_both_ends)
{
	static const struct {
		const char *recipe;
		uint8_t inside;
	} rows[] = {
		{V4_IN "17 / udp 9 9", WC_INSIDE_DESTINATION},
		{V4_OUT "17 / udp 9 9", WC_INSIDE_SOURCE},
		{V4_LOCAL "17 / udp 9 9", WC_INSIDE_BOTH},
		{V4_TRANSIT "17 / udp 9 9", 0},
		{V6_IN "17 / udp 9 9", WC_INSIDE_DESTINATION},
		{V6_OUT "17 / udp 9 9", WC_INSIDE_SOURCE},
		{V6_LOCAL "17 / udp 9 9", WC_INSIDE_BOTH},
		{V6_TRANSIT "17 / udp 9 9", 0},
		{UDP4("10.1.2.3", "8.8.8.8"), WC_INSIDE_SOURCE},
		{UDP6("2001:db8:f::9", "fd00::1"), WC_INSIDE_DESTINATION},
		{V6_OUT "17 / udp 9 9 / cut 57", WC_INSIDE_SOURCE}, /* malformed behind IP */
		{V4_OUT "17 / udp 9 9 / ip 0 44", 0},
		{"eth 0806", 0},
	};
	static const struct wc_networks none = {NULL, 0};
	struct wc_local *local = cases_host();

	ck_assert_int_eq(wc_local_add_networks(local, &none), 0);
	for (size_t i = 0; i < COUNT(rows); i++)
		ck_assert_uint_eq(cases_decode(local, E, FILE, rows[i].recipe).inside,
				  rows[i].inside);
	wc_local_free(local);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {directions,
				      lengths_on_the_wire,
				      times_are_labels,
				      cut_at_every_byte,
				      limited_by_every_ip_length,
				      scope_of_both_ends,
				      NULL};

	return suite_run("decode", tests, 300);
}

#include <check.h>
#include <stdbool.h>

#include "cases.h"
#include "link.h"
#include "recipe.h"
#include "suite.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

#define TCP4 "ip4 198.51.100.9 192.0.2.1 6 / tcp 40000 80 A 1"
#define TCP6 "ip6 2001:db8:f::9 2001:db8::1 6 / tcp 40000 80 A 1"

static const struct decode_case ethernet[] = {
	{"IPv4", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 0800 / " TCP4, "tcp 80 in"},
	{"IPv6", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 86dd / " TCP6, "tcp 80 in"},
	{"ARP", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 0806 / zeros 46", "ethertype 0806 transit"},
	{"no byte behind it", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 0806",
	 "ethertype 0806 transit"},
	{"MPLS", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 8847 / zeros 4 / " TCP4,
	 "ethertype 8847 transit"},
	{"PPPoE", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 8864 / zeros 8 / " TCP4,
	 "ethertype 8864 transit"},
	{"802.1ah", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 88e7 / zeros 4",
	 "ethertype 88e7 transit"},
	{"MACsec", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 88e5 / zeros 4",
	 "ethertype 88e5 transit"},
	{"TRILL", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 22f3 / zeros 4", "ethertype 22f3 transit"},
	{"the highest type", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth ffff",
	 "ethertype ffff transit"},
	{"the lowest type", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 0600", "ethertype 0600 transit"},
	{"neither length nor type", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 05ff", "llc transit"},
	{"1501", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 05dd", "llc transit"},
	{"length 0", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 0000", "llc transit"},
	{"spanning tree", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 0026 / bytes 424203 / zeros 43",
	 "llc transit"},
	{"SNAP that carries IPv4", WC_LINK_ETHERNET, WC_ORIGIN_FILE,
	 "eth 0030 / bytes aaaa030000000800 / " TCP4, "llc transit"},
	{"Novell raw", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 0022 / bytes ffff / zeros 32",
	 "llc transit"},
	{"LLC received", WC_LINK_ETHERNET, WC_ORIGIN_RECEIVED, "eth 0026", "llc in"},
	{"LLC sent", WC_LINK_ETHERNET, WC_ORIGIN_SENT, "eth 0026", "llc out"},
	{"no frame at all", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "", "malformed transit"},
	{"13 bytes", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 0800 / cut 13", "malformed transit"},
	{"13 bytes sent", WC_LINK_ETHERNET, WC_ORIGIN_SENT, "eth 0800 / cut 13", "malformed out"},
	{"13 bytes received", WC_LINK_ETHERNET, WC_ORIGIN_RECEIVED, "eth 0800 / cut 13",
	 "malformed in"},
};

static const struct decode_case tags[] = {
	{"802.1Q", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 8100 / tag 0800 / " TCP4, "tcp 80 in"},
	{"802.1Q and IPv6", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 8100 / tag 86dd / " TCP6,
	 "tcp 80 in"},
	{"802.1ad", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 88a8 / tag 0800 / " TCP4, "tcp 80 in"},
	{"0x9100", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 9100 / tag 0800 / " TCP4, "tcp 80 in"},
	{"0x9200 is no tag", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 9200 / tag 0800 / " TCP4,
	 "ethertype 9200 transit"},
	{"0x9300 is no tag", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 9300 / tag 0800 / " TCP4,
	 "ethertype 9300 transit"},
	{"priority tag", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 8100 / bytes 00000800 / " TCP4,
	 "tcp 80 in"},
	{"priority tag with a priority", WC_LINK_ETHERNET, WC_ORIGIN_FILE,
	 "eth 8100 / bytes e00086dd / " TCP6, "tcp 80 in"},
	{"two tags", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 88a8 / tag 8100 / tag 0800 / " TCP4,
	 "tcp 80 in"},
	{"three tags", WC_LINK_ETHERNET, WC_ORIGIN_FILE,
	 "eth 9100 / tag 88a8 / tag 8100 / tag 86dd / " TCP6, "tcp 80 in"},
	{"four tags", WC_LINK_ETHERNET, WC_ORIGIN_FILE,
	 "eth 88a8 / tag 88a8 / tag 9100 / tag 8100 / tag 0800 / " TCP4, "tcp 80 in"},
	{"five tags", WC_LINK_ETHERNET, WC_ORIGIN_FILE,
	 "eth 88a8 / tag 88a8 / tag 88a8 / tag 88a8 / tag 8100 / tag 0800 / " TCP4,
	 "ethertype 8100 transit"},
	{"a fifth tag of another kind", WC_LINK_ETHERNET, WC_ORIGIN_FILE,
	 "eth 8100 / tag 8100 / tag 8100 / tag 8100 / tag 88a8 / tag 0800 / " TCP4,
	 "ethertype 88a8 transit"},
	{"a fifth tag cut off", WC_LINK_ETHERNET, WC_ORIGIN_FILE,
	 "eth 8100 / tag 8100 / tag 8100 / tag 8100 / tag 9100", "ethertype 9100 transit"},
	{"an ethertype behind a tag", WC_LINK_ETHERNET, WC_ORIGIN_RECEIVED,
	 "eth 8100 / tag 0806 / zeros 28", "ethertype 0806 in"},
	{"a length behind a tag", WC_LINK_ETHERNET, WC_ORIGIN_SENT,
	 "eth 8100 / tag 0026 / bytes 424203", "llc out"},
	{"tag without a byte", WC_LINK_ETHERNET, WC_ORIGIN_FILE, "eth 8100", "malformed transit"},
	{"tag without its type", WC_LINK_ETHERNET, WC_ORIGIN_RECEIVED,
	 "eth 8100 / tag 0800 / cut 17", "malformed in"},
	{"fourth tag cut short", WC_LINK_ETHERNET, WC_ORIGIN_SENT,
	 "eth 8100 / tag 8100 / tag 8100 / tag 8100 / tag 0800 / cut 29", "malformed out"},
};

static const struct decode_case cooked[] = {
	{"SLL IPv4", WC_LINK_SLL, WC_ORIGIN_FILE, "sll 0 0800 / " TCP4, "tcp 80 in"},
	{"SLL IPv6", WC_LINK_SLL, WC_ORIGIN_FILE, "sll 4 86dd / " TCP6, "tcp 80 in"},
	{"SLL ARP", WC_LINK_SLL, WC_ORIGIN_RECEIVED, "sll 1 0806 / zeros 28", "ethertype 0806 in"},
	{"SLL tag", WC_LINK_SLL, WC_ORIGIN_FILE, "sll 0 8100 / tag 0800 / " TCP4, "tcp 80 in"},
	{"SLL LLC", WC_LINK_SLL, WC_ORIGIN_FILE, "sll 2 0004 / bytes 424203", "llc transit"},
	{"SLL CAN", WC_LINK_SLL, WC_ORIGIN_SENT, "sll 4 000c / zeros 16", "llc out"},
	{"SLL of another ARPHRD", WC_LINK_SLL, WC_ORIGIN_FILE,
	 "bytes 00000304000000000000000000000800 / " TCP4, "tcp 80 in"},
	{"SLL cut short", WC_LINK_SLL, WC_ORIGIN_FILE, "sll 0 0800 / cut 15", "malformed transit"},
	{"SLL empty", WC_LINK_SLL, WC_ORIGIN_FILE, "", "malformed transit"},
	{"SLL2 IPv4", WC_LINK_SLL2, WC_ORIGIN_FILE, "sll2 0 0800 / " TCP4, "tcp 80 in"},
	{"SLL2 IPv6", WC_LINK_SLL2, WC_ORIGIN_FILE, "sll2 4 86dd / " TCP6, "tcp 80 in"},
	{"SLL2 ARP", WC_LINK_SLL2, WC_ORIGIN_RECEIVED, "sll2 1 0806", "ethertype 0806 in"},
	{"SLL2 tags", WC_LINK_SLL2, WC_ORIGIN_FILE, "sll2 0 88a8 / tag 8100 / tag 86dd / " TCP6,
	 "tcp 80 in"},
	{"SLL2 CAN", WC_LINK_SLL2, WC_ORIGIN_FILE, "sll2 0 000c / zeros 16", "llc transit"},
	{"SLL2 cut short", WC_LINK_SLL2, WC_ORIGIN_OTHER, "sll2 0 0800 / cut 19",
	 "malformed transit"},
};

static const struct decode_case raw[] = {
	{"IPv4", WC_LINK_RAW, WC_ORIGIN_FILE, TCP4, "tcp 80 in"},
	{"IPv6", WC_LINK_RAW, WC_ORIGIN_FILE, TCP6, "tcp 80 in"},
	{"empty", WC_LINK_RAW, WC_ORIGIN_FILE, "", "malformed transit"},
	{"empty, received", WC_LINK_RAW, WC_ORIGIN_RECEIVED, "", "malformed in"},
	{"version 0", WC_LINK_RAW, WC_ORIGIN_FILE, "zeros 40", "malformed transit"},
	{"version 5", WC_LINK_RAW, WC_ORIGIN_FILE, "bytes 55 / zeros 40", "malformed transit"},
	{"version 15", WC_LINK_RAW, WC_ORIGIN_FILE, "bytes ff / zeros 40", "malformed transit"},
	{"only a version", WC_LINK_RAW, WC_ORIGIN_FILE, "bytes 45", "malformed transit"},
	{"IPV4 with 4", WC_LINK_RAW4, WC_ORIGIN_FILE, TCP4, "tcp 80 in"},
	{"IPV4 with 6", WC_LINK_RAW4, WC_ORIGIN_FILE, TCP6, "malformed transit"},
	{"IPV4 empty", WC_LINK_RAW4, WC_ORIGIN_FILE, "", "malformed transit"},
	{"IPV6 with 6", WC_LINK_RAW6, WC_ORIGIN_FILE, TCP6, "tcp 80 in"},
	{"IPV6 with 4", WC_LINK_RAW6, WC_ORIGIN_FILE, TCP4 " / cut 40", "malformed transit"},
	{"IPV6 empty", WC_LINK_RAW6, WC_ORIGIN_FILE, "", "malformed transit"},
	{"no link type that is decoded", WC_LINK_UNSUPPORTED, WC_ORIGIN_FILE, TCP4,
	 "unsupported transit"},
	{"the same, empty", WC_LINK_UNSUPPORTED, WC_ORIGIN_RECEIVED, "", "unsupported in"},
};

static const struct decode_case loopback[] = {
	{"2", WC_LINK_NULL, WC_ORIGIN_FILE, "null 2 / " TCP4, "tcp 80 in"},
	{"2 of the other byte order", WC_LINK_NULL, WC_ORIGIN_FILE, "null 02000000 / " TCP4,
	 "tcp 80 in"},
	{"10", WC_LINK_NULL, WC_ORIGIN_FILE, "null a / " TCP6, "tcp 80 in"},
	{"24", WC_LINK_NULL, WC_ORIGIN_FILE, "null 18 / " TCP6, "tcp 80 in"},
	{"28", WC_LINK_NULL, WC_ORIGIN_FILE, "null 1c / " TCP6, "tcp 80 in"},
	{"30", WC_LINK_NULL, WC_ORIGIN_FILE, "null 1e / " TCP6, "tcp 80 in"},
	{"30 of the other byte order", WC_LINK_NULL, WC_ORIGIN_FILE, "null 1e000000 / " TCP6,
	 "tcp 80 in"},
	{"2 with IPv6 behind it", WC_LINK_NULL, WC_ORIGIN_FILE, "null 2 / " TCP6,
	 "malformed transit"},
	{"30 with IPv4 behind it", WC_LINK_NULL, WC_ORIGIN_FILE, "null 1e / " TCP4,
	 "malformed transit"},
	{"an ethertype", WC_LINK_NULL, WC_ORIGIN_SENT, "null 88cc", "ethertype 88cc out"},
	{"an ethertype of the other byte order", WC_LINK_NULL, WC_ORIGIN_FILE, "null cc880000",
	 "ethertype 88cc transit"},
	{"IPv4's ethertype", WC_LINK_NULL, WC_ORIGIN_FILE, "null 0800 / " TCP4, "tcp 80 in"},
	{"IPv6's ethertype", WC_LINK_NULL, WC_ORIGIN_FILE, "null 86dd / " TCP6, "tcp 80 in"},
	{"the lowest ethertype", WC_LINK_NULL, WC_ORIGIN_FILE, "null 600",
	 "ethertype 0600 transit"},
	{"the highest ethertype", WC_LINK_NULL, WC_ORIGIN_FILE, "null ffff",
	 "ethertype ffff transit"},
	{"below the ethertypes", WC_LINK_NULL, WC_ORIGIN_FILE, "null 5ff", "unsupported transit"},
	{"0", WC_LINK_NULL, WC_ORIGIN_FILE, "null 0 / " TCP4, "unsupported transit"},
	{"7, OSI", WC_LINK_NULL, WC_ORIGIN_RECEIVED, "null 7", "unsupported in"},
	{"0f 00 08 00", WC_LINK_NULL, WC_ORIGIN_FILE, "null 8000f / " TCP4, "unsupported transit"},
	{"0x10000 is swapped", WC_LINK_NULL, WC_ORIGIN_FILE, "null 10000", "unsupported transit"},
	{"3 bytes", WC_LINK_NULL, WC_ORIGIN_FILE, "null 2 / cut 3", "malformed transit"},
	{"empty", WC_LINK_NULL, WC_ORIGIN_FILE, "", "malformed transit"},
};

START_TEST(ethernet_frames)
{
	cases_check(ethernet, COUNT(ethernet));
}
END_TEST

START_TEST(tagged_frames)
{
	cases_check(tags, COUNT(tags));
}
END_TEST

START_TEST(cooked_frames)
{
	cases_check(cooked, COUNT(cooked));
}
END_TEST

START_TEST(raw_packets)
{
	cases_check(raw, COUNT(raw));
}
END_TEST

START_TEST(loopback_frames)
{
	cases_check(loopback, COUNT(loopback));
}
END_TEST

START_TEST(link_numbers)
{
	static const struct {
		int dlt;
		enum wc_link link;
		const char *name;
	} links[] = {
		{0, WC_LINK_NULL, "NULL"},         {1, WC_LINK_ETHERNET, "EN10MB"},
		{12, WC_LINK_RAW, "RAW"},          {101, WC_LINK_RAW, "RAW"},
		{108, WC_LINK_NULL, "NULL"},       {113, WC_LINK_SLL, "LINUX_SLL"},
		{228, WC_LINK_RAW4, "IPV4"},       {229, WC_LINK_RAW6, "IPV6"},
		{276, WC_LINK_SLL2, "LINUX_SLL2"},
	};

	for (size_t i = 0; i < COUNT(links); i++) {
		ck_assert_int_eq(wc_link_from_dlt(links[i].dlt), links[i].link);
		ck_assert_str_eq(wc_link_name(links[i].link), links[i].name);
	}
	for (int dlt = -1; dlt < 400; dlt++) {
		bool listed = false;

		for (size_t i = 0; i < COUNT(links); i++)
			listed |= links[i].dlt == dlt;
		ck_assert_int_eq(wc_link_from_dlt(dlt) != WC_LINK_UNSUPPORTED, listed);
	}
	ck_assert_ptr_null(wc_link_name(WC_LINK_UNSUPPORTED));
}
END_TEST

/* From a frame alone: who sent it and to whom? Its addresses are 02:..:01 to 02:..:02. */
START_TEST(origins)
{
	static const uint8_t sender[6] = {2, 0, 0, 0, 0, 1}, receiver[6] = {2, 0, 0, 0, 0, 2};
	static const uint8_t third[6] = {2, 0, 0, 0, 0, 3}, none[6] = {0};
	static const struct {
		const char *recipe;
		enum wc_link link;
		const uint8_t *own;
		enum wc_origin origin;
	} rows[] = {
		{"eth 0800", WC_LINK_ETHERNET, sender, WC_ORIGIN_SENT},
		{"eth 0800", WC_LINK_ETHERNET, receiver, WC_ORIGIN_RECEIVED},
		{"eth 0800", WC_LINK_ETHERNET, third, WC_ORIGIN_OTHER},
		{"eth 0800", WC_LINK_ETHERNET, none, WC_ORIGIN_RECEIVED},
		{"bytes ffffffffffff0200000000010806", WC_LINK_ETHERNET, third, WC_ORIGIN_RECEIVED},
		{"bytes ffffffffffff0200000000010806", WC_LINK_ETHERNET, sender, WC_ORIGIN_SENT},
		{"bytes 01005e0000010200000000010800", WC_LINK_ETHERNET, third, WC_ORIGIN_RECEIVED},
		{"bytes 33330000000102000000000186dd", WC_LINK_ETHERNET, sender, WC_ORIGIN_SENT},
		{"eth 0800 / cut 13", WC_LINK_ETHERNET, sender, WC_ORIGIN_RECEIVED},
		{"sll 0 0800", WC_LINK_SLL, none, WC_ORIGIN_RECEIVED},
		{"sll 1 0800", WC_LINK_SLL, none, WC_ORIGIN_RECEIVED},
		{"sll 2 0800", WC_LINK_SLL, none, WC_ORIGIN_RECEIVED},
		{"sll 3 0800", WC_LINK_SLL, none, WC_ORIGIN_OTHER},
		{"sll 4 0800", WC_LINK_SLL, none, WC_ORIGIN_SENT},
		{"sll 260 0800", WC_LINK_SLL, none, WC_ORIGIN_RECEIVED},
		{"sll 4 0800 / cut 15", WC_LINK_SLL, none, WC_ORIGIN_RECEIVED},
		{"sll2 0 0800", WC_LINK_SLL2, none, WC_ORIGIN_RECEIVED},
		{"sll2 1 0800", WC_LINK_SLL2, none, WC_ORIGIN_RECEIVED},
		{"sll2 2 0800", WC_LINK_SLL2, none, WC_ORIGIN_RECEIVED},
		{"sll2 3 0800", WC_LINK_SLL2, none, WC_ORIGIN_OTHER},
		{"sll2 4 0800", WC_LINK_SLL2, none, WC_ORIGIN_SENT},
		{"sll2 4 0800 / cut 19", WC_LINK_SLL2, none, WC_ORIGIN_RECEIVED},
		{TCP4, WC_LINK_RAW, sender, WC_ORIGIN_RECEIVED},
		{"null 2", WC_LINK_NULL, sender, WC_ORIGIN_RECEIVED},
		{"", WC_LINK_ETHERNET, sender, WC_ORIGIN_RECEIVED},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct recipe recipe;

		recipe_build(&recipe, rows[i].recipe);
		ck_assert_msg(wc_link_origin(recipe.frame.bytes, recipe.captured, rows[i].link,
					     rows[i].own) == rows[i].origin,
			      "row %zu: %s", i, rows[i].recipe);
	}
}
END_TEST

/* Each frame with tags has to become its twin that never had any. */
START_TEST(untagged_copies)
{
	static const struct {
		const char *tagged, *plain; /* plain NULL: it is not copied */
		enum wc_link link;
		size_t left_out;
	} rows[] = {
		{"eth 8100 / tag 0800 / " TCP4, "eth 0800 / " TCP4, WC_LINK_ETHERNET, 4},
		{"eth 88a8 / tag 8100 / tag 86dd / " TCP6, "eth 86dd / " TCP6, WC_LINK_ETHERNET, 8},
		{"eth 88a8 / tag 9100 / tag 8100 / tag 8100 / tag 0806", "eth 0806",
		 WC_LINK_ETHERNET, 16},
		{"eth 8100 / tag 8100 / tag 8100 / tag 8100 / tag 88a8 / tag 0806",
		 "eth 88a8 / tag 0806", WC_LINK_ETHERNET, 16},
		{"eth 8100 / tag 0026 / bytes 424203", "eth 0026 / bytes 424203", WC_LINK_ETHERNET,
		 4},
		{"sll 0 8100 / tag 0800 / " TCP4, "sll 0 0800 / " TCP4, WC_LINK_SLL, 4},
		{"sll2 4 8100 / tag 86dd / " TCP6, "sll2 4 86dd / " TCP6, WC_LINK_SLL2, 4},
		{"eth 0800 / " TCP4, NULL, WC_LINK_ETHERNET, 0},
		{"eth 8100 / tag 0800 / cut 17", NULL, WC_LINK_ETHERNET, 0},
		{"eth 8100", NULL, WC_LINK_ETHERNET, 0},
		{"", NULL, WC_LINK_ETHERNET, 0},
		{TCP4, NULL, WC_LINK_RAW, 0},
		{"null 8100 / tag 0800", NULL, WC_LINK_NULL, 0},
		{"eth 8100 / tag 0800", NULL, WC_LINK_UNSUPPORTED, 0},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct recipe tagged, plain;
		uint8_t copy[FRAME_ROOM];

		recipe_build(&tagged, rows[i].tagged);
		ck_assert_uint_eq(
			wc_link_untag(copy, tagged.frame.bytes, tagged.captured, rows[i].link),
			rows[i].left_out);
		if (!rows[i].plain)
			continue;
		recipe_build(&plain, rows[i].plain);
		ck_assert_uint_eq(tagged.captured - rows[i].left_out, plain.captured);
		ck_assert_mem_eq(copy, plain.frame.bytes, plain.captured);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {ethernet_frames, tagged_frames,   cooked_frames,
				      raw_packets,     loopback_frames, link_numbers,
				      origins,         untagged_copies, NULL};

	return suite_run("link", tests, 60);
}

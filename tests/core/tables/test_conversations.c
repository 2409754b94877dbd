/* Who is a conversation's client, which way its frames go, and what a row says. */
#include "conversations.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "flows.h"
#include "suite.h"

#define TEXT 2000

/* The ends of a frame, by the word for its way; the first address of a pair is the lower one. */
struct way {
	const char *word, *ends[2]; /* IPv4, IPv6 */
};

static const struct way ways[] = {
	{"in", {"198.51.100.9 192.0.2.1", "2001:db8:f::9 2001:db8::1"}},
	{"out", {"192.0.2.1 198.51.100.9", "2001:db8::1 2001:db8:f::9"}},
	{"up", {"192.0.2.1 192.0.2.2", "2001:db8::1 2001:db8::2"}},
	{"down", {"192.0.2.2 192.0.2.1", "2001:db8::2 2001:db8::1"}},
	{"through", {"198.51.100.9 203.0.113.7", "2001:db8:e::9 2001:db8:f::7"}},
	{"back", {"203.0.113.7 198.51.100.9", "2001:db8:f::7 2001:db8:e::9"}},
	{"near", {"10.0.0.7 192.0.2.1", "fd00::7 2001:db8::1"}},
	{"beside", {"10.0.0.7 10.0.0.8", "fd00::7 fd00::8"}},
	{"leaving", {"10.0.0.7 203.0.113.7", "fd00::7 2001:db8:f::7"}},
	{"another", {"198.51.100.8 192.0.2.1", "2001:db8:f::8 2001:db8::1"}},
};

static const char *ends_of(const char *word, size_t length, int version)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (strlen(ways[i].word) == length && !strncmp(ways[i].word, word, length))
			return ways[i].ends[version == 6];
	ck_abort_msg("no way is called '%.*s'", (int)length, word);
}

/* Counts a frame: "WAY HEADER", with the transport's header and what follows as a recipe has it. */
static void frame(struct flows *flows, int version, const char *text)
{
	size_t length = strcspn(text, " ");
	const char *rest = text + length + 1, *ends = ends_of(text, length, version);
	char recipe[200];

	snprintf(recipe, sizeof(recipe), "eth %s / ip%d %s %d / %s", version == 4 ? "0800" : "86dd",
		 version, ends, rest[0] == 't' ? 6 : 17, rest);
	flows_frame(flows, recipe, 1);
}

/* Counts frames, with ", " between them. */
static void frames(struct flows *flows, int version, const char *text)
{
	char one[200];

	while (*text) {
		size_t length = strcspn(text, ",");

		snprintf(one, sizeof(one), "%.*s", (int)length, text);
		frame(flows, version, one);
		text += length + (text[length] ? 2 : 0);
	}
}

/* "CLIENT > SERVER tcp PORT FORWARD+REVERSE DIRECTION SCOPE; ..." for all rows. */
static const char *said(const struct flows *flows)
{
	static char text[TEXT];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < flows->snapshot.conversation_rows; i++) {
		const struct wc_conversation_row *row = &flows->snapshot.conversations[i];
		char client[WC_ADDRESS_TEXT], server[WC_ADDRESS_TEXT];

		used += (size_t)snprintf(
			text + used, sizeof(text) - used, "%s%s > %s %s %u %d+%d %s %s",
			i ? "; " : "", wc_address_format(&row->client, client),
			wc_address_format(&row->server, server), row->protocol == 6 ? "tcp" : "udp",
			row->port, (int)row->forward.packets, (int)row->reverse.packets,
			wc_direction_name(row->direction), wc_scope_name(row->scope));
	}
	return text;
}

static struct flows in_a_file(void)
{
	return (struct flows){.rules = {.file = true, .served.at_once = true}};
}

/* A frame, after others; whether it comes from the server; and the server's port. */
struct decision {
	const char *before, *frame;
	bool reverse;
	uint16_t port;
};

static const struct decision decisions[] = {
	/* A SYN, whatever the ports are. */
	{"", "in tcp 80 40000 S 1", false, 40000},
	{"", "in tcp 80 40000 SEC 1", false, 40000},
	{"", "in tcp 40000 40000 S 1", false, 40000},
	{"", "out tcp 22 50000 S 1", false, 50000},
	/* A SYN-ACK, or an RST-ACK that answers a SYN, whatever the ports are. */
	{"", "in tcp 40000 80 SA 1", true, 40000},
	{"", "out tcp 40000 80 SAEC 1", true, 40000},
	{"", "in tcp 40000 80 RA 0", true, 40000},
	{"", "out tcp 40000 40000 RA 0", true, 40000},
	/* None of these: it opens nothing, and answers nothing. */
	{"", "in tcp 80 40000 SF 1", true, 80},
	{"", "in tcp 40000 80 RA 5", false, 80},
	{"", "in tcp 40000 80 R 0", false, 80},
	{"", "in tcp 40000 80 SAF 1", false, 80},
	{"", "in tcp 40000 80 - 0", false, 80},
	/* Exactly one port in the served set. */
	{"", "in tcp 80 40000 A 1", true, 80},
	{"", "in tcp 40000 80 A 1", false, 80},
	{"", "in udp 53 40000", true, 53},
	{"", "in udp 40000 53", false, 53},
	{"up tcp 50000 2000 SA 1", "in tcp 3000 50000 A 1", false, 50000},
	{"up tcp 50000 2000 SA 1", "in tcp 50000 3000 A 1", true, 50000},
	{"up tcp 50000 2000 SA 1", "in tcp 1024 50000 A 1", false, 50000},
	{"up tcp 50000 2000 SA 1", "in tcp 1023 50000 A 1", true, 1023},
	/* An RST-ACK teaches nothing, nor TCP anything about UDP. */
	{"up tcp 50000 2000 RA 0", "in tcp 3000 50000 A 1", true, 3000},
	{"up tcp 50000 2000 SA 1", "in udp 3000 50000", true, 3000},
	/* The lower port: of two that are served, or of two that are not. */
	{"", "in tcp 443 80 A 1", false, 80},
	{"", "in tcp 80 443 A 1", true, 80},
	{"", "in udp 3000 50000", true, 3000},
	{"", "in udp 50000 3000", false, 3000},
	{"", "in udp 0 1", true, 0},
	/* Equal ports: the side that is not local, or else the lower address. */
	{"", "in udp 123 123", true, 123},
	{"", "out udp 123 123", false, 123},
	{"", "in udp 5000 5000", true, 5000},
	{"", "out tcp 5000 5000 A 1", false, 5000},
	{"", "near udp 123 123", true, 123},
	{"", "up udp 5000 5000", true, 5000},
	{"", "down udp 5000 5000", false, 5000},
	{"", "through udp 5000 5000", true, 5000},
	{"", "back udp 5000 5000", false, 5000},
};

static void check_decision(const struct decision *row, int version)
{
	struct flows flows = in_a_file();
	const struct wc_conversation_row *made;
	const char *ends = ends_of(row->frame, strcspn(row->frame, " "), version);
	char client[WC_ADDRESS_TEXT], server[WC_ADDRESS_TEXT], expected[100], actual[100];
	int source = (int)strcspn(ends, " ");

	flows_begin(&flows);
	frames(&flows, version, row->before);
	flows_collect(&flows, 0);
	frame(&flows, version, row->frame);
	flows_collect(&flows, 0);
	ck_assert_uint_eq(flows.snapshot.conversation_rows, 1);
	made = &flows.snapshot.conversations[0];
	snprintf(actual, sizeof(actual), "%s > %s %u", wc_address_format(&made->client, client),
		 wc_address_format(&made->server, server), made->port);
	if (row->reverse)
		snprintf(expected, sizeof(expected), "%s > %.*s %u", ends + source + 1, source,
			 ends, row->port);
	else
		snprintf(expected, sizeof(expected), "%.*s > %s %u", source, ends,
			 ends + source + 1, row->port);
	ck_assert_msg(!strcmp(actual, expected) && made->reverse.packets == row->reverse,
		      "'%s' behind '%s': %s, not %s", row->frame, row->before, actual, expected);
	flows_end(&flows);
}

START_TEST(the_side_that_serves)
{
	for (size_t i = 0; i < sizeof(decisions) / sizeof(*decisions); i++)
		for (int version = 4; version <= 6; version += 2)
			check_decision(&decisions[i], version);
}
END_TEST

/* Live, what a SYN-ACK taught takes effect with the next interval; rows keep their keys. */
START_TEST(learned_at_the_end_of_an_interval)
{
	struct flows flows = {.now_ns = 0};

	flows_begin(&flows);
	frames(&flows, 4, "out tcp 50000 3000 SA 1, in tcp 3000 50000 A 2, in tcp 3000 50000 A 3");
	flows_collect(&flows, 10);
	ck_assert_str_eq(said(&flows), "198.51.100.9 > 192.0.2.1 tcp 50000 0+1 in internet; "
				       "192.0.2.1 > 198.51.100.9 tcp 3000 0+2 out internet");
	frames(&flows, 4, "in tcp 3000 50000 A 2, out tcp 50000 3000 A 2");
	flows_collect(&flows, 10);
	ck_assert_str_eq(said(&flows), "198.51.100.9 > 192.0.2.1 tcp 50000 1+1 in internet");
	ck_assert_uint_eq(flows.tables->conversations.table.used, 2);
	flows_end(&flows);
}
END_TEST

/* In a file it takes effect with the next frame. */
START_TEST(learned_at_once)
{
	struct flows flows = in_a_file();

	flows_begin(&flows);
	frames(&flows, 6, "in tcp 3000 50000 A 2, out tcp 50000 3000 SA 1, in tcp 3000 50000 A 2");
	flows_collect(&flows, 0);
	ck_assert_str_eq(said(&flows), "2001:db8::1 > 2001:db8:f::9 tcp 3000 0+1 out internet; "
				       "2001:db8:f::9 > 2001:db8::1 tcp 50000 1+1 in internet");
	flows_end(&flows);
}
END_TEST

START_TEST(served_by_hand)
{
	struct flows flows = in_a_file();

	wc_served_add(&flows.rules.served, WC_SERVED_UDP, 5353);
	wc_served_add(&flows.rules.served, WC_SERVED_TCP, 65535);
	flows_begin(&flows);
	frames(&flows, 4,
	       "in udp 2000 5353, out udp 5353 2000, in tcp 2000 5353 A 1, in udp 2000 65535, "
	       "up tcp 2000 65535 A 1");
	flows_collect(&flows, 0);
	ck_assert_str_eq(said(&flows), "198.51.100.9 > 192.0.2.1 udp 5353 1+1 in internet; "
				       "192.0.2.1 > 198.51.100.9 tcp 2000 0+1 out internet; "
				       "192.0.2.1 > 198.51.100.9 udp 2000 0+1 out internet; "
				       "192.0.2.1 > 192.0.2.2 tcp 65535 1+0 local local");
	flows_end(&flows);
}
END_TEST

START_TEST(the_port_of_the_client)
{
	static const char talk[] = "in tcp 40000 80 S 1, out tcp 80 40000 SA 1, "
				   "in tcp 40001 80 S 1, in tcp 40000 80 A 2, in udp 40000 80";

	for (int five = 0; five < 2; five++) {
		struct flows flows = in_a_file();
		const struct wc_conversation_row *rows;

		flows.rules.five_tuple = five;
		flows_begin(&flows);
		frames(&flows, 4, talk);
		flows_collect(&flows, 0);
		rows = flows.snapshot.conversations;
		ck_assert_uint_eq(flows.snapshot.conversation_rows, five ? 3 : 2);
		ck_assert_uint_eq(rows[0].forward.packets, five ? 2 : 3);
		ck_assert_uint_eq(rows[0].reverse.packets, 1);
		ck_assert_uint_eq(rows[0].client_port, five ? 40000 : 0);
		ck_assert_uint_eq(rows[0].forward.new, five ? 1 : 2);
		ck_assert_uint_eq(rows[1].client_port, five ? 40001 : 0);
		ck_assert_uint_eq(rows[1].protocol, five ? 6 : 17);
		flows_end(&flows);
	}
}
END_TEST

START_TEST(the_internet_is_one_peer)
{
	struct flows flows = in_a_file();

	flows.rules.fold_internet = true;
	flows_begin(&flows);
	for (int version = 4; version <= 6; version += 2)
		frames(&flows, version,
		       "in tcp 40000 80 S 1, out tcp 80 40000 SA 1, another tcp 40000 80 S 1, "
		       "out udp 40000 53, leaving udp 40000 53, beside udp 40000 53, "
		       "near udp 40000 53, up udp 40000 53, through udp 40000 53, "
		       "back udp 40000 53");
	flows_collect(&flows, 0);
	ck_assert_str_eq(said(&flows), "- > 192.0.2.1 tcp 80 2+1 in internet; "
				       "192.0.2.1 > - udp 53 1+0 out internet; "
				       "10.0.0.7 > - udp 53 1+0 transit internet; "
				       "10.0.0.7 > 10.0.0.8 udp 53 1+0 transit local; "
				       "10.0.0.7 > 192.0.2.1 udp 53 1+0 in local; "
				       "192.0.2.1 > 192.0.2.2 udp 53 1+0 local local; "
				       "- > - udp 53 4+0 transit internet; "
				       "- > 2001:db8::1 tcp 80 2+1 in internet; "
				       "2001:db8::1 > - udp 53 1+0 out internet; "
				       "fd00::7 > - udp 53 1+0 transit internet; "
				       "fd00::7 > fd00::8 udp 53 1+0 transit local; "
				       "fd00::7 > 2001:db8::1 udp 53 1+0 in local; "
				       "2001:db8::1 > 2001:db8::2 udp 53 1+0 local local");
	flows_end(&flows);
}
END_TEST

/* Direction is that of forward frames, also where the first frame goes the other way. */
START_TEST(direction_and_scope)
{
	static const char *const cases[][2] = {
		{"in udp 40000 53", "198.51.100.9 > 192.0.2.1 udp 53 1+0 in internet"},
		{"in udp 53 40000", "192.0.2.1 > 198.51.100.9 udp 53 0+1 out internet"},
		{"out udp 40000 53", "192.0.2.1 > 198.51.100.9 udp 53 1+0 out internet"},
		{"out udp 53 40000", "198.51.100.9 > 192.0.2.1 udp 53 0+1 in internet"},
		{"up udp 40000 53", "192.0.2.1 > 192.0.2.2 udp 53 1+0 local local"},
		{"up udp 53 40000", "192.0.2.2 > 192.0.2.1 udp 53 0+1 local local"},
		{"through udp 40000 53", "198.51.100.9 > 203.0.113.7 udp 53 1+0 transit internet"},
		{"through udp 53 40000", "203.0.113.7 > 198.51.100.9 udp 53 0+1 transit internet"},
		{"near udp 40000 53", "10.0.0.7 > 192.0.2.1 udp 53 1+0 in local"},
		{"near udp 53 40000", "192.0.2.1 > 10.0.0.7 udp 53 0+1 out local"},
		{"beside udp 53 40000", "10.0.0.8 > 10.0.0.7 udp 53 0+1 transit local"},
		{"leaving udp 40000 53", "10.0.0.7 > 203.0.113.7 udp 53 1+0 transit internet"},
		{"leaving udp 53 40000", "203.0.113.7 > 10.0.0.7 udp 53 0+1 transit internet"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct flows flows = in_a_file();

		flows_begin(&flows);
		frames(&flows, 4, cases[i][0]);
		flows_collect(&flows, 0);
		ck_assert_str_eq(said(&flows), cases[i][1]);
		flows_end(&flows);
	}
}
END_TEST

/* A reply belongs to the conversation that it answers, both by UDP and by TCP. */
START_TEST(replies)
{
	struct flows flows = {.now_ns = 0};

	flows_begin(&flows);
	frames(&flows, 4,
	       "out udp 40000 53, in udp 53 40000, out udp 40001 53, in udp 53 40001, "
	       "out tcp 40000 443 S 1, in tcp 443 40000 SA 1, out tcp 40000 443 A 2, "
	       "in tcp 443 40000 FA 2");
	flows_collect(&flows, 10);
	ck_assert_str_eq(said(&flows), "192.0.2.1 > 198.51.100.9 udp 53 2+2 out internet; "
				       "192.0.2.1 > 198.51.100.9 tcp 443 2+2 out internet");
	flows_end(&flows);
}
END_TEST

static void assert_way(const struct wc_way_counts *way, uint64_t packets, uint64_t bytes,
		       uint64_t ip_bytes, uint64_t new, unsigned flags)
{
	ck_assert_uint_eq(way->packets, packets);
	ck_assert_uint_eq(way->bytes, bytes);
	ck_assert_uint_eq(way->ip_bytes, ip_bytes);
	ck_assert_uint_eq(way->new, new);
	ck_assert_uint_eq(way->flags, flags);
}

/* Counts, flags and new are the interval's; first and last time the row's. */
START_TEST(counts_and_times)
{
	struct flows flows = {.now_ns = 0};
	const struct wc_conversation_row *row;

	flows_begin(&flows);
	frames(&flows, 4,
	       "in tcp 40000 80 S 1, in tcp 40000 80 S 1, out tcp 80 40000 SA 1, "
	       "in tcp 40000 80 PA 2 / zeros 100, out tcp 80 40000 A 2 / wire 1514");
	flows_collect(&flows, 10);
	row = flows.snapshot.conversations;
	assert_way(&row->forward, 3, 54 + 54 + 154, 40 + 40 + 140, 2, 0x1a);
	assert_way(&row->reverse, 2, 54 + 1514, 40 + 40, 0, 0x12);
	ck_assert_int_eq(row->first_seen_ns, 1000000 * FLOWS_SECOND);
	ck_assert_int_eq(row->last_seen_ns, 1000000 * FLOWS_SECOND);

	frames(&flows, 4, "in tcp 40000 80 FA 3");
	flows.now_ns -= 5 * FLOWS_SECOND;
	frames(&flows, 4, "out tcp 80 40000 R 3");
	flows_collect(&flows, 10);
	row = flows.snapshot.conversations;
	ck_assert_uint_eq(flows.snapshot.conversation_rows, 1);
	assert_way(&row->forward, 1, 54, 40, 0, 0x11);
	assert_way(&row->reverse, 1, 54, 40, 0, 0x04);
	ck_assert_int_eq(row->first_seen_ns, 1000000 * FLOWS_SECOND);
	ck_assert_int_eq(row->last_seen_ns, 1000010 * FLOWS_SECOND);

	flows_collect(&flows, 10);
	ck_assert_uint_eq(flows.snapshot.conversation_rows, 0);
	flows_end(&flows);
}
END_TEST

START_TEST(times_that_are_not_known)
{
	struct flows flows = in_a_file();
	struct wc_packet packet;

	flows_begin(&flows);
	packet = flows_decode(&flows, "eth 0800 / ip4 192.0.2.1 10.0.0.1 17 / udp 40000 53");
	packet.time_ns = WC_TIME_UNKNOWN;
	flows_packet(&flows, &packet, 2);
	flows_collect(&flows, 0);
	ck_assert_int_eq(flows.snapshot.conversations[0].first_seen_ns, WC_TIME_UNKNOWN);
	ck_assert_int_eq(flows.snapshot.conversations[0].last_seen_ns, WC_TIME_UNKNOWN);
	flows_end(&flows);
}
END_TEST

/* Only TCP and UDP packets with a port talk. */
START_TEST(what_is_no_conversation)
{
	struct flows flows = in_a_file();

	flows_begin(&flows);
	flows_frame(&flows, "eth 0800 / ip4 10.0.0.1 10.0.0.2 1 / icmp 8 0", 3);
	flows_frame(&flows, "eth 0800 / ip4 10.0.0.1 10.0.0.2 17 / fragment4 185 0 / zeros 64", 3);
	flows_frame(&flows, "eth 0800 / ip4 10.0.0.1 10.0.0.2 6 / bytes 9c40", 3);
	flows_frame(&flows, "eth 0806 / zeros 28", 3);
	flows_collect(&flows, 0);
	ck_assert_uint_eq(flows.snapshot.conversation_rows, 0);
	ck_assert_uint_eq(flows_host(&flows, "10.0.0.1")->sent.packets, 9);
	flows_end(&flows);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {the_side_that_serves,    learned_at_the_end_of_an_interval,
				      learned_at_once,         served_by_hand,
				      the_port_of_the_client,  the_internet_is_one_peer,
				      direction_and_scope,     replies,
				      counts_and_times,        times_that_are_not_known,
				      what_is_no_conversation, NULL};

	return suite_run("conversations", tests, 60);
}

/* Who is the client of a conversation, who serves, and how that is learned. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "flows.h"
#include "suite.h"
#include "talk.h"

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
	struct flows flows = talk_in_a_file();
	const struct wc_conversation_row *made;
	const char *ends = talk_ends(row->frame, strcspn(row->frame, " "), version);
	char client[WC_ADDRESS_TEXT], server[WC_ADDRESS_TEXT], expected[100], actual[100];
	int source = (int)strcspn(ends, " ");

	flows_begin(&flows);
	talk_frames(&flows, version, row->before);
	flows_collect(&flows, 0);
	talk_frame(&flows, version, row->frame);
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
	talk_frames(&flows, 4,
		    "out tcp 50000 3000 SA 1, in tcp 3000 50000 A 2, in tcp 3000 50000 A 3");
	flows_collect(&flows, 10);
	ck_assert_str_eq(talk_said(&flows), "198.51.100.9 > 192.0.2.1 tcp 50000 0+1 in internet; "
					    "192.0.2.1 > 198.51.100.9 tcp 3000 0+2 out internet");
	talk_frames(&flows, 4, "in tcp 3000 50000 A 2, out tcp 50000 3000 A 2");
	flows_collect(&flows, 10);
	ck_assert_str_eq(talk_said(&flows), "198.51.100.9 > 192.0.2.1 tcp 50000 1+1 in internet");
	ck_assert_uint_eq(flows.tables->conversations.table.used, 2);
	flows_end(&flows);
}
END_TEST

/* In a file it takes effect with the next frame. */
START_TEST(learned_at_once)
{
	struct flows flows = talk_in_a_file();

	flows_begin(&flows);
	talk_frames(&flows, 6,
		    "in tcp 3000 50000 A 2, out tcp 50000 3000 SA 1, in tcp 3000 50000 A 2");
	flows_collect(&flows, 0);
	ck_assert_str_eq(talk_said(&flows),
			 "2001:db8::1 > 2001:db8:f::9 tcp 3000 0+1 out internet; "
			 "2001:db8:f::9 > 2001:db8::1 tcp 50000 1+1 in internet");
	flows_end(&flows);
}
END_TEST

START_TEST(served_by_hand)
{
	struct flows flows = talk_in_a_file();

	wc_served_add(&flows.rules.served, WC_SERVED_UDP, 5353);
	wc_served_add(&flows.rules.served, WC_SERVED_TCP, 65535);
	flows_begin(&flows);
	talk_frames(&flows, 4,
		    "in udp 2000 5353, out udp 5353 2000, in tcp 2000 5353 A 1, in udp 2000 65535, "
		    "up tcp 2000 65535 A 1");
	flows_collect(&flows, 0);
	ck_assert_str_eq(talk_said(&flows), "198.51.100.9 > 192.0.2.1 udp 5353 1+1 in internet; "
					    "192.0.2.1 > 198.51.100.9 tcp 2000 0+1 out internet; "
					    "192.0.2.1 > 198.51.100.9 udp 2000 0+1 out internet; "
					    "192.0.2.1 > 192.0.2.2 tcp 65535 1+0 local local");
	flows_end(&flows);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		the_side_that_serves,
		learned_at_the_end_of_an_interval,
		learned_at_once,
		served_by_hand,
		NULL,
	};

	return suite_run("conversation_ends", tests, 60);
}

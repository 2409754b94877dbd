/* What the row of a conversation says: its ends, its counts, its times. */
#include "conversations.h"

#include <check.h>

#include "flows.h"
#include "suite.h"
#include "talk.h"

START_TEST(the_port_of_the_client)
{
	static const char talk[] = "in tcp 40000 80 S 1, out tcp 80 40000 SA 1, "
				   "in tcp 40001 80 S 1, in tcp 40000 80 A 2, in udp 40000 80";

	for (int five = 0; five < 2; five++) {
		struct flows flows = talk_in_a_file();
		const struct wc_conversation_row *rows;

		flows.rules.five_tuple = five;
		flows_begin(&flows);
		talk_frames(&flows, 4, talk);
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
	struct flows flows = talk_in_a_file();

	flows.rules.fold_internet = true;
	flows_begin(&flows);
	for (int version = 4; version <= 6; version += 2)
		talk_frames(&flows, version,
			    "in tcp 40000 80 S 1, out tcp 80 40000 SA 1, another tcp 40000 80 S 1, "
			    "out udp 40000 53, leaving udp 40000 53, beside udp 40000 53, "
			    "near udp 40000 53, up udp 40000 53, through udp 40000 53, "
			    "back udp 40000 53");
	flows_collect(&flows, 0);
	ck_assert_str_eq(talk_said(&flows), "- > 192.0.2.1 tcp 80 2+1 in internet; "
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
		struct flows flows = talk_in_a_file();

		flows_begin(&flows);
		talk_frames(&flows, 4, cases[i][0]);
		flows_collect(&flows, 0);
		ck_assert_str_eq(talk_said(&flows), cases[i][1]);
		flows_end(&flows);
	}
}
END_TEST

/* A reply belongs to the conversation that it answers, both by UDP and by TCP. */
START_TEST(replies)
{
	struct flows flows = {.now_ns = 0};

	flows_begin(&flows);
	talk_frames(&flows, 4,
		    "out udp 40000 53, in udp 53 40000, out udp 40001 53, in udp 53 40001, "
		    "out tcp 40000 443 S 1, in tcp 443 40000 SA 1, out tcp 40000 443 A 2, "
		    "in tcp 443 40000 FA 2");
	flows_collect(&flows, 10);
	ck_assert_str_eq(talk_said(&flows), "192.0.2.1 > 198.51.100.9 udp 53 2+2 out internet; "
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
	talk_frames(&flows, 4,
		    "in tcp 40000 80 S 1, in tcp 40000 80 S 1, out tcp 80 40000 SA 1, "
		    "in tcp 40000 80 PA 2 / zeros 100, out tcp 80 40000 A 2 / wire 1514");
	flows_collect(&flows, 10);
	row = flows.snapshot.conversations;
	assert_way(&row->forward, 3, 54 + 54 + 154, 40 + 40 + 140, 2, 0x1a);
	assert_way(&row->reverse, 2, 54 + 1514, 40 + 40, 0, 0x12);
	ck_assert_int_eq(row->first_seen_ns, 1000000 * FLOWS_SECOND);
	ck_assert_int_eq(row->last_seen_ns, 1000000 * FLOWS_SECOND);

	talk_frames(&flows, 4, "in tcp 40000 80 FA 3");
	flows.now_ns -= 5 * FLOWS_SECOND;
	talk_frames(&flows, 4, "out tcp 80 40000 R 3");
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
	struct flows flows = talk_in_a_file();
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
	struct flows flows = talk_in_a_file();

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
	const TTest *const tests[] = {
		the_port_of_the_client, the_internet_is_one_peer, direction_and_scope,     replies,
		counts_and_times,       times_that_are_not_known, what_is_no_conversation, NULL,
	};

	return suite_run("conversations", tests, 60);
}

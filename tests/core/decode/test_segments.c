/* A frame that the kernel merged stands for the packets that were on the wire. */
#include <arpa/inet.h>
#include <check.h>
#include <string.h>

#include "decode.h"
#include "frame.h"
#include "frames.h"
#include "local.h"
#include "memo.h"
#include "packet.h"
#include "suite.h"
#include "wirecensus/snapshot.h"

#define TCP_V4_HEADERS (14 + 20 + 20)

static struct wc_packet packet;

static void decode_part(const struct frame *built, size_t captured, uint16_t segment, uint16_t at,
			uint8_t protocol)
{
	static const struct wc_hash_seed seed;
	static struct wc_memo memo;
	struct wc_local *local = wc_local_new();
	const struct wc_frame frame = {
		.bytes = built->bytes,
		.captured = (uint32_t)captured,
		.length = (uint32_t)built->size,
		.link = WC_LINK_ETHERNET,
		.segment = segment,
		.segment_at = at,
		.segment_protocol = protocol,
	};

	wc_memo_begin(&memo, &seed, true);
	wc_decode(&packet, &frame, local, &memo);
	wc_local_free(local);
}

static void decode(const struct frame *built, uint16_t segment, uint16_t at, uint8_t protocol)
{
	decode_part(built, built->size, segment, at, protocol);
}

/* TCP over IPv4, behind @tags, with @payload bytes and @options of TCP's own. */
static void make_tcp(struct frame *frame, int tags, size_t options, size_t payload)
{
	frame_start(frame);
	frame_ethernet(frame, tags ? 0x8100 : 0x0800);
	for (int i = 1; i <= tags; i++)
		frame_tag(frame, 10, i < tags ? 0x8100 : 0x0800);
	frame_ipv4(frame, "192.0.2.1", "198.51.100.9", 6);
	frame_tcp(frame, 40000, 80, FRAME_ACK, 1);
	frame->bytes[frame->size - 8] = (uint8_t)((20 + options) / 4 << 4);
	frame_append(frame, options + payload);
	frame_finish(frame);
}

static const struct {
	size_t payload;
	uint32_t packets;
} payloads[] = {
	{0, 1}, {1, 1}, {1000, 1}, {1001, 2}, {2000, 2}, {2001, 3}, {8000, 8},
};

static void check_payload(size_t payload, uint32_t packets)
{
	struct frame frame;

	for (int tags = 0; tags < 3; tags++) {
		uint32_t link = 14 + 4 * (uint32_t)tags, headers = link + 20 + 20 + 12;

		make_tcp(&frame, tags, 12, payload);
		decode(&frame, 1000, (uint16_t)(link + 20), 6);
		ck_assert_uint_eq(packet.class, WC_CLASS_TCP);
		ck_assert_uint_eq(packet.key, 80);
		ck_assert_uint_eq(packet.packets, packets);
		ck_assert_uint_eq(packet.bytes, packets * headers + payload);
		ck_assert_uint_eq(packet.ip_bytes, packet.bytes - packets * link);
	}
}

START_TEST(each_segment_had_all_headers)
{
	for (size_t i = 0; i < sizeof(payloads) / sizeof(*payloads); i++)
		check_payload(payloads[i].payload, payloads[i].packets);
}
END_TEST

START_TEST(one_that_is_not_merged_is_one)
{
	struct frame frame;

	make_tcp(&frame, 0, 0, 3000);
	decode(&frame, 0, 34, 6);
	ck_assert_uint_eq(packet.packets, 1);
	ck_assert_uint_eq(packet.bytes, TCP_V4_HEADERS + 3000);
	ck_assert_uint_eq(packet.ip_bytes, 20 + 20 + 3000);
}
END_TEST

/* One may be too long for the field in its header. */
START_TEST(one_whose_header_leaves_out_its_length)
{
	struct frame frame;

	make_tcp(&frame, 0, 0, 2500);
	memset(frame.bytes + 14 + 2, 0, 2);
	decode_part(&frame, TCP_V4_HEADERS + 10, 1000, 14 + 20, 6);
	ck_assert_uint_eq(packet.packets, 3);
	ck_assert_uint_eq(packet.bytes, 3 * TCP_V4_HEADERS + 2500);
	ck_assert_uint_eq(packet.ip_bytes, 3 * (20 + 20) + 2500);
}
END_TEST

START_TEST(datagrams)
{
	struct frame frame;

	frame_start(&frame);
	frame_ethernet(&frame, 0x86dd);
	frame_ipv6(&frame, "2001:db8::1", "2001:db8::2", 17);
	frame_udp(&frame, 40000, 443);
	frame_append(&frame, 2500);
	frame_finish(&frame);
	decode(&frame, 1200, 14 + 40, 17);
	ck_assert_uint_eq(packet.class, WC_CLASS_UDP);
	ck_assert_uint_eq(packet.packets, 3);
	ck_assert_uint_eq(packet.bytes, 3 * (14 + 40 + 8) + 2500);
	ck_assert_uint_eq(packet.ip_bytes, 3 * (40 + 8) + 2500);
}
END_TEST

/* The outer header counts, and was in front of each of the inner segments. */
START_TEST(inside_of_a_tunnel)
{
	struct frame frame, inner;

	make_tcp(&inner, 0, 0, 2500);
	frame_start(&frame);
	frame_ethernet(&frame, 0x0800);
	frame_ipv4(&frame, "203.0.113.1", "203.0.113.2", 47);
	memcpy(frame_append(&frame, 4), "\0\0\x65\x58", 4);
	memcpy(frame_append(&frame, inner.size), inner.bytes, inner.size);
	frame_finish(&frame);
	decode(&frame, 1000, 14 + 20 + 4 + 14 + 20, 6);
	ck_assert_uint_eq(packet.class, WC_CLASS_PROTOCOL);
	ck_assert_uint_eq(packet.key, 47);
	ck_assert_uint_eq(packet.packets, 3);
	ck_assert_uint_eq(packet.bytes, 3 * (14 + 20 + 4 + TCP_V4_HEADERS) + 2500);
	ck_assert_uint_eq(packet.ip_bytes, 3 * (20 + 4 + TCP_V4_HEADERS) + 2500);
}
END_TEST

/* What is told of the segments may point anywhere. */
START_TEST(nonsense_is_one_packet)
{
	static const uint16_t ats[] = {0, 34, 54, 55, 74, 1000, 65535};
	struct frame frame;

	for (size_t i = 0; i < sizeof(ats) / sizeof(*ats); i++) {
		make_tcp(&frame, 0, 0, 20);
		frame.bytes[ats[i] < frame.size ? ats[i] + 12 : 0] = 0xf0;
		decode(&frame, 1, ats[i], 6);
		ck_assert_uint_ge(packet.packets, 1);
		ck_assert_uint_ge(packet.bytes, TCP_V4_HEADERS + 20);
		if (ats[i] >= 55) {
			ck_assert_uint_eq(packet.packets, 1);
			ck_assert_uint_eq(packet.bytes, TCP_V4_HEADERS + 20);
		}
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		each_segment_had_all_headers,
		one_that_is_not_merged_is_one,
		one_whose_header_leaves_out_its_length,
		datagrams,
		inside_of_a_tunnel,
		nonsense_is_one_packet,
		NULL,
	};

	return suite_run("segments", tests, 60);
}

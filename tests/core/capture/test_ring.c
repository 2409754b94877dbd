/* What our own ring does beyond what every live source does: slots, segments, open blocks. */
#include <arpa/inet.h>
#include <check.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <stdlib.h>
#include <string.h>

#include "live_bed.h"
#include "ring_frame.h"

#define ADDRESS_AT 48 /* of a slot: its header, rounded up to 16 */
#define BYTES_AT   160
#define BYTES      100
#define SLOT_SIZE  (BYTES_AT + BYTES)
#define TCP_AT     34

static _Alignas(16) uint8_t room[SLOT_SIZE];

/* A slot with a frame whose bytes count up, as the kernel leaves it. */
static struct tpacket3_hdr *make_slot(void)
{
	struct tpacket3_hdr slot = {
		.tp_sec = 5,
		.tp_nsec = 7,
		.tp_snaplen = BYTES,
		.tp_len = 1400,
		.tp_status = TP_STATUS_USER,
		.tp_mac = BYTES_AT,
	};
	const struct sockaddr_ll address = {
		.sll_protocol = htons(0x0800),
		.sll_hatype = 1,
		.sll_pkttype = PACKET_OUTGOING,
		.sll_halen = 6,
		.sll_addr = {2, 3, 4, 5, 6, 7},
	};

	memset(room, 0xee, sizeof(room));
	memcpy(room, &slot, sizeof(slot));
	memcpy(room + ADDRESS_AT, &address, sizeof(address));
	for (uint8_t i = 0; i < BYTES; i++)
		room[BYTES_AT + i] = i;
	return (struct tpacket3_hdr *)(void *)room;
}

static void tag(struct tpacket3_hdr *slot, uint32_t more)
{
	slot->tp_status |= TP_STATUS_VLAN_VALID | more;
	slot->hv1.tp_vlan_tci = 0x3064;
	slot->hv1.tp_vlan_tpid = 0x88a8;
}

START_TEST(a_slot_is_a_frame)
{
	struct wc_frame frame;

	ck_assert(wc_ring_frame(&frame, make_slot(), WC_LINK_ETHERNET, false));
	ck_assert_uint_eq(frame.captured, BYTES);
	ck_assert_uint_eq(frame.length, 1400);
	ck_assert_int_eq(frame.time_ns, 5000000007);
	ck_assert_uint_eq(frame.link, WC_LINK_ETHERNET);
	ck_assert_uint_eq(frame.origin, WC_ORIGIN_SENT);
	ck_assert_uint_eq(frame.segment, 0);
	ck_assert_ptr_eq(frame.bytes, room + BYTES_AT);
}
END_TEST

/* The kernel counts it as lost; what is in the slot is of an older frame. */
START_TEST(an_abandoned_slot_is_none)
{
	struct tpacket3_hdr *slot = make_slot();
	struct wc_frame frame;

	slot->tp_status = 0;
	ck_assert(!wc_ring_frame(&frame, slot, WC_LINK_ETHERNET, false));
	slot->tp_status = TP_STATUS_VLAN_VALID;
	ck_assert(!wc_ring_frame(&frame, slot, WC_LINK_ETHERNET, false));
}
END_TEST

START_TEST(the_tag_is_put_back)
{
	static const uint8_t tags[][4] = {{0x88, 0xa8, 0x30, 0x64}, {0x81, 0x00, 0x30, 0x64}};
	struct tpacket3_hdr *slot = make_slot();
	struct wc_frame frame;

	tag(slot, _i == 0 ? TP_STATUS_VLAN_TPID_VALID : 0);
	ck_assert(wc_ring_frame(&frame, slot, WC_LINK_ETHERNET, false));
	ck_assert_uint_eq(frame.captured, BYTES + 4);
	ck_assert_uint_eq(frame.length, 1404);
	for (uint8_t i = 0; i < 12; i++)
		ck_assert_uint_eq(frame.bytes[i], i);
	ck_assert_mem_eq(frame.bytes + 12, tags[_i], 4);
	for (uint8_t i = 12; i < BYTES; i++)
		ck_assert_uint_eq(frame.bytes[i + 4], i);
}
END_TEST

/* Where there is no room in the copy for what a tag stands behind, there is none to put it. */
START_TEST(a_tag_has_its_place)
{
	struct tpacket3_hdr *slot = make_slot();
	struct wc_frame frame;

	tag(slot, 0);
	slot->tp_snaplen = 11;
	ck_assert(wc_ring_frame(&frame, slot, WC_LINK_ETHERNET, false));
	ck_assert_uint_eq(frame.captured, 11);
	slot = make_slot();
	tag(slot, 0);
	ck_assert(wc_ring_frame(&frame, slot, WC_LINK_RAW, false));
	ck_assert_ptr_eq(frame.bytes, room + BYTES_AT);
	ck_assert_uint_eq(frame.length, 1400);
}
END_TEST

START_TEST(a_cooked_header_is_made)
{
	static const uint8_t header[] = {0, 4, 0, 1, 0, 6, 2,    3,    4,    5,
					 6, 7, 0, 0, 8, 0, 0xee, 0xee, 0xee, 0xee};
	static const uint8_t tagged[] = {0, 4, 0, 1, 0,    6,    2,    3,    4, 5,
					 6, 7, 0, 0, 0x88, 0xa8, 0x30, 0x64, 8, 0};
	struct tpacket3_hdr *slot = make_slot();
	struct wc_frame frame;

	ck_assert(wc_ring_frame(&frame, slot, WC_LINK_SLL, false));
	ck_assert_mem_eq(frame.bytes, header, 16);
	ck_assert_ptr_eq(frame.bytes + 16, room + BYTES_AT);
	ck_assert_uint_eq(frame.captured, BYTES + 16);
	ck_assert_uint_eq(frame.length, 1416);
	slot = make_slot();
	tag(slot, TP_STATUS_VLAN_TPID_VALID);
	ck_assert(wc_ring_frame(&frame, slot, WC_LINK_SLL, false));
	ck_assert_mem_eq(frame.bytes, tagged, 20);
	ck_assert_ptr_eq(frame.bytes + 20, room + BYTES_AT);
	ck_assert_uint_eq(frame.captured, BYTES + 20);
}
END_TEST

static const struct {
	struct virtio_net_hdr told;
	uint16_t segment;
	uint8_t protocol;
} segments[] = {
#define TCP(type)                                                                                  \
	{                                                                                          \
		.flags = 1, .gso_type = (type), .gso_size = 1000, .csum_start = TCP_AT             \
	}
	{TCP(VIRTIO_NET_HDR_GSO_TCPV4), 1000, 6},
	{TCP(VIRTIO_NET_HDR_GSO_TCPV6), 1000, 6},
	{TCP(VIRTIO_NET_HDR_GSO_TCPV4 | VIRTIO_NET_HDR_GSO_ECN), 1000, 6},
	{TCP(5), 1000, 17}, /* UDP, in parts */
	{TCP(VIRTIO_NET_HDR_GSO_NONE), 0, 0},
	{TCP(VIRTIO_NET_HDR_GSO_UDP), 0, 0}, /* UDP, to be made fragments of */
	/* Without a checksum to be filled in there is no saying where the header is. */
	{{.flags = 0, .gso_type = 1, .gso_size = 1000, .csum_start = TCP_AT}, 0, 0},
	{{.flags = 1, .gso_type = 1, .gso_size = 1000, .csum_start = BYTES - 20}, 1000, 6},
	{{.flags = 1, .gso_type = 1, .gso_size = 1000, .csum_start = BYTES - 19}, 0, 0},
	{{.flags = 1, .gso_type = 1, .gso_size = 1000, .csum_start = 65535}, 0, 0},
#undef TCP
};

START_TEST(segments_are_told)
{
	struct tpacket3_hdr *slot = make_slot();
	struct wc_frame frame;

	memcpy(room + BYTES_AT - sizeof(segments[_i].told), &segments[_i].told,
	       sizeof(segments[_i].told));
	ck_assert(wc_ring_frame(&frame, slot, WC_LINK_ETHERNET, true));
	ck_assert_uint_eq(frame.segment, segments[_i].segment);
	ck_assert_uint_eq(frame.merged, 0);
	if (frame.segment) {
		ck_assert_uint_eq(frame.segment_at, segments[_i].told.csum_start);
		ck_assert_uint_eq(frame.segment_protocol, segments[_i].protocol);
	}
	tag(slot, 1 << 8); /* TP_STATUS_GSO_TCP */
	ck_assert(wc_ring_frame(&frame, slot, WC_LINK_ETHERNET, true));
	ck_assert_uint_eq(frame.segment, segments[_i].segment);
	ck_assert_uint_eq(frame.merged, segments[_i].segment == 0);
	if (frame.segment)
		ck_assert_uint_eq(frame.segment_at, segments[_i].told.csum_start + 4);
}
END_TEST

static void make_merged(struct frame *frame, enum filter_tags tags)
{
	filter_frame(frame, WC_LINK_ETHERNET, tags, 0);
	frame_append(frame, 4000);
	frame_finish(frame);
}

START_TEST(a_merged_frame_tells_its_segments)
{
	struct frame frame;

	bed_enter();
	bed_open("vb", false);
	make_merged(&frame, FILTER_BARE);
	bed_send_merged("va", &frame);
	bed_drain(1);
	ck_assert_uint_eq(bed.seen.length_last, frame.size);
	ck_assert_uint_eq(bed.seen.segment_last, 1000);
	ck_assert_uint_eq(bed.seen.segment_at_last, TCP_AT);
	ck_assert_uint_eq(bed.stats.merged, 0);
	bed_close();
}
END_TEST

/* A socket for all interfaces has no such header: that is what merged counts. */
START_TEST(any_does_not_tell_segments)
{
	struct frame frame;

	bed_enter();
	bed_open("any", false);
	make_merged(&frame, FILTER_BARE);
	bed_send_merged("va", &frame);
	bed_drain(2);
	ck_assert_uint_eq(bed.seen.frames, 2);
	ck_assert_uint_eq(bed.seen.segment_last, 0);
	ck_assert_uint_eq(bed.stats.merged, 2);
	bed_close();
}
END_TEST

/* At any moment what was received is handed over, lost, or pending. */
START_TEST(an_open_block_is_pending)
{
	const unsigned rounds = 20, each = 50;
	uint64_t sent = 0;

	bed_enter();
	bed_open("vb", false);
	for (unsigned i = 0; i < rounds; i++) {
		bed_send_sort("va", FILTER_BARE, 0, (int)each);
		sent += each;
		for (int looks = 0; looks < 5; looks++) {
			bed.source->ops->run(bed.source, 7, bed_take, &bed.seen, NULL);
			bed.source->ops->stats(bed.source, &bed.stats);
			ck_assert_uint_le(bed.stats.received, sent);
			ck_assert_uint_eq(bed.stats.received, bed.seen.frames + bed.stats.pending);
			bed_pause_ms(1);
		}
	}
	bed_drain(sent);
	ck_assert_uint_eq(bed.seen.frames, sent);
	ck_assert_uint_eq(bed.stats.received, sent);
	bed_close();
}
END_TEST

/*
 * Each block is given back, and the ring goes round: a round fills one at least. It is read
 * behind each frame, because on a busy machine the time-out closes blocks behind each few.
 */
START_TEST(the_ring_goes_round)
{
	const unsigned rounds = 20, each = 50;

	bed_enter();
	bed.options.buffer = 1024;
	bed_open("vb", false);
	for (unsigned i = 1; i <= rounds; i++) {
		for (unsigned frame = 0; frame < each; frame++) {
			bed_send_sort("va", FILTER_BARE, 0, 1);
			bed_run();
		}
		bed_drain((uint64_t)i * each);
		ck_assert_uint_eq(bed.stats.lost_kernel, 0);
		ck_assert_uint_eq(bed.seen.frames, (uint64_t)i * each);
	}
	bed_close();
}
END_TEST

START_TEST(a_full_ring_is_told)
{
	char text[1000];

	bed_enter();
	bed.options.buffer = 4096;
	bed_open("vb", false);
	bed.source->ops->describe(bed.source, text, sizeof(text));
	ck_assert_msg(strstr(text, "engine: ring\n") && strstr(text, "buffer: 4096 bytes\n"), "%s",
		      text);
	bed_send_sort("va", FILTER_BARE, 0, 5000);
	bed_await(5000);
	bed_drain(5000);
	ck_assert_uint_gt(bed.stats.lost_kernel, 0);
	bed.source->ops->describe(bed.source, text, sizeof(text));
	ck_assert_msg(strstr(text, "buffer: 4096 bytes, full 1 times\n") != NULL, "%s", text);
	bed_close();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ring");
	TCase *slots = tcase_create("slots"), *ring = tcase_create("ring");

	setenv("WC_ENGINE", "ring", 1);
	tcase_add_test(slots, a_slot_is_a_frame);
	tcase_add_test(slots, an_abandoned_slot_is_none);
	tcase_add_loop_test(slots, the_tag_is_put_back, 0, 2);
	tcase_add_test(slots, a_tag_has_its_place);
	tcase_add_test(slots, a_cooked_header_is_made);
	tcase_add_loop_test(slots, segments_are_told, 0, sizeof(segments) / sizeof(*segments));
	suite_add_tcase(suite, slots);
	tcase_add_test(ring, a_merged_frame_tells_its_segments);
	tcase_add_test(ring, any_does_not_tell_segments);
	tcase_add_test(ring, an_open_block_is_pending);
	tcase_add_test(ring, the_ring_goes_round);
	tcase_add_test(ring, a_full_ring_is_told);
	suite_add_tcase(suite, ring);
	return bed_main(suite);
}

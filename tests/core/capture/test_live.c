/* The live source alone, without a census: frames that this test sends over a veth pair. */
#include <arpa/inet.h>
#include <check.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "live.h"
#include "live_bed.h"
#include "namespace.h"
#include "ring.h"
#include "wirecensus/error.h"

START_TEST(every_frame_is_handed_over_once)
{
	struct frame frame;
	uint64_t bytes = 0;

	bed_enter();
	bed_open("vb", false);
	for (enum filter_tags tags = 0; tags < FILTER_TAGS_COUNT; tags++)
		for (int sort = 0; sort < FILTER_FRAMES; sort++) {
			filter_frame(&frame, WC_LINK_ETHERNET, tags, sort);
			bed_send("va", &frame, 7);
			bytes += 7 * frame.size;
		}
	bed_drain(7 * FILTER_TAGS_COUNT * FILTER_FRAMES);
	ck_assert_uint_eq(bed.seen.frames, 7 * FILTER_TAGS_COUNT * FILTER_FRAMES);
	/* With the tag that the kernel took off. */
	ck_assert_uint_eq(bed.seen.bytes, bytes);
	ck_assert_uint_eq(bed.stats.received, bed.seen.frames);
	ck_assert_uint_eq(bed.stats.lost_kernel, 0);
	ck_assert_uint_eq(bed.stats.lost_interface, 0);
	ck_assert_uint_eq(bed.stats.gone_ns, 0);
	ck_assert_uint_eq(bed.stats.restarts, 0);
	ck_assert_uint_eq(bed.stats.merged, 0);
	bed_close();
}
END_TEST

/* Nothing from before the opening, nor what the program has not seen, is in the ring. */
START_TEST(counting_begins_with_the_opening)
{
	bed_enter();
	bed_witness();
	bed.options.filter = (char *)(uintptr_t) "tcp";
	bed_send_sort("va", FILTER_BARE, 0, 100);
	bed_await_witness(100);
	bed_open("vb", false);
	bed.source->ops->stats(bed.source, &bed.stats);
	ck_assert_uint_eq(bed.stats.received, 0);
	bed_send_sort("va", FILTER_BARE, 0, 3);
	bed_drain(3);
	ck_assert_uint_eq(bed.seen.frames, 3);
	ck_assert_uint_eq(bed.stats.received, 3);
	bed_close();
}
END_TEST

START_TEST(the_copy_fits_the_decoder)
{
	struct frame frame;

	bed_enter();
	bed_open("vb", false);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 0);
	frame_append(&frame, 1000);
	bed_send("va", &frame, 1);
	bed_drain(1);
	ck_assert_uint_eq(bed.seen.captured_last, 146);
	ck_assert_uint_eq(bed.seen.length_last, frame.size);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_VLAN, 0);
	frame_append(&frame, 1000);
	bed_send("va", &frame, 1);
	bed_drain(2);
	ck_assert_uint_eq(bed.seen.captured_last, 150);
	ck_assert_uint_eq(bed.seen.length_last, frame.size);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_QINQ, 0);
	frame_append(&frame, 1000);
	bed_send("va", &frame, 1);
	bed_drain(3);
	ck_assert_uint_eq(bed.seen.captured_last, frame.size);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 10);
	frame_append(&frame, 1000);
	bed_send("va", &frame, 1);
	bed_drain(4);
	ck_assert_uint_eq(bed.seen.captured_last, frame.size);
	bed_close();
}
END_TEST

START_TEST(the_copy_can_be_set)
{
	bed_enter();
	bed.options.snaplen = 40;
	bed_open("vb", false);
	bed_send_sort("va", FILTER_BARE, 0, 1);
	bed_drain(1);
	ck_assert_uint_eq(bed.seen.captured_last, 40);
	bed_send_sort("va", FILTER_QINQ, 0, 1);
	bed_drain(2);
	ck_assert_uint_eq(bed.seen.captured_last, 44);
	ck_assert_uint_eq(bed.seen.length_last, 14 + 8 + 20 + 20 + 40);
	bed_close();
}
END_TEST

static const char *const expressions[] = {
	"tcp port 80",
	"not port 53",
	"arp or ip6",
	"udp[200] = 0",
	"len > 100 and ip",
	"vlan 10",
	"not vlan",
	"tcp port 80 or vlan 10",
	"vlan 10 and vlan 20 and udp",
	"(vlan and tcp) or arp",
	"ip protochain 6",
	"ip[8] = 64 and not net 192.168.0.0/16",
};

/* Both directions, so that tags are found where a driver and where a sender leaves them. */
START_TEST(live_and_file_filters_agree)
{
	static const char *const interfaces[] = {"vb", "va", "any"};
	const char *interface = interfaces[_i % 3];
	bool any = interface[0] == 'a';
	struct wc_filter *file;
	struct frame frame;
	uint64_t expected = 0;

	/* libpcap knows no tags behind a cooked header. */
	if (any && strstr(expressions[_i / 3], "vlan"))
		return;
	bed_enter();
	bed.options.filter = (char *)(uintptr_t)expressions[_i / 3];
	bed.options.exclude_local_sources = _i & 1;
	bed_open(interface, false);
	ck_assert_int_eq(wc_filter_open(&file, &bed.options, NULL), 0);
	ck_assert_int_eq(wc_filter_prepare(file, WC_LINK_ETHERNET, 1, NULL), 0);
	if (any)
		ck_assert_int_eq(wc_filter_prepare(file, WC_LINK_SLL, 113, NULL), 0);
	for (enum filter_tags tags = 0; tags < FILTER_TAGS_COUNT; tags++) {
		for (int sort = 0; sort < FILTER_FRAMES; sort++) {
			struct frame cooked;
			struct wc_frame source_frame;

			filter_frame(&frame, WC_LINK_ETHERNET, tags, sort);
			filter_frame(&cooked, WC_LINK_SLL, tags, sort);
			source_frame = any ? filter_source_frame(&cooked, WC_LINK_SLL)
					   : filter_source_frame(&frame, WC_LINK_ETHERNET);
			bed_send("va", &frame, 1);
			/* "any" sees it leave and arrive. */
			expected += (any ? 2u : 1u) * wc_filter_pass(file, &source_frame);
		}
	}
	bed_drain(expected);
	ck_assert_msg(bed.seen.frames == expected, "\"%s\" on %s: %u and not %u",
		      bed.options.filter, interface, (unsigned)bed.seen.frames, (unsigned)expected);
	ck_assert_uint_eq(bed.stats.received, expected);
	ck_assert_uint_eq(bed.stats.lost_kernel, 0);
	wc_filter_free(file);
	bed_close();
}
END_TEST

START_TEST(origins_are_told)
{
	static const uint8_t other[6] = {2, 9, 9, 9, 9, 9}, all[6] = {255, 255, 255, 255, 255, 255};
	uint8_t own[6];
	struct frame frame;

	bed_enter();
	bed_open("vb", false);
	memcpy(own, wc_host_link(bed.host, "vb")->own, 6);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 11);
	frame_macs(&frame, own, other);
	bed_send("va", &frame, 1);
	frame_macs(&frame, all, other);
	bed_send("va", &frame, 2);
	frame_macs(&frame, other, all);
	bed_send("va", &frame, 4);
	frame_macs(&frame, other, own);
	bed_send("vb", &frame, 8);
	bed_drain(15);
	ck_assert_uint_eq(bed.seen.origins[WC_ORIGIN_RECEIVED], 3);
	ck_assert_uint_eq(bed.seen.origins[WC_ORIGIN_OTHER], 4);
	ck_assert_uint_eq(bed.seen.origins[WC_ORIGIN_SENT], 8);
	bed_close();
}
END_TEST

static void ping_self(const char *address, int times)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};

	inet_pton(AF_INET, address, &to.sin_addr);
	for (int i = 0; i < times; i++)
		ck_assert_int_eq(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)), 1);
	close(fd);
}

/* The kernel shows it twice, sent and received; the port is closed, so an answer comes each time.
 */
START_TEST(a_frame_of_the_loopback_counts_once)
{
	bed_enter();
	bed.options.filter = (char *)(uintptr_t) "udp";
	bed_open(_i ? "any" : "lo", false);
	ping_self("127.0.0.1", 5);
	bed_drain(5);
	ck_assert_uint_eq(bed.seen.frames, 5);
	ck_assert_uint_eq(bed.stats.received, 5);
	bed_close();
}
END_TEST

START_TEST(any_puts_the_tag_back)
{
	bed_enter();
	ck_assert(namespace_run("ip link set va down"));
	bed_open("any", false);
	bed_bring_up();
	bed_send_sort("va", FILTER_VLAN, 0, 1);
	bed_drain(2);
	ck_assert_uint_eq(bed.seen.frames, 2);
	ck_assert_uint_eq(bed.seen.origins[WC_ORIGIN_SENT], 1);
	/* A cooked header is two bytes longer than Ethernet's. */
	ck_assert_uint_eq(bed.seen.bytes, 2 * (16 + 4 + 20 + 20 + 40));
	bed_close();
}
END_TEST

/* The reader sleeps while the ring fills: what is lost is known exactly. */
START_TEST(loss_is_counted)
{
	const unsigned sent = 20000;

	bed_enter();
	bed.options.buffer = 4096;
	bed_open("vb", false);
	bed_send_sort("va", FILTER_BARE, 0, (int)sent);
	bed_await(sent);
	bed_drain(sent);
	ck_assert_uint_gt(bed.stats.lost_kernel, 0);
	ck_assert_uint_gt(bed.seen.frames, 0);
	ck_assert_uint_eq(bed.stats.received, sent);
	ck_assert_uint_eq(bed.stats.lost_kernel + bed.seen.frames, sent);
	bed_send_sort("va", FILTER_BARE, 0, 10);
	bed_drain(sent + 10);
	ck_assert_uint_eq(bed.stats.received, sent + 10);
	ck_assert_uint_eq(bed.stats.lost_kernel + bed.seen.frames, sent + 10);
	bed_close();
}
END_TEST

START_TEST(frames_longer_than_the_link_are_told)
{
	struct frame frame;

	bed_enter();
	bed_open("vb", false);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 0);
	frame_append(&frame, 1514 - frame.size);
	frame_finish(&frame);
	bed_send("va", &frame, 3);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_VLAN, 0);
	frame_append(&frame, 1518 - frame.size);
	bed_send("va", &frame, 3);
	bed_drain(6);
	ck_assert_uint_eq(bed.seen.frames, 6);
	ck_assert_uint_eq(bed.stats.merged, 0);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 0);
	frame_append(&frame, 4000);
	frame_finish(&frame);
	bed_send_merged("va", &frame);
	bed_drain(7);
	ck_assert_uint_eq(bed.seen.frames, 7);
	ck_assert_uint_eq(bed.seen.length_last, frame.size);
	/* Of how many it was merged is told to the ring alone. */
	ck_assert_uint_eq(bed.stats.merged, bed_kind() != &wc_ring);
	bed_close();
}
END_TEST

static void refuse(const char *interface, int status, const char *words)
{
	struct wc_error error = {""};

	ck_assert_int_eq(wc_filter_open(&bed.filter, &bed.options, &error), 0);
	ck_assert_int_eq(wc_host_open(&bed.host, &bed.options, &error), 0);
	ck_assert_int_eq(wc_live_open(&bed.source, bed_kind(), interface, false, &bed.options,
				      bed.filter, bed.host, &error),
			 status);
	ck_assert_msg(strstr(error.text, words) != NULL, "%s", error.text);
	wc_host_free(bed.host);
	wc_filter_free(bed.filter);
}

START_TEST(errors_name_the_thing_and_the_remedy)
{
	bed_enter();
	refuse("eth9", WC_FAILED, "there is no interface 'eth9'; there are: lo");
	bed.options.buffer = UINT64_C(1) << 33;
	refuse("vb", WC_INVALID, "8589934592 bytes is too large");
	bed.options.buffer = 0;
	bed.options.filter = (char *)(uintptr_t) "ifindex 3";
	refuse("vb", WC_INVALID, "ifindex");
	bed.options.filter = NULL;
	if (!namespace_run("ip link set vb down && setpriv --reuid 65534 --clear-groups true "
			   "2>/dev/null"))
		return;
	ck_assert_int_eq(setuid(65534), 0);
	refuse("va", WC_FAILED, "CAP_NET_RAW");
}
END_TEST

START_TEST(describe_says_what_was_opened)
{
	char text[1000];

	bed_enter();
	bed.options.filter = (char *)(uintptr_t) "port 53";
	bed.options.promiscuous = true;
	bed.options.to.version = 4;
	bed.options.to.low = 0xc0000201;
	bed_open("vb", false);
	bed.source->ops->describe(bed.source, text, sizeof(text));
	ck_assert_msg(
		strstr(text, "interface: vb, index ") &&
			strstr(text, "link type EN10MB, MTU 1500") &&
			strstr(text, "filter: (port 53) and (not ip or ip dst host 192.0.2.1)\n") &&
			strstr(text, "capture length: 146 bytes") &&
			strstr(text, "buffer: 16777216 bytes") && strstr(text, "promiscuous: yes"),
		"%s", text);
	ck_assert(namespace_run("ip -d link show vb | grep -q 'promiscuity 1'"));
	for (size_t size = 0; size < 300; size++) {
		memset(text, 'x', sizeof(text));
		bed.source->ops->describe(bed.source, text, size);
		ck_assert(text[size] == 'x' && (size == 0 || memchr(text, 0, size)));
	}
	bed_close();
}
END_TEST

static Suite *suite_of_all(void)
{
	Suite *suite = suite_create("live");
	TCase *cases = tcase_create("live");

	tcase_set_timeout(cases, 120);
	tcase_add_test(cases, every_frame_is_handed_over_once);
	tcase_add_test(cases, counting_begins_with_the_opening);
	tcase_add_test(cases, the_copy_fits_the_decoder);
	tcase_add_test(cases, the_copy_can_be_set);
	tcase_add_loop_test(cases, live_and_file_filters_agree, 0,
			    3 * sizeof(expressions) / sizeof(expressions[0]));
	tcase_add_test(cases, origins_are_told);
	tcase_add_loop_test(cases, a_frame_of_the_loopback_counts_once, 0, 2);
	tcase_add_test(cases, any_puts_the_tag_back);
	tcase_add_test(cases, loss_is_counted);
	tcase_add_test(cases, frames_longer_than_the_link_are_told);
	tcase_add_test(cases, errors_name_the_thing_and_the_remedy);
	tcase_add_test(cases, describe_says_what_was_opened);
	suite_add_tcase(suite, cases);
	return suite;
}

int main(void)
{
	return bed_main(suite_of_all());
}

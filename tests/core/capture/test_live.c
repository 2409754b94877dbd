/* The live source alone, without a census: frames that this test sends over a veth pair. */
#include <arpa/inet.h>
#include <check.h>
#include <dirent.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "filter.h"
#include "filter_frames.h"
#include "host.h"
#include "live.h"
#include "namespace.h"
#include "source.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define WATCHDOG_MS 10000

/* Stands in for the worker: what came out of the source. */
struct seen {
	uint64_t frames, bytes;
	uint64_t origins[4];
	uint32_t captured_last, length_last;
	uint8_t last[64];
};

static struct wc_options options;
static struct wc_filter *filter;
static struct wc_host *host;
static struct wc_source *source;
static struct seen seen;
static struct wc_source_stats stats;
static int sender = -1;

static void take(void *user, const struct wc_frame *frame)
{
	struct seen *all = user;

	all->frames++;
	all->bytes += frame->length;
	all->origins[frame->origin]++;
	all->captured_last = frame->captured;
	all->length_last = frame->length;
	memset(all->last, 0, sizeof(all->last));
	memcpy(all->last, frame->bytes,
	       frame->captured < sizeof(all->last) ? frame->captured : sizeof(all->last));
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/*
 * Brings both ends up. A link drops what is sent on it until the kernel has noticed,
 * in its own time, that the other end is up too.
 */
static void bring_up(void)
{
	ck_assert(
		namespace_run("ip link set va up && ip link set vb up && "
			      "for link in va vb; do "
			      "until ip link show $link | grep -q 'state UP'; do sleep 0.01; done; "
			      "done"));
}

/* A pair of links, "va" to send on and "vb" to count, that no one else sends on. */
static void enter(void)
{
	ck_assert(namespace_enter());
	ck_assert(namespace_run("sysctl -qw net.ipv6.conf.default.disable_ipv6=1 "
				"net.ipv6.conf.all.disable_ipv6=1 2>/dev/null; "
				"ip link add va type veth peer name vb"));
	bring_up();
}

static void open_source(const char *interface)
{
	struct wc_error error = {""};

	ck_assert_msg(wc_filter_open(&filter, &options, &error) == 0, "%s", error.text);
	ck_assert_msg(wc_host_open(&host, &options, &error) == 0, "%s", error.text);
	ck_assert_msg(wc_live_open(&source, interface, &options, filter, host, &error) == 0, "%s",
		      error.text);
}

static void close_source(void)
{
	source->ops->close(source);
	wc_host_free(host);
	wc_filter_free(filter);
}

static void run(void)
{
	while (source->ops->run(source, 64, take, &seen, NULL) > 0)
		;
}

/*
 * Waits until @frames have been seen or lost, which takes the kernel as long as it
 * likes, and then for one lag more, in which nothing is to come.
 */
static void drain(uint64_t frames)
{
	unsigned waited = 0, quiet = 0;

	while (waited < WATCHDOG_MS && quiet <= source->lag_ms) {
		run();
		source->ops->stats(source, &stats);
		if (seen.frames + stats.lost_kernel >= frames && stats.pending == 0)
			quiet += 5;
		waited += 5;
		pause_ms(5);
	}
	ck_assert_uint_eq(stats.pending, 0);
}

static void follow(void)
{
	pause_ms(50);
	if (wc_host_update(host) & WC_HOST_LINKS)
		source->ops->changed(source, host);
}

static void send_on(const char *interface, const struct frame *frame, int times)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_halen = 6};

	if (sender < 0)
		sender = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	address.sll_ifindex = (int)if_nametoindex(interface);
	for (int i = 0; i < times; i++)
		ck_assert_int_eq(sendto(sender, frame->bytes, frame->size, 0,
					(struct sockaddr *)&address, sizeof(address)),
				 (ssize_t)frame->size);
}

static void send_sort(const char *interface, enum filter_tags tags, int sort, int times)
{
	struct frame frame;

	filter_frame(&frame, WC_LINK_ETHERNET, tags, sort);
	send_on(interface, &frame, times);
}

START_TEST(every_frame_is_handed_over_once)
{
	struct frame frame;
	uint64_t bytes = 0;

	enter();
	open_source("vb");
	for (enum filter_tags tags = 0; tags < FILTER_TAGS_COUNT; tags++)
		for (int sort = 0; sort < FILTER_FRAMES; sort++) {
			filter_frame(&frame, WC_LINK_ETHERNET, tags, sort);
			send_on("va", &frame, 7);
			bytes += 7 * frame.size;
		}
	drain(7 * FILTER_TAGS_COUNT * FILTER_FRAMES);
	ck_assert_uint_eq(seen.frames, 7 * FILTER_TAGS_COUNT * FILTER_FRAMES);
	/* With the tag that the kernel took off. */
	ck_assert_uint_eq(seen.bytes, bytes);
	ck_assert_uint_eq(stats.received, seen.frames);
	ck_assert_uint_eq(stats.lost_kernel, 0);
	ck_assert_uint_eq(stats.lost_interface, 0);
	ck_assert_uint_eq(stats.gone_ns, 0);
	ck_assert_uint_eq(stats.restarts, 0);
	ck_assert_uint_eq(stats.merged, 0);
	close_source();
}
END_TEST

/* Nothing from before the opening, nor what the program has not seen, is in the ring. */
START_TEST(counting_begins_with_the_opening)
{
	enter();
	options.filter = (char *)(uintptr_t) "tcp";
	send_sort("va", FILTER_BARE, 0, 100);
	open_source("vb");
	source->ops->stats(source, &stats);
	ck_assert_uint_eq(stats.received, 0);
	send_sort("va", FILTER_BARE, 0, 3);
	drain(3);
	ck_assert_uint_eq(seen.frames, 3);
	ck_assert_uint_eq(stats.received, 3);
	close_source();
}
END_TEST

START_TEST(the_copy_fits_the_decoder)
{
	struct frame frame;

	enter();
	open_source("vb");
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 0);
	frame_append(&frame, 1000);
	send_on("va", &frame, 1);
	drain(1);
	ck_assert_uint_eq(seen.captured_last, 146);
	ck_assert_uint_eq(seen.length_last, frame.size);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_VLAN, 0);
	frame_append(&frame, 1000);
	send_on("va", &frame, 1);
	drain(2);
	ck_assert_uint_eq(seen.captured_last, 150);
	ck_assert_uint_eq(seen.length_last, frame.size);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_QINQ, 0);
	frame_append(&frame, 1000);
	send_on("va", &frame, 1);
	drain(3);
	ck_assert_uint_eq(seen.captured_last, frame.size);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 10);
	frame_append(&frame, 1000);
	send_on("va", &frame, 1);
	drain(4);
	ck_assert_uint_eq(seen.captured_last, frame.size);
	close_source();
}
END_TEST

START_TEST(the_copy_can_be_set)
{
	enter();
	options.snaplen = 40;
	open_source("vb");
	send_sort("va", FILTER_BARE, 0, 1);
	drain(1);
	ck_assert_uint_eq(seen.captured_last, 40);
	send_sort("va", FILTER_QINQ, 0, 1);
	drain(2);
	ck_assert_uint_eq(seen.captured_last, 44);
	ck_assert_uint_eq(seen.length_last, 14 + 8 + 20 + 20 + 40);
	close_source();
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
	enter();
	options.filter = (char *)(uintptr_t)expressions[_i / 3];
	options.exclude_local_sources = _i & 1;
	open_source(interface);
	ck_assert_int_eq(wc_filter_open(&file, &options, NULL), 0);
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
			send_on("va", &frame, 1);
			/* "any" sees it leave and arrive. */
			expected += (any ? 2u : 1u) * wc_filter_pass(file, &source_frame);
		}
	}
	drain(expected);
	ck_assert_msg(seen.frames == expected, "\"%s\" on %s: %u and not %u", options.filter,
		      interface, (unsigned)seen.frames, (unsigned)expected);
	ck_assert_uint_eq(stats.received, expected);
	ck_assert_uint_eq(stats.lost_kernel, 0);
	wc_filter_free(file);
	close_source();
}
END_TEST

START_TEST(origins_are_told)
{
	static const uint8_t other[6] = {2, 9, 9, 9, 9, 9}, all[6] = {255, 255, 255, 255, 255, 255};
	uint8_t own[6];
	struct frame frame;

	enter();
	open_source("vb");
	memcpy(own, wc_host_link(host, "vb")->own, 6);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 11);
	frame_macs(&frame, own, other);
	send_on("va", &frame, 1);
	frame_macs(&frame, all, other);
	send_on("va", &frame, 2);
	frame_macs(&frame, other, all);
	send_on("va", &frame, 4);
	frame_macs(&frame, other, own);
	send_on("vb", &frame, 8);
	drain(15);
	ck_assert_uint_eq(seen.origins[WC_ORIGIN_RECEIVED], 3);
	ck_assert_uint_eq(seen.origins[WC_ORIGIN_OTHER], 4);
	ck_assert_uint_eq(seen.origins[WC_ORIGIN_SENT], 8);
	close_source();
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
	enter();
	options.filter = (char *)(uintptr_t) "udp";
	open_source(_i ? "any" : "lo");
	ping_self("127.0.0.1", 5);
	drain(5);
	ck_assert_uint_eq(seen.frames, 5);
	ck_assert_uint_eq(stats.received, 5);
	close_source();
}
END_TEST

START_TEST(any_puts_the_tag_back)
{
	enter();
	ck_assert(namespace_run("ip link set va down"));
	open_source("any");
	bring_up();
	send_sort("va", FILTER_VLAN, 0, 1);
	drain(2);
	ck_assert_uint_eq(seen.frames, 2);
	ck_assert_uint_eq(seen.origins[WC_ORIGIN_SENT], 1);
	/* A cooked header is two bytes longer than Ethernet's. */
	ck_assert_uint_eq(seen.bytes, 2 * (16 + 4 + 20 + 20 + 40));
	close_source();
}
END_TEST

/* The reader sleeps while the ring fills: what is lost is known exactly. */
START_TEST(loss_is_counted)
{
	const unsigned sent = 20000;

	enter();
	options.buffer = 4096;
	open_source("vb");
	send_sort("va", FILTER_BARE, 0, (int)sent);
	pause_ms(100);
	drain(sent);
	ck_assert_uint_gt(stats.lost_kernel, 0);
	ck_assert_uint_gt(seen.frames, 0);
	ck_assert_uint_eq(stats.received, sent);
	ck_assert_uint_eq(stats.lost_kernel + seen.frames, sent);
	send_sort("va", FILTER_BARE, 0, 10);
	drain(sent + 10);
	ck_assert_uint_eq(stats.received, sent + 10);
	ck_assert_uint_eq(stats.lost_kernel + seen.frames, sent + 10);
	close_source();
}
END_TEST

START_TEST(down_and_up_loses_nothing)
{
	enter();
	open_source("vb");
	send_sort("va", FILTER_BARE, 0, 5);
	ck_assert(namespace_run("ip link set vb down"));
	follow();
	drain(5);
	ck_assert_uint_eq(seen.frames, 5);
	bring_up();
	follow();
	send_sort("va", FILTER_BARE, 0, 5);
	drain(10);
	ck_assert_uint_eq(seen.frames, 10);
	ck_assert_uint_eq(stats.received, 10);
	ck_assert_uint_eq(stats.restarts, 0);
	ck_assert_uint_eq(stats.gone_ns, 0);
	close_source();
}
END_TEST

START_TEST(a_renamed_interface_goes_on)
{
	enter();
	open_source("vb");
	ck_assert(namespace_run("ip link set vb down && ip link set vb name vc && "
				"ip link set vc up && "
				"until ip link show va | grep -q 'state UP'; do sleep 0.01; done"));
	follow();
	send_sort("va", FILTER_BARE, 0, 5);
	drain(5);
	ck_assert_uint_eq(seen.frames, 5);
	ck_assert_uint_eq(stats.restarts, 0);
	close_source();
}
END_TEST

START_TEST(an_interface_that_is_down_is_waited_for)
{
	char text[500];

	enter();
	ck_assert(namespace_run("ip link set vb down"));
	open_source("vb");
	source->ops->describe(source, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "down and waited for"));
	run();
	source->ops->stats(source, &stats);
	ck_assert_uint_eq(stats.received, 0);
	ck_assert_uint_gt(stats.gone_ns, 0);
	bring_up();
	follow();
	send_sort("va", FILTER_BARE, 0, 5);
	drain(5);
	ck_assert_uint_eq(seen.frames, 5);
	ck_assert_uint_eq(stats.restarts, 0);
	close_source();
}
END_TEST

static size_t descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

/* Deleted with frames still withheld in the ring, and made again, at another index. */
START_TEST(a_deleted_interface_is_taken_up_again)
{
	size_t before = 0;
	uint64_t gone = 0;

	enter();
	options.promiscuous = true;
	open_source("vb");
	for (int cycle = 1; cycle <= 100; cycle++) {
		send_sort("va", FILTER_BARE, 0, 3);
		/* In the ring, though not handed over; before that they would go with the link. */
		do
			source->ops->stats(source, &stats);
		while (stats.received < 3 * (uint64_t)cycle);
		ck_assert(namespace_run("ip link del vb && ip link add va type veth peer name vb"));
		bring_up();
		do {
			wc_host_update(host);
			source->ops->changed(source, host);
			run();
			source->ops->stats(source, &stats);
		} while (stats.restarts != (uint64_t)cycle ||
			 !(wc_host_link(host, "vb")->flags & IFF_UP));
		if (cycle == 1)
			before = descriptors();
	}
	send_sort("va", FILTER_BARE, 0, 3);
	drain(303);
	ck_assert_uint_eq(descriptors(), before);
	ck_assert_uint_eq(stats.restarts, 100);
	ck_assert_uint_eq(stats.received, 303);
	ck_assert_uint_eq(seen.frames + stats.lost_kernel, 303);
	ck_assert_uint_eq(stats.lost_kernel, 0);
	gone = stats.gone_ns;
	source->ops->stats(source, &stats);
	ck_assert_uint_eq(stats.gone_ns, gone);
	close_source();
}
END_TEST

START_TEST(while_there_is_none_the_time_is_counted)
{
	enter();
	open_source("vb");
	ck_assert(namespace_run("ip link del vb"));
	follow();
	run();
	source->ops->stats(source, &stats);
	pause_ms(100);
	ck_assert_uint_gt(stats.gone_ns, 0);
	{
		uint64_t before = stats.gone_ns;

		source->ops->stats(source, &stats);
		ck_assert_uint_ge(stats.gone_ns, before + 100000000);
	}
	ck_assert_uint_eq(stats.restarts, 0);
	close_source();
}
END_TEST

/* Of another type the next time: the ring is made anew, and its remainder counts as lost. */
START_TEST(an_interface_of_another_type_is_opened_again)
{
	enter();
	if (!namespace_run("ip tuntap add dev tun9 mode tap 2>/dev/null && ip link del tun9"))
		return;
	open_source("vb");
	send_sort("va", FILTER_BARE, 0, 3);
	ck_assert(namespace_run("ip link del vb && ip tuntap add dev vb mode tun && "
				"ip link set vb up"));
	follow();
	source->ops->stats(source, &stats);
	ck_assert_uint_eq(stats.restarts, 1);
	ck_assert_uint_eq(stats.received, 3);
	ck_assert_uint_eq(seen.frames + stats.lost_kernel, 3);
	close_source();
}
END_TEST

/* Hands the kernel a frame of many segments, as its own TCP does. */
static void send_merged(const char *interface, const struct frame *frame)
{
	static uint8_t bytes[sizeof(struct virtio_net_hdr) + FRAME_ROOM];
	const struct virtio_net_hdr header = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
		.hdr_len = 14 + 20 + 20,
		.gso_size = 1000,
		.csum_start = 14 + 20,
		.csum_offset = 16,
	};
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_halen = 6};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), one = 1;
	size_t size = sizeof(header) + frame->size;

	address.sll_ifindex = (int)if_nametoindex(interface);
	address.sll_protocol = htons(0x0800);
	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + sizeof(header), frame->bytes, frame->size);
	ck_assert_int_eq(setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)), 0);
	ck_assert_int_eq(sendto(fd, bytes, size, 0, (struct sockaddr *)&address, sizeof(address)),
			 (ssize_t)size);
	close(fd);
}

START_TEST(frames_longer_than_the_link_are_told)
{
	struct frame frame;

	enter();
	open_source("vb");
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 0);
	frame_append(&frame, 1514 - frame.size);
	frame_finish(&frame);
	send_on("va", &frame, 3);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_VLAN, 0);
	frame_append(&frame, 1518 - frame.size);
	send_on("va", &frame, 3);
	drain(6);
	ck_assert_uint_eq(seen.frames, 6);
	ck_assert_uint_eq(stats.merged, 0);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 0);
	frame_append(&frame, 4000);
	frame_finish(&frame);
	send_merged("va", &frame);
	drain(7);
	ck_assert_uint_eq(seen.frames, 7);
	ck_assert_uint_eq(seen.length_last, frame.size);
	ck_assert_uint_eq(stats.merged, 1);
	close_source();
}
END_TEST

static void refuse(const char *interface, int status, const char *words)
{
	struct wc_error error = {""};

	ck_assert_int_eq(wc_filter_open(&filter, &options, &error), 0);
	ck_assert_int_eq(wc_host_open(&host, &options, &error), 0);
	ck_assert_int_eq(wc_live_open(&source, interface, &options, filter, host, &error), status);
	ck_assert_msg(strstr(error.text, words) != NULL, "%s", error.text);
	wc_host_free(host);
	wc_filter_free(filter);
}

START_TEST(errors_name_the_thing_and_the_remedy)
{
	enter();
	refuse("eth9", WC_FAILED, "there is no interface 'eth9'; there are: lo");
	options.buffer = UINT64_C(1) << 33;
	refuse("vb", WC_INVALID, "8589934592 bytes is too large");
	options.buffer = 0;
	options.filter = (char *)(uintptr_t) "ifindex 3";
	refuse("vb", WC_INVALID, "ifindex");
	options.filter = NULL;
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

	enter();
	options.filter = (char *)(uintptr_t) "port 53";
	options.promiscuous = true;
	options.to.version = 4;
	options.to.low = 0xc0000201;
	open_source("vb");
	source->ops->describe(source, text, sizeof(text));
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
		source->ops->describe(source, text, size);
		ck_assert(text[size] == 'x' && (size == 0 || memchr(text, 0, size)));
	}
	close_source();
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
	tcase_add_test(cases, down_and_up_loses_nothing);
	tcase_add_test(cases, a_renamed_interface_goes_on);
	tcase_add_test(cases, an_interface_that_is_down_is_waited_for);
	tcase_add_test(cases, a_deleted_interface_is_taken_up_again);
	tcase_add_test(cases, while_there_is_none_the_time_is_counted);
	tcase_add_test(cases, an_interface_of_another_type_is_opened_again);
	tcase_add_test(cases, frames_longer_than_the_link_are_told);
	tcase_add_test(cases, errors_name_the_thing_and_the_remedy);
	tcase_add_test(cases, describe_says_what_was_opened);
	suite_add_tcase(suite, cases);
	return suite;
}

int main(void)
{
	SRunner *runner;
	int failed;

	if (!namespace_possible()) {
		puts("network namespaces cannot be made here, or ip(8) is missing");
		return 77;
	}
	runner = srunner_create(suite_of_all());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

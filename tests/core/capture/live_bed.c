#include "live_bed.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "live.h"
#include "live_pcap.h"
#include "namespace.h"
#include "ring.h"
#include "wirecensus/error.h"

struct bed bed;
static int sender = -1, witness = -1;

void bed_take(void *user, const struct wc_frame *frame)
{
	struct bed_seen *all = user;

	all->frames++;
	all->bytes += frame->length;
	all->origins[frame->origin]++;
	all->captured_last = frame->captured;
	all->length_last = frame->length;
	all->link_last = frame->link;
	all->segment_last = frame->segment;
	all->segment_at_last = frame->segment_at;
	memset(all->last, 0, sizeof(all->last));
	memcpy(all->last, frame->bytes,
	       frame->captured < sizeof(all->last) ? frame->captured : sizeof(all->last));
}

const struct wc_live_kind *bed_kind(void)
{
	const char *engine = getenv("WC_ENGINE");

	return engine && strcmp(engine, wc_ring.name) == 0 ? &wc_ring : &wc_live_pcap;
}

void bed_pause_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

void bed_bring_up(void)
{
	ck_assert(
		namespace_run("ip link set va up && ip link set vb up && "
			      "for link in va vb; do "
			      "until ip link show $link | grep -q 'state UP'; do sleep 0.01; done; "
			      "done"));
}

void bed_enter(void)
{
	ck_assert(namespace_enter());
	ck_assert(namespace_run("sysctl -qw net.ipv6.conf.default.disable_ipv6=1 "
				"net.ipv6.conf.all.disable_ipv6=1 2>/dev/null; "
				"ip link add va type veth peer name vb"));
	bed_bring_up();
	sender = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
}

void bed_open(const char *interface, bool wait)
{
	struct wc_error error = {""};

	ck_assert_msg(wc_filter_open(&bed.filter, &bed.options, &error) == 0, "%s", error.text);
	ck_assert_msg(wc_host_open(&bed.host, &bed.options, &error) == 0, "%s", error.text);
	ck_assert_msg(wc_live_open(&bed.source, bed_kind(), interface, wait, &bed.options,
				   bed.filter, bed.host, &error) == 0,
		      "%s", error.text);
}

void bed_close(void)
{
	bed.source->ops->close(bed.source);
	wc_host_free(bed.host);
	wc_filter_free(bed.filter);
}

void bed_run(void)
{
	while (bed.source->ops->run(bed.source, 64, bed_take, &bed.seen, NULL) > 0)
		;
}

void bed_drain(uint64_t frames)
{
	unsigned waited = 0, quiet = 0;

	while (waited < BED_WATCHDOG_MS && quiet <= bed.source->lag_ms) {
		bed_run();
		bed.source->ops->stats(bed.source, &bed.stats);
		if (bed.seen.frames + bed.stats.lost_kernel >= frames && bed.stats.pending == 0)
			quiet += 5;
		waited += 5;
		bed_pause_ms(5);
	}
	ck_assert_uint_eq(bed.stats.pending, 0);
}

void bed_await(uint64_t frames)
{
	for (unsigned waited = 0; bed.stats.received < frames; waited++) {
		ck_assert_uint_lt(waited, BED_WATCHDOG_MS);
		bed.source->ops->stats(bed.source, &bed.stats);
		if (bed.stats.received < frames)
			bed_pause_ms(1);
	}
}

void bed_witness(void)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(0x0003),
		.sll_ifindex = (int)if_nametoindex("vb"),
	};
	int room = 4 << 20;

	witness = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(setsockopt(witness, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)), 0);
	ck_assert_int_eq(bind(witness, (const struct sockaddr *)&address, sizeof(address)), 0);
}

void bed_await_witness(int frames)
{
	uint8_t bytes[64];

	for (unsigned waited = 0; frames; waited++) {
		ck_assert_uint_lt(waited, BED_WATCHDOG_MS);
		while (frames && recv(witness, bytes, sizeof(bytes), 0) >= 0)
			frames--;
		if (frames)
			bed_pause_ms(1);
	}
}

void bed_tell(void)
{
	if (wc_host_update(bed.host) & WC_HOST_LINKS)
		bed.source->ops->changed(bed.source, bed.host);
}

void bed_follow_until(bool gone)
{
	for (unsigned waited = 0; bed.source->gone != gone; waited += 5) {
		ck_assert_uint_lt(waited, BED_WATCHDOG_MS);
		bed_tell();
		bed_run();
		bed_pause_ms(5);
	}
}

void bed_send(const char *interface, const struct frame *frame, int times)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_halen = 6};

	address.sll_ifindex = (int)if_nametoindex(interface);
	for (int i = 0; i < times; i++)
		ck_assert_int_eq(sendto(sender, frame->bytes, frame->size, 0,
					(struct sockaddr *)&address, sizeof(address)),
				 (ssize_t)frame->size);
}

void bed_send_sort(const char *interface, enum filter_tags tags, int sort, int times)
{
	struct frame frame;

	filter_frame(&frame, WC_LINK_ETHERNET, tags, sort);
	bed_send(interface, &frame, times);
}

void bed_send_merged(const char *interface, const struct frame *frame)
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

int bed_main(Suite *suite)
{
	SRunner *runner;
	int failed;

	if (!namespace_possible()) {
		puts("network namespaces cannot be made here, or ip(8) is missing");
		return 77;
	}
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

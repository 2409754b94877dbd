/*
 * load.c - sends frames as fast as one processor can, for the benchmark of live engines
 *
 * usage: load HOW INTERFACE KIND FRAMES. HOW is "cold", over the other end of a veth pair,
 * by sendmmsg(2) past the queues, one frame a softirq; or "napi", received by INTERFACE
 * in batches as a network card hands them over, by running an XDP program on live frames
 * (Linux 5.18). KIND is "syn", from anywhere to any port; "imix", seven frames of 60 bytes
 * to four of 590 and one of 1514, of 10,000 conversations; or a number of conversations.
 *
 * Prints how many frames were sent, and the processor time that it took in ns: of the
 * kernel's taps too, which run on the sender's side. Frames are for another host, so that
 * nothing but taps sees them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "frames.h"
#include "load_program.h"

#define BATCH      64
#define RUN        8192 /* frames of one size in a row, where frames come in batches */
#define IMIX       10000
#define SIZE_SMALL 60
#define SIZES      12

static const size_t imix_sizes[SIZES] = {60, 590, 60, 60, 590, 60, 1514, 60, 590, 60, 590, 60};

/* What is sent. */
static struct {
	uint32_t conversations; /* 0: from anywhere to any port */
	bool imix;
} load;

static uint32_t draw(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static void make_frame(struct frame *frame, size_t size)
{
	static const uint8_t to[6] = {2, 0, 0, 0, 0, 0x99}, from[6] = {2, 0, 0, 0, 0, 0x98};

	frame_start(frame);
	frame_ethernet(frame, 0x0800);
	frame_macs(frame, to, from);
	frame_ipv4(frame, "10.0.0.1", "192.0.2.1", 6);
	frame_tcp(frame, 40000, 80, load.conversations ? FRAME_ACK : FRAME_SYN, 1);
	frame_append(frame, size - frame->size);
	frame_finish(frame);
}

/* As load_program.h does it inside the kernel. */
static void vary(uint8_t *bytes)
{
	uint32_t drawn = draw(), client;
	uint16_t port = htons((uint16_t)drawn);

	client = load.conversations ? 0x0a000000 | drawn % load.conversations : drawn;
	client = htonl(client);
	memcpy(bytes + LOAD_CLIENT_AT, &client, sizeof(client));
	if (!load.conversations)
		memcpy(bytes + LOAD_PORT_AT, &port, sizeof(port));
}

static uint64_t spent_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static size_t size_of(uint64_t number)
{
	return load.imix ? imix_sizes[number % SIZES] : SIZE_SMALL;
}

static uint64_t send_cold(unsigned index, uint64_t frames)
{
	static struct frame room[BATCH];
	const struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_ifindex = (int)index, .sll_halen = 6};
	int fd = socket(AF_PACKET, SOCK_RAW, 0), yes = 1;
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	uint64_t sent = 0;

	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof(yes)))
		fail("packet socket");
	for (unsigned i = 0; i < BATCH; i++) {
		make_frame(&room[i], size_of(i));
		parts[i] = (struct iovec){room[i].bytes, room[i].size};
		messages[i].msg_hdr = (struct msghdr){.msg_name = (void *)(uintptr_t)&to,
						      .msg_namelen = sizeof(to),
						      .msg_iov = &parts[i],
						      .msg_iovlen = 1};
	}
	while (sent < frames) {
		int done;

		for (unsigned i = 0; i < BATCH; i++)
			vary(room[i].bytes);
		done = sendmmsg(fd, messages, BATCH, 0);
		if (done < 0 && errno != ENOBUFS)
			fail("sendmmsg");
		sent += done > 0 ? (uint64_t)done : 0;
	}
	return sent;
}

static uint64_t send_napi(unsigned index, uint64_t frames)
{
	int program = load_program(load.conversations);
	struct frame frame;
	uint64_t sent = 0;

	if (program < 0)
		fail("XDP program");
	for (uint64_t number = 0; sent < frames; number++) {
		struct xdp_md context = {.ingress_ifindex = index};
		union bpf_attr attributes = {0};

		make_frame(&frame, size_of(number));
		context.data_end = (uint32_t)frame.size;
		attributes.test.prog_fd = (uint32_t)program;
		attributes.test.data_in = (uint64_t)(uintptr_t)frame.bytes;
		attributes.test.data_size_in = (uint32_t)frame.size;
		attributes.test.ctx_in = (uint64_t)(uintptr_t)&context;
		attributes.test.ctx_size_in = sizeof(context);
		attributes.test.repeat = RUN;
		attributes.test.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
		attributes.test.batch_size = BATCH;
		if (syscall(SYS_bpf, BPF_PROG_TEST_RUN, &attributes, sizeof(attributes)))
			fail("live frames");
		sent += RUN;
	}
	return sent;
}

static void choose(const char *kind)
{
	load.imix = strcmp(kind, "imix") == 0;
	if (load.imix)
		load.conversations = IMIX;
	else if (strcmp(kind, "syn") != 0)
		load.conversations = (uint32_t)strtoul(kind, NULL, 10);
}

int main(int argc, char **argv)
{
	uint64_t before, sent;
	unsigned index;

	if (argc != 5 || (strcmp(argv[1], "cold") != 0 && strcmp(argv[1], "napi") != 0)) {
		fprintf(stderr, "usage: load cold|napi INTERFACE KIND FRAMES\n");
		return EXIT_FAILURE;
	}
	index = if_nametoindex(argv[2]);
	if (!index)
		fail(argv[2]);
	choose(argv[3]);
	before = spent_ns();
	sent = (*argv[1] == 'c' ? send_cold : send_napi)(index, strtoull(argv[4], NULL, 10));
	printf("%llu %llu\n", (unsigned long long)sent, (unsigned long long)(spent_ns() - before));
	return EXIT_SUCCESS;
}

/*
 * spoof.c - sends frames each of which comes from another address
 *
 *	spoof INTERFACE COUNT
 *
 * SYNs and UDP in turn to 192.0.2.1, from COUNT sources of 11.0.0.0/8, to all ports, as fast
 * as the interface takes them. Prints how many frames and bytes went out, and exits with 1,
 * and says why, if not all of them did.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "frames.h"

#define SOURCES (1UL << 24)
#define BATCH   64
#define SOURCE  26 /* where a frame has its source, and the port that it goes to */
#define PORT    36

static struct frame templates[2];
static uint8_t frames[BATCH][64];

static void make_templates(void)
{
	static const uint8_t near[6] = {2, 0, 0, 0, 0, 2}, far[6] = {2, 0, 0, 0, 0, 1};

	for (int i = 0; i < 2; i++) {
		frame_start(&templates[i]);
		frame_ethernet(&templates[i], 0x0800);
		frame_macs(&templates[i], near, far);
		frame_ipv4(&templates[i], "11.0.0.0", "192.0.2.1", i ? 17 : 6);
		if (i)
			frame_udp(&templates[i], 40000, 0);
		else
			frame_tcp(&templates[i], 40000, 0, FRAME_SYN, 1);
		frame_finish(&templates[i]);
	}
}

/* Checksums are left as they were: the counted host is not asked to believe it. */
static size_t make_frame(uint8_t *frame, unsigned long number)
{
	const struct frame *template = &templates[number % 2];
	/* A product with an odd number: each source once, in no order. */
	uint32_t source = htonl((11U << 24) | ((uint32_t)number * 0x9e3779b1U & (SOURCES - 1)));
	uint16_t port = htons((uint16_t)(number / 2));

	memcpy(frame, template->bytes, template->size);
	memcpy(frame + SOURCE, &source, sizeof(source));
	memcpy(frame + PORT, &port, sizeof(port));
	return template->size;
}

static void send_batch(int fd, struct mmsghdr *messages, unsigned count)
{
	for (unsigned done = 0; done < count;) {
		int sent = sendmmsg(fd, messages + done, count - done, 0);

		if (sent < 0 && errno != ENOBUFS && errno != EINTR) {
			perror("sending");
			exit(EXIT_FAILURE);
		}
		done += sent > 0 ? (unsigned)sent : 0;
	}
}

static unsigned long send_all(int fd, unsigned long count)
{
	struct mmsghdr messages[BATCH] = {0};
	struct iovec pieces[BATCH];
	unsigned long bytes = 0;

	for (unsigned long number = 0; number < count;) {
		unsigned batch = 0;

		while (batch < BATCH && number < count) {
			size_t size = make_frame(frames[batch], number++);

			pieces[batch] = (struct iovec){frames[batch], size};
			messages[batch].msg_hdr.msg_iov = &pieces[batch];
			messages[batch++].msg_hdr.msg_iovlen = 1;
			bytes += size;
		}
		send_batch(fd, messages, batch);
	}
	return bytes;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	unsigned long count;

	if (argc != 3 || (count = strtoul(argv[2], NULL, 10)) == 0 || count > SOURCES) {
		fprintf(stderr, "usage: spoof INTERFACE COUNT, which is at most %lu\n", SOURCES);
		return EXIT_FAILURE;
	}
	to.sll_ifindex = (int)if_nametoindex(argv[1]);
	if (fd < 0 || to.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&to, sizeof(to))) {
		perror(argv[1]);
		return EXIT_FAILURE;
	}
	make_templates();
	printf("%lu %lu\n", count, send_all(fd, count));
	return EXIT_SUCCESS;
}

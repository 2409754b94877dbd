/*
 * generate.c - capture files of the worst cases, for the benchmark
 *
 * usage: generate KIND FRAMES FILE. The same arguments give the same bytes. Every
 * frame of a kind lands in one class, which bench.py knows and checks.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "frames.h"

#define CHAIN          8          /* extension headers in a frame of the kind "extensions" */
#define ETHERNET       1          /* the link type of all files */
#define START          1700000000 /* s since 1970 */
#define FRAMES_PER_S   100000
#define MICROS_BETWEEN 10

/* A generator of numbers that anybody may predict (xorshift, Marsaglia 2003). */
static uint64_t draw(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static const char *draw_v4(void)
{
	static char texts[2][INET_ADDRSTRLEN];
	static unsigned turn;
	struct in_addr address = {.s_addr = (uint32_t)draw()};

	turn = !turn;
	return inet_ntop(AF_INET, &address, texts[turn], sizeof(texts[turn]));
}

static const char *draw_v6(void)
{
	static char texts[2][INET6_ADDRSTRLEN];
	static unsigned turn;
	uint64_t words[2] = {draw(), draw()};

	turn = !turn;
	return inet_ntop(AF_INET6, words, texts[turn], sizeof(texts[turn]));
}

/* A scan: a SYN from anywhere to each port in turn. */
static void syn(struct frame *frame, size_t number)
{
	frame_ethernet(frame, 0x0800);
	frame_ipv4(frame, draw_v4(), "192.0.2.1", 6);
	frame_tcp(frame, (uint16_t)draw(), (uint16_t)number, FRAME_SYN, (uint32_t)draw());
}

/* Nothing repeats: addresses of both families, ports, both transports. */
static void scatter(struct frame *frame, size_t number)
{
	uint8_t protocol = number % 3 ? 6 : 17;

	frame_ethernet(frame, number % 2 ? 0x0800 : 0x86dd);
	if (number % 2)
		frame_ipv4(frame, draw_v4(), draw_v4(), protocol);
	else
		frame_ipv6(frame, draw_v6(), draw_v6(), protocol);
	if (protocol == 6)
		frame_tcp(frame, (uint16_t)draw(), (uint16_t)draw(), FRAME_ACK, 1);
	else
		frame_udp(frame, (uint16_t)draw(), (uint16_t)draw());
}

/* UDP behind a chain of IPv6 destination options. */
static void extensions(struct frame *frame, size_t number)
{
	frame_ethernet(frame, 0x86dd);
	frame_ipv6(frame, "2001:db8::1", "2001:db8::2", 60);
	for (int i = 1; i <= CHAIN; i++)
		frame_extension(frame, i < CHAIN ? 60 : 17, 8);
	frame_udp(frame, (uint16_t)number, (uint16_t)draw());
}

/* TCP behind four VLAN tags. */
static void tags(struct frame *frame, size_t number)
{
	frame_ethernet(frame, 0x88a8);
	frame_tag(frame, (uint16_t)(number % 4094 + 1), 0x8100);
	frame_tag(frame, 2, 0x8100);
	frame_tag(frame, 3, 0x9100);
	frame_tag(frame, 4, 0x0800);
	frame_ipv4(frame, draw_v4(), "192.0.2.1", 6);
	frame_tcp(frame, (uint16_t)draw(), (uint16_t)number, FRAME_ACK, 1);
}

/* TCP and UDP fragments behind the first. */
static void fragments(struct frame *frame, size_t number)
{
	uint16_t offset = (uint16_t)(1 + number % 8000);
	uint8_t protocol = number % 3 ? 6 : 17;

	frame_ethernet(frame, number % 2 ? 0x0800 : 0x86dd);
	if (number % 2) {
		frame_ipv4(frame, draw_v4(), draw_v4(), protocol);
		frame_fragment4(frame, offset, true);
	} else {
		frame_ipv6(frame, draw_v6(), draw_v6(), 44);
		frame_fragment6(frame, protocol, offset, true);
	}
	frame_append(frame, 32);
}

/* TCP whose header is cut short, at every place in turn. */
static void malformed(struct frame *frame, size_t number)
{
	syn(frame, number);
	frame->size -= 7 + number % 13;
}

/* A non-IP frame of any type. */
static void ethertypes(struct frame *frame, size_t number)
{
	(void)number;
	frame_ethernet(frame, (uint16_t)(0xa000 + draw() % 0x2000));
	frame_append(frame, 46);
}

static const struct kind {
	const char *name;
	void (*build)(struct frame *frame, size_t number);
} kinds[] = {
	{"syn", syn},
	{"scatter", scatter},
	{"extensions", extensions},
	{"tags", tags},
	{"fragments", fragments},
	{"malformed", malformed},
	{"ethertypes", ethertypes},
};

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

static void fill(struct capture *capture, const struct kind *kind, size_t count)
{
	static struct frame frame;

	capture_pcap(capture, CAPTURE_MICROSECONDS, 4, ETHERNET);
	for (size_t i = 0; i < count; i++) {
		frame_start(&frame);
		kind->build(&frame, i);
		frame_finish(&frame);
		capture_record(capture, (uint32_t)(START + i / FRAMES_PER_S),
			       (uint32_t)(i % FRAMES_PER_S * MICROS_BETWEEN), (uint32_t)frame.size,
			       (uint32_t)frame.size, frame.bytes, frame.size);
	}
}

int main(int argc, char **argv)
{
	const struct kind *kind = argc == 4 ? find_kind(argv[1]) : NULL;
	struct capture capture = {0};

	if (!kind) {
		fprintf(stderr, "usage: %s KIND FRAMES FILE\n", argv[0]);
		return 2;
	}
	fill(&capture, kind, strtoull(argv[2], NULL, 10));
	capture_save(&capture, argv[3], capture.size);
	capture_free(&capture);
	return 0;
}

/*
 * bench_plugin.c - how long a read of the collectd plugin takes when its tables are full
 *
 * A veth pair in a namespace of its own; frames to each of the 65,536 ports of TCP
 * and of UDP; then reads, with a daemon that is a stub, while traffic goes on. Fails
 * only if something was not counted: time is for the reader to judge.
 */
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "frames.h"
#include "namespace.h"
#include "stub.h"

#define PORTS       65536
#define READS       50
#define READS_A_DAY 8640 /* at collectd's interval of 10 s */
#define SKIPPED     77

void module_register(void);

static int sender;
static struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_halen = 6};

static double now_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void open_sender(void)
{
	sender = socket(AF_PACKET, SOCK_RAW, 0);
	to.sll_ifindex = (int)if_nametoindex("va");
}

static void send_to_port(uint16_t port, uint8_t protocol)
{
	struct frame frame;

	frame_start(&frame);
	frame_ethernet(&frame, 0x0800);
	frame_ipv4(&frame, "198.51.100.7", "192.0.2.1", protocol);
	if (protocol == 6)
		frame_tcp(&frame, 40000, port, FRAME_SYN, 1);
	else
		frame_udp(&frame, 40000, port);
	frame_finish(&frame);
	while (sendto(sender, frame.bytes, frame.size, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		;
}

static void send_to_ports(unsigned count)
{
	for (unsigned port = 0; port < count; port++) {
		send_to_port((uint16_t)port, 6);
		send_to_port((uint16_t)port, 17);
	}
}

static void configure(void)
{
	oconfig_item_t *block = stub_item(NULL, "Plugin", "wirecensus");
	oconfig_item_t *capture = stub_item(block, "Capture", "full");

	stub_item(capture, "Interface", "vb");
	stub_item(capture, "LocalAddress", "192.0.2.1");
	stub_item(capture, "Buffer", "64M");
	stub_callbacks.config(block);
	stub_free(block);
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static double read_ms(clockid_t clock)
{
	double start = now_ms(clock);

	stub_reset();
	stub_callbacks.read();
	return now_ms(clock) - start;
}

/* In the thread that reads; the counting one is not in it. */
static void measure(const char *what, unsigned sent_between)
{
	double ms[READS], processor = 0;

	for (int i = 0; i < READS; i++) {
		double before = now_ms(CLOCK_THREAD_CPUTIME_ID);

		ms[i] = read_ms(CLOCK_MONOTONIC);
		processor += now_ms(CLOCK_THREAD_CPUTIME_ID) - before;
		send_to_ports(sent_between);
	}
	qsort(ms, READS, sizeof(*ms), compare);
	printf("%-24s median %5.1f ms, longest %5.1f ms; processor %5.2f ms a read, %4.1f s a "
	       "day; %zu values\n",
	       what, ms[READS / 2], ms[READS - 1], processor / READS,
	       processor / READS * READS_A_DAY / 1e3, stub_values());
}

int main(void)
{
	struct rusage usage;
	uint64_t counted;
	double processor, ms;

	if (!namespace_enter() ||
	    !namespace_run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 "
			   "net.ipv6.conf.default.disable_ipv6=1; "
			   "ip link add va type veth peer name vb address 02:00:00:00:00:02 && "
			   "ip link set va up && ip link set vb up")) {
		printf("a network namespace cannot be made here\n");
		return SKIPPED;
	}
	open_sender();
	module_register();
	configure();
	if (stub_callbacks.init())
		return EXIT_FAILURE;
	read_ms(CLOCK_MONOTONIC);
	measure("empty tables:", 0);
	send_to_ports(PORTS);
	processor = now_ms(CLOCK_THREAD_CPUTIME_ID);
	ms = read_ms(CLOCK_MONOTONIC);
	processor = now_ms(CLOCK_THREAD_CPUTIME_ID) - processor;
	printf("%-24s %.1f ms, until all is counted; processor %.1f ms\n",
	       "the first full read:", ms, processor);
	measure("full tables, silence:", 0);
	measure("full tables, traffic:", 500);
	read_ms(CLOCK_MONOTONIC);
	getrusage(RUSAGE_SELF, &usage);
	printf("%-24s %.1f MB at most\n", "memory:", (double)usage.ru_maxrss / 1024);
	counted = stub_number("full/packets-tcp") + stub_number("full/packets-udp");
	stub_callbacks.shutdown();
	if (counted != 2 * (PORTS + READS * 500)) {
		printf("counted %llu frames of %u\n", (unsigned long long)counted,
		       2 * (PORTS + READS * 500));
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

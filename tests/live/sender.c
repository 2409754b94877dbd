/*
 * sender.c - sends exactly the frames that it is told to, and says what it sent
 *
 *	sender INTERFACE RATE <PLAN
 *
 * Each line of the plan is a number and the recipe of a frame (recipe.h). The
 * frames of all lines are sent in turn, RATE of them a second, 0 for as fast as
 * the interface takes them. Then, for each line, prints how many frames and bytes
 * went out. Exits with 1, and says why, if not all of them did.
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
#include <time.h>
#include <unistd.h>

#include "recipe.h"

#define LINES_MAX  256
#define FRAMES_MAX 10000000

struct line {
	struct recipe recipe;
	unsigned long wanted, sent;
};

static struct line lines[LINES_MAX];

static size_t read_plan(unsigned long *frames)
{
	static char text[65536];
	size_t count = 0;

	while (fgets(text, sizeof(text), stdin)) {
		char *recipe;

		text[strcspn(text, "\n")] = '\0';
		if (count == LINES_MAX) {
			fprintf(stderr, "a plan has at most %d lines\n", LINES_MAX);
			exit(EXIT_FAILURE);
		}
		lines[count].wanted = strtoul(text, &recipe, 10);
		recipe_build(&lines[count].recipe, recipe + strspn(recipe, " "));
		*frames += lines[count++].wanted;
	}
	if (*frames > FRAMES_MAX) {
		fprintf(stderr, "a plan has at most %d frames\n", FRAMES_MAX);
		exit(EXIT_FAILURE);
	}
	return count;
}

/* Until frame @number is due. */
static void wait_for(const struct timespec *start, unsigned long number, unsigned long rate)
{
	uint64_t ns = (uint64_t)start->tv_nsec + number * UINT64_C(1000000000) / rate;
	struct timespec due = {start->tv_sec + (time_t)(ns / 1000000000), (long)(ns % 1000000000)};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR)
		;
}

static void send_frame(int socket, const struct sockaddr_ll *to, const struct frame *frame)
{
	while (sendto(socket, frame->bytes, frame->size, 0, (const struct sockaddr *)to,
		      sizeof(*to)) < 0) {
		if (errno != ENOBUFS && errno != EINTR) {
			perror("sending");
			exit(EXIT_FAILURE);
		}
	}
}

static void send_all(int socket, const struct sockaddr_ll *to, size_t count, unsigned long frames,
		     unsigned long rate)
{
	struct timespec start;
	unsigned long sent = 0;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (sent < frames) {
		for (size_t i = 0; i < count; i++) {
			if (lines[i].sent == lines[i].wanted)
				continue;
			if (rate)
				wait_for(&start, sent, rate);
			send_frame(socket, to, &lines[i].recipe.frame);
			lines[i].sent++;
			sent++;
		}
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_halen = 6};
	/* For no protocol: it sends only. */
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	unsigned long frames = 0;
	size_t count;

	if (argc != 3) {
		fprintf(stderr, "usage: sender INTERFACE RATE <PLAN\n");
		return EXIT_FAILURE;
	}
	to.sll_ifindex = (int)if_nametoindex(argv[1]);
	if (fd < 0 || to.sll_ifindex == 0) {
		perror(fd < 0 ? "packet socket" : argv[1]);
		return EXIT_FAILURE;
	}
	count = read_plan(&frames);
	send_all(fd, &to, count, frames, strtoul(argv[2], NULL, 10));
	for (size_t i = 0; i < count; i++)
		printf("%lu %lu\n", lines[i].sent, lines[i].sent * lines[i].recipe.frame.size);
	return close(fd) ? EXIT_FAILURE : EXIT_SUCCESS;
}

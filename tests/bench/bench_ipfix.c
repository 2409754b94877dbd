/*
 * bench_ipfix.c - what 65,536 rows of ports cost as flow records
 *
 * bench_ipfix: processor time of encoding and of sending them, as datagrams to a socket on
 * this machine and as the larger messages of a stream, and how many messages that makes.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "encode.h"
#include "exporter_options.h"
#include "ipfix.h"
#include "messages.h"
#include "place.h"
#include "sample.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

#define ROWS   65536
#define ROUNDS 50

struct exporter {
	struct wc_exporter_options options;
	void *state;
	struct wc_messages messages;
	uint64_t sent, records;
};

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void must(int status, const struct wc_error *error)
{
	if (!status)
		return;
	fprintf(stderr, "bench_ipfix: %s\n", error->text);
	exit(EXIT_FAILURE);
}

static void begin(struct exporter *exporter, bool datagrams, size_t longest)
{
	static const char *const captures[] = {"wan"};
	const struct wc_framing framing = {
		.datagrams = datagrams,
		.longest = longest,
		.place = datagrams ? WC_PLACE_UDP : WC_PLACE_TCP,
		.captures = captures,
		.capture_count = 1,
	};
	struct wc_error error;

	*exporter = (struct exporter){0};
	must(wc_option_defaults(&exporter->options, wc_exporter_option_table, &error), &error);
	must(wc_texts_add(&exporter->options.rows, "port", &error), &error);
	must(wc_format_ipfix.open(&exporter->state, &exporter->options, &framing, &error), &error);
}

static void end(struct exporter *exporter)
{
	wc_format_ipfix.close(exporter->state);
	wc_messages_free(&exporter->messages);
	wc_option_clear(&exporter->options, wc_exporter_option_table);
}

static void encode(struct exporter *exporter, const struct wc_snapshot *snapshot)
{
	struct wc_error error;

	wc_messages_clear(&exporter->messages, 0);
	must(wc_format_ipfix.encode(exporter->state, &sample_context, snapshot, &exporter->messages,
				    &error),
	     &error);
}

/* Nobody reads what is sent: what the receiver does is not measured. */
static int open_socket(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int receiver = socket(AF_INET, SOCK_DGRAM, 0), sender = socket(AF_INET, SOCK_DGRAM, 0);

	if (bind(receiver, (struct sockaddr *)&address, size) ||
	    getsockname(receiver, (struct sockaddr *)&address, &size) ||
	    connect(sender, (struct sockaddr *)&address, size)) {
		perror("bench_ipfix");
		exit(EXIT_FAILURE);
	}
	return sender;
}

static void send_all(struct exporter *exporter, int socket)
{
	for (size_t i = 0; i < exporter->messages.count; i++) {
		const struct wc_message *message = &exporter->messages.items[i];
		char *bytes = exporter->messages.bytes.data + message->offset;
		const struct wc_stamp stamp = {.before = exporter->records,
					       .records = message->records,
					       .messages = exporter->sent};

		wc_format_ipfix.stamp(exporter->state, bytes, message->length, &stamp);
		exporter->records += message->records;
		exporter->sent++;
		if (socket >= 0 && send(socket, bytes, message->length, 0) < 0) {
			perror("bench_ipfix");
			exit(EXIT_FAILURE);
		}
	}
}

static void measure(const char *what, bool datagrams, size_t longest)
{
	struct wc_snapshot snapshot = sample_full();
	struct exporter exporter;
	double encoding = 0, sending = 0, before, between;
	int socket = datagrams ? open_socket() : -1;

	snapshot.port_rows = ROWS;
	begin(&exporter, datagrams, longest);
	for (int i = 0; i < ROUNDS; i++) {
		before = now_ms();
		encode(&exporter, &snapshot);
		between = now_ms();
		send_all(&exporter, socket);
		encoding += between - before;
		sending += now_ms() - between;
	}
	printf("%-22s %d rows: %5zu messages, %7zu bytes; encoding %5.1f ms, %s %5.1f ms\n", what,
	       ROWS, exporter.messages.count, exporter.messages.bytes.length, encoding / ROUNDS,
	       datagrams ? "sending" : "stamping", sending / ROUNDS);
	if (datagrams)
		printf("%-22s paced, a datagram each millisecond at most: %.1f s\n", "",
		       (double)exporter.messages.count / 1e3);
	end(&exporter);
}

int main(void)
{
	measure("datagrams of 1232", true, 1232);
	measure("datagrams of 8192", true, 8192);
	measure("messages of a stream", false, 16384);
	return EXIT_SUCCESS;
}

/* Deliveries whose system calls do one to three bytes at a time, or are interrupted: short_io.c. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "courier.h"
#include "credentials.h"
#include "peer.h"
#include "short_io.h"

#define LENGTH 100
#define COUNT  100

static struct courier courier;

static void deliver(void)
{
	char message[LENGTH];

	ck_assert_msg(courier_open(&courier) == WC_DELIVERY_OPEN, "%s", courier.error.text);
	for (unsigned i = 0; i < COUNT; i++) {
		courier_message(message, LENGTH, i);
		ck_assert(courier_send(&courier, message, LENGTH));
	}
	ck_assert_uint_eq(courier_confirm(&courier, COUNT), COUNT);
	/* Two bytes a call, on average. */
	ck_assert_uint_gt(short_io_cuts, COUNT * LENGTH / 4);
}

START_TEST(tcp_in_pieces)
{
	uint16_t port;
	int listener = peer_listen(&port, 0), peer;

	courier_init(&courier, NULL, "tcp://127.0.0.1:%u", port);
	deliver();
	peer = accept(listener, NULL, NULL);
	courier_free(&courier);
	ck_assert_uint_eq(peer_count(peer, LENGTH, 0), COUNT);
	close(peer);
	close(listener);
}
END_TEST

START_TEST(file_in_pieces)
{
	char path[96], message[LENGTH], got[LENGTH];
	FILE *file;

	snprintf(path, sizeof(path), "%s/out", credentials.folder);
	courier_init(&courier, NULL, "file://%s", path);
	deliver();
	courier_free(&courier);
	file = fopen(path, "re");
	for (unsigned i = 0; i < COUNT; i++) {
		courier_message(message, LENGTH, i);
		ck_assert_uint_eq(fread(got, 1, LENGTH, file), LENGTH);
		ck_assert_mem_eq(got, message, LENGTH);
	}
	ck_assert_int_eq(fgetc(file), EOF);
	fclose(file);
}
END_TEST

#ifdef WC_HAVE_TLS
START_TEST(tls_in_pieces)
{
	struct wc_delivery_settings settings = credentials_settings(30000000000);
	struct tls_peer_plan plan = {.folder = credentials.folder,
				     .name = "good",
				     .versions = "+VERS-TLS1.2:+VERS-TLS1.3"};
	struct tls_peer server;
	struct tls_peer_report report;

	tls_peer_start(&server, &plan, LENGTH);
	courier_init(&courier, &settings, "tls://localhost:%u", server.port);
	deliver();
	courier_free(&courier);
	report = tls_peer_report(&server);
	ck_assert_uint_eq(report.messages, COUNT);
	ck_assert_uint_eq(report.bytes, COUNT * LENGTH);
	tls_peer_stop(&server);
}
END_TEST
#endif

int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		tcp_in_pieces,
		file_in_pieces,
#ifdef WC_HAVE_TLS
		tls_in_pieces,
#endif
		NULL,
	};

	return credentials_run(argc, argv, "short", tests);
}

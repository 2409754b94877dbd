/* Messages over streams on loopback: delivered, confirmed, refused, and peers that misbehave. */
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "outbox.h"
#include "peer.h"
#include "stream_bed.h"
#include "suite.h"

/* TCP sends what fits into the rest of a window after 0.2 s, and no later (RFC 9293 3.8.6.2.1). */
#define QUIET_NS UINT64_C(1000000000)

START_TEST(delivers_and_confirms)
{
	stream_connect_both(NULL, 0);
	for (unsigned i = 0; i < 10; i++)
		ck_assert(stream_send_next());
	ck_assert_uint_eq(courier_confirm(&stream.courier, 10), 10);
	stream.courier.delivery->ops->close(stream.courier.delivery);
	ck_assert_uint_eq(peer_count(stream.peer, LENGTH, 0), 10);
	ck_assert_uint_eq(stream_confirmed(), 10);
	close(stream.peer);
	stream_finish();
}
END_TEST

/* More than all buffers hold, read in pieces of every size. */
START_TEST(order_holds_over_pieces)
{
	char got[LENGTH], wanted[LENGTH];
	uint64_t read = 0;
	unsigned piece = 0;

	stream_connect_both(NULL, 4096);
	while (read < 20000 * LENGTH) {
		struct pollfd polled = {.fd = stream.peer, .events = POLLIN};
		size_t at = read % LENGTH, room = LENGTH - at;
		ssize_t part;

		if (stream.courier.taken < 20000 && stream_try_next())
			continue;
		if (poll(&polled, 1, 0) == 0) {
			courier_turn(&stream.courier, 10);
			continue;
		}
		piece = piece % 97 + 1;
		part = recv(stream.peer, got + at, piece < room ? piece : room, 0);
		ck_assert_int_gt(part, 0);
		read += (uint64_t)part;
		courier_message(wanted, LENGTH, (unsigned)((read - 1) / LENGTH));
		ck_assert_int_eq(memcmp(got + at, wanted + at, (size_t)part), 0);
	}
	ck_assert_uint_eq(courier_confirm(&stream.courier, 20000), 20000);
	close(stream.peer);
	stream_finish();
}
END_TEST

START_TEST(a_refusal_names_the_place)
{
	int fd = peer_listen(&stream.port, 0);

	close(fd);
	courier_init(&stream.courier, NULL, "tcp://127.0.0.1:%u", stream.port);
	ck_assert_int_eq(courier_open(&stream.courier), WC_DELIVERY_CLOSED);
	stream_ended_with("tcp://127.0.0.1:");
	stream_ended_with("Connection refused; check that the collector runs");
	courier_free(&stream.courier);
	courier_init(&stream.courier, NULL, "tcp://localhost:%u", stream.port);
	ck_assert_int_eq(courier_open(&stream.courier), WC_DELIVERY_CLOSED);
	courier_free(&stream.courier);
}
END_TEST

/* Nobody listens on 127.0.0.1, which is tried first. */
START_TEST(both_families_are_tried)
{
	struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
	socklen_t length = sizeof(at);
	int yes = 1;

	stream.listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(stream.listener, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
	if (stream.listener < 0 || bind(stream.listener, (struct sockaddr *)&at, length) ||
	    listen(stream.listener, 1)) {
		puts("no IPv6 here");
		return;
	}
	ck_assert_int_eq(getsockname(stream.listener, (struct sockaddr *)&at, &length), 0);
	courier_init(&stream.courier, NULL, "tcp://localhost:%u", ntohs(at.sin6_port));
	ck_assert_int_eq(courier_open(&stream.courier), WC_DELIVERY_OPEN);
	stream_finish();
}
END_TEST

START_TEST(a_peer_that_never_reads_ends_with_patience)
{
	unsigned whole;

	stream_connect_both(&stream_impatient, 4096);
	while (stream_send_next())
		;
	stream_ended_with("has taken nothing");
	ck_assert_uint_lt(stream_confirmed(), stream.courier.taken);
	ck_assert_uint_le(stream_confirmed() * LENGTH, peer_received(stream.peer));
	whole = peer_count(stream.peer, LENGTH, 0);
	ck_assert_uint_ge(whole, stream_confirmed());
	close(stream.peer);
	stream_finish();
}
END_TEST

/* An idle connection does not run out of patience, nor does the message after it. */
START_TEST(idle_time_does_not_count)
{
	uint64_t until;

	stream_connect_both(&stream_impatient, 0);
	until = courier_now() + 2 * stream_impatient.patience_ns;
	while (courier_now() < until)
		courier_turn(&stream.courier, 50);
	for (int i = 0; i < 2; i++) {
		ck_assert(stream_send_next());
		ck_assert_uint_eq(courier_confirm(&stream.courier, stream.courier.taken),
				  stream.courier.taken);
		poll(NULL, 0, (int)(stream_impatient.patience_ns / 1000000 * 4 / 3));
	}
	close(stream.peer);
	stream_finish();
}
END_TEST

START_TEST(what_was_not_confirmed_is_sent_again)
{
	char got[LENGTH];
	unsigned done = 0, connections = 0;

	stream.listener = peer_listen(&stream.port, 0);
	courier_init(&stream.courier, NULL, "tcp://127.0.0.1:%u", stream.port);
	while (done < 200) {
		unsigned read;

		ck_assert_int_eq(courier_open(&stream.courier), WC_DELIVERY_OPEN);
		stream.peer = accept(stream.listener, NULL, NULL);
		for (unsigned i = done; i < 200; i++) {
			char message[LENGTH];

			courier_message(message, LENGTH, i);
			ck_assert(courier_send(&stream.courier, message, LENGTH));
		}
		/* It reads as many bytes as this is the connection, and resets. */
		connections++;
		if (connections < 300) {
			courier_turn(&stream.courier, 1000);
			ck_assert_int_gt(recv(stream.peer, got, connections % LENGTH + 1, 0), 0);
			read = (unsigned)(peer_received(stream.peer) / LENGTH);
			peer_reset(stream.peer);
			courier_end(&stream.courier);
			ck_assert_uint_le(stream_confirmed(), read);
			/* Only as far as the reader came, to try many cuts. */
			done += connections % 3 == 0 && stream_confirmed() > 0;
		} else {
			ck_assert_uint_eq(courier_confirm(&stream.courier, 200 - done), 200 - done);
			stream.courier.delivery->ops->close(stream.courier.delivery);
			ck_assert_uint_eq(peer_count(stream.peer, LENGTH, done), 200 - done);
			close(stream.peer);
			done = 200;
		}
	}
	stream_finish();
}
END_TEST

START_TEST(a_closed_connection_takes_nothing_more)
{
	char got[LENGTH];

	stream_connect_both(NULL, 0);
	ck_assert(stream_send_next());
	ck_assert_uint_eq(courier_confirm(&stream.courier, 1), 1);
	ck_assert_int_eq(recv(stream.peer, got, LENGTH, MSG_WAITALL), LENGTH);
	close(stream.peer);
	courier_end(&stream.courier);
	stream_ended_with("closed the connection");
	ck_assert_int_eq(stream.courier.delivery->ops->send(stream.courier.delivery, "x", 1,
							    &stream.courier.error),
			 0);
	ck_assert_uint_eq(stream_confirmed(), 1);
	stream_finish();
}
END_TEST

START_TEST(a_peer_that_talks_is_ended)
{
	char noise[4096] = "noise";

	stream_connect_both(NULL, 0);
	while (stream.courier.state == WC_DELIVERY_OPEN) {
		send(stream.peer, noise, sizeof(noise), MSG_NOSIGNAL | MSG_DONTWAIT);
		courier_turn(&stream.courier, 10);
	}
	stream_ended_with("talks without end");
	close(stream.peer);
	stream_finish();
}
END_TEST

START_TEST(messages_too_long_are_refused)
{
	static char message[WC_OUTBOX_LONGEST + 1];

	stream_connect_both(NULL, 0);
	ck_assert_uint_eq(stream.courier.delivery->longest, WC_OUTBOX_LONGEST);
	ck_assert_int_eq(stream.courier.delivery->ops->send(stream.courier.delivery, message,
							    sizeof(message), &stream.courier.error),
			 WC_FAILED);
	close(stream.peer);
	stream_finish();
}
END_TEST

static int ask[2], answer[2]; /* pipes to the peer's process */

/* What has reached the peer's kernel so far. */
static uint64_t ask_received(void)
{
	uint64_t received = 0;

	ck_assert_int_eq(write(ask[1], "?", 1), 1);
	ck_assert_int_eq(read(answer[0], &received, sizeof(received)), sizeof(received));
	return received;
}

/* Works until both queues are full and nothing moves: not even the rest of a window, later. */
static uint64_t fill_both(void)
{
	uint64_t before, received = 0, until;

	do {
		before = received;
		until = courier_now() + QUIET_NS;
		while (courier_now() < until)
			if (!stream_try_next())
				courier_turn(&stream.courier, 10);
		received = ask_received();
	} while (received != before);
	return received;
}

/* The peer's process is killed while its kernel refuses more and ours holds the rest. */
START_TEST(a_killed_peer_had_what_is_confirmed)
{
	uint64_t received;
	char byte;
	pid_t child;

	ck_assert_int_eq(pipe(ask) || pipe(answer), 0);
	stream.listener = peer_listen(&stream.port, 4096);
	child = fork();
	if (child == 0) {
		int fd = accept(stream.listener, NULL, NULL);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (read(ask[0], &byte, 1) == 1) {
			received = peer_received(fd);
			if (write(answer[1], &received, sizeof(received)) < 0)
				break;
		}
		_exit(1);
	}
	close(stream.listener);
	courier_init(&stream.courier, NULL, "tcp://127.0.0.1:%u", stream.port);
	ck_assert_int_eq(courier_open(&stream.courier), WC_DELIVERY_OPEN);
	received = fill_both();
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	courier_end(&stream.courier);
	ck_assert_uint_gt(stream_confirmed(), 0);
	ck_assert_uint_lt(stream_confirmed(), stream.courier.taken);
	ck_assert_uint_le(stream_confirmed() * LENGTH, received);
	courier_free(&stream.courier);
}
END_TEST

static void connect_local(char *path, size_t size)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	snprintf(path, size, "/tmp/deliver-stream-%d", (int)getpid());
	strcpy(at.sun_path, path);
	stream.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(stream.listener, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(stream.listener, 1), 0);
	courier_init(&stream.courier, NULL, "unix://%s", path);
	ck_assert_int_eq(courier_open(&stream.courier), WC_DELIVERY_OPEN);
	stream.peer = accept(stream.listener, NULL, NULL);
}

/* Of a local stream, confirmed is what the peer has read; what it left unread when it died is not.
 */
START_TEST(a_local_peer_confirms_by_reading)
{
	char path[64], got[10 * LENGTH];

	connect_local(path, sizeof(path));
	for (int i = 0; i < 10; i++) {
		ck_assert(stream_send_next());
		courier_turn(&stream.courier, 0);
	}
	ck_assert_uint_eq(stream_confirmed(), 0);
	ck_assert_int_eq(recv(stream.peer, got, 10 * LENGTH, MSG_WAITALL), 10 * LENGTH);
	ck_assert_uint_eq(courier_confirm(&stream.courier, 10), 10);
	for (int i = 0; i < 10; i++) {
		ck_assert(stream_send_next());
		courier_turn(&stream.courier, 0);
	}
	ck_assert_int_eq(recv(stream.peer, got, 3 * LENGTH, MSG_WAITALL), 3 * LENGTH);
	close(stream.peer);
	courier_end(&stream.courier);
	ck_assert_uint_ge(stream_confirmed(), 10);
	ck_assert_uint_le(stream_confirmed(), 13);
	unlink(path);
	stream_finish();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		delivers_and_confirms,
		order_holds_over_pieces,
		a_refusal_names_the_place,
		both_families_are_tried,
		a_peer_that_never_reads_ends_with_patience,
		idle_time_does_not_count,
		what_was_not_confirmed_is_sent_again,
		a_closed_connection_takes_nothing_more,
		a_peer_that_talks_is_ended,
		messages_too_long_are_refused,
		a_killed_peer_had_what_is_confirmed,
		a_local_peer_confirms_by_reading,
		NULL,
	};

	return suite_run("stream", tests, 60);
}

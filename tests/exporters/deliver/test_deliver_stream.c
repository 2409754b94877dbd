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

#include "courier.h"
#include "namespace.h"
#include "outbox.h"
#include "peer.h"
#include "suite.h"

#define LENGTH 100

static const struct wc_delivery_settings impatient = {.patience_ns = 300000000};
static struct courier courier;
static uint16_t port;
static int listener, peer;

/* A delivery to a listener, connected and accepted. */
static void connect_both(const struct wc_delivery_settings *settings, int buffer)
{
	listener = peer_listen(&port, buffer);
	courier_init(&courier, settings, "tcp://127.0.0.1:%u", port);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	peer = accept(listener, NULL, NULL);
	ck_assert_int_ge(peer, 0);
}

static void finish(void)
{
	courier_free(&courier);
	close(listener);
}

static bool send_next(void)
{
	char message[LENGTH];

	courier_message(message, LENGTH, (unsigned)courier.taken);
	return courier_send(&courier, message, LENGTH);
}

/* The same without waiting. */
static bool try_next(void)
{
	char message[LENGTH];

	courier_message(message, LENGTH, (unsigned)courier.taken);
	if (courier.delivery->ops->send(courier.delivery, message, LENGTH, NULL) != 1)
		return false;
	courier.taken++;
	return true;
}

static uint64_t confirmed(void)
{
	return courier.delivery->ops->confirmed(courier.delivery);
}

static void ended_with(const char *reason)
{
	ck_assert_int_eq(courier.state, WC_DELIVERY_CLOSED);
	ck_assert_msg(strstr(courier.error.text, reason) != NULL, "%s", courier.error.text);
}

START_TEST(delivers_and_confirms)
{
	connect_both(NULL, 0);
	for (unsigned i = 0; i < 10; i++)
		ck_assert(send_next());
	ck_assert_uint_eq(courier_confirm(&courier, 10), 10);
	courier.delivery->ops->close(courier.delivery);
	ck_assert_uint_eq(peer_count(peer, LENGTH, 0), 10);
	ck_assert_uint_eq(confirmed(), 10);
	close(peer);
	finish();
}
END_TEST

/* More than all buffers hold, read in pieces of every size. */
START_TEST(order_holds_over_pieces)
{
	char got[LENGTH], wanted[LENGTH];
	uint64_t read = 0;
	unsigned piece = 0;

	connect_both(NULL, 4096);
	while (read < 20000 * LENGTH) {
		struct pollfd polled = {.fd = peer, .events = POLLIN};
		size_t at = read % LENGTH, room = LENGTH - at;
		ssize_t part;

		if (courier.taken < 20000 && try_next())
			continue;
		if (poll(&polled, 1, 0) == 0) {
			courier_turn(&courier, 10);
			continue;
		}
		piece = piece % 97 + 1;
		part = recv(peer, got + at, piece < room ? piece : room, 0);
		ck_assert_int_gt(part, 0);
		read += (uint64_t)part;
		courier_message(wanted, LENGTH, (unsigned)((read - 1) / LENGTH));
		ck_assert_int_eq(memcmp(got + at, wanted + at, (size_t)part), 0);
	}
	ck_assert_uint_eq(courier_confirm(&courier, 20000), 20000);
	close(peer);
	finish();
}
END_TEST

START_TEST(a_refusal_names_the_place)
{
	int fd = peer_listen(&port, 0);

	close(fd);
	courier_init(&courier, NULL, "tcp://127.0.0.1:%u", port);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ended_with("tcp://127.0.0.1:");
	ended_with("Connection refused; check that the collector runs");
	courier_free(&courier);
	courier_init(&courier, NULL, "tcp://localhost:%u", port);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	courier_free(&courier);
}
END_TEST

/* Nobody listens on 127.0.0.1, which is tried first. */
START_TEST(both_families_are_tried)
{
	struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
	socklen_t length = sizeof(at);
	int yes = 1;

	listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
	if (listener < 0 || bind(listener, (struct sockaddr *)&at, length) || listen(listener, 1)) {
		puts("no IPv6 here");
		return;
	}
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&at, &length), 0);
	courier_init(&courier, NULL, "tcp://localhost:%u", ntohs(at.sin6_port));
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	finish();
}
END_TEST

START_TEST(a_peer_that_never_reads_ends_with_patience)
{
	unsigned whole;

	connect_both(&impatient, 4096);
	while (send_next())
		;
	ended_with("has taken nothing");
	ck_assert_uint_lt(confirmed(), courier.taken);
	ck_assert_uint_le(confirmed() * LENGTH, peer_received(peer));
	whole = peer_count(peer, LENGTH, 0);
	ck_assert_uint_ge(whole, confirmed());
	close(peer);
	finish();
}
END_TEST

/* An idle connection does not run out of patience, nor does the message after it. */
START_TEST(idle_time_does_not_count)
{
	uint64_t until;

	connect_both(&impatient, 0);
	until = courier_now() + 2 * impatient.patience_ns;
	while (courier_now() < until)
		courier_turn(&courier, 50);
	for (int i = 0; i < 2; i++) {
		ck_assert(send_next());
		ck_assert_uint_eq(courier_confirm(&courier, courier.taken), courier.taken);
		poll(NULL, 0, 400);
	}
	close(peer);
	finish();
}
END_TEST

START_TEST(what_was_not_confirmed_is_sent_again)
{
	char got[LENGTH];
	unsigned done = 0, connections = 0;

	listener = peer_listen(&port, 0);
	courier_init(&courier, NULL, "tcp://127.0.0.1:%u", port);
	while (done < 200) {
		unsigned read;

		ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
		peer = accept(listener, NULL, NULL);
		for (unsigned i = done; i < 200; i++) {
			char message[LENGTH];

			courier_message(message, LENGTH, i);
			ck_assert(courier_send(&courier, message, LENGTH));
		}
		/* It reads as many bytes as this is the connection, and resets. */
		connections++;
		if (connections < 300) {
			courier_turn(&courier, 1000);
			ck_assert_int_gt(recv(peer, got, connections % LENGTH + 1, 0), 0);
			read = (unsigned)(peer_received(peer) / LENGTH);
			peer_reset(peer);
			courier_end(&courier);
			ck_assert_uint_le(confirmed(), read);
			/* Only as far as the reader came, to try many cuts. */
			done += connections % 3 == 0 && confirmed() > 0;
		} else {
			ck_assert_uint_eq(courier_confirm(&courier, 200 - done), 200 - done);
			courier.delivery->ops->close(courier.delivery);
			ck_assert_uint_eq(peer_count(peer, LENGTH, done), 200 - done);
			close(peer);
			done = 200;
		}
	}
	finish();
}
END_TEST

START_TEST(a_closed_connection_takes_nothing_more)
{
	char got[LENGTH];

	connect_both(NULL, 0);
	ck_assert(send_next());
	ck_assert_uint_eq(courier_confirm(&courier, 1), 1);
	ck_assert_int_eq(recv(peer, got, LENGTH, MSG_WAITALL), LENGTH);
	close(peer);
	courier_end(&courier);
	ended_with("closed the connection");
	ck_assert_int_eq(courier.delivery->ops->send(courier.delivery, "x", 1, &courier.error), 0);
	ck_assert_uint_eq(confirmed(), 1);
	finish();
}
END_TEST

START_TEST(a_peer_that_talks_is_ended)
{
	char noise[4096] = "noise";

	connect_both(NULL, 0);
	while (courier.state == WC_DELIVERY_OPEN) {
		send(peer, noise, sizeof(noise), MSG_NOSIGNAL | MSG_DONTWAIT);
		courier_turn(&courier, 10);
	}
	ended_with("talks without end");
	close(peer);
	finish();
}
END_TEST

START_TEST(messages_too_long_are_refused)
{
	static char message[WC_OUTBOX_LONGEST + 1];

	connect_both(NULL, 0);
	ck_assert_uint_eq(courier.delivery->longest, WC_OUTBOX_LONGEST);
	ck_assert_int_eq(courier.delivery->ops->send(courier.delivery, message, sizeof(message),
						     &courier.error),
			 WC_FAILED);
	close(peer);
	finish();
}
END_TEST

/* The peer's process is killed while its kernel refuses more and ours holds the rest. */
START_TEST(a_killed_peer_had_what_is_confirmed)
{
	int ask[2], answer[2];
	uint64_t received = 0;
	char byte = 0;
	pid_t child;

	ck_assert_int_eq(pipe(ask) || pipe(answer), 0);
	listener = peer_listen(&port, 4096);
	child = fork();
	if (child == 0) {
		int fd = accept(listener, NULL, NULL);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (read(ask[0], &byte, 1) == 1) {
			received = peer_received(fd);
			if (write(answer[1], &received, sizeof(received)) < 0)
				break;
		}
		_exit(1);
	}
	close(listener);
	courier_init(&courier, NULL, "tcp://127.0.0.1:%u", port);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	/* Until both queues are full and nothing moves. */
	for (int still = 0; still < 20;) {
		uint64_t before = courier.taken + confirmed();

		if (!try_next())
			courier_turn(&courier, 10);
		still = courier.taken + confirmed() == before ? still + 1 : 0;
	}
	ck_assert_int_eq(write(ask[1], &byte, 1), 1);
	ck_assert_int_eq(read(answer[0], &received, sizeof(received)), sizeof(received));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	courier_end(&courier);
	ck_assert_uint_gt(confirmed(), 0);
	ck_assert_uint_lt(confirmed(), courier.taken);
	ck_assert_uint_le(confirmed() * LENGTH, received);
	courier_free(&courier);
}
END_TEST

static void connect_local(char *path, size_t size)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	snprintf(path, size, "/tmp/deliver-stream-%d", (int)getpid());
	strcpy(at.sun_path, path);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	courier_init(&courier, NULL, "unix://%s", path);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	peer = accept(listener, NULL, NULL);
}

/* Of a local stream, confirmed is what the peer has read; what it left unread when it died is not.
 */
START_TEST(a_local_peer_confirms_by_reading)
{
	char path[64], got[10 * LENGTH];

	connect_local(path, sizeof(path));
	for (int i = 0; i < 10; i++) {
		ck_assert(send_next());
		courier_turn(&courier, 0);
	}
	ck_assert_uint_eq(confirmed(), 0);
	ck_assert_int_eq(recv(peer, got, 10 * LENGTH, MSG_WAITALL), 10 * LENGTH);
	ck_assert_uint_eq(courier_confirm(&courier, 10), 10);
	for (int i = 0; i < 10; i++) {
		ck_assert(send_next());
		courier_turn(&courier, 0);
	}
	ck_assert_int_eq(recv(peer, got, 3 * LENGTH, MSG_WAITALL), 3 * LENGTH);
	close(peer);
	courier_end(&courier);
	ck_assert_uint_ge(confirmed(), 10);
	ck_assert_uint_le(confirmed(), 13);
	unlink(path);
	finish();
}
END_TEST

/* A route that ends nowhere: who has that address does not answer. */
START_TEST(a_black_hole_ends_with_patience)
{
	ck_assert(namespace_enter());
	ck_assert(namespace_run("ip link add hole0 type veth peer name hole1 && "
				"ip link set hole0 up && ip link set hole1 up && "
				"ip address add 192.0.2.1/24 dev hole0 && "
				"ip neighbour add 192.0.2.2 lladdr 02:00:00:00:00:02 dev hole0"));
	courier_init(&courier, &impatient, "tcp://192.0.2.2:3334");
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ended_with("timed out");
	courier_free(&courier);
}
END_TEST

/* A connection whose way is cut: what is sent then is not confirmed. */
START_TEST(a_cut_connection_ends_with_patience)
{
	ck_assert(namespace_enter());
	connect_both(&impatient, 0);
	ck_assert(send_next());
	ck_assert_uint_eq(courier_confirm(&courier, 1), 1);
	ck_assert(namespace_run("ip link set lo down"));
	ck_assert(send_next());
	courier_end(&courier);
	ck_assert_uint_eq(confirmed(), 1);
	close(peer);
	finish();
}
END_TEST

/* With one local port, which is the collector's, a connection could only meet itself. */
START_TEST(it_does_not_deliver_to_itself)
{
	ck_assert(namespace_enter());
	ck_assert(namespace_run("echo 40000 40000 >/proc/sys/net/ipv4/ip_local_port_range"));
	courier_init(&courier, NULL, "tcp://127.0.0.1:40000");
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ended_with("Connection refused");
	courier_free(&courier);
}
END_TEST

static const TTest *const *choose(void)
{
	static const TTest *chosen[20];
	const TTest *const anywhere[] = {
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
	};
	const TTest *const apart[] = {
		a_black_hole_ends_with_patience,
		a_cut_connection_ends_with_patience,
		it_does_not_deliver_to_itself,
	};

	memcpy(chosen, anywhere, sizeof(anywhere));
	if (namespace_possible())
		memcpy(chosen + sizeof(anywhere) / sizeof(anywhere[0]), apart, sizeof(apart));
	else
		puts("black holes are not tried: no network namespace can be made here");
	return chosen;
}

int main(void)
{
	return suite_run("stream", choose(), 60);
}

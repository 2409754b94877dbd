/* Who goes when one comes too many. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "callers.h"
#include "suite.h"

#define MOST 16

static struct wc_callers *callers;
static int ends[MOST * 8][2]; /* theirs, and ours */
static struct wc_caller *places[MOST * 8];
static size_t entered;
static uint64_t now_ns;

static struct sockaddr_in6 address_of(const char *text)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct sockaddr_in v4 = {.sin_family = AF_INET};

	if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
		return v6;
	ck_assert_int_eq(inet_pton(AF_INET, text, &v4.sin_addr), 1);
	memcpy(&v6, &v4, sizeof(v4));
	return v6;
}

static struct wc_caller *enter_with(int fd, const char *from)
{
	struct sockaddr_in6 address = address_of(from);

	return wc_callers_enter(callers, fd, (const struct sockaddr *)(const void *)&address,
				now_ns);
}

/* Returns the number of the connection, which may have no place. */
static size_t knock(const char *from)
{
	size_t number = entered++;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends[number]), 0);
	places[number] = enter_with(ends[number][1], from);
	return number;
}

static bool is_let_in(const char *from)
{
	return places[knock(from)];
}

/* The same, when all who are there have had their time. */
static size_t enter(const char *from)
{
	size_t number;

	now_ns += WC_CALLERS_TAKE_NS;
	number = knock(from);
	ck_assert_ptr_eq(wc_callers_meet(callers, ends[number][1]), places[number]);
	return number;
}

static void ask(size_t number)
{
	now_ns++;
	wc_callers_heard(callers, places[number]);
	wc_callers_answered(callers, places[number], now_ns);
}

static void leave(size_t number)
{
	wc_callers_leave(callers, places[number]);
	close(ends[number][1]);
}

static bool is_gone(size_t number)
{
	char byte;

	return recv(ends[number][0], &byte, 1, 0) == 0;
}

static void begin(size_t limit)
{
	callers = wc_callers_new(limit, 100);
	ck_assert_ptr_nonnull(callers);
}

START_TEST(test_silent_longest)
{
	size_t a, b, c;

	begin(2);
	a = enter("192.0.2.1");
	b = enter("192.0.2.1");
	ask(a);
	c = enter("192.0.2.1");
	ck_assert(!is_gone(a) && is_gone(b) && !is_gone(c));
	ck_assert_uint_eq(wc_callers_count(callers), 2);
	ck_assert_uint_eq(wc_callers_evicted(callers), 1);
	leave(b);
	leave(c);
	ck_assert_uint_eq(wc_callers_count(callers), 1);
	enter("192.0.2.1");
	ck_assert(!is_gone(a));
	wc_callers_leave(callers, NULL);
	wc_callers_free(callers);
}
END_TEST

/* Who has few connections keeps them, however many others have. */
START_TEST(test_address_with_most)
{
	size_t lone, pair;

	begin(MOST);
	lone = enter("192.0.2.1");
	pair = enter("::ffff:192.0.2.2");
	enter("192.0.2.2");
	for (size_t i = 0; i < 5 * MOST; i++) {
		size_t number = enter("192.0.2.3");

		ck_assert_ptr_nonnull(places[number]);
		if (i >= MOST - 3 && i < MOST - 3 + 10) {
			ck_assert(is_gone(i - (MOST - 3) + 3));
			leave(i - (MOST - 3) + 3);
		}
		ck_assert(!is_gone(number));
		ck_assert(!is_gone(lone) && !is_gone(pair));
	}
	ck_assert_uint_eq(wc_callers_count(callers), MOST);
	wc_callers_free(callers);
}
END_TEST

/* A network of IPv6 is one address, as its owner has all of them. */
START_TEST(test_network)
{
	size_t first, other;

	begin(3);
	other = enter("2001:db8:0:1::1");
	first = enter("2001:db8::1");
	enter("2001:db8::2");
	enter("2001:db8::3");
	ck_assert(is_gone(first) && !is_gone(other));
	wc_callers_free(callers);
}
END_TEST

/* Whoever owes most goes when answers take too much room; who asks for more than there is, gets
 * none. */
START_TEST(test_answers)
{
	struct wc_owed owed[4];
	size_t a, b, c, d;

	begin(4);
	a = enter("192.0.2.1");
	b = enter("192.0.2.1");
	c = enter("192.0.2.1");
	ck_assert(wc_callers_owe(callers, places[a], 40, &owed[0]));
	ck_assert(wc_callers_owe(callers, places[b], 50, &owed[1]));
	ck_assert(wc_callers_owe(callers, places[c], 10, &owed[2]));
	ck_assert(!is_gone(a) && !is_gone(b) && !is_gone(c));
	wc_callers_settle(callers, &owed[2], now_ns);
	ck_assert(wc_callers_owe(callers, places[c], 20, &owed[2]));
	ck_assert(!is_gone(a) && is_gone(b) && !is_gone(c));
	wc_callers_settle(callers, &owed[1], now_ns);
	leave(b);

	/* One that left and one that came in its place are not taken for each other. */
	leave(a);
	d = enter("192.0.2.1");
	ck_assert_ptr_eq(places[d], places[a]);
	ck_assert(wc_callers_owe(callers, places[d], 80, &owed[3]));
	wc_callers_settle(callers, &owed[0], now_ns);
	ck_assert(!is_gone(c) && !is_gone(d));
	ck_assert(!wc_callers_owe(callers, places[c], 101, &owed[0]));
	wc_callers_free(callers);
}
END_TEST

/* When nobody closes what was shut down, there is an end of places, too. */
START_TEST(test_no_place)
{
	size_t given = 0;

	begin(4);
	for (size_t i = 0; i < 4 + WC_CALLERS_SPARE + 2; i++) {
		size_t number = enter("192.0.2.1");

		given += places[number] != NULL;
	}
	ck_assert_uint_eq(given, 4 + WC_CALLERS_SPARE);
	wc_callers_free(callers);
}
END_TEST

/* A place is kept for a while: to ask, until the page is made, and to take it. */
START_TEST(test_time)
{
	struct wc_owed owed;
	size_t a;

	begin(1);
	a = enter("192.0.2.1");
	now_ns += WC_CALLERS_ASK_NS - 1;
	ck_assert(!is_let_in("192.0.2.1"));
	wc_callers_heard(callers, places[a]);
	now_ns += 1000 * WC_CALLERS_TAKE_NS;
	ck_assert(!is_let_in("192.0.2.1"));
	ck_assert(wc_callers_owe(callers, places[a], 10, &owed));
	wc_callers_answered(callers, places[a], now_ns);
	now_ns += WC_CALLERS_TAKE_NS - 1;
	ck_assert(!is_let_in("192.0.2.1"));
	ck_assert(!is_gone(a));
	wc_callers_settle(callers, &owed, now_ns);
	ck_assert(is_let_in("192.0.2.1"));
	ck_assert(is_gone(a));
	wc_callers_free(callers);
}
END_TEST

START_TEST(test_time_is_over)
{
	size_t a, b;

	begin(2);
	a = enter("192.0.2.1");
	b = knock("192.0.2.1");
	now_ns += WC_CALLERS_ASK_NS;
	ck_assert(is_let_in("192.0.2.1"));
	ck_assert(is_gone(a) && !is_gone(b));
	/* The one that came with it was not met so far, and can have said nothing. */
	ck_assert(!is_let_in("192.0.2.1"));
	wc_callers_meet(callers, ends[b][1]);
	ck_assert(is_let_in("192.0.2.1"));
	ck_assert(is_gone(b));
	wc_callers_free(callers);
}
END_TEST

/* Connects @pair by TCP. */
static void connect_tcp(int pair[2])
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int listening = socket(AF_INET, SOCK_STREAM, 0);

	pair[0] = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(listening, (struct sockaddr *)&address, length), 0);
	ck_assert_int_eq(listen(listening, 1), 0);
	ck_assert_int_eq(getsockname(listening, (struct sockaddr *)&address, &length), 0);
	ck_assert_int_eq(connect(pair[0], (struct sockaddr *)&address, length), 0);
	pair[1] = accept(listening, NULL, NULL);
	ck_assert_int_ge(pair[1], 0);
	close(listening);
}

/* Whoever has spoken is listened to first; but not to the end. */
START_TEST(test_first_words)
{
	struct pollfd arrived = {.events = POLLIN};
	char byte;
	int pair[2];

	begin(1);
	connect_tcp(pair);
	ck_assert_ptr_nonnull(enter_with(pair[1], "127.0.0.1"));
	ck_assert_ptr_nonnull(wc_callers_meet(callers, pair[1]));
	ck_assert_int_eq(send(pair[0], "GET", 3, 0), 3);
	arrived.fd = pair[1];
	ck_assert_int_eq(poll(&arrived, 1, 60000), 1);
	now_ns += 1000 * WC_CALLERS_TAKE_NS;
	ck_assert(!is_let_in("127.0.0.1"));
	ck_assert_int_eq(read(pair[1], &byte, 1), 1);
	ck_assert_int_eq(read(pair[1], &byte, 1), 1);
	ck_assert(is_let_in("127.0.0.1"));
	ck_assert_int_eq(poll(&arrived, 1, 0), 1);
	wc_callers_free(callers);
}
END_TEST

/* A number that comes again belongs to a new connection. */
START_TEST(test_closed_in_silence)
{
	begin(2);
	ck_assert_ptr_nonnull(enter_with(1000, "192.0.2.1"));
	ck_assert_ptr_nonnull(enter_with(1000, "192.0.2.1"));
	ck_assert_uint_eq(wc_callers_count(callers), 1);
	ck_assert_ptr_nonnull(enter_with(1001, "192.0.2.1"));
	ck_assert_ptr_null(enter_with(1002, "192.0.2.1"));
	wc_callers_clear(callers);
	ck_assert_uint_eq(wc_callers_count(callers), 0);
	ck_assert_uint_eq(wc_callers_evicted(callers), 0);
	ck_assert_ptr_null(wc_callers_meet(callers, 1000));
	wc_callers_free(callers);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_silent_longest,    test_address_with_most,
				      test_network,           test_answers,
				      test_no_place,          test_time,
				      test_time_is_over,      test_first_words,
				      test_closed_in_silence, NULL};

	return suite_run("callers", tests, 60);
}

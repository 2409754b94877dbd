/* Who goes when one comes too many. */
#include <arpa/inet.h>
#include <netinet/in.h>
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

/* Returns the number of the connection. */
static size_t enter(const char *from)
{
	struct sockaddr_in6 address = address_of(from);
	size_t number = entered++;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends[number]), 0);
	places[number] = wc_callers_enter(callers, ends[number][1],
					  (const struct sockaddr *)(const void *)&address);
	return number;
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
	wc_callers_heard(callers, places[a]);
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
	wc_callers_settle(callers, &owed[2]);
	ck_assert(wc_callers_owe(callers, places[c], 20, &owed[2]));
	ck_assert(!is_gone(a) && is_gone(b) && !is_gone(c));
	wc_callers_settle(callers, &owed[1]);
	leave(b);

	/* One that left and one that came in its place are not taken for each other. */
	leave(a);
	d = enter("192.0.2.1");
	ck_assert_ptr_eq(places[d], places[a]);
	ck_assert(wc_callers_owe(callers, places[d], 80, &owed[3]));
	wc_callers_settle(callers, &owed[0]);
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

int main(void)
{
	const TTest *const tests[] = {test_silent_longest, test_address_with_most, test_network,
				      test_answers,        test_no_place,          NULL};

	return suite_run("callers", tests, 60);
}

/* Who is kept out, and keeps nobody out: those who ask too much, too slowly, or too many at once.
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "page.h"
#include "stage.h"
#include "visitor.h"

#define SLOW  1000
#define BURST 300 /* that come before the first of them is answered */

/* ---- too much ---- */

/* The answer may be lost, when the connection is closed over what was not read of the request. */
static void refused(const char *answer, const char *status)
{
	if (*answer)
		visitor_expect(answer, status, "");
}

START_TEST(test_what_is_too_much)
{
	char text[WC_HTTP_REQUEST_MAX + 4096], *at = text;

	stage_begin();
	at += sprintf(at, "/echo?a");
	for (int i = 0; i < WC_ARGUMENTS; i++)
		at += sprintf(at, "&a");
	visitor_expect(visitor_get(PORT, text, ""), "400 Bad Request", "too many arguments");
	at = text + sprintf(text, "GET /");
	memset(at, 'a', WC_HTTP_REQUEST_MAX);
	strcpy(at + WC_HTTP_REQUEST_MAX, " HTTP/1.1\r\nHost: localhost\r\n\r\n");
	refused(visitor_ask(PORT, text), "414 URI Too Long");
	at = text + sprintf(text, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
	memset(at, 'a', WC_HTTP_REQUEST_MAX);
	strcpy(at + WC_HTTP_REQUEST_MAX, "\r\n\r\n");
	refused(visitor_ask(PORT, text), "431 Request Header Fields Too Large");
	refused(visitor_ask(PORT, "\x16\x03\x01\x02\r\n\r\n"), "400 Bad Request");
	visitor_expect(visitor_get(PORT, "/echo", ""), "200 OK", "first");
	stage_end();
}
END_TEST

/* ---- too many ---- */

static void allow_sockets(void)
{
	struct rlimit limit = {SLOW + 500, SLOW + 500};

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* Each of a thousand takes a place and says half a request; others are answered all the same. */
START_TEST(test_slow_clients)
{
	static int fds[SLOW];
	size_t left = 0;

	allow_sockets();
	stage_begin();
	for (int i = 0; i < SLOW; i++) {
		fds[i] = visitor_send(PORT, i % 2 ? "GET / HTTP/1.1\r\nHost: local" : "");
		if (i % 50 == 0)
			visitor_expect(visitor_get(PORT, "/echo", ""), "200 OK", "first");
	}
	visitor_expect(visitor_get(PORT, "/echo", ""), "200 OK", "first");
	ck_assert_uint_ge(stage_state().evicted, SLOW - CLIENTS);
	ck_assert_uint_le(stage_state().connections, CLIENTS);
	for (int i = 0; i < SLOW - CLIENTS; i++)
		left += visitor_is_left(fds[i]);
	ck_assert_uint_eq(left, SLOW - CLIENTS);
	stage_end();
}
END_TEST

/* Those who ask and do not take the answer are kept from taking all memory. */
START_TEST(test_answers_not_taken)
{
	int fds[CLIENTS - 1];

	stage_begin();
	for (int i = 0; i < CLIENTS - 1; i++)
		fds[i] = visitor_send(PORT, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
	while (stage_state().answered[2] < CLIENTS - 1)
		usleep(1000);
	ck_assert_uint_ge(stage_state().evicted, CLIENTS - 1 - WC_HTTP_ANSWERS_MAX / (8 << 20));
	visitor_expect(visitor_get(PORT, "/echo", ""), "200 OK", "first");
	for (int i = 0; i < CLIENTS - 1; i++)
		close(fds[i]);
	stage_end();
}
END_TEST

/* Who is silent for too long is left, at last. */
START_TEST(test_timeout)
{
	struct wc_http_settings settings = stage_settings();

	settings.timeout = 1;
	stage_begin_with(&settings);
	ck_assert(visitor_is_left(visitor_send(PORT, "")));
	ck_assert(visitor_is_left(visitor_send(PORT, "GET / HTTP/1.1\r\nHo")));
	stage_end();
}
END_TEST

/* Those who ask before the crowd has come are not pushed out by those who come behind them. */
START_TEST(test_in_the_crowd)
{
	static const char request[] = "GET /echo HTTP/1.1\r\nHost: localhost\r\n"
				      "Connection: close\r\n\r\n";
	int asking[BURST / 10];

	allow_sockets();
	stage_begin();
	for (int i = 0; i < BURST; i++) {
		visitor_send(PORT, i % 2 ? "GET / HTTP/1.1\r\nHost: local" : "");
		if (i % 10 == 0)
			asking[i / 10] = visitor_send(PORT, request);
	}
	for (int i = 0; i < BURST / 10; i++)
		visitor_expect(visitor_read(asking[i]), "200 OK", "first");
	stage_end();
}
END_TEST

/* While one page takes its time, others are made; and at the end it is waited for, or not. */
START_TEST(test_slow_page)
{
	int fd;

	stage_begin();
	stage.hold = true;
	fd = visitor_send(PORT,
			  "GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
	while (!stage.held)
		usleep(1000);
	for (int i = 0; i < 2 * CLIENTS; i++)
		visitor_expect(visitor_get(PORT, "/echo", ""), "200 OK", "first");
	ck_assert(!wc_http_stop(stage.http, 0));
	stage.hold = false;
	visitor_expect(visitor_read(fd), "200 OK", "done");
	stage_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_what_is_too_much,
		test_slow_clients,
		test_in_the_crowd,
		test_answers_not_taken,
		test_timeout,
		test_slow_page,
		NULL,
	};

	return stage_run("http_crowd", tests);
}

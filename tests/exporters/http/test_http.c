/* The server, with pages that are made up and clients of every kind. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "encode.h"
#include "http.h"
#include "namespace.h"
#include "page.h"
#include "picture.h"
#include "suite.h"
#include "visitor.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define PORT    8888
#define CLIENTS 16
#define SLOW    1000
#define SECOND  UINT64_C(1000000000)
#define HASH    "$2y$04$RJEZJf/A7vSPiorMVQoBc.8idOSqXC5P3CXQM8wCzKW/a5hueQm1i" /* of secret */

static struct wc_http *http;
static struct wc_gallery *gallery;
static struct wc_error error;
static struct wc_texts host_names;
static char web_path[] = "/tmp/http-XXXXXX";
static atomic_bool hold, held;

/* ---- the pages ---- */

/* Says what it was asked. */
static void echo(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	wc_buffer_format(&reply->body, "%s %s host=%s interval=%d accept=%s", (const char *)arg,
			 request->path, request->context->host, (int)request->picture->interval,
			 request->accept);
	for (size_t i = 0; i < request->argument_count; i++)
		wc_buffer_format(&reply->body, " %s=%s", request->arguments[i].name,
				 request->arguments[i].value);
}

static void styled(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	(void)arg;
	(void)request;
	reply->type = "text/html";
	wc_reply_header(reply, "Content-Security-Policy", "default-src 'self'");
	wc_buffer_text(&reply->body, "<p>");
}

static void broken(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	(void)arg;
	(void)request;
	wc_buffer_text(&reply->body, "half");
	reply->body.failed = true;
}

static void large(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	static const char kilobyte[1024];

	(void)arg;
	(void)request;
	for (int i = 0; i < 8 << 10; i++)
		wc_buffer_add(&reply->body, kilobyte, sizeof(kilobyte));
}

/* Takes until it is let go. */
static void slow(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	(void)arg;
	(void)request;
	held = true;
	while (hold)
		usleep(1000);
	wc_buffer_text(&reply->body, "done");
}

static const struct wc_page list[] = {{"/echo", echo},     {"/", echo},       {"/styled", styled},
				      {"/broken", broken}, {"/large", large}, {"/slow", slow},
				      {NULL, NULL}};
static const struct wc_page second[] = {{"/second", echo}, {NULL, NULL}};
static const struct wc_pages pages[] = {{list, (char *)"first"}, {second, (char *)"other"}};
static const struct wc_context context = {.host = "here"};

/* ---- a server ---- */

static struct wc_http_settings usual(void)
{
	return (struct wc_http_settings){
		.address = {.low = 0x7f000001, .version = 4},
		.port = PORT,
		.host_names = &host_names,
		.clients = CLIENTS,
		.timeout = 60,
	};
}

static void hang(uint64_t number)
{
	struct wc_picture *picture = wc_picture_new(0, 0);

	picture->interval = number;
	wc_gallery_hang(gallery, picture);
}

static void begin_with(const struct wc_http_settings *settings)
{
	struct wc_http_show show = {.context = &context, .pages = pages, .page_count = 2};

	ck_assert(namespace_enter());
	show.gallery = gallery = wc_gallery_new();
	ck_assert_msg(!wc_http_open(&http, settings, &error), "%s", error.text);
	ck_assert_msg(!wc_http_start(http, settings, &show, &error), "%s", error.text);
}

static void begin(void)
{
	struct wc_http_settings settings = usual();

	begin_with(&settings);
	hang(7);
}

static uint64_t in_seconds(unsigned seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return ((uint64_t)now.tv_sec + seconds) * SECOND;
}

static void end(void)
{
	ck_assert(wc_http_stop(http, in_seconds(100)));
	wc_http_free(http);
	wc_gallery_free(gallery);
}

static bool has(const char *answer, const char *text)
{
	return strstr(answer, text);
}

static void answers(const char *answer, const char *status, const char *text)
{
	char line[64];

	snprintf(line, sizeof(line), "HTTP/1.1 %s\r\n", status);
	ck_assert_msg(!strncmp(answer, line, strlen(line)), "%s", answer);
	ck_assert_msg(has(answer, text), "%s", answer);
}

/* The answer may be lost, when the connection is closed over what was not read of the request. */
static void refused(const char *answer, const char *status)
{
	if (*answer)
		answers(answer, status, "");
}

static struct wc_http_state state(void)
{
	struct wc_http_state found;

	wc_http_state(http, &found);
	return found;
}

/* ---- requests ---- */

START_TEST(test_pages)
{
	begin();
	answers(visitor_get(PORT, "/", ""), "200 OK",
		"\r\n\r\nfirst / host=here interval=7 accept=");
	answers(visitor_get(PORT, "/second?a=1&b=x%20%3cy&a=2&c", "Accept: text/x\r\n"), "200 OK",
		"\r\n\r\nother /second host=here interval=7 accept=text/x a=1 b=x <y a=2 c=");
	answers(visitor_get(PORT, "/%65cho", ""), "200 OK", "first /echo ");
	answers(visitor_get(PORT, "/echo/", ""), "404 Not Found", "there is no such page\n");
	answers(visitor_get(PORT, "/../echo", ""), "404 Not Found", "");
	answers(visitor_get(PORT, "/broken", ""), "503 Service Unavailable", "no memory left");
	hang(8);
	answers(visitor_get(PORT, "/echo", ""), "200 OK", "interval=8");
	ck_assert_uint_eq(state().answered[2], 4);
	ck_assert_uint_eq(state().answered[4], 2);
	ck_assert_uint_eq(state().answered[5], 1);
	end();
}
END_TEST

START_TEST(test_headers)
{
	const char *answer;

	begin();
	answer = visitor_get(PORT, "/echo", "");
	answers(answer, "200 OK", "\r\nContent-Type: text/plain; charset=utf-8\r\n");
	ck_assert(has(answer, "\r\nCache-Control: no-store\r\n"));
	ck_assert(has(answer, "\r\nX-Content-Type-Options: nosniff\r\n"));
	ck_assert(has(answer, "\r\nReferrer-Policy: no-referrer\r\n"));
	ck_assert(has(answer, "\r\nContent-Security-Policy: default-src 'none'; "
			      "frame-ancestors 'none'\r\n"));
	answer = visitor_get(PORT, "/styled", "");
	answers(answer, "200 OK", "\r\nContent-Security-Policy: default-src 'self'\r\n");
	ck_assert(has(answer, "\r\nContent-Type: text/html\r\n"));
	ck_assert(!has(answer, "default-src 'none'"));
	end();
}
END_TEST

START_TEST(test_methods)
{
	const char *answer;

	begin();
	answer = visitor_ask(PORT,
			     "HEAD /echo HTTP/1.1\r\nHost: [::1]:1\r\nConnection: close\r\n\r\n");
	answers(answer, "200 OK", "\r\nContent-Length: 40\r\n");
	ck_assert_str_eq(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
	answer = visitor_ask(PORT, "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
				   "Content-Length: 5\r\n\r\nabcde");
	answers(answer, "405 Method Not Allowed", "\r\nAllow: GET, HEAD\r\n");
	answer = visitor_ask(PORT, "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
				   "\r\n");
	answers(answer, "405 Method Not Allowed", "only GET and HEAD");
	/* A body that a GET has is read, and means nothing. */
	answer = visitor_ask(PORT, "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
				   "Content-Length: 5\r\n\r\nabcde");
	answers(answer, "200 OK", "first /echo");
	end();
}
END_TEST

/* A name that somebody else has pointed here is none of ours. */
START_TEST(test_host)
{
	begin();
	answers(visitor_ask(PORT,
			    "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
		"421 Misdirected Request", "does not go by that name");
	answers(visitor_ask(PORT, "GET / HTTP/1.1\r\nHost: HERE:80\r\nConnection: close\r\n\r\n"),
		"200 OK", "first / ");
	answers(visitor_ask(PORT, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), "400 Bad Request",
		"");
	ck_assert(has(visitor_ask(PORT, "GET / HTTP/1.0\r\n\r\n"), " 421 Misdirected Request\r\n"));
	end();
}
END_TEST

START_TEST(test_what_is_too_much)
{
	char text[WC_HTTP_REQUEST_MAX + 4096], *at = text;

	begin();
	at += sprintf(at, "/echo?a");
	for (int i = 0; i < WC_ARGUMENTS; i++)
		at += sprintf(at, "&a");
	answers(visitor_get(PORT, text, ""), "400 Bad Request", "too many arguments");
	at = text + sprintf(text, "GET /");
	memset(at, 'a', WC_HTTP_REQUEST_MAX);
	strcpy(at + WC_HTTP_REQUEST_MAX, " HTTP/1.1\r\nHost: localhost\r\n\r\n");
	refused(visitor_ask(PORT, text), "414 URI Too Long");
	at = text + sprintf(text, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
	memset(at, 'a', WC_HTTP_REQUEST_MAX);
	strcpy(at + WC_HTTP_REQUEST_MAX, "\r\n\r\n");
	refused(visitor_ask(PORT, text), "431 Request Header Fields Too Large");
	refused(visitor_ask(PORT, "\x16\x03\x01\x02\r\n\r\n"), "400 Bad Request");
	answers(visitor_get(PORT, "/echo", ""), "200 OK", "first");
	end();
}
END_TEST

START_TEST(test_nothing_to_show)
{
	struct wc_http_settings settings = usual();

	begin_with(&settings);
	answers(visitor_get(PORT, "/", ""), "503 Service Unavailable", "nothing to show yet");
	end();
}
END_TEST

/* ---- too many ---- */

static void allow_sockets(void)
{
	struct rlimit limit = {SLOW + 500, SLOW + 500};

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/*
 * In a burst that is accepted at once, a place can be lost before it is heard: who asks again,
 * as a scraper does, is answered.
 */
static void answered_in_a_crowd(void)
{
	const char *answer = "";

	for (int tries = 0; tries < 5 && !*answer; tries++)
		answer = visitor_get(PORT, "/echo", "");
	answers(answer, "200 OK", "first");
}

/* Each of a thousand takes a place and says half a request; others are answered all the same. */
START_TEST(test_slow_clients)
{
	static int fds[SLOW];
	size_t left = 0;

	allow_sockets();
	begin();
	for (int i = 0; i < SLOW; i++) {
		fds[i] = visitor_send(PORT, i % 2 ? "GET / HTTP/1.1\r\nHost: local" : "");
		if (i % 50 == 0)
			answered_in_a_crowd();
	}
	answered_in_a_crowd();
	/* On a slow machine the time of some has run out before. */
	ck_assert_uint_ge(state().evicted, SLOW / 2);
	ck_assert_uint_le(state().connections, CLIENTS);
	/* Which of the later ones still have a place, the order in which they are heard decides. */
	for (int i = 0; i < SLOW / 2; i++)
		left += visitor_is_left(fds[i]);
	ck_assert_uint_eq(left, SLOW / 2);
	end();
}
END_TEST

/* Those who ask and do not take the answer are kept from taking all memory. */
START_TEST(test_answers_not_taken)
{
	int fds[CLIENTS - 1];

	begin();
	for (int i = 0; i < CLIENTS - 1; i++)
		fds[i] = visitor_send(PORT, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
	while (state().answered[2] < CLIENTS - 1)
		usleep(1000);
	ck_assert_uint_ge(state().evicted, CLIENTS - 1 - WC_HTTP_ANSWERS_MAX / (8 << 20));
	answers(visitor_get(PORT, "/echo", ""), "200 OK", "first");
	for (int i = 0; i < CLIENTS - 1; i++)
		close(fds[i]);
	end();
}
END_TEST

/* Who is silent for too long is left, at last. */
START_TEST(test_timeout)
{
	struct wc_http_settings settings = usual();

	settings.timeout = 1;
	begin_with(&settings);
	ck_assert(visitor_is_left(visitor_send(PORT, "")));
	ck_assert(visitor_is_left(visitor_send(PORT, "GET / HTTP/1.1\r\nHo")));
	end();
}
END_TEST

/* While one page takes its time, others are made; and at the end it is waited for, or not. */
START_TEST(test_slow_page)
{
	int fd;

	begin();
	hold = true;
	fd = visitor_send(PORT,
			  "GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
	while (!held)
		usleep(1000);
	for (int i = 0; i < CLIENTS - 2; i++) {
		/* One that comes to the thread of the slow one waits for it. */
		int other = visitor_send(PORT, "GET / HTTP/1.1\r\nHost: localhost\r\n"
					       "Connection: close\r\n\r\n");

		close(other);
	}
	while (!state().answered[2])
		usleep(1000);
	ck_assert(!wc_http_stop(http, 0));
	hold = false;
	answers(visitor_read(fd), "200 OK", "done");
	end();
}
END_TEST

/* ---- the web configuration ---- */

static void write_web(const char *text)
{
	FILE *file = fopen(web_path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(test_passwords)
{
	struct wc_http_settings settings = usual();
	const char *answer;

	close(mkstemp(web_path));
	write_web("basic_auth_users: {alice: " HASH "}\n"
		  "http_server_config: {headers: {X-Frame-Options: deny}}\n");
	settings.web_config = web_path;
	begin_with(&settings);
	hang(1);
	answer = visitor_get(PORT, "/echo", "");
	answers(answer, "401 Unauthorized", "\r\nWWW-Authenticate: Basic realm=\"wirecensus\"");
	ck_assert(has(answer, "\r\nX-Frame-Options: deny\r\n"));
	/* alice:secret, alice:wrong, and what is none of it. */
	answers(visitor_get(PORT, "/echo", "Authorization: Basic YWxpY2U6c2VjcmV0\r\n"), "200 OK",
		"first");
	answers(visitor_get(PORT, "/echo", "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n"),
		"401 Unauthorized", "");
	answers(visitor_get(PORT, "/echo", "Authorization: Basic ????\r\n"), "401 Unauthorized",
		"");
	answers(visitor_get(PORT, "/echo", "Authorization: Basic YWxpY2U=\r\n"), "401 Unauthorized",
		"");
	answers(visitor_get(PORT, "/echo", "Authorization: Bearer x\r\n"), "401 Unauthorized", "");
	ck_assert_uint_eq(state().unauthorized, 5);

	/* Guesses come to an end; who is known does not notice. */
	while (!has(visitor_get(PORT, "/", "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n"), " 429 "))
		continue;
	answers(visitor_get(PORT, "/echo", "Authorization: Basic YWxpY2U6c2VjcmV0\r\n"), "200 OK",
		"first");
	end();
	unlink(web_path);
}
END_TEST

START_TEST(test_change)
{
	struct wc_http_settings settings = usual();
	char *name = (char *)"census.example";

	close(mkstemp(web_path));
	begin();
	ck_assert_int_eq(wc_http_change(http, &settings, &error), 0);
	answers(visitor_ask(PORT,
			    "GET / HTTP/1.1\r\nHost: census.example\r\nConnection: close\r\n\r\n"),
		"421 Misdirected Request", "");
	host_names = (struct wc_texts){&name, 1};
	ck_assert_int_eq(wc_http_change(http, &settings, &error), 0);
	answers(visitor_ask(PORT,
			    "GET / HTTP/1.1\r\nHost: census.example\r\nConnection: close\r\n\r\n"),
		"200 OK", "");

	settings.web_config = web_path;
	write_web("basic_auth_users: {alice: " HASH "}\n");
	ck_assert_int_eq(wc_http_change(http, &settings, &error), 0);
	answers(visitor_get(PORT, "/echo", ""), "401 Unauthorized", "");
	write_web("basic_auth_users: {alice: no}\n");
	ck_assert_int_eq(wc_http_change(http, &settings, &error), WC_INVALID);
	answers(visitor_get(PORT, "/echo", ""), "401 Unauthorized", "");
	write_web("{}");
	ck_assert_int_eq(wc_http_change(http, &settings, &error), 0);
	answers(visitor_get(PORT, "/echo", ""), "200 OK", "");
	end();
	unlink(web_path);
}
END_TEST

/* Beyond this host only with TLS and somebody who may, or when that is what is wanted. */
START_TEST(test_reach)
{
	struct wc_http_settings settings = usual();

	settings.address = (struct wc_address){.version = 4};
	ck_assert_int_eq(wc_http_try(&settings, &error), WC_INVALID);
	ck_assert_msg(!strncmp(error.text, "http: beyond this host, ", 24), "%s", error.text);
	close(mkstemp(web_path));
	write_web("basic_auth_users: {alice: " HASH "}\n");
	settings.web_config = web_path;
	ck_assert_int_eq(wc_http_try(&settings, &error), WC_INVALID);
	settings.public = true;
	ck_assert_int_eq(wc_http_try(&settings, &error), 0);
	write_web("tls_server_config: {cert_file: /dev/null, key_file: /dev/null}\n");
	ck_assert_int_ne(wc_http_try(&settings, &error), 0);
	unlink(web_path);
}
END_TEST

START_TEST(test_address_in_use)
{
	struct wc_http_settings settings = usual();
	struct wc_http *another = NULL;

	begin();
	ck_assert_int_eq(wc_http_open(&another, &settings, &error), WC_FAILED);
	ck_assert_str_eq(error.text,
			 "http: cannot listen at 127.0.0.1 port 8888: Address already in use");
	end();
	wc_http_free(NULL);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_pages,        test_headers,           test_methods,
		test_host,         test_what_is_too_much,  test_nothing_to_show,
		test_slow_clients, test_answers_not_taken, test_timeout,
		test_slow_page,    test_passwords,         test_change,
		test_reach,        test_address_in_use,    NULL,
	};

	if (!namespace_possible()) {
		puts("skipped: no network namespace can be made here");
		return 77;
	}
	return suite_run("http", tests, 120);
}

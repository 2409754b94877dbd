/* What is answered: pages, methods, names, passwords, and what a reload changes of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "stage.h"
#include "visitor.h"

#define HASH "$2y$04$RJEZJf/A7vSPiorMVQoBc.8idOSqXC5P3CXQM8wCzKW/a5hueQm1i" /* of secret */

static char web_path[] = "/tmp/http-XXXXXX";

static bool has(const char *answer, const char *text)
{
	return strstr(answer, text);
}

/* ---- requests ---- */

START_TEST(test_pages)
{
	stage_begin();
	visitor_expect(visitor_get(PORT, "/", ""), "200 OK",
		       "\r\n\r\nfirst / host=here interval=7 accept=");
	visitor_expect(
		visitor_get(PORT, "/second?a=1&b=x%20%3cy&a=2&c", "Accept: text/x\r\n"), "200 OK",
		"\r\n\r\nother /second host=here interval=7 accept=text/x a=1 b=x <y a=2 c=");
	visitor_expect(visitor_get(PORT, "/%65cho", ""), "200 OK", "first /echo ");
	visitor_expect(visitor_get(PORT, "/echo/", ""), "404 Not Found", "there is no such page\n");
	visitor_expect(visitor_get(PORT, "/../echo", ""), "404 Not Found", "");
	visitor_expect(visitor_get(PORT, "/broken", ""), "503 Service Unavailable",
		       "no memory left");
	stage_hang(8);
	visitor_expect(visitor_get(PORT, "/echo", ""), "200 OK", "interval=8");
	ck_assert_uint_eq(stage_state().answered[2], 4);
	ck_assert_uint_eq(stage_state().answered[4], 2);
	ck_assert_uint_eq(stage_state().answered[5], 1);
	stage_end();
}
END_TEST

START_TEST(test_headers)
{
	const char *answer;

	stage_begin();
	answer = visitor_get(PORT, "/echo", "");
	visitor_expect(answer, "200 OK", "\r\nContent-Type: text/plain; charset=utf-8\r\n");
	ck_assert(has(answer, "\r\nCache-Control: no-store\r\n"));
	ck_assert(has(answer, "\r\nX-Content-Type-Options: nosniff\r\n"));
	ck_assert(has(answer, "\r\nReferrer-Policy: no-referrer\r\n"));
	ck_assert(has(answer, "\r\nContent-Security-Policy: default-src 'none'; "
			      "frame-ancestors 'none'\r\n"));
	answer = visitor_get(PORT, "/styled", "");
	visitor_expect(answer, "200 OK", "\r\nContent-Security-Policy: default-src 'self'\r\n");
	ck_assert(has(answer, "\r\nContent-Type: text/html\r\n"));
	ck_assert(!has(answer, "default-src 'none'"));
	stage_end();
}
END_TEST

START_TEST(test_methods)
{
	const char *answer;

	stage_begin();
	answer = visitor_ask(PORT,
			     "HEAD /echo HTTP/1.1\r\nHost: [::1]:1\r\nConnection: close\r\n\r\n");
	visitor_expect(answer, "200 OK", "\r\nContent-Length: 40\r\n");
	ck_assert_str_eq(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
	answer = visitor_ask(PORT, "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
				   "Content-Length: 5\r\n\r\nabcde");
	visitor_expect(answer, "405 Method Not Allowed", "\r\nAllow: GET, HEAD\r\n");
	answer = visitor_ask(PORT, "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
				   "\r\n");
	visitor_expect(answer, "405 Method Not Allowed", "only GET and HEAD");
	/* A body that a GET has is read, and means nothing. */
	answer = visitor_ask(PORT, "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
				   "Content-Length: 5\r\n\r\nabcde");
	visitor_expect(answer, "200 OK", "first /echo");
	stage_end();
}
END_TEST

/* A name that somebody else has pointed here is none of ours. */
START_TEST(test_host)
{
	stage_begin();
	visitor_expect(
		visitor_ask(PORT,
			    "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
		"421 Misdirected Request", "does not go by that name");
	visitor_expect(
		visitor_ask(PORT, "GET / HTTP/1.1\r\nHost: HERE:80\r\nConnection: close\r\n\r\n"),
		"200 OK", "first / ");
	visitor_expect(visitor_ask(PORT, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
		       "400 Bad Request", "");
	ck_assert(has(visitor_ask(PORT, "GET / HTTP/1.0\r\n\r\n"), " 421 Misdirected Request\r\n"));
	stage_end();
}
END_TEST

START_TEST(test_nothing_to_show)
{
	struct wc_http_settings settings = stage_settings();

	stage_begin_with(&settings);
	visitor_expect(visitor_get(PORT, "/", ""), "503 Service Unavailable",
		       "nothing to show yet");
	stage_end();
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
	struct wc_http_settings settings = stage_settings();
	const char *answer;

	close(mkstemp(web_path));
	write_web("basic_auth_users: {alice: " HASH "}\n"
		  "http_server_config: {headers: {X-Frame-Options: deny}}\n");
	settings.web_config = web_path;
	stage_begin_with(&settings);
	stage_hang(1);
	answer = visitor_get(PORT, "/echo", "");
	visitor_expect(answer, "401 Unauthorized",
		       "\r\nWWW-Authenticate: Basic realm=\"wirecensus\"");
	ck_assert(has(answer, "\r\nX-Frame-Options: deny\r\n"));
	/* alice:secret, alice:wrong, and what is none of it. */
	visitor_expect(visitor_get(PORT, "/echo", "Authorization: Basic YWxpY2U6c2VjcmV0\r\n"),
		       "200 OK", "first");
	visitor_expect(visitor_get(PORT, "/echo", "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n"),
		       "401 Unauthorized", "");
	visitor_expect(visitor_get(PORT, "/echo", "Authorization: Basic ????\r\n"),
		       "401 Unauthorized", "");
	visitor_expect(visitor_get(PORT, "/echo", "Authorization: Basic YWxpY2U=\r\n"),
		       "401 Unauthorized", "");
	visitor_expect(visitor_get(PORT, "/echo", "Authorization: Bearer x\r\n"),
		       "401 Unauthorized", "");
	ck_assert_uint_eq(stage_state().unauthorized, 5);

	/* Guesses come to an end; who is known does not notice. */
	while (!has(visitor_get(PORT, "/", "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n"), " 429 "))
		continue;
	visitor_expect(visitor_get(PORT, "/echo", "Authorization: Basic YWxpY2U6c2VjcmV0\r\n"),
		       "200 OK", "first");
	stage_end();
	unlink(web_path);
}
END_TEST

START_TEST(test_change)
{
	struct wc_http_settings settings = stage_settings();
	char *name = (char *)"census.example";

	close(mkstemp(web_path));
	stage_begin();
	ck_assert_int_eq(wc_http_change(stage.http, &settings, &stage.error), 0);
	visitor_expect(
		visitor_ask(PORT,
			    "GET / HTTP/1.1\r\nHost: census.example\r\nConnection: close\r\n\r\n"),
		"421 Misdirected Request", "");
	stage.host_names = (struct wc_texts){&name, 1};
	ck_assert_int_eq(wc_http_change(stage.http, &settings, &stage.error), 0);
	visitor_expect(
		visitor_ask(PORT,
			    "GET / HTTP/1.1\r\nHost: census.example\r\nConnection: close\r\n\r\n"),
		"200 OK", "");

	settings.web_config = web_path;
	write_web("basic_auth_users: {alice: " HASH "}\n");
	ck_assert_int_eq(wc_http_change(stage.http, &settings, &stage.error), 0);
	visitor_expect(visitor_get(PORT, "/echo", ""), "401 Unauthorized", "");
	write_web("basic_auth_users: {alice: no}\n");
	ck_assert_int_eq(wc_http_change(stage.http, &settings, &stage.error), WC_INVALID);
	visitor_expect(visitor_get(PORT, "/echo", ""), "401 Unauthorized", "");
	write_web("{}");
	ck_assert_int_eq(wc_http_change(stage.http, &settings, &stage.error), 0);
	visitor_expect(visitor_get(PORT, "/echo", ""), "200 OK", "");
	stage_end();
	unlink(web_path);
}
END_TEST

static void limit_files(rlim_t most)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = most;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* A change that fails for want of descriptors, and takes the server with it. */
static void fail_to_change(struct wc_http_settings *settings)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit_files(3);
	ck_assert_int_eq(wc_http_change(stage.http, settings, &stage.error), WC_FAILED);
	ck_assert_ptr_nonnull(strstr(stage.error.text, "cannot be started"));
	limit_files(limit.rlim_cur);
}

/* It is tried again with the next change, be that to what was wanted or back to what was. */
START_TEST(test_failed_change)
{
	struct wc_http_settings settings = stage_settings();
	char *name = (char *)"census.example";

	stage_begin();
	stage.host_names = (struct wc_texts){&name, 1};
	fail_to_change(&settings);
	fail_to_change(&settings);
	ck_assert_int_eq(wc_http_change(stage.http, &settings, &stage.error), 0);
	visitor_expect(visitor_get(PORT, "/echo", ""), "200 OK", "");
	stage.host_names = (struct wc_texts){0};
	fail_to_change(&settings);
	stage.host_names = (struct wc_texts){&name, 1};
	ck_assert_int_eq(wc_http_change(stage.http, &settings, &stage.error), 0);
	visitor_expect(visitor_get(PORT, "/echo", ""), "200 OK", "");
	stage_end();
}
END_TEST

/* Beyond this host only with TLS and somebody who may, or when that is what is wanted. */
START_TEST(test_reach)
{
	struct wc_http_settings settings = stage_settings();

	settings.address = (struct wc_address){.version = 4};
	ck_assert_int_eq(wc_http_try(&settings, &stage.error), WC_INVALID);
	ck_assert_msg(!strncmp(stage.error.text, "http: beyond this host, ", 24), "%s",
		      stage.error.text);
	close(mkstemp(web_path));
	write_web("basic_auth_users: {alice: " HASH "}\n");
	settings.web_config = web_path;
	ck_assert_int_eq(wc_http_try(&settings, &stage.error), WC_INVALID);
	settings.public = true;
	ck_assert_int_eq(wc_http_try(&settings, &stage.error), 0);
	write_web("tls_server_config: {cert_file: /dev/null, key_file: /dev/null}\n");
	ck_assert_int_ne(wc_http_try(&settings, &stage.error), 0);
	unlink(web_path);
}
END_TEST

START_TEST(test_address_in_use)
{
	struct wc_http_settings settings = stage_settings();
	struct wc_http *another = NULL;

	stage_begin();
	ck_assert_int_eq(wc_http_open(&another, &settings, &stage.error), WC_FAILED);
	ck_assert_str_eq(stage.error.text,
			 "http: cannot listen at 127.0.0.1 port 8888: Address already in use");
	stage_end();
	wc_http_free(NULL);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_pages,           test_headers,        test_methods, test_host,
		test_nothing_to_show, test_passwords,      test_change,  test_failed_change,
		test_reach,           test_address_in_use, NULL,
	};

	return stage_run("http", tests);
}

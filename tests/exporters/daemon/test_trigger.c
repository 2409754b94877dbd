/* The UDP trigger: who may, how often, and what is answered. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "place.h"
#include "suite.h"
#include "trigger.h"
#include "wirecensus/address.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define SECOND UINT64_C(1000000000)
#define EPOCH  INT64_C(1700000000)
#define OK     "OK 1700000000"

#define WATCHDOG_MS 50000

static struct wc_trigger *trigger;
static struct sockaddr_in server;
static uint64_t now_ns = 100 * SECOND;

static struct wc_networks allow;

/* Who is allowed: @networks, ended by NULL. */
static void name_allowed(const char *const *networks)
{
	struct wc_error error;

	wc_networks_free(&allow);
	for (; networks && *networks; networks++) {
		struct wc_network network;

		ck_assert_int_eq(wc_network_parse(&network, *networks, &error), 0);
		ck_assert_int_eq(wc_networks_add(&allow, &network, &error), 0);
	}
}

/* Opens a trigger at a free port of loopback that allows @networks, ended by NULL. */
static void begin(const char *const *networks)
{
	struct wc_place place = {.kind = WC_PLACE_UDP, .host = (char *)"127.0.0.1"};
	socklen_t length = sizeof(server);
	struct wc_error error;
	struct pollfd fd;
	uint64_t deadline;

	place.port = (char *)"0";
	name_allowed(networks);
	ck_assert_msg(!wc_trigger_open(&trigger, &place, &allow, &error), "%s", error.text);
	wc_trigger_wait(trigger, &fd, &deadline);
	ck_assert_uint_eq(deadline, UINT64_MAX);
	ck_assert_int_eq(getsockname(fd.fd, (struct sockaddr *)&server, &length), 0);
}

/* A client at an address of loopback. */
static int client_at(const char *address)
{
	struct sockaddr_in own = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(inet_pton(AF_INET, address, &own.sin_addr), 1);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&own, sizeof(own)), 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&server, sizeof(server)), 0);
	return fd;
}

static bool ask(int fd, const char *text)
{
	struct pollfd arrived;
	uint64_t deadline;

	ck_assert_int_eq(send(fd, text, strlen(text), 0), (ssize_t)strlen(text));
	wc_trigger_wait(trigger, &arrived, &deadline);
	ck_assert_int_eq(poll(&arrived, 1, WATCHDOG_MS), 1);
	return wc_trigger_work(trigger, now_ns, EPOCH);
}

static void expect(int fd, const char *wanted)
{
	struct pollfd arrived = {.fd = fd, .events = POLLIN};
	char text[64] = "";
	ssize_t got;

	if (wanted)
		ck_assert_int_eq(poll(&arrived, 1, WATCHDOG_MS), 1);
	got = recv(fd, text, sizeof(text) - 1, 0);
	if (wanted)
		ck_assert_str_eq(text, wanted);
	else
		ck_assert_msg(got < 0 && errno == EAGAIN, "got '%s'", text);
}

/* The word, also with more behind it; nothing else is answered. */
START_TEST(test_words)
{
	static const struct {
		const char *text;
		bool asks;
	} cases[] = {
		{"dump", true},   {"dumpster\n", true}, {"dump\n", true}, {"Dump", false},
		{"hello", false}, {"dum", false},       {"", false},      {" dump", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int fd;

		begin(NULL);
		fd = client_at("127.0.0.1");
		ck_assert_msg(ask(fd, cases[i].text) == cases[i].asks, "'%s'", cases[i].text);
		expect(fd, cases[i].asks ? OK : NULL);
		close(fd);
		wc_trigger_close(trigger);
	}
}
END_TEST

/* Who is not allowed gets no dump and no answer; this host is not, where others are named. */
START_TEST(test_denied)
{
	static const char *const others[] = {"192.0.2.0/24", "127.0.0.8/29", NULL};
	int inside, outside;

	begin(others);
	inside = client_at("127.0.0.9");
	outside = client_at("127.0.0.1");
	for (int i = 0; i < 100; i++) {
		ck_assert(!ask(outside, "dump"));
		expect(outside, NULL);
		now_ns += SECOND;
	}
	ck_assert(ask(inside, "dump"));
	expect(inside, OK);
	close(inside);
	close(outside);
	wc_trigger_close(trigger);
}
END_TEST

/* A reload says anew who may, without a word for those who came before. */
START_TEST(test_allowed_anew)
{
	static const char *const others[] = {"192.0.2.0/24", NULL};
	const struct wc_networks first = {0};
	int fd;

	begin(others);
	fd = client_at("127.0.0.1");
	wc_trigger_allow(trigger, &first);
	ck_assert(ask(fd, "dump"));
	expect(fd, OK);
	now_ns += 60 * SECOND;
	wc_trigger_allow(trigger, &allow);
	ck_assert(!ask(fd, "dump"));
	expect(fd, NULL);
	close(fd);
	wc_trigger_close(trigger);
}
END_TEST

/* One dump in ten seconds; who asks meanwhile gets the one at their end, and none more. */
START_TEST(test_dumps_rate)
{
	struct pollfd fd;
	uint64_t deadline;
	int client;

	begin(NULL);
	client = client_at("127.0.0.1");
	ck_assert(ask(client, "dump"));
	for (int i = 1; i < 10; i++) {
		now_ns += SECOND;
		ck_assert(!ask(client, "dump"));
		wc_trigger_wait(trigger, &fd, &deadline);
		ck_assert_uint_eq(deadline, now_ns + (uint64_t)(10 - i) * SECOND);
	}
	now_ns += SECOND - 1;
	ck_assert(!wc_trigger_work(trigger, now_ns, EPOCH));
	now_ns++;
	ck_assert(wc_trigger_work(trigger, now_ns, EPOCH));
	ck_assert(!wc_trigger_work(trigger, now_ns, EPOCH));
	now_ns += 60 * SECOND;
	ck_assert(!wc_trigger_work(trigger, now_ns, EPOCH));
	close(client);
	wc_trigger_close(trigger);
}
END_TEST

/* One answer a second and source, whatever its port; not more than 64 sources in a second. */
START_TEST(test_answers_rate)
{
	int first, second, answered = 0;

	begin(NULL);
	first = client_at("127.0.0.1");
	second = client_at("127.0.0.1");
	ask(first, "dump");
	expect(first, OK);
	ask(second, "dump");
	expect(second, NULL);
	now_ns += SECOND - 1;
	ask(second, "dump");
	expect(second, NULL);
	now_ns++;
	ask(second, "dump");
	expect(second, OK);
	close(first);
	close(second);
	for (int i = 0; i < 200; i++) {
		char address[32], text[64];
		int fd;

		snprintf(address, sizeof(address), "127.0.1.%d", i + 1);
		fd = client_at(address);
		ask(fd, "dump");
		answered += recv(fd, text, sizeof(text), 0) > 0;
		close(fd);
	}
	ck_assert_int_eq(answered, 63);
	wc_trigger_close(trigger);
}
END_TEST

/* A flood is taken in turns. */
START_TEST(test_turns)
{
	struct pollfd fd;
	uint64_t deadline;
	int client;

	begin(NULL);
	client = client_at("127.0.0.1");
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(send(client, "x", 1, 0), 1);
	ck_assert(!ask(client, "dump"));
	wc_trigger_wait(trigger, &fd, &deadline);
	ck_assert_int_eq(poll(&fd, 1, 0), 1);
	ck_assert(wc_trigger_work(trigger, now_ns, EPOCH));
	ck_assert_int_eq(poll(&fd, 1, 0), 0);
	close(client);
	wc_trigger_close(trigger);
}
END_TEST

START_TEST(test_refused)
{
	struct wc_place place = {.kind = WC_PLACE_TCP, .host = (char *)"127.0.0.1"};
	const struct wc_networks none = {0};
	struct wc_error error;

	place.port = (char *)"5";
	ck_assert_int_eq(wc_trigger_open(&trigger, &place, &none, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "the trigger of dumps is at udp://HOST:PORT, not at tcp");
	place.kind = WC_PLACE_UDP;
	place.host = (char *)"192.0.2.1";
	ck_assert_int_eq(wc_trigger_open(&trigger, &place, &none, &error), WC_FAILED);
	ck_assert_str_eq(error.text,
			 "cannot take the trigger of dumps at 192.0.2.1, port 5: Cannot "
			 "assign requested address; choose another port, or an address of "
			 "this host");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_words,        test_denied, test_allowed_anew, test_dumps_rate,
		test_answers_rate, test_turns,  test_refused,      NULL};

	return suite_run("trigger", tests, 60);
}

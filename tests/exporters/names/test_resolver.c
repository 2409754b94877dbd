/* The pace, the bound on what is open, and that a stuck resolver holds nobody up. */
#include <ares.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dns_message.h"
#include "fake_dns.h"
#include "names.h"
#include "suite.h"
#include "wirecensus/address.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

static struct fake_dns *server;
static struct wc_names *names;
static struct wc_names_stats stats;

/* While closed, a thread that sends a question stands in front of it, as in a call that hangs. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool stuck;

/* Stands before the library's own. */
void ares_query(ares_channel channel, const char *name, int class, int type, ares_callback callback,
		void *arg)
{
	void (*real)(ares_channel, const char *, int, int, ares_callback, void *);
	void *symbol = dlsym(RTLD_NEXT, "ares_query");

	memcpy(&real, &symbol, sizeof(real));
	atomic_store(&stuck, true);
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	real(channel, name, class, type, callback, arg);
}

static void silent(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	(void)query;
}

static void prompt(void *arg, const struct fake_dns_query *query)
{
	static struct dns_message reply;

	(void)arg;
	dns_answer(&reply, query->bytes, query->length, DNS_NOERROR);
	dns_ptr(&reply, "www.example", 600);
	fake_dns_reply(query, &reply);
}

static void start(fake_dns_handler *handler)
{
	char address[32], *items[] = {address};
	struct wc_texts servers = {.items = items, .count = 1};
	struct wc_names_settings settings = {.servers = &servers, .milliseconds = 60000};
	struct wc_error error;

	server = fake_dns_start(handler, NULL);
	snprintf(address, sizeof(address), "%s", fake_dns_address(server));
	ck_assert_msg(!wc_names_open(&names, &settings, &error), "%s", error.text);
}

static void ask(unsigned count)
{
	struct wc_address address;

	for (unsigned i = 0; i < count; i++) {
		address = wc_address_v4((uint8_t[]){10, 0, (uint8_t)(i >> 8), (uint8_t)i});
		wc_names_ask(names, &address);
	}
}

START_TEST(at_most_20_in_a_second)
{
	const struct fake_dns_entry *log;
	int64_t begin = fake_dns_clock();

	start(prompt);
	ask(100);
	ck_assert(wc_names_wait(names, 60000));
	wc_names_free(names);
	ck_assert_uint_eq(fake_dns_stop(server), 100);
	log = fake_dns_log(server);
	/* Before each question there was a twentieth of a second for each one before it. */
	for (int i = 0; i < 100; i++)
		ck_assert_int_ge(log[i].milliseconds - begin, i * 1000 / 20);
	fake_dns_free(server);
}
END_TEST

START_TEST(at_most_64_are_open)
{
	start(silent);
	ask(200);
	do {
		usleep(10000);
		wc_names_stats(names, &stats);
	} while (stats.sent < 64);
	/* Time for ten more. */
	usleep(500000);
	wc_names_stats(names, &stats);
	ck_assert_uint_eq(stats.sent, 64);
	ck_assert_uint_eq(stats.entries, 200);
	/* Does not wait for the answers, which have a minute. */
	wc_names_free(names);
	ck_assert_uint_eq(fake_dns_stop(server), 64);
	fake_dns_free(server);
}
END_TEST

/* If one of these calls waited for the thread, this would not end. */
START_TEST(a_stuck_thread_holds_nobody_up)
{
	struct wc_address first = wc_address_v4((uint8_t[]){10, 0, 0, 0});
	struct wc_name_list list;

	start(prompt);
	pthread_mutex_lock(&gate);
	ask(1);
	while (!atomic_load(&stuck))
		usleep(1000);
	for (unsigned round = 0; round < 10; round++) {
		ask(10000);
		ck_assert_uint_eq(wc_names_find(names, &first, &list), 0);
	}
	wc_names_stats(names, &stats);
	ck_assert_uint_eq(stats.sent, 1);
	/* One is out, and the queue is full. */
	ck_assert_uint_eq(stats.entries, 1 + 1024);
	ck_assert_uint_eq(stats.turned, 10 * (10000 - 1 - 1024));
	ck_assert(!wc_names_wait(names, 1));
	pthread_mutex_unlock(&gate);
	while (!wc_names_find(names, &first, &list))
		usleep(1000);
	ck_assert_str_eq(list.name[0], "www.example");
	wc_names_free(names);
	fake_dns_stop(server);
	fake_dns_free(server);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		at_most_20_in_a_second,
		at_most_64_are_open,
		a_stuck_thread_holds_nobody_up,
		NULL,
	};

	return suite_run("resolver", tests, 120);
}

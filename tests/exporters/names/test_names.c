/* The whole of it against a server on loopback: rows 30 to 35 of the ancestor, and hostile answers.
 */
#include "names.h"

#include <stdio.h>
#include <string.h>

#include "dns_message.h"
#include "fake_dns.h"
#include "hostile.h"
#include "suite.h"
#include "wirecensus/address.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define PATIENCE 60000 /* ms; a watchdog */
#define SERVERS  2

/* How long an answer is waited for, in ms. */
#define ANSWERED   (10 * PATIENCE) /* where each question has one: however slow the machine is */
#define UNANSWERED 300             /* where none has */
#define EITHER     2000

static struct fake_dns *server[SERVERS];
static struct wc_names *names;
static struct wc_name_list list;
static struct wc_names_stats stats;
static struct dns_message reply; /* the servers' threads', when only one of them answers */

static struct wc_address host(unsigned number)
{
	return wc_address_v4((uint8_t[]){198, 51, 100, (uint8_t)number});
}

/* Opens names on @count servers, each of which is waited for so long. */
static void open_names(size_t count, unsigned milliseconds)
{
	char address[SERVERS][32], *items[SERVERS];
	struct wc_texts servers = {.items = items, .count = count};
	struct wc_names_settings settings = {.servers = &servers, .milliseconds = milliseconds};
	struct wc_error error;

	for (size_t i = 0; i < count; i++) {
		snprintf(address[i], sizeof(address[i]), "%s", fake_dns_address(server[i]));
		items[i] = address[i];
	}
	ck_assert_msg(!wc_names_open(&names, &settings, &error), "%s", error.text);
}

/* Asks for @number and waits for what comes of it. Returns the count in the list. */
static size_t learn(unsigned number)
{
	struct wc_address address = host(number);

	wc_names_ask(names, &address);
	ck_assert(wc_names_wait(names, PATIENCE));
	wc_names_stats(names, &stats);
	return wc_names_find(names, &address, &list);
}

static void close_all(size_t count)
{
	wc_names_free(names);
	for (size_t i = 0; i < count; i++) {
		fake_dns_stop(server[i]);
		fake_dns_free(server[i]);
	}
}

/* Handlers. @arg is the server's number, where it matters. */

static void silent(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	(void)query;
}

static void with_names(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	dns_answer(&reply, query->bytes, query->length, DNS_NOERROR);
	dns_ptr(&reply, "h2.example.com", 600);
	dns_ptr(&reply, "H2b.example.com", 900);
	fake_dns_reply(query, &reply);
}

static void with_rcode(void *arg, const struct fake_dns_query *query)
{
	const unsigned *rcode = arg;

	dns_answer(&reply, query->bytes, query->length, *rcode);
	fake_dns_reply(query, &reply);
}

static void nxdomain(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	dns_answer(&reply, query->bytes, query->length, DNS_NXDOMAIN);
	if (query->host == 2)
		dns_cname(&reply, "2.0/25.100.51.198.in-addr.arpa", 600);
	dns_soa(&reply, "ns.dialtoneinternet.net", 11571);
	fake_dns_reply(query, &reply);
}

START_TEST(names_are_learned_and_kept)
{
	server[0] = fake_dns_start(with_names, NULL);
	open_names(1, ANSWERED);
	ck_assert_uint_eq(learn(1), 2);
	ck_assert_str_eq(list.name[0], "h2.example.com");
	ck_assert_str_eq(list.name[1], "H2b.example.com");
	ck_assert_uint_eq(learn(1), 2);
	ck_assert_uint_eq(stats.sent, 1);
	ck_assert_uint_eq(stats.answered, 1);
	ck_assert_uint_eq(stats.entries, 1);
	close_all(1);
}
END_TEST

START_TEST(addresses_of_both_families_are_asked_for)
{
	struct wc_address six;

	server[0] = fake_dns_start(with_names, NULL);
	open_names(1, ANSWERED);
	ck_assert_int_eq(wc_address_parse(&six, "2001:db8::7", NULL), 0);
	wc_names_ask(names, &six);
	ck_assert(wc_names_wait(names, PATIENCE));
	ck_assert_uint_eq(wc_names_find(names, &six, &list), 2);
	/* No address is never asked for. */
	six.version = 0;
	wc_names_ask(names, &six);
	wc_names_stats(names, &stats);
	ck_assert_uint_eq(stats.entries, 1);
	wc_names_free(names);
	ck_assert_uint_eq(fake_dns_stop(server[0]), 1);
	ck_assert_uint_eq(fake_dns_log(server[0])[0].host, 7);
	fake_dns_free(server[0]);
}
END_TEST

START_TEST(missing_names_name_their_zone)
{
	server[0] = fake_dns_start(nxdomain, NULL);
	open_names(1, ANSWERED);
	for (unsigned number = 1; number <= 2; number++) {
		ck_assert_uint_eq(learn(number), 1);
		ck_assert_str_eq(list.name[0], ":ns.dialtoneinternet.net");
	}
	ck_assert_uint_eq(stats.sent, 2);
	close_all(1);
}
END_TEST

/* Three questions for three packets of one batch are one; without an answer it is repeated twice.
 */
START_TEST(a_silent_server_is_asked_three_times)
{
	struct wc_address one = host(1);

	server[0] = fake_dns_start(silent, NULL);
	open_names(1, UNANSWERED);
	wc_names_ask(names, &one);
	wc_names_ask(names, &one);
	ck_assert_uint_eq(learn(1), 0);
	ck_assert_uint_eq(stats.sent, WC_NAMES_ATTEMPTS);
	ck_assert_uint_eq(stats.silent, 1);
	/* Remembered as nameless. */
	ck_assert_uint_eq(learn(1), 0);
	ck_assert_uint_eq(stats.sent, WC_NAMES_ATTEMPTS);
	wc_names_free(names);
	ck_assert_uint_eq(fake_dns_stop(server[0]), WC_NAMES_ATTEMPTS);
	fake_dns_free(server[0]);
}
END_TEST

START_TEST(errors_and_no_data_are_asked_three_times)
{
	static unsigned rcodes[] = {DNS_SERVFAIL, DNS_REFUSED, DNS_NOERROR};

	for (size_t i = 0; i < 3; i++) {
		server[0] = fake_dns_start(with_rcode, &rcodes[i]);
		open_names(1, ANSWERED);
		ck_assert_uint_eq(learn(1), 0);
		ck_assert_uint_eq(learn(1), 0);
		ck_assert_uint_eq(stats.sent, WC_NAMES_ATTEMPTS);
		ck_assert_uint_eq(stats.silent, rcodes[i] != DNS_NOERROR);
		ck_assert_uint_eq(stats.answered, rcodes[i] == DNS_NOERROR);
		close_all(1);
	}
}
END_TEST

START_TEST(the_next_server_is_asked)
{
	server[0] = fake_dns_start(silent, NULL);
	server[1] = fake_dns_start(with_names, NULL);
	open_names(2, EITHER);
	ck_assert_uint_eq(learn(1), 2);
	ck_assert_uint_eq(stats.sent, 2);
	/* The one that answered is asked first from now on. */
	ck_assert_uint_eq(learn(2), 2);
	ck_assert_uint_eq(stats.sent, 3);
	wc_names_free(names);
	ck_assert_uint_eq(fake_dns_stop(server[0]), 1);
	ck_assert_uint_eq(fake_dns_stop(server[1]), 2);
	fake_dns_free(server[0]);
	fake_dns_free(server[1]);
}
END_TEST

/* But for the refusal, the first would be waited for longer than the watchdog waits. */
START_TEST(a_closed_port_delays_nothing)
{
	server[0] = fake_dns_start(silent, NULL);
	server[1] = fake_dns_start(with_names, NULL);
	open_names(2, ANSWERED);
	fake_dns_stop(server[0]);
	ck_assert_uint_eq(learn(1), 2);
	ck_assert_uint_eq(stats.sent, 2);
	wc_names_free(names);
	fake_dns_stop(server[1]);
	fake_dns_free(server[0]);
	fake_dns_free(server[1]);
}
END_TEST

/* Forged answers come before the true one; @query->host says how they are wrong. */
static void forged_first(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	dns_answer(&reply, query->bytes, query->length, DNS_NOERROR);
	dns_ptr(&reply, "forged.example", 600);
	if (query->host == 1) {
		fake_dns_forge(query, &reply);
	} else if (query->host == 2) {
		reply.bytes[1] ^= 1;
		fake_dns_reply(query, &reply);
	} else {
		reply.bytes[DNS_QUESTION + 1] = '9';
		fake_dns_reply(query, &reply);
	}
	if (query->host <= 3)
		with_names(NULL, query);
}

START_TEST(forged_answers_are_not_taken)
{
	server[0] = fake_dns_start(forged_first, NULL);
	open_names(1, ANSWERED);
	for (unsigned number = 1; number <= 3; number++) {
		ck_assert_uint_eq(learn(number), 2);
		ck_assert_str_eq(list.name[0], "h2.example.com");
	}
	/* Nothing but a forged one. */
	wc_names_free(names);
	open_names(1, UNANSWERED);
	ck_assert_uint_eq(learn(4), 0);
	close_all(1);
}
END_TEST

START_TEST(every_question_has_its_own_port_and_id)
{
	const struct fake_dns_entry *log;
	unsigned same_port = 0, next_id = 0;
	struct wc_address address;

	server[0] = fake_dns_start(with_names, NULL);
	open_names(1, ANSWERED);
	for (unsigned number = 1; number <= 40; number++) {
		address = host(number);
		wc_names_ask(names, &address);
	}
	ck_assert(wc_names_wait(names, PATIENCE));
	wc_names_free(names);
	ck_assert_uint_eq(fake_dns_stop(server[0]), 40);
	log = fake_dns_log(server[0]);
	for (size_t i = 1; i < 40; i++) {
		same_port += log[i].port == log[i - 1].port;
		next_id += (uint16_t)(log[i].id - log[i - 1].id) <= 1;
	}
	/* Chance repeats one of 39 now and then, and never ten. */
	ck_assert_uint_lt(same_port, 10);
	ck_assert_uint_lt(next_id, 10);
	fake_dns_free(server[0]);
}
END_TEST

/* 40 names of 250 characters: cut over UDP, whole over TCP. */
static void forty_names(void *arg, const struct fake_dns_query *query)
{
	char name[251];

	(void)arg;
	dns_answer(&reply, query->bytes, query->length, DNS_NOERROR);
	for (unsigned i = 0; i < (query->tcp ? 40 : 1); i++) {
		memset(name, 'a', 250);
		name[63] = name[127] = name[191] = '.';
		name[249] = (char)('a' + i % 26);
		name[248] = (char)('a' + i / 26);
		name[250] = '\0';
		dns_ptr(&reply, name, 600);
	}
	if (!query->tcp)
		reply.bytes[2] |= DNS_TC;
	fake_dns_reply(query, &reply);
}

START_TEST(long_answers_come_over_tcp)
{
	server[0] = fake_dns_start(forty_names, NULL);
	open_names(1, ANSWERED);
	ck_assert_uint_eq(learn(1), WC_NAMES_MAX);
	for (size_t i = 0; i < WC_NAMES_MAX; i++) {
		ck_assert_uint_eq(strlen(list.name[i]), 250);
		ck_assert_int_eq(list.name[i][249], 'a' + (int)i);
	}
	ck_assert_uint_eq(stats.sent, 2);
	ck_assert_uint_eq(stats.bytes, WC_NAMES_MAX * 251);
	close_all(1);
}
END_TEST

static void always_cut(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	dns_answer(&reply, query->bytes, query->length, DNS_NOERROR);
	dns_ptr(&reply, "half.example", 600);
	reply.bytes[2] |= DNS_TC;
	fake_dns_reply(query, &reply);
}

START_TEST(answers_cut_for_ever_are_given_up)
{
	server[0] = fake_dns_start(always_cut, NULL);
	open_names(1, ANSWERED);
	ck_assert_uint_eq(learn(1), 0);
	ck_assert_uint_eq(stats.sent, WC_NAMES_ATTEMPTS);
	ck_assert_uint_eq(stats.silent, 1);
	close_all(1);
}
END_TEST

/* Each twice, as a network may. */
static void hostile(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	dns_answer(&reply, query->bytes, query->length, DNS_NOERROR);
	hostile_answers[query->host].build(&reply);
	fake_dns_reply(query, &reply);
	fake_dns_reply(query, &reply);
}

START_TEST(hostile_answers_leave_clean_names_or_none)
{
	struct wc_address address;

	server[0] = fake_dns_start(hostile, NULL);
	open_names(1, EITHER);
	for (unsigned i = 0; i < hostile_count; i++) {
		address = host(i);
		wc_names_ask(names, &address);
	}
	ck_assert(wc_names_wait(names, PATIENCE));
	for (unsigned i = 0; i < hostile_count; i++) {
		address = host(i);
		wc_names_find(names, &address, &list);
		hostile_expect(&hostile_answers[i], &list);
	}
	wc_names_stats(names, &stats);
	ck_assert_uint_eq(stats.answered + stats.silent, hostile_count);
	ck_assert_uint_gt(stats.dropped, 20);
	ck_assert_uint_gt(stats.malformed, 3);
	close_all(1);
}
END_TEST

START_TEST(a_wrong_server_is_refused)
{
	char text[] = "resolver.example", *items[] = {text};
	struct wc_texts servers = {.items = items, .count = 1};
	struct wc_names_settings settings = {.servers = &servers};
	struct wc_error error;

	ck_assert_int_eq(wc_names_open(&names, &settings, &error), WC_INVALID);
	ck_assert_ptr_nonnull(strstr(error.text, "'resolver.example'"));
	wc_names_free(NULL);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		names_are_learned_and_kept,
		addresses_of_both_families_are_asked_for,
		missing_names_name_their_zone,
		a_silent_server_is_asked_three_times,
		errors_and_no_data_are_asked_three_times,
		the_next_server_is_asked,
		a_closed_port_delays_nothing,
		forged_answers_are_not_taken,
		every_question_has_its_own_port_and_id,
		long_answers_come_over_tcp,
		answers_cut_for_ever_are_given_up,
		hostile_answers_leave_clean_names_or_none,
		a_wrong_server_is_refused,
		NULL,
	};

	return suite_run("names", tests, 120);
}

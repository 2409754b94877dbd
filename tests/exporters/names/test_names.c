/* Names from a server on loopback: rows 30 to 35 of the ancestor. */
#include <check.h>
#include <string.h>

#include "names_bed.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* Handlers. @arg is the server's number, where it matters. */

static void silent(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	(void)query;
}

static void with_rcode(void *arg, const struct fake_dns_query *query)
{
	const unsigned *rcode = arg;

	dns_answer(&bed.reply, query->bytes, query->length, *rcode);
	fake_dns_reply(query, &bed.reply);
}

static void nxdomain(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	dns_answer(&bed.reply, query->bytes, query->length, DNS_NXDOMAIN);
	if (query->host == 2)
		dns_cname(&bed.reply, "2.0/25.100.51.198.in-addr.arpa", 600);
	dns_soa(&bed.reply, "ns.dialtoneinternet.net", 11571);
	fake_dns_reply(query, &bed.reply);
}

START_TEST(names_are_learned_and_kept)
{
	bed.server[0] = fake_dns_start(bed_with_names, NULL);
	bed_open(1, ANSWERED);
	ck_assert_uint_eq(bed_learn(1), 2);
	ck_assert_str_eq(bed.list.name[0], "h2.example.com");
	ck_assert_str_eq(bed.list.name[1], "H2b.example.com");
	ck_assert_uint_eq(bed_learn(1), 2);
	ck_assert_uint_eq(bed.stats.sent, 1);
	ck_assert_uint_eq(bed.stats.answered, 1);
	ck_assert_uint_eq(bed.stats.entries, 1);
	bed_close(1);
}
END_TEST

START_TEST(addresses_of_both_families_are_asked_for)
{
	struct wc_address six;

	bed.server[0] = fake_dns_start(bed_with_names, NULL);
	bed_open(1, ANSWERED);
	ck_assert_int_eq(wc_address_parse(&six, "2001:db8::7", NULL), 0);
	wc_names_ask(bed.names, &six);
	ck_assert(wc_names_wait(bed.names, PATIENCE));
	ck_assert_uint_eq(wc_names_find(bed.names, &six, &bed.list), 2);
	/* No address is never asked for. */
	six.version = 0;
	wc_names_ask(bed.names, &six);
	wc_names_stats(bed.names, &bed.stats);
	ck_assert_uint_eq(bed.stats.entries, 1);
	wc_names_free(bed.names);
	ck_assert_uint_eq(fake_dns_stop(bed.server[0]), 1);
	ck_assert_uint_eq(fake_dns_log(bed.server[0])[0].host, 7);
	fake_dns_free(bed.server[0]);
}
END_TEST

START_TEST(missing_names_name_their_zone)
{
	bed.server[0] = fake_dns_start(nxdomain, NULL);
	bed_open(1, ANSWERED);
	for (unsigned number = 1; number <= 2; number++) {
		ck_assert_uint_eq(bed_learn(number), 1);
		ck_assert_str_eq(bed.list.name[0], ":ns.dialtoneinternet.net");
	}
	ck_assert_uint_eq(bed.stats.sent, 2);
	bed_close(1);
}
END_TEST

/* Three questions for three packets of one batch are one; without an answer it is repeated twice.
 */
START_TEST(a_silent_server_is_asked_three_times)
{
	struct wc_address one = bed_host(1);

	bed.server[0] = fake_dns_start(silent, NULL);
	bed_open(1, UNANSWERED);
	wc_names_ask(bed.names, &one);
	wc_names_ask(bed.names, &one);
	ck_assert_uint_eq(bed_learn(1), 0);
	ck_assert_uint_eq(bed.stats.sent, WC_NAMES_ATTEMPTS);
	ck_assert_uint_eq(bed.stats.silent, 1);
	/* Remembered as nameless. */
	ck_assert_uint_eq(bed_learn(1), 0);
	ck_assert_uint_eq(bed.stats.sent, WC_NAMES_ATTEMPTS);
	wc_names_free(bed.names);
	ck_assert_uint_eq(fake_dns_stop(bed.server[0]), WC_NAMES_ATTEMPTS);
	fake_dns_free(bed.server[0]);
}
END_TEST

START_TEST(errors_and_no_data_are_asked_three_times)
{
	static unsigned rcodes[] = {DNS_SERVFAIL, DNS_REFUSED, DNS_NOERROR};

	for (size_t i = 0; i < 3; i++) {
		bed.server[0] = fake_dns_start(with_rcode, &rcodes[i]);
		bed_open(1, ANSWERED);
		ck_assert_uint_eq(bed_learn(1), 0);
		ck_assert_uint_eq(bed_learn(1), 0);
		ck_assert_uint_eq(bed.stats.sent, WC_NAMES_ATTEMPTS);
		ck_assert_uint_eq(bed.stats.silent, rcodes[i] != DNS_NOERROR);
		ck_assert_uint_eq(bed.stats.answered, rcodes[i] == DNS_NOERROR);
		bed_close(1);
	}
}
END_TEST

START_TEST(the_next_server_is_asked)
{
	bed.server[0] = fake_dns_start(silent, NULL);
	bed.server[1] = fake_dns_start(bed_with_names, NULL);
	bed_open(2, EITHER);
	ck_assert_uint_eq(bed_learn(1), 2);
	ck_assert_uint_eq(bed.stats.sent, 2);
	/* The one that answered is asked first from now on. */
	ck_assert_uint_eq(bed_learn(2), 2);
	ck_assert_uint_eq(bed.stats.sent, 3);
	wc_names_free(bed.names);
	ck_assert_uint_eq(fake_dns_stop(bed.server[0]), 1);
	ck_assert_uint_eq(fake_dns_stop(bed.server[1]), 2);
	fake_dns_free(bed.server[0]);
	fake_dns_free(bed.server[1]);
}
END_TEST

/* But for the refusal, the first would be waited for longer than the watchdog waits. */
START_TEST(a_closed_port_delays_nothing)
{
	bed.server[0] = fake_dns_start(silent, NULL);
	bed.server[1] = fake_dns_start(bed_with_names, NULL);
	bed_open(2, ANSWERED);
	fake_dns_stop(bed.server[0]);
	ck_assert_uint_eq(bed_learn(1), 2);
	ck_assert_uint_eq(bed.stats.sent, 2);
	wc_names_free(bed.names);
	fake_dns_stop(bed.server[1]);
	fake_dns_free(bed.server[0]);
	fake_dns_free(bed.server[1]);
}
END_TEST

START_TEST(a_wrong_server_is_refused)
{
	char text[] = "resolver.example", *items[] = {text};
	struct wc_texts servers = {.items = items, .count = 1};
	struct wc_names_settings settings = {.servers = &servers};
	struct wc_error error;

	ck_assert_int_eq(wc_names_open(&bed.names, &settings, &error), WC_INVALID);
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
		a_wrong_server_is_refused,
		NULL,
	};

	return suite_run("names", tests, 120);
}

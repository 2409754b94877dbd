/* Answers that are forged, cut short, or meant to do harm. */
#include <check.h>
#include <string.h>

#include "hostile.h"
#include "names_bed.h"
#include "suite.h"

/* Forged answers come before the true one; @query->host says how they are wrong. */
static void forged_first(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	dns_answer(&bed.reply, query->bytes, query->length, DNS_NOERROR);
	dns_ptr(&bed.reply, "forged.example", 600);
	if (query->host == 1) {
		fake_dns_forge(query, &bed.reply);
	} else if (query->host == 2) {
		bed.reply.bytes[1] ^= 1;
		fake_dns_reply(query, &bed.reply);
	} else {
		bed.reply.bytes[DNS_QUESTION + 1] = '9';
		fake_dns_reply(query, &bed.reply);
	}
	if (query->host <= 3)
		bed_with_names(NULL, query);
}

START_TEST(forged_answers_are_not_taken)
{
	bed.server[0] = fake_dns_start(forged_first, NULL);
	bed_open(1, ANSWERED);
	for (unsigned number = 1; number <= 3; number++) {
		ck_assert_uint_eq(bed_learn(number), 2);
		ck_assert_str_eq(bed.list.name[0], "h2.example.com");
	}
	/* Nothing but a forged one. */
	wc_names_free(bed.names);
	bed_open(1, UNANSWERED);
	ck_assert_uint_eq(bed_learn(4), 0);
	bed_close(1);
}
END_TEST

START_TEST(every_question_has_its_own_port_and_id)
{
	const struct fake_dns_entry *log;
	unsigned same_port = 0, next_id = 0;
	struct wc_address address;

	bed.server[0] = fake_dns_start(bed_with_names, NULL);
	bed_open(1, ANSWERED);
	for (unsigned number = 1; number <= 40; number++) {
		address = bed_host(number);
		wc_names_ask(bed.names, &address);
	}
	ck_assert(wc_names_wait(bed.names, PATIENCE));
	wc_names_free(bed.names);
	ck_assert_uint_eq(fake_dns_stop(bed.server[0]), 40);
	log = fake_dns_log(bed.server[0]);
	for (size_t i = 1; i < 40; i++) {
		same_port += log[i].port == log[i - 1].port;
		next_id += (uint16_t)(log[i].id - log[i - 1].id) <= 1;
	}
	/* Chance repeats one of 39 now and then, and never ten. */
	ck_assert_uint_lt(same_port, 10);
	ck_assert_uint_lt(next_id, 10);
	fake_dns_free(bed.server[0]);
}
END_TEST

/* 40 names of 250 characters: cut over UDP, whole over TCP. */
static void forty_names(void *arg, const struct fake_dns_query *query)
{
	char name[251];

	(void)arg;
	dns_answer(&bed.reply, query->bytes, query->length, DNS_NOERROR);
	for (unsigned i = 0; i < (query->tcp ? 40 : 1); i++) {
		memset(name, 'a', 250);
		name[63] = name[127] = name[191] = '.';
		name[249] = (char)('a' + i % 26);
		name[248] = (char)('a' + i / 26);
		name[250] = '\0';
		dns_ptr(&bed.reply, name, 600);
	}
	if (!query->tcp)
		bed.reply.bytes[2] |= DNS_TC;
	fake_dns_reply(query, &bed.reply);
}

START_TEST(long_answers_come_over_tcp)
{
	bed.server[0] = fake_dns_start(forty_names, NULL);
	bed_open(1, ANSWERED);
	ck_assert_uint_eq(bed_learn(1), WC_NAMES_MAX);
	for (size_t i = 0; i < WC_NAMES_MAX; i++) {
		ck_assert_uint_eq(strlen(bed.list.name[i]), 250);
		ck_assert_int_eq(bed.list.name[i][249], 'a' + (int)i);
	}
	ck_assert_uint_eq(bed.stats.sent, 2);
	ck_assert_uint_eq(bed.stats.bytes, WC_NAMES_MAX * 251);
	bed_close(1);
}
END_TEST

static void always_cut(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	dns_answer(&bed.reply, query->bytes, query->length, DNS_NOERROR);
	dns_ptr(&bed.reply, "half.example", 600);
	bed.reply.bytes[2] |= DNS_TC;
	fake_dns_reply(query, &bed.reply);
}

START_TEST(answers_cut_for_ever_are_given_up)
{
	bed.server[0] = fake_dns_start(always_cut, NULL);
	bed_open(1, ANSWERED);
	ck_assert_uint_eq(bed_learn(1), 0);
	ck_assert_uint_eq(bed.stats.sent, WC_NAMES_ATTEMPTS);
	ck_assert_uint_eq(bed.stats.silent, 1);
	bed_close(1);
}
END_TEST

/* Each twice, as a network may. */
static void hostile(void *arg, const struct fake_dns_query *query)
{
	(void)arg;
	dns_answer(&bed.reply, query->bytes, query->length, DNS_NOERROR);
	hostile_answers[query->host].build(&bed.reply);
	fake_dns_reply(query, &bed.reply);
	fake_dns_reply(query, &bed.reply);
}

START_TEST(hostile_answers_leave_clean_names_or_none)
{
	struct wc_address address;

	bed.server[0] = fake_dns_start(hostile, NULL);
	bed_open(1, EITHER);
	for (unsigned i = 0; i < hostile_count; i++) {
		address = bed_host(i);
		wc_names_ask(bed.names, &address);
	}
	ck_assert(wc_names_wait(bed.names, PATIENCE));
	for (unsigned i = 0; i < hostile_count; i++) {
		address = bed_host(i);
		wc_names_find(bed.names, &address, &bed.list);
		hostile_expect(&hostile_answers[i], &bed.list);
	}
	wc_names_stats(bed.names, &bed.stats);
	ck_assert_uint_eq(bed.stats.answered + bed.stats.silent, hostile_count);
	ck_assert_uint_gt(bed.stats.dropped, 20);
	ck_assert_uint_gt(bed.stats.malformed, 3);
	bed_close(1);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		forged_answers_are_not_taken,
		every_question_has_its_own_port_and_id,
		long_answers_come_over_tcp,
		answers_cut_for_ever_are_given_up,
		hostile_answers_leave_clean_names_or_none,
		NULL,
	};

	return suite_run("names_hostile", tests, 120);
}

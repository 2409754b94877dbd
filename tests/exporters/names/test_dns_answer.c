/* Rows 30 to 33 of the ancestor, times to live, and bytes that strangers wrote. */
#include "dns_answer.h"

#include <stdlib.h>
#include <string.h>

#include "dns_message.h"
#include "hostile.h"
#include "suite.h"

static struct dns_message question, message;
static struct wc_dns_answer answer;

static void start(unsigned rcode)
{
	dns_ask(&question, 9464, "76.20.33.66.in-addr.arpa");
	dns_answer(&message, question.bytes, question.length, rcode);
}

static enum wc_dns_answer_verdict read_message(void)
{
	return wc_dns_answer_read(message.bytes, message.length, &answer);
}

START_TEST(names_keep_their_order_and_case)
{
	start(DNS_NOERROR);
	dns_ptr(&message, "h2.example.com", 600);
	dns_ptr(&message, "H2b.example.com", 900);
	ck_assert_int_eq(read_message(), WC_DNS_NAMES);
	ck_assert_uint_eq(answer.names.count, 2);
	ck_assert_str_eq(answer.names.name[0], "h2.example.com");
	ck_assert_str_eq(answer.names.name[1], "H2b.example.com");
	ck_assert_uint_eq(wc_dns_answer_seconds(&answer, true), 900);
	ck_assert_uint_eq(wc_dns_answer_seconds(&answer, false), 600);
}
END_TEST

START_TEST(a_missing_name_names_the_zone)
{
	start(DNS_NXDOMAIN);
	dns_soa(&message, "ns.dialtoneinternet.net", 11571);
	ck_assert_int_eq(read_message(), WC_DNS_NO_DOMAIN);
	ck_assert_uint_eq(answer.names.count, 1);
	ck_assert_str_eq(answer.names.name[0], ":ns.dialtoneinternet.net");
	ck_assert_uint_eq(wc_dns_answer_seconds(&answer, true), 11571);
	ck_assert_uint_eq(wc_dns_answer_seconds(&answer, false), 11571);
}
END_TEST

START_TEST(a_delegated_name_may_be_missing)
{
	start(DNS_NXDOMAIN);
	dns_cname(&message, "76.64/26.20.33.66.in-addr.arpa", 300);
	dns_soa(&message, "ns.example.net", 3600);
	ck_assert_int_eq(read_message(), WC_DNS_NO_DOMAIN);
	ck_assert_uint_eq(answer.names.count, 1);
	ck_assert_str_eq(answer.names.name[0], ":ns.example.net");
	ck_assert_uint_eq(wc_dns_answer_seconds(&answer, false), 3600);
}
END_TEST

START_TEST(the_longest_server_has_its_colon)
{
	char expected[WC_NAME_SIZE] = ":";

	start(DNS_NXDOMAIN);
	dns_soa(&message, hostile_longest, 3600);
	ck_assert_int_eq(read_message(), WC_DNS_NO_DOMAIN);
	ck_assert_str_eq(answer.names.name[0], strcat(expected, hostile_longest));
}
END_TEST

START_TEST(reverse_names_count_when_there_is_no_other)
{
	start(DNS_NOERROR);
	dns_ptr(&message, "1.0.0.10.in-addr.arpa", 600);
	dns_ptr(&message, "real.example.com", 600);
	dns_ptr(&message, "0.8.b.d.0.1.0.0.2.IP6.ARPA", 600);
	ck_assert_int_eq(read_message(), WC_DNS_NAMES);
	ck_assert_uint_eq(answer.names.count, 1);
	ck_assert_str_eq(answer.names.name[0], "real.example.com");

	start(DNS_NOERROR);
	dns_ptr(&message, "1.0.0.10.in-addr.arpa", 600);
	ck_assert_int_eq(read_message(), WC_DNS_NAMES);
	ck_assert_uint_eq(answer.names.count, 1);
	ck_assert_str_eq(answer.names.name[0], "1.0.0.10.in-addr.arpa");
}
END_TEST

START_TEST(names_are_read_through_pointers)
{
	start(DNS_NOERROR);
	dns_ptr(&message, "a.example.com", 600);
	/* "b" and a pointer to "example.com" in the first target. */
	dns_record(&message, DNS_ANSWERS, DNS_PTR, 600,
		   (uint8_t[]){1, 'b', 0xc0, (uint8_t)(question.length + 12 + 2)}, 4);
	ck_assert_int_eq(read_message(), WC_DNS_NAMES);
	ck_assert_uint_eq(answer.names.count, 2);
	ck_assert_str_eq(answer.names.name[1], "b.example.com");
	ck_assert_uint_eq(answer.dropped, 0);
}
END_TEST

START_TEST(no_data_holds_as_long_as_the_zone_says)
{
	start(DNS_NOERROR);
	dns_soa(&message, "ns.example.net", 1800);
	ck_assert_int_eq(read_message(), WC_DNS_NO_DATA);
	ck_assert_uint_eq(answer.names.count, 0);
	ck_assert_uint_eq(wc_dns_answer_seconds(&answer, false), 1800);
}
END_TEST

/* Seconds that one name with this time to live is kept for. */
static unsigned kept(uint32_t ttl)
{
	start(DNS_NOERROR);
	dns_ptr(&message, "www.example", ttl);
	ck_assert_int_eq(read_message(), WC_DNS_NAMES);
	return wc_dns_answer_seconds(&answer, false);
}

START_TEST(times_to_live_are_bounded)
{
	ck_assert_uint_eq(kept(0), 60);
	ck_assert_uint_eq(kept(59), 60);
	ck_assert_uint_eq(kept(61), 61);
	ck_assert_uint_eq(kept(86400), 86400);
	ck_assert_uint_eq(kept(86401), 86400);
	ck_assert_uint_eq(kept(0x7fffffff), 86400);
	/* RFC 2181, 8. */
	ck_assert_uint_eq(kept(0x80000000), 60);
	ck_assert_uint_eq(kept(0xffffffff), 60);
}
END_TEST

START_TEST(what_has_no_name_is_kept_longer)
{
	start(DNS_NXDOMAIN);
	dns_soa(&message, "ns.example.net", 10);
	read_message();
	ck_assert_uint_eq(wc_dns_answer_seconds(&answer, false), 300);
	start(DNS_NXDOMAIN);
	read_message();
	ck_assert_uint_eq(wc_dns_answer_seconds(&answer, false), 300);
}
END_TEST

START_TEST(errors_and_truncation_are_told_apart)
{
	start(DNS_SERVFAIL);
	ck_assert_int_eq(read_message(), WC_DNS_REFUSED);
	start(DNS_REFUSED);
	ck_assert_int_eq(read_message(), WC_DNS_REFUSED);
	start(DNS_NOERROR);
	message.bytes[2] |= DNS_TC;
	dns_ptr(&message, "half.example", 600);
	ck_assert_int_eq(read_message(), WC_DNS_TRUNCATED);
	ck_assert_uint_eq(answer.names.count, 0);
}
END_TEST

START_TEST(another_question_is_no_answer)
{
	start(DNS_NOERROR);
	dns_ptr(&message, "www.example", 600);
	dns_set_count(&message, DNS_QUESTIONS, 2);
	ck_assert_int_eq(read_message(), WC_DNS_MALFORMED);
	dns_set_count(&message, DNS_QUESTIONS, 0);
	ck_assert_int_eq(read_message(), WC_DNS_MALFORMED);
	dns_set_count(&message, DNS_QUESTIONS, 1);
	message.bytes[question.length - 3] = DNS_TXT;
	ck_assert_int_eq(read_message(), WC_DNS_MALFORMED);
}
END_TEST

START_TEST(hostile_answers_leave_clean_names_or_none)
{
	for (size_t i = 0; i < hostile_count; i++) {
		start(DNS_NOERROR);
		hostile_answers[i].build(&message);
		read_message();
		hostile_expect(&hostile_answers[i], &answer.names);
	}
}
END_TEST

/* The bytes stand at the end of memory of their own, so that a sanitizer sees one read too many. */
static enum wc_dns_answer_verdict read_exactly(size_t length)
{
	uint8_t *bytes = malloc(length ? length : 1);
	enum wc_dns_answer_verdict verdict;

	memcpy(bytes, message.bytes, length);
	verdict = wc_dns_answer_read(bytes, length, &answer);
	free(bytes);
	return verdict;
}

START_TEST(every_shorter_message_is_malformed)
{
	start(DNS_NOERROR);
	dns_cname(&message, "1.example", 600);
	dns_ptr(&message, "www.example", 600);
	ck_assert_int_eq(read_exactly(message.length), WC_DNS_NAMES);
	for (size_t length = 0; length < message.length; length++)
		ck_assert_int_eq(read_exactly(length), WC_DNS_MALFORMED);

	start(DNS_NXDOMAIN);
	dns_soa(&message, "ns.example.net", 600);
	ck_assert_int_eq(read_exactly(message.length), WC_DNS_NO_DOMAIN);
	for (size_t length = 0; length < message.length; length++)
		ck_assert_int_eq(read_exactly(length), WC_DNS_MALFORMED);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		names_keep_their_order_and_case,
		a_missing_name_names_the_zone,
		a_delegated_name_may_be_missing,
		the_longest_server_has_its_colon,
		reverse_names_count_when_there_is_no_other,
		names_are_read_through_pointers,
		no_data_holds_as_long_as_the_zone_says,
		times_to_live_are_bounded,
		what_has_no_name_is_kept_longer,
		errors_and_truncation_are_told_apart,
		another_question_is_no_answer,
		hostile_answers_leave_clean_names_or_none,
		every_shorter_message_is_malformed,
		NULL,
	};

	return suite_run("dns_answer", tests, 60);
}

/* Times as people write them, and the spans that they ask for. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "suite.h"
#include "when.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define NS_PER_S INT64_C(1000000000)
#define NOW_NS   (INT64_C(1763726400) * NS_PER_S) /* 2025-11-21T12:00:00Z */

START_TEST(test_forms)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} forms[] = {
		{"2025-11-21T10:30:00Z", 1763721000},
		{"2025-11-21T10:30Z", 1763721000},
		{"2025-11-21 10:30", 1763717400}, /* in an hour east of Greenwich */
		{"2025-11-21 10:30:15", 1763717415},
		{"2025-11-21", 1763679600},
		{"2024-02-29", 1709161200},
		{"10:30", 1763717400},
		{"10:30:15", 1763717415},
		{"@1763721000", 1763721000},
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct wc_error error = {.text = ""};
		int64_t ns;

		ck_assert_msg(!wc_when_parse(&ns, "--since", forms[i].text, NOW_NS, &error), "%s",
			      error.text);
		ck_assert_msg(ns == forms[i].seconds * NS_PER_S, "%s: %lld", forms[i].text,
			      (long long)(ns / NS_PER_S));
	}
}
END_TEST

START_TEST(test_no_forms)
{
	static const char *const texts[] = {"",
					    "now",
					    "yesterday",
					    "2025-13-01",
					    "2026-02-30",
					    "2026-02-29 10:30",
					    "2025-04-31T10:30Z",
					    "@",
					    "@-1",
					    "25:00",
					    "2025-11-21x",
					    "@12x",
					    "10:30 ",
					    "@99999999999999999999"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct wc_error error;
		int64_t ns;

		ck_assert_msg(wc_when_parse(&ns, "--since", texts[i], NOW_NS, &error) == WC_INVALID,
			      "%s", texts[i]);
		ck_assert_ptr_eq(strstr(error.text, "--since: "), error.text);
		ck_assert_ptr_nonnull(strstr(error.text, "@ and seconds since 1970"));
	}
}
END_TEST

START_TEST(test_spans)
{
	char since[] = "10:00", until[] = "11:00", later[] = "2026-01-01";
	struct wc_options options = {.last = 0};
	struct wc_when span;
	struct wc_error error;

	ck_assert(!wc_when_given(&options));
	ck_assert_int_eq(wc_when_span(&span, &options, NOW_NS, 3600, &error), 0);
	ck_assert_int_eq(span.to_ns, NOW_NS);
	ck_assert_int_eq(span.from_ns, NOW_NS - 3600 * NS_PER_S);
	options.last = 60;
	ck_assert(wc_when_given(&options));
	options.until = until;
	ck_assert_int_eq(wc_when_span(&span, &options, NOW_NS, 3600, &error), 0);
	ck_assert_int_eq(span.to_ns, NOW_NS - 2 * 3600 * NS_PER_S);
	ck_assert_int_eq(span.from_ns, span.to_ns - 60 * NS_PER_S);
	options.since = since;
	ck_assert_int_eq(wc_when_span(&span, &options, NOW_NS, 3600, &error), WC_INVALID);
	options.last = 0;
	ck_assert_int_eq(wc_when_span(&span, &options, NOW_NS, 3600, &error), 0);
	ck_assert_int_eq(span.to_ns - span.from_ns, 3600 * NS_PER_S);
	options.since = later;
	ck_assert_int_eq(wc_when_span(&span, &options, NOW_NS, 3600, &error), WC_INVALID);
}
END_TEST

START_TEST(test_steps)
{
	struct wc_when span = {NOW_NS - 3600 * NS_PER_S + 1, NOW_NS};
	struct wc_error error;
	size_t count = 0;

	ck_assert_int_eq(wc_when_step(&span), 60 * NS_PER_S);
	ck_assert_int_eq(wc_when_cut(&span, 60 * NS_PER_S, &count, &error), 0);
	ck_assert_uint_eq(count, 60);
	ck_assert_int_eq(span.from_ns, NOW_NS - 3600 * NS_PER_S);
	ck_assert_int_eq(wc_when_cut(&span, 7 * NS_PER_S, &count, &error), 0);
	ck_assert_int_eq(span.from_ns % (7 * NS_PER_S), 0);
	span.from_ns = NOW_NS - 86400 * NS_PER_S;
	ck_assert_int_eq(wc_when_step(&span), 900 * NS_PER_S);
	ck_assert_int_eq(wc_when_cut(&span, NS_PER_S, &count, &error), WC_INVALID);
	ck_assert_ptr_eq(strstr(error.text, "--step: these are 86400 steps"), error.text);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_forms, test_no_forms, test_spans, test_steps, NULL};

	setenv("TZ", "UTC-1", 1);
	tzset();
	return suite_run("when", tests, 60);
}

#include "when.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define NS_PER_S INT64_C(1000000000)

/* Steps of a span, at most; as many as fit a screen or two. */
#define STEPS_MAX 10000
#define STEPS_FIT 100

/* Seconds that fit into nanoseconds since 1970. */
#define SECONDS_MAX (INT64_MAX / NS_PER_S)

static const struct {
	const char *format;
	bool utc, today;
} forms[] = {
	{"%Y-%m-%dT%H:%M:%SZ", true, false},
	{"%Y-%m-%dT%H:%MZ", true, false},
	{"%Y-%m-%d %H:%M:%S", false, false},
	{"%Y-%m-%d %H:%M", false, false},
	{"%Y-%m-%d", false, false},
	{"%H:%M:%S", false, true},
	{"%H:%M", false, true},
};

/* Is there such a day? To mktime(3), 30 February is 2 March. */
static bool is_day(const struct tm *parts)
{
	struct tm day = {
		.tm_year = parts->tm_year, .tm_mon = parts->tm_mon, .tm_mday = parts->tm_mday};

	timegm(&day);
	return day.tm_mon == parts->tm_mon && day.tm_mday == parts->tm_mday;
}

/* Returns true if @text is all of @form. */
static bool matches(size_t form, const char *text, int64_t now_ns, int64_t *seconds)
{
	struct tm parts = {.tm_isdst = -1};
	time_t now = (time_t)(now_ns / NS_PER_S);
	const char *end;

	if (forms[form].today) {
		localtime_r(&now, &parts);
		parts.tm_sec = 0;
		parts.tm_isdst = -1;
	}
	end = strptime(text, forms[form].format, &parts);
	if (!end || *end || !is_day(&parts))
		return false;
	*seconds = forms[form].utc ? timegm(&parts) : mktime(&parts);
	return *seconds >= 0 && *seconds <= SECONDS_MAX;
}

static bool is_epoch(const char *text, int64_t *seconds)
{
	char *end;

	if (text[0] != '@' || text[1] < '0' || text[1] > '9')
		return false;
	*seconds = strtoll(text + 1, &end, 10);
	return !*end && *seconds <= SECONDS_MAX;
}

int wc_when_parse(int64_t *ns, const char *as, const char *text, int64_t now_ns,
		  struct wc_error *error)
{
	int64_t seconds;
	bool found = is_epoch(text, &seconds);

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms) && !found; i++)
		found = matches(i, text, now_ns, &seconds);
	if (!found)
		return wc_error_set(error, WC_INVALID,
				    "%s: '%s' is no time: write 2025-11-21, '2025-11-21 10:30', "
				    "10:30, in UTC 2025-11-21T10:30:00Z, or @ and seconds since "
				    "1970",
				    as, text);
	*ns = seconds * NS_PER_S;
	return WC_OK;
}

bool wc_when_given(const struct wc_options *options)
{
	return options->last || options->since || options->until;
}

static int judge(const struct wc_when *span, struct wc_error *error)
{
	if (span->from_ns < span->to_ns)
		return WC_OK;
	return wc_error_set(
		error, WC_INVALID,
		"the time that is asked for ends before it begins: --since comes before "
		"--until, and both before now");
}

int wc_when_span(struct wc_when *span, const struct wc_options *options, int64_t now_ns,
		 uint64_t fallback_s, struct wc_error *error)
{
	uint64_t length = options->last ? options->last : fallback_s;
	int status = WC_OK;

	if (options->last && options->since)
		return wc_error_set(error, WC_INVALID,
				    "--last and --since both say when it begins: give one of them");
	span->to_ns = now_ns;
	if (options->until)
		status = wc_when_parse(&span->to_ns, "--until", options->until, now_ns, error);
	span->from_ns = span->to_ns - (int64_t)length * NS_PER_S;
	if (!status && options->since)
		status = wc_when_parse(&span->from_ns, "--since", options->since, now_ns, error);
	return status ? status : judge(span, error);
}

int64_t wc_when_step(const struct wc_when *span)
{
	static const int64_t steps[] = {10, 60, 300, 900, 3600, 21600, 86400};
	int64_t seconds = (span->to_ns - span->from_ns) / NS_PER_S;
	size_t i = 0;

	while (i + 1 < sizeof(steps) / sizeof(*steps) && seconds / steps[i] > STEPS_FIT)
		i++;
	return steps[i] * NS_PER_S;
}

int wc_when_cut(struct wc_when *span, int64_t step_ns, size_t *count, struct wc_error *error)
{
	int64_t steps;

	span->from_ns -= span->from_ns % step_ns;
	steps = (span->to_ns - span->from_ns + step_ns - 1) / step_ns;
	if (steps > STEPS_MAX)
		return wc_error_set(error, WC_INVALID,
				    "--step: these are %lld steps, and more than %d: ask for "
				    "longer ones, or for less time",
				    (long long)steps, STEPS_MAX);
	*count = (size_t)steps;
	return WC_OK;
}

#include "timestamp.h"

#include <stdio.h>
#include <time.h>

#include "buffer.h"

#define NS_PER_S INT64_C(1000000000)

/* Rounds down, so that a time before 1970 keeps a fraction that counts forward. */
static time_t whole_seconds(int64_t ns, int64_t *rest)
{
	int64_t seconds = ns / NS_PER_S;

	*rest = ns % NS_PER_S;
	if (*rest < 0) {
		*rest += NS_PER_S;
		seconds--;
	}
	return (time_t)seconds;
}

/* Writes @width digits and what follows them; returns the end. */
static char *put(char *at, unsigned number, unsigned width, char behind)
{
	for (unsigned i = width; i--; number /= 10)
		at[i] = (char)('0' + number % 10);
	at[width] = behind;
	return at + width + 1;
}

/* Without printf(3), as every conversation and every host has two of them. */
void wc_timestamp_utc(struct wc_buffer *buffer, int64_t ns)
{
	char text[sizeof("2262-04-11T23:47:16.854Z")], *at = text;
	struct tm parts;
	int64_t rest;
	time_t seconds = whole_seconds(ns, &rest);

	gmtime_r(&seconds, &parts); /* the year has four digits: 1677 to 2262 */
	at = put(at, (unsigned)parts.tm_year + 1900, 4, '-');
	at = put(at, (unsigned)parts.tm_mon + 1, 2, '-');
	at = put(at, (unsigned)parts.tm_mday, 2, 'T');
	at = put(at, (unsigned)parts.tm_hour, 2, ':');
	at = put(at, (unsigned)parts.tm_min, 2, ':');
	at = put(at, (unsigned)parts.tm_sec, 2, '.');
	at = put(at, (unsigned)(rest / 1000000), 3, 'Z');
	wc_buffer_add(buffer, text, (size_t)(at - text));
}

static void add_clock(struct wc_buffer *buffer, const struct tm *parts)
{
	wc_buffer_format(buffer, "%02d:%02d:%02d", parts->tm_hour, parts->tm_min, parts->tm_sec);
}

static void add_date(struct wc_buffer *buffer, const struct tm *parts)
{
	wc_buffer_format(buffer, "%04d-%02d-%02d ", parts->tm_year + 1900, parts->tm_mon + 1,
			 parts->tm_mday);
}

void wc_timestamp_span(struct wc_buffer *buffer, int64_t start, int64_t end)
{
	struct tm from, till;
	int64_t rest;
	time_t first = whole_seconds(start, &rest);
	time_t last = whole_seconds(end, &rest);

	localtime_r(&first, &from);
	localtime_r(&last, &till);
	add_date(buffer, &from);
	add_clock(buffer, &from);
	wc_buffer_text(buffer, " to ");
	if (from.tm_yday != till.tm_yday || from.tm_year != till.tm_year)
		add_date(buffer, &till);
	add_clock(buffer, &till);
	wc_buffer_format(buffer, " %s", till.tm_zone);
}

char *wc_timestamp_syslog(char text[static WC_TIMESTAMP_SYSLOG], int64_t ns)
{
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct tm parts;
	int64_t rest;
	time_t seconds = whole_seconds(ns, &rest);

	localtime_r(&seconds, &parts);
	snprintf(text, WC_TIMESTAMP_SYSLOG, "%.3s %2u %02u:%02u:%02u", months[parts.tm_mon % 12],
		 (unsigned)parts.tm_mday % 32, (unsigned)parts.tm_hour % 24,
		 (unsigned)parts.tm_min % 60, (unsigned)parts.tm_sec % 61);
	return text;
}

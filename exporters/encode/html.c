#include "html.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#include "escape.h"
#include "timestamp.h"

#define NS_PER_S INT64_C(1000000000)

static const char *reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* What a terminal may show is printable; of it, HTML takes all but five characters as they are. */
void wc_html_text(struct wc_buffer *out, const char *text)
{
	struct wc_buffer shown = {0};
	size_t begin = 0;

	wc_escape_terminal(&shown, text);
	for (size_t i = 0; i < shown.length; i++) {
		const char *instead = reference(shown.data[i]);

		if (!instead)
			continue;
		wc_buffer_add(out, shown.data + begin, i - begin);
		wc_buffer_text(out, instead);
		begin = i + 1;
	}
	wc_buffer_add(out, shown.data + begin, shown.length - begin);
	out->failed |= shown.failed;
	wc_buffer_free(&shown);
}

void wc_html_query(struct wc_buffer *out, const char *text)
{
	for (; *text; text++)
		if ((isalnum((unsigned char)*text) && (unsigned char)*text < 0x80) ||
		    strchr("-_.~", *text))
			wc_buffer_add(out, text, 1);
		else
			wc_buffer_format(out, "%%%02X", (unsigned char)*text);
}

/* Whole numbers below 1000 stay whole; above, three digits. */
void wc_html_scaled(struct wc_buffer *out, double number, const char *unit)
{
	static const char *const prefixes[] = {"", "k", "M", "G", "T", "P", "E"};
	size_t i = 0;
	uint64_t hundredths;

	for (; number >= 999.5 && i + 1 < sizeof(prefixes) / sizeof(*prefixes); i++)
		number /= 1000;
	hundredths = wc_rounded(number * 100);
	wc_buffer_number(out, number >= 99.95 ? wc_rounded(number) : hundredths / 100);
	if (number < 9.995 && hundredths % 100)
		wc_buffer_format(out, ".%02u", (unsigned)(hundredths % 100));
	else if (number >= 9.995 && number < 99.95 && hundredths % 100 / 10)
		wc_buffer_format(out, ".%u", (unsigned)(hundredths % 100 / 10));
	wc_buffer_format(out, "\302\240%s%s", prefixes[i], unit); /* a blank that does not break */
}

static void write_time(char *text, size_t size, const struct tm *parts, enum wc_html_clock clock)
{
	switch (clock) {
	case WC_CLOCK_MINUTE:
		strftime(text, size, "%H:%M", parts);
		break;
	case WC_CLOCK_SECOND:
		strftime(text, size, "%H:%M:%S", parts);
		break;
	case WC_CLOCK_WEEKDAY:
		strftime(text, size, "%a %H:%M", parts);
		break;
	case WC_CLOCK_DATE:
		strftime(text, size, "%e %b %H:%M:%S", parts);
		break;
	case WC_CLOCK_DAY:
		strftime(text, size, "%a %e %b %H:%M:%S", parts);
		break;
	case WC_CLOCK_ZONE:
		strftime(text, size, "%a %e %b %H:%M:%S %Z", parts);
		break;
	}
}

void wc_html_time(struct wc_buffer *out, int64_t ns, enum wc_html_clock clock)
{
	time_t seconds = (time_t)(ns / NS_PER_S);
	struct tm parts;
	char text[64] = "";

	localtime_r(&seconds, &parts);
	write_time(text, sizeof(text), &parts, clock);
	WC_HTML(out, "<time datetime=\"");
	wc_timestamp_utc(out, ns);
	WC_HTML(out, "\">");
	wc_buffer_text(out, text);
	WC_HTML(out, "</time>");
}

#include "dump_fields.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NS_PER_S  INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

/* Years that fit into nanoseconds since 1970, and then some room. */
#define YEAR_FIRST 1700
#define YEAR_LAST  2200

bool wc_dump_number(const json_t *row, const char *name, uint64_t *number)
{
	const json_t *field = json_object_get(row, name);

	if (!json_is_integer(field) || json_integer_value(field) < 0)
		return false;
	*number = (uint64_t)json_integer_value(field);
	return true;
}

bool wc_dump_decimal(const json_t *row, const char *name, double *number)
{
	const json_t *field = json_object_get(row, name);

	if (!json_is_number(field))
		return false;
	*number = json_number_value(field);
	return isfinite(*number) && *number >= 0;
}

bool wc_dump_flag(const json_t *row, const char *name, bool *flag)
{
	const json_t *field = json_object_get(row, name);

	*flag = json_is_true(field);
	return json_is_boolean(field);
}

bool wc_dump_text(const json_t *row, const char *name, const char **text)
{
	*text = json_string_value(json_object_get(row, name));
	return *text != NULL;
}

/* Reads what stands behind the seconds: .123Z, and no more. */
static bool read_rest(const char *text, int *ms)
{
	*ms = 0;
	if (*text != '.')
		return false;
	for (int i = 1; i <= 3; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*ms = *ms * 10 + text[i] - '0';
	}
	return !strcmp(text + 4, "Z");
}

bool wc_dump_time(const json_t *row, const char *name, int64_t *ns)
{
	const json_t *field = json_object_get(row, name);
	const char *text = json_string_value(field), *rest;
	struct tm parts = {.tm_isdst = 0};
	int ms;

	*ns = WC_TIME_UNKNOWN;
	if (json_is_null(field))
		return true;
	rest = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &parts) : NULL;
	if (!rest || !read_rest(rest, &ms) || parts.tm_year + 1900 < YEAR_FIRST ||
	    parts.tm_year + 1900 > YEAR_LAST)
		return false;
	*ns = (int64_t)timegm(&parts) * NS_PER_S + ms * NS_PER_MS;
	return true;
}

bool wc_dump_counts(const json_t *row, const char *prefix, struct wc_counts *counts)
{
	char packets[32], bytes[32];

	snprintf(packets, sizeof(packets), "%spackets", prefix);
	snprintf(bytes, sizeof(bytes), "%sbytes", prefix);
	return wc_dump_number(row, packets, &counts->packets) &&
	       wc_dump_number(row, bytes, &counts->bytes);
}

bool wc_dump_direction(const json_t *row, uint8_t *direction)
{
	const char *text;

	if (!wc_dump_text(row, "direction", &text))
		return false;
	for (int i = 0; i < WC_DIRECTIONS; i++)
		if (!strcmp(text, wc_direction_name((enum wc_direction)i))) {
			*direction = (uint8_t)i;
			return true;
		}
	return false;
}

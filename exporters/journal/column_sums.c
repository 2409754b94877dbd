#include "columns.h"
#include "wirecensus/address.h"
#include "wirecensus/snapshot.h"

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_addresses(const struct wc_address *a, const struct wc_address *b)
{
	int result = order(a->version, b->version);

	if (!result)
		result = order(a->high, b->high);
	return result ? result : order(a->low, b->low);
}

/* A small number of a key: nothing else stands in one but addresses. */
static uint64_t small(const struct wc_column *column, const void *field)
{
	switch (column->kind) {
	case WC_COLUMN_WORD:
		return *(const uint16_t *)field;
	case WC_COLUMN_BYTE:
		return *(const uint8_t *)field;
	default:
		return *(const bool *)field;
	}
}

int wc_columns_compare(const struct wc_row_table *table, const void *a, const void *b)
{
	int result = 0;

	for (size_t i = 0; i < table->count && !result; i++) {
		const struct wc_column *column = &table->columns[i];
		const void *left = (const char *)a + column->offset;
		const void *right = (const char *)b + column->offset;

		if (column->rule != WC_COLUMN_KEY)
			break;
		if (column->kind == WC_COLUMN_ADDRESS)
			result = compare_addresses(left, right);
		else
			result = order(small(column, left), small(column, right));
	}
	return result;
}

/* The finisher of splitmix64. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash += word + UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
	return hash ^ (hash >> 31);
}

uint64_t wc_columns_hash(const struct wc_row_table *table, const void *row, uint64_t seed)
{
	uint64_t hash = seed;

	for (size_t i = 0; i < table->count; i++) {
		const struct wc_column *column = &table->columns[i];
		const void *field = (const char *)row + column->offset;

		if (column->rule != WC_COLUMN_KEY)
			break;
		if (column->kind == WC_COLUMN_ADDRESS) {
			const struct wc_address *address = field;

			hash = mix(mix(hash, address->high), address->low ^ address->version);
		} else {
			hash = mix(hash, small(column, field));
		}
	}
	return hash;
}

static void add_time(enum wc_column_rule rule, int64_t *sum, int64_t time)
{
	if (time == WC_TIME_UNKNOWN)
		return;
	if (*sum == WC_TIME_UNKNOWN || rule == WC_COLUMN_LATEST ||
	    (rule == WC_COLUMN_FIRST ? time < *sum : time > *sum))
		*sum = time;
}

static void add_flag(enum wc_column_rule rule, bool *sum, bool flag)
{
	if (rule == WC_COLUMN_LATEST)
		*sum = flag;
	else
		*sum = rule == WC_COLUMN_OR ? *sum || flag : *sum && flag;
}

/* Merged frames in one interval are in the sum; what is not known of one is not known of it. */
static void add_offload(enum wc_offload *sum, enum wc_offload offload)
{
	if (*sum != WC_OFFLOAD_YES && offload != WC_OFFLOAD_NO)
		*sum = offload;
}

static void add_count(enum wc_column_rule rule, uint64_t *sum, uint64_t count)
{
	*sum = rule == WC_COLUMN_ADD ? *sum + count : count;
}

static void add_field(const struct wc_column *column, void *sum, const void *field)
{
	switch (column->kind) {
	case WC_COLUMN_COUNT:
		add_count(column->rule, sum, *(const uint64_t *)field);
		break;
	case WC_COLUMN_NUMBER:
		*(int64_t *)sum = (int64_t)(*(uint64_t *)sum + *(const uint64_t *)field);
		break;
	case WC_COLUMN_TIME:
		add_time(column->rule, sum, *(const int64_t *)field);
		break;
	case WC_COLUMN_FLAG:
		add_flag(column->rule, sum, *(const bool *)field);
		break;
	case WC_COLUMN_OFFLOAD:
		add_offload(sum, *(const enum wc_offload *)field);
		break;
	case WC_COLUMN_RATE:
		*(double *)sum = *(const double *)field;
		break;
	case WC_COLUMN_BYTE: /* TCP flags: no other is added */
		*(uint8_t *)sum |= *(const uint8_t *)field;
		break;
	default:
		break;
	}
}

void wc_columns_add(const struct wc_column *columns, size_t count, void *sum, const void *row)
{
	for (size_t i = 0; i < count; i++)
		if (columns[i].rule != WC_COLUMN_KEY && columns[i].rule != WC_COLUMN_KEEP)
			add_field(&columns[i], (char *)sum + columns[i].offset,
				  (const char *)row + columns[i].offset);
}

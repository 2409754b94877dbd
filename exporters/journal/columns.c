#include "columns.h"

#include <sqlite3.h>
#include <string.h>

#include "sql.h"
#include "wirecensus/address.h"
#include "wirecensus/snapshot.h"

#define INTERNET "internet"

static int bind_address(struct sqlite3_stmt *statement, int index, const struct wc_address *address)
{
	char text[WC_ADDRESS_TEXT];

	if (address->version == 4)
		return sqlite3_bind_int64(statement, index, (int64_t)address->low);
	if (!address->version)
		return sqlite3_bind_text(statement, index, INTERNET, -1, SQLITE_STATIC);
	wc_address_format(address, text);
	return sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}

static int64_t number(const struct wc_column *column, const void *field)
{
	switch (column->kind) {
	case WC_COLUMN_WORD:
		return *(const uint16_t *)field;
	case WC_COLUMN_BYTE:
		return *(const uint8_t *)field;
	case WC_COLUMN_FLAG:
		return *(const bool *)field;
	case WC_COLUMN_OFFLOAD:
		return *(const enum wc_offload *)field;
	default:
		return *(const int64_t *)field;
	}
}

static int bind_field(struct sqlite3_stmt *statement, int index, const struct wc_column *column,
		      const void *field)
{
	switch (column->kind) {
	case WC_COLUMN_COUNT:
		return wc_sql_bind_count(statement, index, *(const uint64_t *)field);
	case WC_COLUMN_RATE:
		return sqlite3_bind_double(statement, index, *(const double *)field);
	case WC_COLUMN_ADDRESS:
		return bind_address(statement, index, field);
	case WC_COLUMN_TIME:
		if (*(const int64_t *)field == WC_TIME_UNKNOWN)
			return sqlite3_bind_null(statement, index);
		return sqlite3_bind_int64(statement, index, *(const int64_t *)field);
	default:
		return sqlite3_bind_int64(statement, index, number(column, field));
	}
}

int wc_columns_bind(struct sqlite3_stmt *statement, int index, const struct wc_column *columns,
		    size_t count, const void *row)
{
	int code = SQLITE_OK;

	for (size_t i = 0; i < count && !code; i++)
		code = bind_field(statement, index + (int)i, &columns[i],
				  (const char *)row + columns[i].offset);
	return code;
}

static bool read_text_address(struct sqlite3_stmt *statement, int index, struct wc_address *address)
{
	const char *text = (const char *)sqlite3_column_text(statement, index);

	memset(address, 0, sizeof(*address));
	return text && (!strcmp(text, INTERNET) ||
			(!wc_address_parse(address, text, NULL) && address->version == 6));
}

static bool read_address(struct sqlite3_stmt *statement, int index, struct wc_address *address)
{
	int64_t low;

	if (sqlite3_column_type(statement, index) != SQLITE_INTEGER)
		return read_text_address(statement, index, address);
	low = sqlite3_column_int64(statement, index);
	*address = (struct wc_address){.low = (uint64_t)low, .version = 4};
	return low >= 0 && low <= UINT32_MAX;
}

static bool read_small(const struct wc_column *column, int64_t value, void *field)
{
	if (value < 0 || value > column->most)
		return false;
	switch (column->kind) {
	case WC_COLUMN_WORD:
		*(uint16_t *)field = (uint16_t)value;
		break;
	case WC_COLUMN_BYTE:
		*(uint8_t *)field = (uint8_t)value;
		break;
	case WC_COLUMN_FLAG:
		*(bool *)field = value != 0;
		break;
	default:
		*(enum wc_offload *)field = (enum wc_offload)value;
	}
	return true;
}

static bool read_field(struct sqlite3_stmt *statement, int index, const struct wc_column *column,
		       void *field)
{
	int64_t value;

	if (column->kind == WC_COLUMN_ADDRESS)
		return read_address(statement, index, field);
	if (column->kind == WC_COLUMN_RATE) {
		*(double *)field = sqlite3_column_double(statement, index);
		return true;
	}
	value = sqlite3_column_int64(statement, index);
	switch (column->kind) {
	case WC_COLUMN_COUNT:
		*(uint64_t *)field = (uint64_t)value;
		return value >= 0;
	case WC_COLUMN_TIME:
		if (sqlite3_column_type(statement, index) == SQLITE_NULL)
			value = WC_TIME_UNKNOWN;
		*(int64_t *)field = value;
		return true;
	case WC_COLUMN_NUMBER:
		*(int64_t *)field = value;
		return true;
	default:
		return read_small(column, value, field);
	}
}

bool wc_columns_read(struct sqlite3_stmt *statement, int index, const struct wc_column *columns,
		     size_t count, void *row)
{
	for (size_t i = 0; i < count; i++)
		if (!read_field(statement, index + (int)i, &columns[i],
				(char *)row + columns[i].offset))
			return false;
	return true;
}

/*
 * dump_fields.h - fields of a JSON row that anybody may have written
 *
 * Each returns false if the field is not there, or is not what it must be.
 */
#ifndef WC_DUMP_FIELDS_H
#define WC_DUMP_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "wirecensus/snapshot.h"

/* A whole number from 0, a number, and true or false. */
bool wc_dump_number(const json_t *row, const char *name, uint64_t *number);
bool wc_dump_decimal(const json_t *row, const char *name, double *number);
bool wc_dump_flag(const json_t *row, const char *name, bool *flag);

/* Points to a text that lives as long as @row. */
bool wc_dump_text(const json_t *row, const char *name, const char **text);

/* A time by RFC 3339 in UTC, as wc_json_time() writes it; null is WC_TIME_UNKNOWN. */
bool wc_dump_time(const json_t *row, const char *name, int64_t *ns);

/* "packets" and "bytes" behind @prefix, which may be empty. */
bool wc_dump_counts(const json_t *row, const char *prefix, struct wc_counts *counts);

/* "direction": one of the words of wc_direction_name(). */
bool wc_dump_direction(const json_t *row, uint8_t *direction);

#endif /* WC_DUMP_FIELDS_H */

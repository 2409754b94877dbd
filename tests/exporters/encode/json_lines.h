/*
 * json_lines.h - the JSON rows of a snapshot, read back by another library
 *
 * Each function fails the running test where a row is not as it must be.
 */
#ifndef JSON_LINES_H
#define JSON_LINES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct wc_context;  /* encode.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

/* Encodes @snapshot, and returns its lines as an array of what jansson makes of each. */
json_t *json_lines(const struct wc_snapshot *snapshot);

/* The same with a context of the caller's. */
json_t *json_lines_of(const struct wc_context *context, const struct wc_snapshot *snapshot);

/* Returns the row of @type with that number, from 0 on; it lives as long as @rows. */
json_t *json_lines_get(const json_t *rows, const char *type, size_t number);

/* Adds up @field over the rows of @type. */
long long json_lines_sum(const json_t *rows, const char *type, const char *field);

/* Returns the value of @field of a row: a whole number, a text, or whether it is null. */
long long json_line_integer(const json_t *row, const char *field);
const char *json_line_text(const json_t *row, const char *field);
bool json_line_null(const json_t *row, const char *field);

#endif /* JSON_LINES_H */

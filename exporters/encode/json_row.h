/*
 * json_row.h - one JSON row, field by field
 *
 * A row is begun, gets its fields in order, and is ended. What all rows of a
 * snapshot share is made once. Adding never fails at once: see buffer.h.
 */
#ifndef WC_JSON_ROW_H
#define WC_JSON_ROW_H

#include <stdint.h>

#include "buffer.h"

struct wc_context;      /* encode.h */
struct wc_counts;       /* wirecensus/snapshot.h */
struct wc_json_cutting; /* json.h */
struct wc_snapshot;     /* wirecensus/snapshot.h */

struct wc_json {
	struct wc_buffer *out;
	const struct wc_context *context;
	const struct wc_snapshot *snapshot;
	unsigned kinds;                        /* bits of rows.h: which rows are to be written */
	const struct wc_json_cutting *cutting; /* NULL: the snapshot is whole */
	struct wc_buffer common;               /* what all rows share, from "time" to "end" */
	uint64_t row, rows; /* the one being written, and how many there will be */
};

/* One kind of row; json.c has the list of them. */
struct wc_json_kind {
	unsigned kinds; /* bits of rows.h: what is among its rows */
	/* Returns how many rows @add will write. */
	uint64_t (*count)(const struct wc_json *json);
	/* Writes those rows that the interval added to, and that are of json->kinds. */
	void (*add)(struct wc_json *json);
};

/* Adds text that is known when this is compiled. */
#define WC_JSON_LITERAL(json, text) wc_buffer_add((json)->out, text, sizeof(text) - 1)

/* Adds the name of one more field, known as above; its value follows. */
#define WC_JSON_FIELD(json, name) WC_JSON_LITERAL(json, ",\"" name "\":")

/* Adds a field: a whole number, any number, seconds, null for what cannot be known, a string or
 * null, a time. */
#define WC_JSON_NUMBER(json, name, number)                                                         \
	(WC_JSON_FIELD(json, name), wc_buffer_number((json)->out, number))
#define WC_JSON_DECIMAL(json, name, number)                                                        \
	(WC_JSON_FIELD(json, name), wc_buffer_decimal((json)->out, number))
#define WC_JSON_SECONDS(json, name, ns)                                                            \
	(WC_JSON_FIELD(json, name), wc_buffer_seconds((json)->out, ns))
#define WC_JSON_NULL(json, name) WC_JSON_LITERAL(json, ",\"" name "\":null")
#define WC_JSON_STRING(json, name, text)                                                           \
	(WC_JSON_FIELD(json, name), wc_json_string((json)->out, text))
#define WC_JSON_TIME(json, name, ns) (WC_JSON_FIELD(json, name), wc_json_time((json)->out, ns))

/* Adds a field whose text is one of ours, in which nothing is to be escaped. */
#define WC_JSON_WORD(json, name, word)                                                             \
	(WC_JSON_LITERAL(json, ",\"" name "\":\""), wc_buffer_text((json)->out, word),             \
	 WC_JSON_LITERAL(json, "\""))

/* What stands in place of the key of a bounded table's remainder. */
#define WC_JSON_OTHER(json) WC_JSON_LITERAL(json, ",\"other\":true")

/* Makes what the rows of the snapshot share. Free common with wc_buffer_free(). */
void wc_json_prepare(struct wc_json *json);

/* Begins the next row, and ends it. */
void wc_json_begin(struct wc_json *json, const char *type);
void wc_json_end(struct wc_json *json);

/* Adds @text as a JSON string; null for NULL. */
void wc_json_string(struct wc_buffer *out, const char *text);

/* Adds nanoseconds since 1970 as a time by RFC 3339; null for WC_TIME_UNKNOWN. */
void wc_json_time(struct wc_buffer *out, int64_t ns);

/* Adds packets and bytes. */
void wc_json_counts(struct wc_json *json, const struct wc_counts *counts);

/* Adds the direction, an enum wc_direction. */
void wc_json_direction(struct wc_json *json, uint8_t direction);

#endif /* WC_JSON_ROW_H */

/*
 * row_fields.h - the rows of JSON, field by field, for formats that write them otherwise
 *
 * The JSON row is the contract; syslog, GELF and journald say the same in their own
 * spelling. They take each row apart here, so that no format has a list of fields of
 * its own that could differ.
 */
#ifndef WC_ROW_FIELDS_H
#define WC_ROW_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

struct wc_buffer;    /* buffer.h */
struct wc_context;   /* encode.h */
struct wc_selection; /* rows.h */
struct wc_snapshot;  /* wirecensus/snapshot.h */

enum wc_field_type {
	WC_FIELD_NUMBER,
	WC_FIELD_TEXT,
	WC_FIELD_FLAG,
	WC_FIELD_LIST,    /* of texts */
	WC_FIELD_UNKNOWN, /* null */
};

/* Points into the row. */
struct wc_field {
	const char *name;
	size_t name_length;
	const char *value; /* as in JSON; a text without its quotes */
	size_t length;
	enum wc_field_type type;
};

#define WC_ROW_FIELDS_MAX 64

struct wc_row_fields {
	const char *line; /* the whole object, without a newline */
	size_t length;
	struct wc_field fields[WC_ROW_FIELDS_MAX];
	size_t count;
};

/* Takes the fields of one row, which are gone when it returns. */
typedef void wc_row_taker(void *arg, const struct wc_row_fields *row);

/* Hands each row of @snapshot, which was cut to @selection, to @take. Returns 0 or WC_FAILED
 * (memory).
 */
int wc_row_fields_each(const struct wc_context *context, const struct wc_snapshot *snapshot,
		       const struct wc_selection *selection, wc_row_taker *take, void *arg);

/* Returns the field called @name, or NULL. */
const struct wc_field *wc_row_field(const struct wc_row_fields *row, const char *name);

/* True if @field is a text that is @text. NULL is allowed. */
bool wc_field_is(const struct wc_field *field, const char *text);

/* True if @field is there and neither null nor false. NULL is allowed. */
bool wc_field_known(const struct wc_field *field);

/* True if it is a number other than 0 as well. */
bool wc_field_counts(const struct wc_field *field);

/*
 * Adds the value as plain text: a text without JSON's backslashes before quotes and
 * backslashes (other escapes stay as they are: \u001b is six harmless characters), a
 * list with blanks between, a backslash before each character of @marked.
 */
void wc_field_add(struct wc_buffer *buffer, const struct wc_field *field, const char *marked);

/*
 * Makes @row smaller for messages that must be short: each step of @squeeze takes more
 * away, from 1 on: lists; texts behind their 128th, 64th ... byte. Keys are never
 * changed: no number is, and no address is so long. The line becomes that of the smaller
 * row, in @line. Returns false when there is nothing more to take.
 */
bool wc_row_squeeze(struct wc_row_fields *row, unsigned squeeze, struct wc_buffer *line);

#endif /* WC_ROW_FIELDS_H */

/*
 * buffer.h - bytes that grow
 *
 * Adding never fails for the caller to see at once: when memory is short, the
 * buffer remembers it in failed and takes nothing more. Numbers are written
 * without printf(3), as an interval may have a quarter of a million rows.
 */
#ifndef WC_BUFFER_H
#define WC_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Begins as all zeros. */
struct wc_buffer {
	char *data; /* not ended by a NUL */
	size_t length, size;
	bool failed; /* memory was short, and something is missing */
};

/* The longest number: 18446744073709551615 with its commas. */
#define WC_NUMBER_MAX 26

/* Frees the bytes and leaves an empty buffer that can be used again. */
void wc_buffer_free(struct wc_buffer *buffer);

/* Forgets the bytes and failed, and keeps the memory. */
void wc_buffer_clear(struct wc_buffer *buffer);

/* Makes room for more than @more bytes behind the last. Returns false, and sets failed, when it
 * cannot. */
bool wc_buffer_grow(struct wc_buffer *buffer, size_t more);

static inline void wc_buffer_add(struct wc_buffer *buffer, const void *bytes, size_t count)
{
	if (buffer->size - buffer->length <= count && !wc_buffer_grow(buffer, count))
		return;
	memcpy(buffer->data + buffer->length, bytes, count);
	buffer->length += count;
}

static inline void wc_buffer_text(struct wc_buffer *buffer, const char *text)
{
	wc_buffer_add(buffer, text, strlen(text));
}

/*
 * A number that is not negative, rounded; the largest that there is where it is larger. No wire
 * is so fast: only a file that was damaged, or made to deceive, says so.
 */
static inline uint64_t wc_rounded(double number)
{
	double half_more = number + 0.5;

	return half_more < 0x1p64 ? (uint64_t)half_more : UINT64_MAX;
}

/* Adds decimal digits. */
void wc_buffer_number(struct wc_buffer *buffer, uint64_t number);

/* Adds decimal digits in groups of three: 12,345. */
void wc_buffer_grouped(struct wc_buffer *buffer, uint64_t number);

/* Adds a number that is not negative, rounded to a tenth, in such groups: 12,345.6. No locale
 * changes it. */
void wc_buffer_tenths(struct wc_buffer *buffer, double number);

/* Adds @label, and @count in groups. */
void wc_buffer_count(struct wc_buffer *buffer, const char *label, uint64_t count);

/* Adds a duration as seconds with three decimals, cut towards zero: -1.250. */
void wc_buffer_seconds(struct wc_buffer *buffer, int64_t ns);

/* Adds a number that is not negative, rounded to three decimals: 12.500. No locale changes it. */
void wc_buffer_decimal(struct wc_buffer *buffer, double number);

/* Adds as printf(3) would; for what is not done once a row. */
void wc_buffer_format(struct wc_buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds blanks until the line that began at @start is @width bytes long. */
void wc_buffer_pad(struct wc_buffer *buffer, size_t start, size_t width);

#endif /* WC_BUFFER_H */

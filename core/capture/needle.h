/*
 * needle.h - a string of bytes to be found in others, whatever the case of its letters
 *
 * Letters are those of ASCII; every other byte, NUL included, stands for itself.
 */
#ifndef WC_NEEDLE_H
#define WC_NEEDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_error; /* wirecensus/error.h */

/* The longest one, in bytes. */
#define WC_NEEDLE_MAX 255

struct wc_needle {
	size_t size;                    /* 1 to WC_NEEDLE_MAX */
	uint8_t bytes[WC_NEEDLE_MAX];   /* small letters */
	uint64_t first, last;           /* these bytes, eight times */
	uint64_t first_case, last_case; /* the bit that makes a letter small, eight times, or 0 */
};

/*
 * Makes @needle of @text, in which \xHH is the byte with that hexadecimal value.
 * Returns 0, or WC_INVALID with @error filled in: nothing in it, too long, or a
 * backslash without such a value.
 */
int wc_needle_compile(struct wc_needle *needle, const char *text, struct wc_error *error);

/* True if @needle occurs in the @size bytes. Called for every frame. */
bool wc_needle_is_in(const struct wc_needle *needle, const uint8_t *bytes, size_t size);

#endif /* WC_NEEDLE_H */

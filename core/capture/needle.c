#include "needle.h"

#include <string.h>

#include "wirecensus/error.h"

#define WORD      sizeof(uint64_t)
#define EACH_BYTE UINT64_C(0x0101010101010101)

static inline uint8_t small(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

/* Returns the value of a hexadecimal digit, or -1. */
static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, small((uint8_t)c)) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* Takes one byte from @text. Returns what follows, or NULL where a backslash does not fit. */
static const char *take_byte(const char *text, uint8_t *byte)
{
	int high, low;

	if (*text != '\\') {
		*byte = (uint8_t)*text;
		return text + 1;
	}
	if (text[1] != 'x')
		return NULL;
	high = digit(text[2]);
	low = high < 0 ? -1 : digit(text[3]);
	if (low < 0)
		return NULL;
	*byte = (uint8_t)(high << 4 | low);
	return text + 4;
}

static uint64_t case_bits(uint8_t byte)
{
	return byte >= 'a' && byte <= 'z' ? EACH_BYTE * 0x20 : 0;
}

static void prepare(struct wc_needle *needle)
{
	uint8_t first = needle->bytes[0], last = needle->bytes[needle->size - 1];

	needle->first = EACH_BYTE * first;
	needle->last = EACH_BYTE * last;
	needle->first_case = case_bits(first);
	needle->last_case = case_bits(last);
}

int wc_needle_compile(struct wc_needle *needle, const char *text, struct wc_error *error)
{
	const char *rest = text;
	uint8_t byte;

	needle->size = 0;
	while (*rest) {
		const char *next = take_byte(rest, &byte);

		if (!next)
			return wc_error_set(
				error, WC_INVALID,
				"'%s' has a backslash that is not followed by x and two "
				"hexadecimal digits: write a backslash itself as \\x5c",
				text);
		if (needle->size == WC_NEEDLE_MAX)
			return wc_error_set(error, WC_INVALID,
					    "'%.40s...' is too long: write %d bytes at most", text,
					    WC_NEEDLE_MAX);
		needle->bytes[needle->size++] = small(byte);
		rest = next;
	}
	if (!needle->size)
		return wc_error_set(error, WC_INVALID,
				    "'' is in every frame: write at least one byte");
	prepare(needle);
	return WC_OK;
}

static inline uint64_t load(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static inline bool has_zero_byte(uint64_t word)
{
	return ((word - EACH_BYTE) & ~word & EACH_BYTE << 7) != 0;
}

/* Looks at @count places, one by one. */
static bool begins_in(const struct wc_needle *needle, const uint8_t *bytes, size_t count)
{
	for (size_t at = 0; at < count; at++) {
		size_t same = 0;

		while (same < needle->size && small(bytes[at + same]) == needle->bytes[same])
			same++;
		if (same == needle->size)
			return true;
	}
	return false;
}

/*
 * Looks at eight places at once, for the needle's first byte there and its last
 * one where it would end. A place that has both, or nearly, is looked at closely.
 */
bool wc_needle_is_in(const struct wc_needle *needle, const uint8_t *bytes, size_t size)
{
	size_t places = size < needle->size ? 0 : size - needle->size + 1, at = 0;

	for (; at + WORD <= places; at += WORD) {
		const uint8_t *here = bytes + at;
		uint64_t first = (load(here) | needle->first_case) ^ needle->first;
		uint64_t last = (load(here + needle->size - 1) | needle->last_case) ^ needle->last;

		if (has_zero_byte(first | last) && begins_in(needle, here, WORD))
			return true;
	}
	return places > at && begins_in(needle, bytes + at, places - at);
}

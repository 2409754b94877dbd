/*
 * nearest.c - the name that was probably meant, by edit distance
 *
 * Case, dashes and underscores cost nothing, so that FiveTuple and five-tuple lead to
 * five_tuple.
 */
#include "nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Names have fewer bytes; what is longer is like none. */
#define LONGEST 32

/* Copies what counts of @text. Returns its length, or LONGEST when it is too long. */
static size_t simplify(char simple[static LONGEST], const char *text, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length && used < LONGEST; i++)
		if (text[i] != '_' && text[i] != '-')
			simple[used++] = (char)tolower((unsigned char)text[i]);
	return used;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many bytes to add, to leave out or to change make one of the other. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t row[LONGEST + 1];

	for (size_t j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t changed = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = least(changed, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[b_length];
}

struct wc_nearest wc_nearest_begin(const char *written, size_t length)
{
	return (struct wc_nearest){.written = written, .length = length};
}

void wc_nearest_offer(struct wc_nearest *nearest, const char *name)
{
	char a[LONGEST], b[LONGEST];
	size_t a_length = simplify(a, nearest->written, nearest->length);
	size_t b_length = simplify(b, name, strlen(name));
	size_t far;

	if (!a_length || a_length == LONGEST || b_length == LONGEST)
		return;
	far = distance(a, a_length, b, b_length);
	/* More than a third of it different is another word. */
	if (far * 3 > b_length || (nearest->name && far >= nearest->distance))
		return;
	nearest->name = name;
	nearest->distance = far;
}

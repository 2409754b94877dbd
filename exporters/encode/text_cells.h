/*
 * text_cells.h - what stands in the cells of the text census: numbers, shares, words
 */
#ifndef WC_TEXT_CELLS_H
#define WC_TEXT_CELLS_H

#include <stddef.h>
#include <stdint.h>

struct wc_buffer; /* buffer.h */

#define WC_TEXT_GAP         2 /* in front of a number, and part of its cell */
#define WC_TEXT_SHARE_WIDTH 8 /* 100.0% and a gap */

/* Makes @width at least @least. */
static inline void wc_text_widen(size_t *width, size_t least)
{
	if (*width < least)
		*width = least;
}

/* Returns how many characters @number takes in groups of three. */
size_t wc_text_width(uint64_t number);

/* Add to the right of a cell of @width: a number in groups of three, the same but for 0 a dash,
 * a word. */
void wc_text_number(struct wc_buffer *buffer, uint64_t number, size_t width);
void wc_text_event(struct wc_buffer *buffer, uint64_t number, size_t width);
void wc_text_word(struct wc_buffer *buffer, const char *word, size_t width);

/* Adds a share of @whole, rounded to a tenth of a per cent; what is there is never 0. */
void wc_text_share(struct wc_buffer *buffer, uint64_t part, uint64_t whole);

#endif /* WC_TEXT_CELLS_H */

/*
 * screen.h - a text that is drawn again and again in the same place of a terminal
 *
 * Makes bytes for the terminal (ECMA-48), and writes nothing itself. What does
 * not fit is left out of the picture.
 */
#ifndef WC_SCREEN_H
#define WC_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

struct wc_buffer; /* buffer.h */

/* True if standard output is a terminal that can move its cursor. */
bool wc_screen_possible(void);

/* How many lines the terminal of standard output has now; 24 when it does not tell. */
size_t wc_screen_height(void);

/* Adds @text as a picture of at most @height lines, over the one before. */
void wc_screen_draw(struct wc_buffer *out, const struct wc_buffer *text, size_t height);

/* Adds what makes ready for text below the last picture. */
void wc_screen_leave(struct wc_buffer *out);

#endif /* WC_SCREEN_H */

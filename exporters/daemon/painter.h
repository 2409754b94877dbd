/*
 * painter.h - from the board to pictures of it
 *
 * Keeps what has to be known of all intervals: which rows have series of their own.
 */
#ifndef WC_PAINTER_H
#define WC_PAINTER_H

struct wc_board; /* board.h */
struct wc_error; /* wirecensus/error.h */
struct wc_interval;
struct wc_painter;
struct wc_picture; /* picture.h */

/*
 * Makes a painter for @board, which stays valid, with its captures as they are. Returns 0; or a
 * negative code with @error filled in: max_series is too few, memory.
 */
int wc_painter_new(struct wc_painter **painter, const struct wc_board *board,
		   struct wc_error *error);
void wc_painter_free(struct wc_painter *painter); /* NULL is allowed */

/* From now on, pictures are of @interval, which is held; its rows are taken in. */
void wc_painter_take(struct wc_painter *painter, struct wc_interval *interval);

/* Paints the board as it stands. Returns NULL when memory is short. */
struct wc_picture *wc_painter_paint(const struct wc_painter *painter);

#endif /* WC_PAINTER_H */

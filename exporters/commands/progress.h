/*
 * progress.h - how far a long reading has come, on a terminal's last line
 *
 * Shows nothing unless standard error is a terminal, and nothing in the first
 * second.
 */
#ifndef WC_PROGRESS_H
#define WC_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct wc_progress {
	const char *name; /* of what is read; the caller's */
	uint64_t next_ns; /* when to draw again, by the monotonic clock */
	bool terminal;
	bool drawn;
};

void wc_progress_begin(struct wc_progress *progress, const char *name);

/* Draws, if it is time: per cent of @all, or only bytes when @all is 0. */
void wc_progress_update(struct wc_progress *progress, uint64_t done, uint64_t all);

/* Draws @text in place of a bar, at once. */
void wc_progress_say(struct wc_progress *progress, const char *text);

/* Takes away what was drawn. */
void wc_progress_end(struct wc_progress *progress);

#endif /* WC_PROGRESS_H */

/*
 * meter.h - how far a long reading has come, on a terminal's last line
 *
 * Shows nothing unless standard error is a terminal, and nothing in the first
 * second.
 */
#ifndef WC_METER_H
#define WC_METER_H

#include <stdbool.h>
#include <stdint.h>

struct wc_meter {
	const char *name; /* of what is read; the caller's */
	uint64_t next_ns; /* when to draw again, by the monotonic clock */
	bool terminal;
	bool drawn;
};

/* Begins for what is called @name, which stays the caller's. Draws nothing yet. */
void wc_meter_begin(struct wc_meter *meter, const char *name);

/* Draws, if it is time: per cent of @all, or only bytes when @all is 0. */
void wc_meter_update(struct wc_meter *meter, uint64_t done, uint64_t all);

/* Draws @text in place of a bar, at once. */
void wc_meter_say(struct wc_meter *meter, const char *text);

/* Takes away what was drawn. */
void wc_meter_end(struct wc_meter *meter);

#endif /* WC_METER_H */

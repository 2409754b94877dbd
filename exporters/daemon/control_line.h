/*
 * control_line.h - a request as a line of words
 *
 * Words stand between blanks. Those with an equals sign are settings, NAME=VALUE. In a
 * word or a value %HH stands for one byte, so that it can hold blanks, equals signs,
 * and whatever else the name of a capture is made of.
 */
#ifndef WC_CONTROL_LINE_H
#define WC_CONTROL_LINE_H

#include <stddef.h>

#include "control_protocol.h"

struct wc_buffer; /* buffer.h */
struct wc_error;  /* wirecensus/error.h */

#define WC_CONTROL_WORDS    2
#define WC_CONTROL_SETTINGS 8

struct wc_control_line {
	char text[WC_CONTROL_LINE]; /* what the pointers point into */
	const char *words[WC_CONTROL_WORDS];
	size_t word_count;
	struct {
		const char *name, *value;
	} settings[WC_CONTROL_SETTINGS];
	size_t setting_count;
};

/* Adds a word, or a setting, to a line that is being written, with a blank in front where needed.
 */
void wc_control_line_add(struct wc_buffer *line, const char *word);
void wc_control_line_set(struct wc_buffer *line, const char *name, const char *value);

/*
 * Reads @length bytes, which are no more than WC_CONTROL_LINE and have no newline. Returns
 * 0, or WC_INVALID with @error filled in: there is no word, there are too many, or bytes
 * that do not belong into a line.
 */
int wc_control_line_read(struct wc_control_line *line, const char *bytes, size_t length,
			 struct wc_error *error);

#endif /* WC_CONTROL_LINE_H */

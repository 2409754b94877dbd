/*
 * output.h - to standard output, and sentences to standard error
 */
#ifndef WC_OUTPUT_H
#define WC_OUTPUT_H

struct wc_buffer; /* buffer.h */
struct wc_error;  /* wirecensus/error.h */

/*
 * Occupies standard input, output and error where they are closed, so that no
 * file or socket takes their numbers; using them then fails.
 */
void wc_output_prepare(void);

/*
 * Writes all of @buffer to standard output at once. Returns 0, or WC_FAILED with
 * @error filled in: with no sentence when the reader has gone away.
 */
int wc_output_write(const struct wc_buffer *buffer, struct wc_error *error);

/* Prints "wirecensus: " and the sentence, escaped for a terminal; nothing without one. */
void wc_output_complain(const struct wc_error *error);

/* Prints @text to standard error, line by line, escaped for a terminal. */
void wc_output_explain(const char *text);

#endif /* WC_OUTPUT_H */

/*
 * ask.h - asks the running daemon through its control socket
 */
#ifndef WC_ASK_H
#define WC_ASK_H

struct wc_buffer;  /* buffer.h */
struct wc_error;   /* wirecensus/error.h */
struct wc_options; /* wirecensus/options.h */

/*
 * Sends @line (control_line.h, without a newline) to the daemon at options->control, and
 * appends its answer to @body. Returns the exit code that the daemon names: with a
 * sentence in @error when there is no answer, and an empty one otherwise.
 */
int wc_ask(const struct wc_options *options, const struct wc_buffer *line, struct wc_buffer *body,
	   struct wc_error *error);

/* The same, and prints the answer to standard output. Frees @line. Returns the exit code. */
int wc_ask_and_print(const struct wc_options *options, struct wc_buffer *line);

/* The same for what changes something: bad news go to standard error. */
int wc_ask_and_tell(const struct wc_options *options, struct wc_buffer *line);

#endif /* WC_ASK_H */

/*
 * control_status.h - the verb `status`: what runs, and whether all is well
 */
#ifndef WC_CONTROL_STATUS_H
#define WC_CONTROL_STATUS_H

struct wc_buffer;   /* buffer.h */
struct wc_error;    /* wirecensus/error.h */
struct wc_question; /* control_verbs.h */

/*
 * Answers with what is wrong, captures, exporters, journal and memory. Returns 0 when
 * all is well; WC_FAILED without a sentence when frames were lost in the last interval,
 * or the board tells of trouble.
 */
int wc_control_status_run(const struct wc_question *question, struct wc_buffer *body,
			  struct wc_error *error);

#endif /* WC_CONTROL_STATUS_H */

/*
 * control_snapshot.h - the verb `snapshot`: the last interval for another process
 */
#ifndef WC_CONTROL_SNAPSHOT_H
#define WC_CONTROL_SNAPSHOT_H

struct wc_buffer;   /* buffer.h */
struct wc_error;    /* wirecensus/error.h */
struct wc_question; /* control_verbs.h */

/* More bytes than these are not put into one answer. */
#define WC_CONTROL_SNAPSHOT_MAX (64u << 20)

/*
 * Answers with the capture that question->operand names, packed; or with all that have
 * ended an interval, each behind its length. Results as wc_verb.run.
 */
int wc_control_snapshot_run(const struct wc_question *question, struct wc_buffer *body,
			    struct wc_error *error);

#endif /* WC_CONTROL_SNAPSHOT_H */

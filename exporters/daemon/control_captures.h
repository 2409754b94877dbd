/*
 * control_captures.h - what is captured, and how
 */
#ifndef WC_CONTROL_CAPTURES_H
#define WC_CONTROL_CAPTURES_H

struct wc_buffer;   /* buffer.h */
struct wc_question; /* control_verbs.h */

/*
 * Adds each capture with its interface, whether that is there, engine, filter and
 * memory, and its last interval: as text, or as a JSON row of the type "capture".
 */
void wc_control_captures_add(struct wc_buffer *out, const struct wc_question *question);

#endif /* WC_CONTROL_CAPTURES_H */

/*
 * control_loss.h - what was received and what of it was not counted, as a table
 */
#ifndef WC_CONTROL_LOSS_H
#define WC_CONTROL_LOSS_H

struct wc_buffer;   /* buffer.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

/* Adds the table of one capture: its last interval beside all since the start. */
void wc_control_loss_add(struct wc_buffer *out, const struct wc_snapshot *snapshot);

#endif /* WC_CONTROL_LOSS_H */

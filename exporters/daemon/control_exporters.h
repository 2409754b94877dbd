/*
 * control_exporters.h - what each exporter has delivered, and what holds it up
 */
#ifndef WC_CONTROL_EXPORTERS_H
#define WC_CONTROL_EXPORTERS_H

struct wc_buffer;   /* buffer.h */
struct wc_question; /* control_verbs.h */

/* Adds each exporter: as text, or as a JSON row of the type "exporter". */
void wc_control_exporters_add(struct wc_buffer *out, const struct wc_question *question);

#endif /* WC_CONTROL_EXPORTERS_H */

/*
 * metrics_parts.h - the parts of all metrics, for the files metrics*.c only
 */
#ifndef WC_METRICS_PARTS_H
#define WC_METRICS_PARTS_H

struct wc_metrics_facts;  /* metrics.h */
struct wc_metrics_writer; /* metrics_writer.h */

void wc_metrics_totals(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts);
void wc_metrics_tables(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts);
void wc_metrics_daemon(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts);
void wc_metrics_exporters(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts);

#endif /* WC_METRICS_PARTS_H */

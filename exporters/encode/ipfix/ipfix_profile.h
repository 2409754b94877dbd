/*
 * ipfix_profile.h - what each flow collector takes, and what it makes of the rest
 *
 * As measured with nfdump 1.7.1 and pmacct 1.7.7, and as Logstash's codec netflow
 * reads templates: one with an element that it does not know is skipped as a whole.
 */
#ifndef WC_IPFIX_PROFILE_H
#define WC_IPFIX_PROFILE_H

struct wc_buffer;           /* buffer.h */
struct wc_exporter_options; /* exporter_options.h */
struct wc_framing;          /* format.h */
struct wc_ipfix_style;      /* ipfix_style.h */

/* Fills in how rows become records by what @options say. */
void wc_ipfix_profile_style(struct wc_ipfix_style *style,
			    const struct wc_exporter_options *options);

/* As struct wc_format's warn: a line for each thing that the collector does not take. */
void wc_ipfix_profile_warn(const struct wc_exporter_options *options,
			   const struct wc_framing *framing, struct wc_buffer *lines);

#endif /* WC_IPFIX_PROFILE_H */

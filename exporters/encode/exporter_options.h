/*
 * exporter_options.h - what the configuration says of one exporter
 *
 * Filled in by the daemon's configuration from one table, like struct wc_options.
 */
#ifndef WC_EXPORTER_OPTIONS_H
#define WC_EXPORTER_OPTIONS_H

#include <stdint.h>

#include "wirecensus/options.h"

struct wc_exporter_options {
	/* All formats. */
	char *address;
	struct wc_texts rows; /* kinds; empty: the format's own */
	uint64_t top;         /* WC_ROWS_FITTING: the format's own; 0: all */
	uint64_t interval;    /* seconds; 0: the format's own */
	uint64_t datagram;    /* bytes; 0: fitting */
	uint64_t pace;        /* datagrams a second; 0: fitting */
	uint64_t patience;    /* seconds */

	/* TLS. Files are PEM. */
	char *ca, *certificate, *key, *peer;
};

#endif /* WC_EXPORTER_OPTIONS_H */

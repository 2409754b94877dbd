/*
 * exporter_options.h - what the configuration says of one exporter
 *
 * Filled in by the daemon's configuration from one table, like struct wc_options.
 * A new option is a field here and a row in exporter_options.c, whose scope names
 * the formats that know it.
 */
#ifndef WC_EXPORTER_OPTIONS_H
#define WC_EXPORTER_OPTIONS_H

#include <stdint.h>

#include "wirecensus/options.h"

/* The formats, as bits of wc_option.scope in wc_exporter_option_table. */
enum {
	WC_EXPORTER_JSON = 1 << 0,
	WC_EXPORTER_SYSLOG = 1 << 1,
	WC_EXPORTER_GELF = 1 << 2,
	WC_EXPORTER_JOURNALD = 1 << 3,
	WC_EXPORTER_TREE = 1 << 4,
	WC_EXPORTER_IPFIX = 1 << 5,
};

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

	/* Tree. */
	struct wc_services hide; /* in out/ */
	bool leave_out_else, unfolded;
	uint64_t files;

	/* Syslog, GELF, journald. */
	int facility, severity, alert_severity; /* as syslog(3) numbers them */
	int content;                            /* enum wc_syslog_content */
	bool rfc5424;                           /* to local sockets, too */

	/* IPFIX; the enterprise number is for syslog's structured data, too. */
	int profile; /* enum wc_ipfix_profile */
	bool biflow;
	bool private_elements;
	bool types;
	uint64_t enterprise, domain;
	uint64_t refresh; /* seconds; 0: the format's own */
};

/* How syslog carries the fields of a row. */
enum wc_syslog_content { WC_SYSLOG_STRUCTURED, WC_SYSLOG_CEE };

/* Which collector IPFIX is made for. */
enum wc_ipfix_profile {
	WC_IPFIX_GENERIC,
	WC_IPFIX_NFDUMP,
	WC_IPFIX_PMACCT,
	WC_IPFIX_LOGSTASH,
};

extern const struct wc_option wc_exporter_option_table[];

/* Returns the bit of the format called @format; 0 when the table knows none of the name. */
unsigned wc_exporter_scope(const char *format);

#endif /* WC_EXPORTER_OPTIONS_H */

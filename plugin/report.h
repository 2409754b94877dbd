/*
 * report.h - what is dispatched, and when somebody is told: the options outside <Capture>
 *
 * Plain data and one table. Knows nothing of collectd's configuration tree.
 */
#ifndef WC_REPORT_H
#define WC_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_error; /* wirecensus/error.h */

/* The most ports that ReportPorts takes. */
#define WC_REPORT_PORTS 256

struct wc_report_port {
	uint8_t protocol; /* 6 or 17 */
	uint16_t port;
};

struct wc_report {
	bool totals;
	bool services;
	bool protocols;
	bool ethertypes;
	bool internet;
	bool conversations;
	bool hosts;
	bool scanners;
	bool loss;
	uint64_t top;        /* rows of each table; 0: none */
	unsigned directions; /* bits, 1 << enum wc_direction */
	struct wc_report_port ports[WC_REPORT_PORTS];
	size_t port_count;
	uint64_t max_series; /* of all interfaces together */

	uint64_t notify_loss; /* percent of an interval's frames */
	bool notify_interface;
	bool notify_scanners;
};

/* Fills in the defaults. */
void wc_report_init(struct wc_report *report);

/*
 * Sets the option @name, in whatever case, from the @count texts behind it.
 * Returns 0, or WC_INVALID with a sentence that names the option and says what
 * is allowed; @report is then unchanged.
 */
int wc_report_set(struct wc_report *report, const char *name, const char *const *texts,
		  size_t count, struct wc_error *error);

/* The names of all options, in the order of the manual; NULL behind the last. */
const char *wc_report_name(size_t index);

/* True if any port can have a series of its own. */
bool wc_report_has_ports(const struct wc_report *report);

#endif /* WC_REPORT_H */

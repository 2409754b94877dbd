#include "series.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "totals.h"
#include "wirecensus/error.h"
#include "wirecensus/registry.h"
#include "wirecensus/shown.h"
#include "wirecensus/shown_tables.h"
#include "wirecensus/snapshot.h"

/* One counter of a row, the type of its series, and what follows the row's name. */
struct measure {
	enum wc_shown_counter counter;
	const char *type;
	const char *suffix;
};

/*
 * A table of the census as series: which of its counters, and its share, in
 * eighths, of the values that are not fixed.
 */
struct family {
	const char *name;
	const struct measure *measures;
	size_t width; /* measures */
	size_t share;
};

#define PACKETS                                                                                    \
	{                                                                                          \
		WC_SHOWN_PACKETS, "packets", ""                                                    \
	}
#define BYTES                                                                                      \
	{                                                                                          \
		WC_SHOWN_BYTES, "total_bytes", ""                                                  \
	}
#define REFUSED                                                                                    \
	{                                                                                          \
		WC_SHOWN_REFUSED, "total_connections", "-refused"                                  \
	}

static const struct measure tcp_measures[] = {
	PACKETS,
	BYTES,
	{WC_SHOWN_NEW, "total_connections", "-new"},
	{WC_SHOWN_ACCEPTED, "total_connections", "-accepted"},
	REFUSED,
};
static const struct measure udp_measures[] = {PACKETS, BYTES, REFUSED};
static const struct measure plain_measures[] = {PACKETS, BYTES};

/* Fragments, which have no port, are left to the totals. */
static const struct family families[WC_SHOWN_TABLES] = {
	[WC_SHOWN_TCP] = {"tcp", tcp_measures, 5, 4},
	[WC_SHOWN_UDP] = {"udp", udp_measures, 3, 2},
	[WC_SHOWN_PROTOCOL] = {"protocol", plain_measures, 2, 1},
	[WC_SHOWN_ETHERTYPE] = {"ethertype", plain_measures, 2, 1},
};

struct wc_series {
	const struct wc_report *report;
	const struct wc_registry *registry;
	struct wc_shown *shown[WC_SHOWN_TABLES]; /* NULL: not reported */
};

static bool is_reported(const struct wc_report *report, enum wc_shown_table table)
{
	switch (table) {
	case WC_SHOWN_PROTOCOL:
		return report->protocols;
	case WC_SHOWN_ETHERTYPE:
		return report->ethertypes;
	case WC_SHOWN_TCP:
	case WC_SHOWN_UDP:
		return wc_report_has_ports(report);
	default:
		return false;
	}
}

static enum wc_shown_table table_of(const struct wc_report_port *port)
{
	return port->protocol == IPPROTO_TCP ? WC_SHOWN_TCP : WC_SHOWN_UDP;
}

static void ignore(void *user, const struct wc_value *value)
{
	(void)user;
	(void)value;
}

size_t wc_series_fixed(const struct wc_report *report)
{
	size_t count = wc_totals_emit(&(struct wc_snapshot){0}, report, ignore, NULL);
	size_t directions = 0;

	for (unsigned d = 0; d < WC_DIRECTIONS; d++)
		directions += report->directions >> d & 1;
	for (enum wc_shown_table table = 0; table < WC_SHOWN_TABLES; table++)
		if (is_reported(report, table))
			count += families[table].width * WC_DIRECTIONS;
	for (size_t i = 0; i < report->port_count; i++)
		count += families[table_of(&report->ports[i])].width * directions;
	return count;
}

static struct wc_shown_bounds bounds_of(const struct wc_report *report, enum wc_shown_table table,
					size_t room)
{
	const struct family *family = &families[table];
	bool ports = table == WC_SHOWN_TCP || table == WC_SHOWN_UDP;
	size_t rows = room * family->share / 8 / family->width;
	/* Kinds of protocols are few, so that their top is all of them: see README.md. */
	size_t top = ports ? (size_t)report->top : rows;

	/* Half of the rows stay for the top, however many services there are. */
	return (struct wc_shown_bounds){
		.rows = rows,
		.services = report->services ? (rows + 1) / 2 : 0,
		.top = top,
		.directions = report->directions,
	};
}

static int pin_ports(struct wc_series *series, struct wc_error *error)
{
	const struct wc_report *report = series->report;
	int status = WC_OK;

	for (size_t i = 0; i < report->port_count; i++) {
		const struct wc_report_port *port = &report->ports[i];

		for (uint8_t d = 0; d < WC_DIRECTIONS && !status; d++)
			if (report->directions & 1u << d)
				status = wc_shown_pin(series->shown[table_of(port)], port->port, d,
						      error);
	}
	return status;
}

static int make_table(struct wc_series *series, enum wc_shown_table table, size_t room,
		      struct wc_error *error)
{
	struct wc_shown_bounds bounds = bounds_of(series->report, table, room);

	return wc_shown_new(&series->shown[table], &bounds, error);
}

int wc_series_new(struct wc_series **series, const struct wc_report *report,
		  const struct wc_registry *registry, size_t room, struct wc_error *error)
{
	struct wc_series *made = calloc(1, sizeof(*made));
	size_t fixed = wc_series_fixed(report);
	int status = WC_OK;

	if (!made)
		return wc_error_no_memory(error, "for the series");
	made->report = report;
	made->registry = registry;
	room = room > fixed ? room - fixed : 0;
	for (enum wc_shown_table table = 0; table < WC_SHOWN_TABLES && !status; table++)
		if (is_reported(report, table))
			status = make_table(made, table, room, error);
	if (!status)
		status = pin_ports(made, error);
	if (status)
		wc_series_free(made);
	else
		*series = made;
	return status;
}

void wc_series_free(struct wc_series *series)
{
	if (!series)
		return;
	for (enum wc_shown_table table = 0; table < WC_SHOWN_TABLES; table++)
		wc_shown_free(series->shown[table]);
	free(series);
}

/* Writes the key of a row as series have it: 443, icmp, arp; a number where there is no name. */
static void write_key(const struct wc_series *series, enum wc_shown_table table, uint16_t key,
		      char text[static WC_VALUE_WHAT])
{
	const char *name = NULL;

	if (table == WC_SHOWN_PROTOCOL)
		name = wc_registry_protocol(series->registry, (uint8_t)key);
	else if (table == WC_SHOWN_ETHERTYPE)
		name = wc_registry_ethertype(series->registry, key);
	if (name)
		snprintf(text, WC_VALUE_WHAT, "%s", name);
	else
		snprintf(text, WC_VALUE_WHAT, table == WC_SHOWN_ETHERTYPE ? "%04x" : "%u", key);
}

/* Hands over the values of one row, whose key is @key. */
static size_t emit_row(const struct family *family, const char *key, unsigned direction,
		       const uint64_t *values, wc_value_sink *sink, void *user)
{
	char what[2 * WC_VALUE_WHAT];

	for (size_t i = 0; i < family->width; i++) {
		const struct measure *measure = &family->measures[i];

		snprintf(what, sizeof(what), "%s-%s-%s%s", family->name, key,
			 wc_direction_name((enum wc_direction)direction), measure->suffix);
		sink(user,
		     &(struct wc_value){measure->type, what, values[measure->counter], false});
	}
	return family->width;
}

static size_t emit_table(struct wc_series *series, enum wc_shown_table table,
			 const struct wc_snapshot *snapshot, wc_value_sink *sink, void *user)
{
	const struct family *family = &families[table];
	struct wc_shown *shown = series->shown[table];
	size_t count = 0;

	wc_shown_follow(shown, snapshot, table);
	for (size_t i = 0; i < wc_shown_count(shown); i++) {
		const struct wc_shown_series *row = wc_shown_at(shown, i);
		char key[WC_VALUE_WHAT];

		write_key(series, table, row->key, key);
		count += emit_row(family, key, row->direction, row->values, sink, user);
	}
	for (unsigned d = 0; d < WC_DIRECTIONS; d++)
		count += emit_row(family, "other", d, wc_shown_other(shown, d), sink, user);
	return count;
}

size_t wc_series_emit(struct wc_series *series, const struct wc_snapshot *snapshot,
		      wc_value_sink *sink, void *user)
{
	size_t count = wc_totals_emit(snapshot, series->report, sink, user);

	for (enum wc_shown_table table = 0; table < WC_SHOWN_TABLES; table++)
		if (series->shown[table])
			count += emit_table(series, table, snapshot, sink, user);
	return count;
}

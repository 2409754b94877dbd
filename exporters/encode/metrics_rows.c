#include "metrics_rows.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "metrics_talks.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* A counter is two series: itself, and when it began. */
#define LINES 2

/* Packets and bytes, both ways. */
#define TALK_LINES (4 * LINES)

/* The shares of tables are of so many. */
#define SHARES 16

static const struct family {
	bool ports;
	size_t width; /* counters of a row */
	size_t share; /* of the series, in SHARES */
} families[WC_SHOWN_TABLES] = {
	[WC_SHOWN_TCP] = {true, 5, 8},        [WC_SHOWN_UDP] = {true, 3, 4},
	[WC_SHOWN_PROTOCOL] = {false, 2, 2},  [WC_SHOWN_FRAGMENT] = {false, 2, 1},
	[WC_SHOWN_ETHERTYPE] = {false, 2, 1},
};

struct wc_metrics_governor {
	struct wc_shown *shown[WC_SHOWN_TABLES];
	struct wc_metrics_talks *talks; /* NULL: not asked for */
	int64_t since_ns;
};

/* ---- what is shown, as it was ---- */

void wc_metrics_rows_free(struct wc_metrics_rows *rows)
{
	if (!rows)
		return;
	for (size_t i = 0; i < WC_SHOWN_TABLES; i++)
		free(rows->rows[i]);
	free(rows->conversations);
	free(rows);
}

static int copy_table(const struct wc_metrics_governor *governor, enum wc_shown_table table,
		      struct wc_metrics_rows *rows)
{
	const struct wc_shown *shown = governor->shown[table];
	size_t count = wc_shown_count(shown);
	struct wc_metrics_row *row = calloc(count + WC_DIRECTIONS, sizeof(*row));

	rows->rows[table] = row;
	rows->counts[table] = count + WC_DIRECTIONS;
	if (!row)
		return WC_FAILED;
	for (size_t i = 0; i < count; i++, row++) {
		const struct wc_shown_series *series = wc_shown_at(shown, i);

		*row = (struct wc_metrics_row){.key = series->key,
					       .direction = series->direction,
					       .since_ns = series->since_ns};
		memcpy(row->values, series->values, sizeof(row->values));
	}
	for (uint8_t d = 0; d < WC_DIRECTIONS; d++, row++) {
		*row = (struct wc_metrics_row){
			.direction = d, .other = true, .since_ns = governor->since_ns};
		memcpy(row->values, wc_shown_other(shown, d), sizeof(row->values));
	}
	return WC_OK;
}

struct wc_metrics_rows *wc_metrics_governor_rows(const struct wc_metrics_governor *governor)
{
	struct wc_metrics_rows *rows = calloc(1, sizeof(*rows));
	int status = rows ? WC_OK : WC_FAILED;

	for (enum wc_shown_table table = 0; table < WC_SHOWN_TABLES && !status; table++)
		status = copy_table(governor, table, rows);
	if (!status && governor->talks)
		status = wc_metrics_talks_copy(governor->talks, rows);
	if (!status) {
		rows->since_ns = governor->since_ns;
		return rows;
	}
	wc_metrics_rows_free(rows);
	return NULL;
}

/* ---- the governor ---- */

static enum wc_shown_table table_of(const struct wc_service *service)
{
	return service->protocol == IPPROTO_TCP ? WC_SHOWN_TCP : WC_SHOWN_UDP;
}

/* The series of the ports that are there in any case. */
static size_t pinned_lines(const struct wc_services *ports)
{
	size_t lines = 0;

	for (size_t i = 0; i < ports->count; i++)
		lines += WC_DIRECTIONS * families[table_of(&ports->items[i])].width * LINES;
	return lines;
}

static int make_table(struct wc_metrics_governor *governor, enum wc_shown_table table,
		      size_t series, size_t top, struct wc_error *error)
{
	const struct family *family = &families[table];
	size_t rows = series * family->share / SHARES / (family->width * LINES);
	/* Half of the rows stay for the top, however many services there are. */
	struct wc_shown_bounds bounds = {
		.rows = rows,
		.services = (rows + 1) / 2,
		.top = family->ports && top < rows ? top : rows,
		.directions = (1u << WC_DIRECTIONS) - 1,
	};
	int status = wc_shown_new(&governor->shown[table], &bounds, error);

	if (!status)
		wc_shown_date(governor->shown[table], governor->since_ns);
	return status;
}

static int pin(struct wc_metrics_governor *governor, const struct wc_services *ports,
	       struct wc_error *error)
{
	int status = WC_OK;

	for (size_t i = 0; i < ports->count; i++)
		for (uint8_t d = 0; d < WC_DIRECTIONS && !status; d++)
			status = wc_shown_pin(governor->shown[table_of(&ports->items[i])],
					      ports->items[i].port, d, error);
	return status;
}

/* Conversations have at most half of the series. */
static int make_talks(struct wc_metrics_governor *governor, size_t *series, size_t most,
		      struct wc_error *error)
{
	size_t room = *series / 2 / TALK_LINES;

	if (!most)
		return WC_OK;
	room = room < most ? room : most;
	*series -= room * TALK_LINES;
	governor->talks = wc_metrics_talks_new(room);
	return governor->talks ? WC_OK : wc_error_no_memory(error, "for metrics");
}

int wc_metrics_governor_new(struct wc_metrics_governor **governor,
			    const struct wc_metrics_bounds *bounds, int64_t now_ns,
			    struct wc_error *error)
{
	struct wc_metrics_governor *made;
	size_t pinned = pinned_lines(bounds->ports), series = bounds->series - pinned;
	int status;

	if (pinned > bounds->series)
		return wc_error_set(error, WC_INVALID,
				    "the ports that have metrics in any case need %zu series, and "
				    "there is room for %zu: raise max_series",
				    pinned, bounds->series);
	made = calloc(1, sizeof(*made));
	if (!made)
		return wc_error_no_memory(error, "for metrics");
	made->since_ns = now_ns;
	status = make_talks(made, &series, bounds->conversations, error);
	for (enum wc_shown_table table = 0; table < WC_SHOWN_TABLES && !status; table++)
		status = make_table(made, table, series, bounds->top, error);
	if (!status)
		status = pin(made, bounds->ports, error);
	if (status)
		wc_metrics_governor_free(made);
	else
		*governor = made;
	return status;
}

void wc_metrics_governor_free(struct wc_metrics_governor *governor)
{
	if (!governor)
		return;
	for (enum wc_shown_table table = 0; table < WC_SHOWN_TABLES; table++)
		wc_shown_free(governor->shown[table]);
	wc_metrics_talks_free(governor->talks);
	free(governor);
}

void wc_metrics_governor_update(struct wc_metrics_governor *governor,
				const struct wc_snapshot *snapshot)
{
	for (enum wc_shown_table table = 0; table < WC_SHOWN_TABLES; table++) {
		wc_shown_date(governor->shown[table], snapshot->end_ns);
		wc_shown_follow(governor->shown[table], snapshot, table);
	}
	if (governor->talks)
		wc_metrics_talks_update(governor->talks, snapshot);
}

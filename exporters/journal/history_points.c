/*
 * history_points.c - what was counted in each step of a span
 */
#include <sqlite3.h>

#include "history_parts.h"
#include "history_pieces.h"
#include "interval_writer.h"
#include "wirecensus/error.h"

struct pointing {
	const struct wc_history_span *span;
	int64_t step_ns;
	struct wc_history_point *points;
	size_t count;
};

static int add_point(void *arg, const struct wc_history_piece *piece)
{
	struct pointing *pointing = arg;
	const struct wc_totals *delta = &piece->totals.delta;
	int64_t middle = wc_interval_middle(piece->totals.start_ns, piece->totals.end_ns);
	int64_t number = (middle - pointing->span->from_ns) / pointing->step_ns;
	struct wc_history_point *point;

	if (middle < pointing->span->from_ns || number >= (int64_t)pointing->count ||
	    !wc_history_means(pointing->span, piece->totals.capture))
		return SQLITE_OK;
	point = &pointing->points[number];
	point->complete = piece->totals.complete && (point->complete || !point->length_ns);
	point->length_ns += piece->totals.length_ns;
	point->lost += delta->lost_kernel + delta->lost_interface;
	for (int i = 0; i < WC_DIRECTIONS; i++) {
		point->directions[i].packets += delta->directions[i].packets;
		point->directions[i].bytes += delta->directions[i].bytes;
	}
	return SQLITE_OK;
}

int wc_history_points(struct wc_history *history, const struct wc_history_span *span,
		      int64_t step_ns, struct wc_history_point *points, size_t count,
		      struct wc_error *error)
{
	struct pointing pointing = {span, step_ns, points, count};
	int64_t from = wc_history_floor(span->from_ns / WC_SECOND_NS, WC_HISTORY_MINUTE_S);
	int64_t to = wc_history_ceil(span->to_ns / WC_SECOND_NS + 1, WC_HISTORY_MINUTE_S);
	enum wc_history_level level =
		step_ns < WC_HISTORY_MINUTE_S * WC_SECOND_NS ? WC_HISTORY_INTERVALS
		: step_ns < WC_HISTORY_HOUR_S * WC_SECOND_NS ? WC_HISTORY_MINUTES
							     : WC_HISTORY_HOURS;
	int status = wc_history_begin(history, error), code;

	for (size_t i = 0; i < count; i++)
		points[i] =
			(struct wc_history_point){.start_ns = span->from_ns + (int64_t)i * step_ns};
	if (status)
		return status < 0 ? status : WC_OK;
	if (level == WC_HISTORY_HOURS)
		from = wc_history_floor(from, WC_HISTORY_HOUR_S);
	code = wc_history_pieces(history->db, level, from, to, add_point, &pointing);
	return wc_history_end(history, code, error);
}

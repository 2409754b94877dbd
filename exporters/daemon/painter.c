#include "painter.h"

#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "config.h"
#include "encode.h"
#include "exporter.h"
#include "interval.h"
#include "journal.h"
#include "metrics.h"
#include "metrics_rows.h"
#include "picture.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"
#include "world.h"

/* As many more exporters may come by reloads and have their metrics. */
#define EXPORTERS_TO_COME 8

/* What a capture has room for where its options do not say. */
#define ROWS_FITTING 65536

struct wc_painter {
	const struct wc_board *board;
	struct wc_interval *interval; /* held; NULL: none has ended */
	size_t count;
	struct wc_metrics_governor *governors[]; /* of each capture */
};

/* Shares out what the bound leaves among the captures. */
static int plan(struct wc_metrics_bounds *bounds, const struct wc_board *board,
		struct wc_error *error)
{
	const struct wc_config_http *http = &board->config->daemon.http;
	size_t fixed = wc_metrics_fixed(board->capture_count, http->conversations,
					board->exporter_count + EXPORTERS_TO_COME);

	if (fixed == SIZE_MAX)
		return wc_error_no_memory(error, "for the HTTP server");
	if (fixed > http->max_series)
		return wc_error_set(error, WC_INVALID,
				    "http: max_series = %llu is too few: %zu series are there in "
				    "any case",
				    (unsigned long long)http->max_series, fixed);
	*bounds = (struct wc_metrics_bounds){
		.series = ((size_t)http->max_series - fixed) / board->capture_count,
		.top = (size_t)http->top,
		.ports = &http->ports,
		.conversations = (size_t)http->conversations,
	};
	return WC_OK;
}

int wc_painter_new(struct wc_painter **painter, const struct wc_board *board,
		   struct wc_error *error)
{
	struct wc_painter *made =
		calloc(1, sizeof(*made) + board->capture_count * sizeof(*made->governors));
	struct wc_metrics_bounds bounds;
	int status;

	if (!made)
		return wc_error_no_memory(error, "for the HTTP server");
	made->board = board;
	made->count = board->capture_count;
	status = plan(&bounds, board, error);
	for (size_t i = 0; i < made->count && !status; i++)
		status = wc_metrics_governor_new(&made->governors[i], &bounds, board->started_ns,
						 error);
	if (status)
		wc_painter_free(made);
	else
		*painter = made;
	return status;
}

void wc_painter_free(struct wc_painter *painter)
{
	if (!painter)
		return;
	for (size_t i = 0; i < painter->count; i++)
		wc_metrics_governor_free(painter->governors[i]);
	wc_interval_drop(painter->interval);
	free(painter);
}

void wc_painter_take(struct wc_painter *painter, struct wc_interval *interval)
{
	/* A capture without memory for its snapshot is not in the interval: see the board. */
	for (size_t i = 0; i < painter->count; i++)
		if (painter->board->captures[i].last)
			wc_metrics_governor_update(painter->governors[i],
						   painter->board->captures[i].last);
	wc_interval_drop(painter->interval);
	painter->interval = wc_interval_hold(interval);
}

static uint64_t room_of(uint64_t option)
{
	return option == WC_ROWS_FITTING ? ROWS_FITTING : option;
}

/* Copies what may change; returns false when memory is short. */
static bool paint_capture(struct wc_picture_capture *to, const struct wc_board_capture *from,
			  const struct wc_metrics_governor *governor)
{
	*to = (struct wc_picture_capture){
		.name = strdup(from->name),
		.interface = strdup(from->interface),
		.description = strdup(from->description ? from->description : ""),
		.engine = from->engine,
		.present = from->present,
		.conversations = room_of(from->options->conversations),
		.hosts = room_of(from->options->hosts),
		.last = from->last,
		.rows = wc_metrics_governor_rows(governor),
	};
	return to->name && to->interface && to->description && to->rows;
}

static bool paint_exporter(struct wc_picture_exporter *to, const char *name,
			   struct wc_exporter *exporter)
{
	to->name = strdup(name);
	wc_exporter_status(exporter, &to->status);
	return to->name;
}

static void release(void *arg)
{
	wc_interval_drop(arg);
}

/* What is one for all of the daemon. */
static bool paint_daemon(struct wc_picture *picture, const struct wc_board *board)
{
	picture->instance = strdup(board->context->instance);
	picture->journal = board->journal;
	picture->started_ns = board->started_ns;
	picture->taken_ns = wc_world_real.wall(NULL);
	picture->interval = board->config->daemon.interval;
	wc_journal_state(board->journal, &picture->history);
	picture->waiting_intervals = board->waiting_intervals;
	picture->lost_intervals = board->lost_intervals;
	picture->late_intervals = board->late_intervals;
	picture->trouble = board->trouble ? strdup(board->trouble) : NULL;
	return picture->instance && (!board->trouble || picture->trouble);
}

struct wc_picture *wc_painter_paint(const struct wc_painter *painter)
{
	const struct wc_board *board = painter->board;
	struct wc_picture *picture = wc_picture_new(painter->count, board->exporter_count);
	bool whole;

	if (!picture)
		return NULL;
	whole = paint_daemon(picture, board);
	for (size_t i = 0; i < painter->count && whole; i++)
		whole = paint_capture(&picture->captures[i], &board->captures[i],
				      painter->governors[i]);
	for (size_t i = 0; i < board->exporter_count && whole; i++)
		whole = paint_exporter(&picture->exporters[i], board->exporter_names[i],
				       board->exporters[i]);
	if (painter->interval) {
		picture->release = release;
		picture->arg = wc_interval_hold(painter->interval);
	}
	if (whole)
		return picture;
	wc_picture_drop(picture);
	return NULL;
}

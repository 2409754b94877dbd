#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "history.h"
#include "journal.h"
#include "json.h"
#include "output.h"
#include "report_json.h"
#include "report_make.h"
#include "report_text.h"
#include "rows.h"
#include "session.h"
#include "text.h"
#include "when.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define NS_PER_S INT64_C(1000000000)

/* The span when none is given. */
#define FALLBACK_S 3600

struct asking {
	const struct wc_options *options;
	struct wc_session session;
	struct wc_history *history;
	struct wc_when when;
	unsigned rows;  /* bits of rows.h: what is asked for */
	bool over_time; /* a line for each step */
	bool only_lost; /* of those, only where something was lost */
	size_t shown;   /* sums */
};

/* What can be asked. */
static const struct what {
	const char *name; /* as in WC_HISTORY_LIST */
	unsigned rows;
	bool over_time, only_lost;
} whats[] = {
	{"totals", WC_ROWS_TOTAL | WC_ROWS_LLC | WC_ROWS_MALFORMED | WC_ROWS_UNSUPPORTED, false,
	 false},
	{"traffic", 0, true, false},
	{"ports", WC_ROWS_PORT, false, false},
	{"protocols", WC_ROWS_PROTOCOL, false, false},
	{"fragments", WC_ROWS_FRAGMENT, false, false},
	{"ethertypes", WC_ROWS_ETHERTYPE, false, false},
	{"conversations", WC_ROWS_CONVERSATION, false, false},
	{"hosts", WC_ROWS_HOST, false, false},
	{"scanners", WC_ROWS_SCANNER, false, false},
	{"loss", 0, true, true},
};

static int find_what(struct asking *asking, const struct wc_texts *operands, struct wc_error *error)
{
	if (operands->count > 1)
		return wc_error_set(error, WC_INVALID,
				    "history takes one argument, and '%s' is a second",
				    operands->items[1]);
	for (size_t i = 0; i < sizeof(whats) / sizeof(*whats); i++)
		if (!strcmp(whats[i].name, operands->items[0])) {
			asking->rows = whats[i].rows;
			asking->over_time = whats[i].over_time;
			asking->only_lost = whats[i].only_lost;
			return WC_OK;
		}
	return wc_error_set(error, WC_INVALID, "'%.32s' is not in the journal: choose one of %s",
			    operands->items[0], WC_HISTORY_LIST);
}

/* Prints and empties what was made. */
static int print(struct asking *asking, struct wc_error *error)
{
	int status = wc_output_write(&asking->session.text, error);

	wc_buffer_clear(&asking->session.text);
	return status;
}

/* ---- sums ---- */

static int show_sum(struct asking *asking, const struct wc_journal_interval *sum,
		    struct wc_error *error)
{
	struct wc_context context = asking->session.context;

	context.host = sum->host;
	context.instance = sum->instance;
	asking->shown++;
	if (asking->options->format == WC_FORMAT_TEXT)
		wc_text_encode_rows(&asking->session.text, &context, sum->snapshot, asking->rows);
	else
		wc_json_encode_rows(&asking->session.text, &context, sum->snapshot, asking->rows);
	return print(asking, error);
}

static int show_span(struct asking *asking, int64_t from_ns, int64_t to_ns, struct wc_error *error)
{
	struct wc_history_span span = {from_ns, to_ns, asking->options->capture, asking->rows};
	struct wc_journal_interval *sums;
	size_t count;
	int status = wc_history_sum(asking->history, &span, &sums, &count, error);

	for (size_t i = 0; i < count && !status; i++)
		status = show_sum(asking, &sums[i], error);
	wc_journal_intervals_free(sums, count);
	return status;
}

static int show_sums(struct asking *asking, struct wc_error *error)
{
	struct wc_when when = asking->when;
	int64_t step_ns = (int64_t)asking->options->step * NS_PER_S;
	size_t steps = 0;
	int status;

	if (!step_ns)
		return show_span(asking, when.from_ns, when.to_ns, error);
	status = wc_when_cut(&when, step_ns, &steps, error);
	for (size_t i = 0; i < steps && !status; i++) {
		int64_t from = when.from_ns + (int64_t)i * step_ns;
		int64_t to = from + step_ns < when.to_ns ? from + step_ns : when.to_ns;

		status = show_span(asking, from, to, error);
	}
	return status;
}

/* ---- over time ---- */

/* Leaves the points where something was lost, or those that are known. */
static size_t keep(struct asking *asking, struct wc_history_point *points, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (points[i].length_ns && !(asking->only_lost && points[i].complete))
			points[kept++] = points[i];
	return kept;
}

/* A question about one capture, step by step. */
struct stepping {
	struct wc_when when;
	int64_t step_ns;
	struct wc_history_point *points;
	size_t count;
};

static int encode_points(struct asking *asking, const struct wc_report_wish *wish,
			 struct wc_error *error)
{
	struct wc_report *report;
	int status = wc_report_make(&report, wish, error);

	if (status)
		return status;
	if (asking->only_lost) {
		report->tables[WC_REPORT_TRAFFIC].title = "Loss over time";
		report->tables[WC_REPORT_TRAFFIC].empty = "nothing was lost";
	}
	if (asking->options->format == WC_FORMAT_TEXT)
		wc_report_text(&asking->session.text, report);
	else
		wc_report_json(&asking->session.text, report);
	wc_report_free(report);
	return print(asking, error);
}

static int show_points(struct asking *asking, const struct stepping *stepping,
		       const struct wc_journal_interval *sum, struct wc_error *error)
{
	struct wc_context context = asking->session.context;
	struct wc_snapshot snapshot = {.capture = sum->snapshot->capture,
				       .observer = sum->snapshot->observer,
				       .start_ns = stepping->when.from_ns,
				       .end_ns = stepping->when.to_ns,
				       .complete = true};
	struct wc_report_wish wish = {.snapshot = &snapshot,
				      .context = &context,
				      .tables = 1u << WC_REPORT_TRAFFIC,
				      .points = stepping->points,
				      .step_ns = stepping->step_ns};

	context.host = sum->host;
	for (size_t i = 0; i < stepping->count; i++) {
		const struct wc_history_point *point = &stepping->points[i];

		snapshot.length_ns += point->length_ns;
		snapshot.complete &= point->complete || !point->length_ns;
	}
	if (!snapshot.length_ns)
		return WC_OK;
	asking->shown++;
	wish.point_count = keep(asking, stepping->points, stepping->count);
	return encode_points(asking, &wish, error);
}

/* Each capture for itself: the seconds of several are no sum. */
static int show_captures(struct asking *asking, const struct stepping *stepping,
			 struct wc_error *error)
{
	struct wc_history_span span = {stepping->when.from_ns, stepping->when.to_ns,
				       asking->options->capture, 0};
	struct wc_journal_interval *sums;
	size_t count;
	int status = wc_history_sum(asking->history, &span, &sums, &count, error);

	for (size_t i = 0; i < count && !status; i++) {
		span.capture = sums[i].snapshot->capture;
		status = wc_history_points(asking->history, &span, stepping->step_ns,
					   stepping->points, stepping->count, error);
		if (!status)
			status = show_points(asking, stepping, &sums[i], error);
	}
	wc_journal_intervals_free(sums, count);
	return status;
}

static int show_over_time(struct asking *asking, struct wc_error *error)
{
	struct stepping stepping = {.when = asking->when};
	int status;

	stepping.step_ns = asking->options->step ? (int64_t)asking->options->step * NS_PER_S
						 : wc_when_step(&stepping.when);
	status = wc_when_cut(&stepping.when, stepping.step_ns, &stepping.count, error);
	if (status)
		return status;
	stepping.points = calloc(stepping.count, sizeof(*stepping.points));
	if (!stepping.points)
		return wc_error_no_memory(error, "for the steps");
	status = show_captures(asking, &stepping, error);
	free(stepping.points);
	return status;
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (int64_t)time.tv_sec * NS_PER_S + time.tv_nsec;
}

static int ask(struct asking *asking, const struct wc_texts *operands, struct wc_error *error)
{
	int status = find_what(asking, operands, error);

	if (!status)
		status = wc_when_span(&asking->when, asking->options, now(), FALLBACK_S, error);
	if (!status)
		status = wc_session_begin(&asking->session, asking->options, error);
	if (!status)
		status = wc_history_open(&asking->history, asking->options->journal, error);
	if (status)
		return status;
	status = asking->over_time ? show_over_time(asking, error) : show_sums(asking, error);
	if (!status && !asking->shown)
		status = wc_error_set(error, WC_FAILED, "the journal has nothing of that time%s",
				      asking->options->capture ? " and capture" : "");
	return status;
}

int wc_history_run(const struct wc_options *options, const struct wc_texts *operands)
{
	struct asking asking = {.options = options};
	struct wc_error error;
	int status = ask(&asking, operands, &error);

	if (status)
		wc_output_complain(&error);
	wc_history_close(asking.history);
	wc_session_end(&asking.session);
	return status ? wc_command_exit(status) : WC_EXIT_OK;
}

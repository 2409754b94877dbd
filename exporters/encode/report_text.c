#include "report_text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buffer.h"
#include "escape.h"
#include "report.h"
#include "text_cells.h"
#include "timestamp.h"

#define NS_PER_S INT64_C(1000000000)

/* The longest text in a cell, in characters; what is cut of a name is its beginning. */
#define TEXT_MAX 40

/* Names shown of a list. */
#define LIST_MAX 2

static bool is_number(enum wc_cell_kind kind)
{
	return kind == WC_CELL_KEY || kind == WC_CELL_COUNT || kind == WC_CELL_BYTES ||
	       kind == WC_CELL_RATE;
}

/* Characters of UTF-8, each as wide as one: wide ones shift their line, no more. */
static size_t width_of(const char *text, size_t length)
{
	size_t width = 0;

	for (size_t i = 0; i < length; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

static void add_short(struct wc_buffer *out, const char *text)
{
	size_t length = strlen(text);

	if (length > TEXT_MAX) {
		wc_buffer_text(out, "...");
		text += length - TEXT_MAX + strlen("...");
		while (((unsigned char)*text & 0xc0) == 0x80)
			text++;
	}
	wc_escape_terminal(out, text);
}

static void add_list(struct wc_buffer *out, const struct wc_cell *cell)
{
	for (uint32_t i = 0; i < cell->count && i < LIST_MAX; i++) {
		wc_buffer_text(out, i ? ", " : "");
		add_short(out, cell->texts[i]);
	}
	if (cell->count > LIST_MAX)
		wc_buffer_format(out, " and %u more", (unsigned)(cell->count - LIST_MAX));
}

/* Local time, to the second, with its date. */
static void add_time(struct wc_buffer *out, int64_t ns)
{
	time_t seconds = (time_t)(ns / NS_PER_S);
	char text[sizeof("2026-11-21 10:12:30")];
	struct tm parts;

	localtime_r(&seconds, &parts);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts);
	wc_buffer_text(out, text);
}

/* A rate to a tenth, but without decimals when it is large. */
static void add_rate(struct wc_buffer *out, double rate)
{
	if (rate >= 100)
		wc_buffer_grouped(out, wc_rounded(rate));
	else
		wc_buffer_tenths(out, rate);
}

static void add_cell(struct wc_buffer *out, const struct wc_cell *cell)
{
	switch (cell->kind) {
	case WC_CELL_NONE:
		break;
	case WC_CELL_TEXT:
		add_short(out, cell->text);
		break;
	case WC_CELL_LIST:
		add_list(out, cell);
		break;
	case WC_CELL_KEY:
		wc_buffer_number(out, cell->number);
		break;
	case WC_CELL_COUNT:
	case WC_CELL_BYTES:
		if (cell->number)
			wc_buffer_grouped(out, cell->number);
		else
			wc_buffer_text(out, "-");
		break;
	case WC_CELL_RATE:
		add_rate(out, cell->rate);
		break;
	case WC_CELL_TIME:
		if (cell->time != WC_TIME_UNKNOWN)
			add_time(out, cell->time);
		break;
	case WC_CELL_FLAG:
		wc_buffer_text(out, cell->number ? "yes" : "no");
		break;
	}
}

/* Adds what was made at @start in a column of @width, numbers to the right. */
static void place(struct wc_buffer *out, const struct wc_buffer *made, size_t width, bool right,
		  bool last)
{
	size_t blanks = width - width_of(made->data, made->length);

	if (!right)
		wc_buffer_add(out, made->data, made->length);
	for (size_t i = 0; i < blanks && (right || !last); i++)
		wc_buffer_text(out, " ");
	if (right)
		wc_buffer_add(out, made->data, made->length);
}

struct writing {
	struct wc_buffer *out, cell;
	const struct wc_report_table *table;
	size_t *widths;
};

static void make_cell(struct writing *writing, size_t row, size_t column)
{
	const struct wc_report_table *table = writing->table;

	wc_buffer_clear(&writing->cell);
	if (!column && table->other && row + 1 == table->row_count)
		wc_buffer_text(&writing->cell, "other");
	else
		add_cell(&writing->cell, wc_report_cell(table, row, column));
	wc_buffer_add(&writing->cell, "", 0); /* so that there is memory */
}

static void measure(struct writing *writing)
{
	for (size_t column = 0; column < writing->table->column_count; column++)
		writing->widths[column] = wc_report_column_says(writing->table, column)
						  ? strlen(writing->table->columns[column].title)
						  : 0;
	for (size_t row = 0; row < writing->table->row_count; row++)
		for (size_t column = 0; column < writing->table->column_count; column++) {
			make_cell(writing, row, column);
			wc_text_widen(&writing->widths[column],
				      width_of(writing->cell.data, writing->cell.length));
		}
}

static void add_line(struct writing *writing, size_t row, bool head)
{
	const struct wc_report_table *table = writing->table;

	for (size_t column = 0; column < table->column_count; column++) {
		if (!writing->widths[column])
			continue;
		if (head) {
			wc_buffer_clear(&writing->cell);
			wc_buffer_text(&writing->cell, table->columns[column].title);
		} else {
			make_cell(writing, row, column);
		}
		if (column)
			wc_buffer_text(writing->out, "  ");
		place(writing->out, &writing->cell, writing->widths[column],
		      is_number(table->columns[column].kind), column + 1 == table->column_count);
	}
	wc_buffer_text(writing->out, "\n");
}

static void add_table(struct wc_buffer *out, const struct wc_report_table *table)
{
	struct writing writing = {.out = out, .table = table};

	wc_buffer_format(out, "\n%s\n", table->title);
	if (!table->row_count) {
		wc_buffer_format(out, "%s\n", table->empty);
		return;
	}
	writing.widths = calloc(table->column_count, sizeof(*writing.widths));
	if (!writing.widths) {
		out->failed = true;
		return;
	}
	measure(&writing);
	add_line(&writing, 0, true);
	for (size_t row = 0; row < table->row_count && !out->failed; row++)
		add_line(&writing, row, false);
	out->failed |= writing.cell.failed;
	wc_buffer_free(&writing.cell);
	free(writing.widths);
}

static void add_head(struct wc_buffer *out, const struct wc_report *report)
{
	wc_escape_terminal(out, report->host);
	if (*report->capture) {
		wc_buffer_text(out, ", ");
		wc_escape_terminal(out, report->capture);
	}
	if (*report->observer && strcmp(report->observer, report->capture) != 0) {
		wc_buffer_text(out, ": ");
		wc_escape_terminal(out, report->observer);
	}
	wc_buffer_text(out, "\n");
	if (report->start_ns != WC_TIME_UNKNOWN && report->end_ns != WC_TIME_UNKNOWN) {
		wc_timestamp_span(out, report->start_ns, report->end_ns);
		wc_buffer_text(out, "\n");
	}
	if (report->length_ns) { /* files of several hosts have no common length */
		wc_buffer_seconds(out, (int64_t)report->length_ns);
		wc_buffer_text(out, " s of it were counted\n");
	}
	if (!report->complete)
		wc_buffer_text(out, "INCOMPLETE: something was lost, see below\n");
}

void wc_report_text(struct wc_buffer *out, const struct wc_report *report)
{
	add_head(out, report);
	for (size_t i = 0; i < WC_REPORT_TABLES; i++)
		if (report->tables[i].columns && !report->tables[i].needless)
			add_table(out, &report->tables[i]);
	wc_buffer_text(out, "\n");
}

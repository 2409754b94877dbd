#include "report_html_table.h"

#include <stdbool.h>
#include <string.h>

#include "html.h"
#include "report.h"

/* A bar is drawn in so many steps. */
#define BAR 100

/* Names of a list that are shown; JSON has all. */
#define NAMES_SHOWN 2

/* No table has more columns. */
#define COLUMNS_MAX 16

static bool is_number(const struct wc_report_column *column)
{
	return column->kind == WC_CELL_KEY || column->kind == WC_CELL_COUNT ||
	       column->kind == WC_CELL_BYTES || column->kind == WC_CELL_RATE;
}

static double value_of(const struct wc_cell *cell)
{
	switch (cell->kind) {
	case WC_CELL_RATE:
		return cell->rate;
	case WC_CELL_KEY:
	case WC_CELL_COUNT:
	case WC_CELL_BYTES:
		return (double)cell->number;
	default:
		return 0;
	}
}

/* The largest number of a column, the remainder left out. */
static double find_most(const struct wc_report_table *table, size_t column)
{
	double most = 0;

	for (size_t row = 0; row + table->other < table->row_count; row++) {
		double value = value_of(wc_report_cell(table, row, column));

		if (value > most)
			most = value;
	}
	return most;
}

/* What is to be known of a column before its cells are written. */
struct column {
	bool says;   /* something, in any row */
	double most; /* of what is worth a bar; 0: none */
};

static void look(struct column *columns, const struct wc_report_table *table)
{
	for (size_t i = 0; i < table->column_count && i < COLUMNS_MAX; i++)
		columns[i] = (struct column){
			.says = wc_report_column_says(table, i),
			.most = table->columns[i].bar ? find_most(table, i) : 0,
		};
}

static void add_list(struct wc_buffer *out, const struct wc_cell *cell)
{
	for (uint32_t i = 0; i < cell->count && i < NAMES_SHOWN; i++) {
		WC_HTML(out, "<bdi class=\"name\">");
		wc_html_text(out, cell->texts[i]);
		WC_HTML(out, "</bdi>");
	}
	if (cell->count > NAMES_SHOWN)
		wc_buffer_format(out, "<small>and %u more</small>",
				 (unsigned)(cell->count - NAMES_SHOWN));
}

static void add_text(struct wc_buffer *out, const struct wc_report_column *column,
		     const struct wc_cell *cell)
{
	bool direction = !strcmp(column->field, "direction");

	if (direction)
		wc_buffer_format(out, "<span class=\"dir dir-%s\">", cell->text);
	else
		WC_HTML(out, "<bdi>");
	wc_html_text(out, cell->text);
	if (direction)
		WC_HTML(out, "</span>");
	else
		WC_HTML(out, "</bdi>");
	if (cell->note) {
		WC_HTML(out, "<small><bdi>");
		wc_html_text(out, cell->note);
		WC_HTML(out, "</bdi></small>");
	}
}

static void add_value(struct wc_buffer *out, const struct wc_report_column *column,
		      const struct wc_cell *cell)
{
	switch (cell->kind) {
	case WC_CELL_NONE:
		break;
	case WC_CELL_TEXT:
		add_text(out, column, cell);
		break;
	case WC_CELL_LIST:
		add_list(out, cell);
		break;
	case WC_CELL_KEY:
		wc_buffer_number(out, cell->number);
		break;
	case WC_CELL_COUNT:
		if (cell->number)
			wc_buffer_grouped(out, cell->number);
		else
			WC_HTML(out, "<span class=\"zero\">0</span>");
		break;
	case WC_CELL_BYTES:
		wc_html_scaled(out, (double)cell->number, "B");
		break;
	case WC_CELL_RATE:
		wc_html_scaled(out, cell->rate, strstr(column->field, "bytes") ? "B" : "");
		break;
	case WC_CELL_TIME:
		wc_html_time(out, cell->time, WC_CLOCK_DATE);
		break;
	case WC_CELL_FLAG:
		wc_buffer_text(out, cell->number ? "yes" : "no");
		break;
	}
}

/* By which a script sorts what is shown in another way. */
static void add_sort_value(struct wc_buffer *out, const struct wc_cell *cell)
{
	if (cell->kind == WC_CELL_RATE) {
		WC_HTML(out, " data-value=\"");
		wc_buffer_decimal(out, cell->rate);
		WC_HTML(out, "\"");
	} else if (cell->kind == WC_CELL_KEY || cell->kind == WC_CELL_COUNT ||
		   cell->kind == WC_CELL_BYTES) {
		WC_HTML(out, " data-value=\"");
		wc_buffer_number(out, cell->number);
		WC_HTML(out, "\"");
	} else if (cell->kind == WC_CELL_TIME) {
		wc_buffer_format(out, " data-value=\"%lld\"", (long long)cell->time);
	}
	if (cell->kind == WC_CELL_BYTES) {
		WC_HTML(out, " title=\"");
		wc_buffer_grouped(out, cell->number);
		WC_HTML(out, " bytes\"");
	}
}

static void add_bar(struct wc_buffer *out, double share)
{
	wc_buffer_format(out,
			 "<svg class=\"bar\" viewBox=\"0 0 %d 1\" preserveAspectRatio=\"none\" "
			 "aria-hidden=\"true\"><rect width=\"%.1f\" height=\"1\"/></svg>",
			 BAR, share * BAR);
}

/* Numbers that one would rather not see. */
static bool is_warning(const struct wc_report_column *column, const struct wc_cell *cell)
{
	return cell->kind == WC_CELL_COUNT && cell->number &&
	       (!strcmp(column->field, "refused") || !strcmp(column->field, "lost"));
}

static void add_class(struct wc_buffer *out, const struct wc_report_column *column, bool warning)
{
	if (!is_number(column) && !column->minor)
		return;
	wc_buffer_format(out, " class=\"%s%s%s\"", is_number(column) ? "number" : "",
			 column->minor ? " minor" : "", warning ? " warn" : "");
}

static void add_cell(struct wc_buffer *out, const struct wc_report_table *table, size_t row,
		     size_t column, double most)
{
	const struct wc_report_column *about = &table->columns[column];
	const struct wc_cell *cell = wc_report_cell(table, row, column);
	bool other = table->other && row + 1 == table->row_count;

	WC_HTML(out, "<td");
	add_class(out, about, is_warning(about, cell));
	add_sort_value(out, cell);
	WC_HTML(out, ">");
	add_value(out, about, cell);
	if (about->bar && !other && most > 0)
		add_bar(out, value_of(cell) / most);
	WC_HTML(out, "</td>");
}

/* The first cell is what the row is about. */
static void add_row_head(struct wc_buffer *out, const struct wc_report_table *table, size_t row)
{
	const struct wc_cell *cell = wc_report_cell(table, row, 0);

	wc_buffer_text(out, is_number(&table->columns[0]) ? "<th scope=\"row\" class=\"number\""
							  : "<th scope=\"row\"");
	add_sort_value(out, cell);
	WC_HTML(out, ">");
	if (table->other && row + 1 == table->row_count)
		WC_HTML(out, "other");
	else
		add_value(out, &table->columns[0], cell);
	WC_HTML(out, "</th>");
}

static void add_column_heads(struct wc_buffer *out, const struct wc_report_table *table,
			     const struct column *columns)
{
	WC_HTML(out, "<thead><tr>");
	for (size_t i = 0; i < table->column_count; i++) {
		const struct wc_report_column *column = &table->columns[i];

		if (!columns[i].says)
			continue;
		WC_HTML(out, "<th scope=\"col\"");
		add_class(out, column, false);
		if (column->help)
			wc_buffer_format(out, " title=\"%s\"", column->help);
		wc_buffer_format(out, ">%s</th>", column->title);
	}
	WC_HTML(out, "</tr></thead>\n");
}

static void add_rows(struct wc_buffer *out, const struct wc_report_table *table,
		     const struct column *columns)
{
	WC_HTML(out, "<tbody>\n");
	for (size_t row = 0; row < table->row_count; row++) {
		bool other = table->other && row + 1 == table->row_count;

		wc_buffer_text(out, other ? "<tr class=\"other\">" : "<tr>");
		add_row_head(out, table, row);
		for (size_t i = 1; i < table->column_count; i++)
			if (columns[i].says)
				add_cell(out, table, row, i, columns[i].most);
		WC_HTML(out, "</tr>\n");
	}
	WC_HTML(out, "</tbody>\n");
}

void wc_report_html_table(struct wc_buffer *out, const struct wc_report_table *table)
{
	struct column columns[COLUMNS_MAX];

	if (!table->row_count) {
		wc_buffer_format(out, "<p class=\"none\">%s</p>\n", table->empty);
		return;
	}
	look(columns, table);
	wc_buffer_format(out,
			 "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
			 "<table><caption>%s</caption>\n",
			 table->title, table->title);
	add_column_heads(out, table, columns);
	add_rows(out, table, columns);
	WC_HTML(out, "</table></div>\n");
}

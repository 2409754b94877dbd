#include "report_chart.h"

#include <stdbool.h>

#include "html.h"
#include "report.h"

#define NS_PER_S INT64_C(1000000000)

/* The picture's own units: it is stretched to what room there is. */
#define WIDTH  1000.0
#define HEIGHT 200.0

/* Lines across it, the one at the bottom left out; labels below it. */
#define LINES  4
#define LABELS 5

#define DAY_S 86400

static const struct {
	enum wc_report_traffic column;
	const char *name;
} series[] = {
	{WC_TRAFFIC_IN, "in"},
	{WC_TRAFFIC_OUT, "out"},
	{WC_TRAFFIC_LOCAL, "local"},
	{WC_TRAFFIC_TRANSIT, "transit"},
};

#define SERIES (sizeof(series) / sizeof(*series))

struct chart {
	struct wc_buffer *out;
	const struct wc_report *report;
	const struct wc_report_table *table;
	double top; /* bits a second at the upper edge */
};

static double seconds_of(const struct chart *chart, size_t row)
{
	return wc_report_cell(chart->table, row, WC_TRAFFIC_SECONDS)->rate;
}

/* Bits a second of one direction in one step. */
static double rate_of(const struct chart *chart, size_t row, size_t which)
{
	double seconds = seconds_of(chart, row);
	const struct wc_cell *cell = wc_report_cell(chart->table, row, series[which].column);

	return seconds > 0 ? (double)cell->number * 8 / seconds : 0;
}

static bool has_any(const struct chart *chart, size_t which)
{
	for (size_t row = 0; row < chart->table->row_count; row++)
		if (wc_report_cell(chart->table, row, series[which].column)->number)
			return true;
	return false;
}

/* The upper edge: above the highest column, and round numbers at all lines. */
static double find_top(const struct chart *chart)
{
	static const double steps[] = {1, 2, 2.5, 5, 10};
	double most = 1, unit = 1;

	for (size_t row = 0; row < chart->table->row_count; row++) {
		double sum = 0;

		for (size_t i = 0; i < SERIES; i++)
			sum += rate_of(chart, row, i);
		if (sum > most)
			most = sum;
	}
	while (unit * 10 * LINES < most)
		unit *= 10;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (steps[i] * unit * LINES >= most)
			return steps[i] * unit * LINES;
	return most;
}

static void add_legend(const struct chart *chart)
{
	WC_HTML(chart->out, "<ul class=\"legend\">");
	for (size_t i = 0; i < SERIES; i++)
		if (has_any(chart, i))
			wc_buffer_format(chart->out, "<li class=\"dir dir-%s\">%s</li>",
					 series[i].name, series[i].name);
	WC_HTML(chart->out, "</ul>\n");
}

static void add_scale(const struct chart *chart)
{
	WC_HTML(chart->out, "<div class=\"scale\" aria-hidden=\"true\">");
	for (int i = LINES; i >= 0; i--) {
		WC_HTML(chart->out, "<span>");
		if (i)
			wc_html_scaled(chart->out, chart->top * i / LINES, "bit/s");
		else
			WC_HTML(chart->out, "0");
		WC_HTML(chart->out, "</span>");
	}
	WC_HTML(chart->out, "</div>\n");
}

static enum wc_html_clock clock_of(const struct chart *chart)
{
	uint64_t step_s = chart->report->step_ns / (uint64_t)NS_PER_S;

	if (step_s * chart->table->row_count > DAY_S)
		return WC_CLOCK_WEEKDAY;
	return step_s < 60 ? WC_CLOCK_SECOND : WC_CLOCK_MINUTE;
}

static void add_times(const struct chart *chart)
{
	size_t last = chart->table->row_count - 1;

	WC_HTML(chart->out, "<div class=\"times\" aria-hidden=\"true\">");
	for (size_t i = 0; i < LABELS; i++) {
		size_t row = last * i / (LABELS - 1);

		wc_html_time(chart->out, wc_report_cell(chart->table, row, WC_TRAFFIC_START)->time,
			     clock_of(chart));
	}
	WC_HTML(chart->out, "</div>\n");
}

/* What a pointer above a column is told. */
static void add_tip(const struct chart *chart, size_t row)
{
	WC_HTML(chart->out, "<title>");
	for (size_t i = 0; i < SERIES; i++) {
		double rate = rate_of(chart, row, i);

		if (rate <= 0)
			continue;
		wc_buffer_format(chart->out, "%s ", series[i].name);
		wc_html_scaled(chart->out, rate, "bit/s ");
	}
	if (seconds_of(chart, row) <= 0)
		WC_HTML(chart->out, "nothing is known of this time");
	WC_HTML(chart->out, "</title>");
}

static void add_rect(const struct chart *chart, const char *class, double x, double y, double width,
		     double height)
{
	wc_buffer_format(chart->out,
			 "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" "
			 "height=\"%.2f\"/>",
			 class, x, y, width, height);
}

static void add_column(const struct chart *chart, size_t row)
{
	double pitch = WIDTH / (double)chart->table->row_count, x = pitch * (double)row;
	const struct wc_cell *lost = wc_report_cell(chart->table, row, WC_TRAFFIC_LOST);
	double y = HEIGHT;

	WC_HTML(chart->out, "<g>");
	add_tip(chart, row);
	/* Something to point at, where the column is low. */
	add_rect(chart, seconds_of(chart, row) > 0 ? "hit" : "hit unknown", x, 0, pitch, HEIGHT);
	for (size_t i = 0; i < SERIES; i++) {
		double height = rate_of(chart, row, i) / chart->top * HEIGHT;

		if (height <= 0)
			continue;
		y -= height;
		add_rect(chart, series[i].name, x + pitch * 0.1, y, pitch * 0.8, height);
	}
	if (lost->number)
		add_rect(chart, "lost", x, 0, pitch, 4);
	WC_HTML(chart->out, "</g>\n");
}

static void add_picture(const struct chart *chart)
{
	wc_buffer_format(
		chart->out,
		"<svg class=\"plot\" viewBox=\"0 0 %.0f %.0f\" preserveAspectRatio=\"none\" "
		"role=\"img\" aria-label=\"Traffic over time by direction; the table below has "
		"its numbers\">\n",
		WIDTH, HEIGHT);
	for (int i = 0; i <= LINES; i++)
		wc_buffer_format(chart->out,
				 "<line x1=\"0\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\" "
				 "vector-effect=\"non-scaling-stroke\"/>\n",
				 WIDTH, HEIGHT * i / LINES, HEIGHT * i / LINES);
	for (size_t row = 0; row < chart->table->row_count; row++)
		add_column(chart, row);
	WC_HTML(chart->out, "</svg>\n");
}

void wc_report_chart(struct wc_buffer *out, const struct wc_report *report)
{
	struct chart chart = {
		.out = out, .report = report, .table = &report->tables[WC_REPORT_TRAFFIC]};

	if (!chart.table->row_count)
		return;
	chart.top = find_top(&chart);
	WC_HTML(out, "<figure class=\"chart\">\n");
	add_legend(&chart);
	WC_HTML(out, "<div class=\"frame\">\n");
	add_scale(&chart);
	add_picture(&chart);
	add_times(&chart);
	WC_HTML(out, "</div>\n</figure>\n");
}

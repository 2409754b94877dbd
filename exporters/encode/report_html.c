#include "report_html.h"

#include <string.h>

#include "html.h"
#include "report.h"
#include "report_chart.h"
#include "report_html_table.h"
#include "report_html_tiles.h"

const char *const wc_report_spans[] = {"now", "hour", "day", "week", NULL};

struct page {
	struct wc_buffer *out;
	const struct wc_report_view *view;
	const struct wc_report *report;
};

/* ---- head ---- */

/* An address of this page or of a table, with the span and capture that are given. */
static void add_link(const struct page *page, const char *path, const char *span,
		     const char *capture)
{
	WC_HTML(page->out, "href=\"");
	wc_buffer_text(page->out, path);
	wc_buffer_format(page->out, "?span=%s", span);
	if (page->view->capture_count > 1) {
		WC_HTML(page->out, "&amp;capture=");
		wc_html_query(page->out, capture);
	}
	WC_HTML(page->out, "\"");
}

static void add_head(const struct page *page)
{
	WC_HTML(page->out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	wc_html_text(page->out, page->view->host);
	wc_buffer_format(page->out, ": traffic, %s</title>\n", page->view->span);
	WC_HTML(page->out, "<link rel=\"icon\" href=\"/report.svg\" type=\"image/svg+xml\">\n"
			   "<link rel=\"stylesheet\" href=\"/report.css\">\n"
			   "<script src=\"/report.js\" defer></script>\n</head>\n");
}

static void add_spans(const struct page *page)
{
	WC_HTML(page->out, "<nav class=\"choice\" aria-label=\"Span of time\">");
	for (const char *const *span = wc_report_spans; *span; span++) {
		WC_HTML(page->out, "<a ");
		add_link(page, "/", *span, page->view->capture);
		if (!strcmp(*span, page->view->span))
			WC_HTML(page->out, " aria-current=\"page\"");
		wc_buffer_format(page->out, ">%s</a>", *span);
	}
	WC_HTML(page->out, "</nav>\n");
}

static void add_captures(const struct page *page)
{
	const struct wc_report_view *view = page->view;

	if (view->capture_count < 2)
		return;
	WC_HTML(page->out, "<nav class=\"choice\" aria-label=\"Capture\">");
	for (size_t i = 0; i < view->capture_count; i++) {
		WC_HTML(page->out, "<a ");
		add_link(page, "/", view->span, view->captures[i]);
		if (!strcmp(view->captures[i], view->capture))
			WC_HTML(page->out, " aria-current=\"page\"");
		WC_HTML(page->out, ">");
		wc_html_text(page->out, view->captures[i]);
		WC_HTML(page->out, "</a>");
	}
	WC_HTML(page->out, "</nav>\n");
}

static void add_header(const struct page *page)
{
	WC_HTML(page->out, "<header>\n<div class=\"name\"><p>wirecensus</p><h1>");
	wc_html_text(page->out, page->view->host);
	WC_HTML(page->out, "</h1></div>\n");
	add_captures(page);
	add_spans(page);
	WC_HTML(page->out, "</header>\n");
}

static void add_trouble(const struct page *page)
{
	if (!page->view->trouble)
		return;
	WC_HTML(page->out,
		"<div class=\"trouble\" role=\"status\"><h2>Something is wrong</h2><pre>");
	for (const char *at = page->view->trouble; *at;) {
		size_t length = strcspn(at, "\n");
		char line[512];

		if (length >= sizeof(line))
			length = sizeof(line) - 1;
		memcpy(line, at, length);
		line[length] = '\0';
		wc_html_text(page->out, line);
		WC_HTML(page->out, "\n");
		at += length + (at[length] == '\n');
	}
	WC_HTML(page->out, "</pre></div>\n");
}

/* ---- tables ---- */

static void add_section_head(const struct page *page, const struct wc_report_table *table)
{
	wc_buffer_format(page->out,
			 "<section id=\"%s\" aria-labelledby=\"%s-title\">\n<div class=\"title\">"
			 "<h2 id=\"%s-title\">%s</h2><a class=\"json\" ",
			 table->name, table->name, table->name, table->title);
	wc_buffer_format(page->out, "aria-label=\"%s as JSON\" ", table->title);
	WC_HTML(page->out, "href=\"/api/");
	wc_buffer_format(page->out, "%s.json?span=%s", table->name, page->view->span);
	if (page->view->capture_count > 1) {
		WC_HTML(page->out, "&amp;capture=");
		wc_html_query(page->out, page->view->capture);
	}
	WC_HTML(page->out, "\">JSON</a></div>\n");
}

static void add_section(const struct page *page, enum wc_report_tables which)
{
	const struct wc_report_table *table = &page->report->tables[which];

	if (!table->columns || table->needless)
		return;
	add_section_head(page, table);
	if (which == WC_REPORT_TRAFFIC) {
		wc_report_chart(page->out, page->report);
		WC_HTML(page->out, "<details><summary>As a table</summary>\n");
		wc_report_html_table(page->out, table);
		WC_HTML(page->out, "</details>\n");
	} else {
		wc_report_html_table(page->out, table);
	}
	WC_HTML(page->out, "</section>\n");
}

/* Ways to the tables: the page is long. */
static void add_contents(const struct page *page)
{
	WC_HTML(page->out, "<nav class=\"contents\" aria-label=\"Tables\"><ul>");
	for (size_t i = WC_REPORT_TRAFFIC; i < WC_REPORT_TABLES; i++) {
		const struct wc_report_table *table = &page->report->tables[i];

		if (table->columns && !table->needless)
			wc_buffer_format(page->out, "<li><a href=\"#%s\">%s</a></li>", table->name,
					 table->title);
	}
	WC_HTML(page->out, "</ul></nav>\n");
}

static void add_main(const struct page *page)
{
	/* Totals stand in the tiles; what is rare of them is worth its table at the end. */
	static const enum wc_report_tables order[] = {
		WC_REPORT_TRAFFIC,   WC_REPORT_PORTS,    WC_REPORT_CONVERSATIONS,
		WC_REPORT_NETWORKS,  WC_REPORT_DOMAINS,  WC_REPORT_HOSTS,
		WC_REPORT_PROTOCOLS, WC_REPORT_SCANNERS, WC_REPORT_TOTALS,
	};

	wc_buffer_format(page->out, "<main id=\"main\" data-refresh=\"%u\">\n",
			 page->view->refresh_s);
	add_trouble(page);
	if (page->report) {
		wc_report_html_tiles(page->out, page->report);
		add_contents(page);
		for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
			add_section(page, order[i]);
	} else {
		WC_HTML(page->out, "<p class=\"none\">nothing is known of this time</p>\n");
	}
	WC_HTML(page->out, "</main>\n");
}

void wc_report_html(struct wc_buffer *out, const struct wc_report_view *view)
{
	struct page page = {.out = out, .view = view, .report = view->report};

	add_head(&page);
	WC_HTML(out, "<body>\n<a class=\"skip\" href=\"#main\">to the report</a>\n");
	add_header(&page);
	add_main(&page);
	WC_HTML(out,
		"<footer><p>wirecensus counts every frame and keeps no payload. All numbers are "
		"also at <a href=\"/api/report.json\">/api/report.json</a>");
	WC_HTML(out, " and <a href=\"/metrics\">/metrics</a>.</p></footer>\n</body>\n</html>\n");
}

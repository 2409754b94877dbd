#include "report_html_tiles.h"

#include <string.h>

#include "html.h"
#include "report.h"

/* Larger numbers are rounded, where their table is at hand. */
#define GROUPED_MAX 10000000

struct tiles {
	struct wc_buffer *out;
	const struct wc_report *report;
};

static void add_when(const struct tiles *tiles)
{
	const struct wc_report *report = tiles->report;

	if (report->start_ns == WC_TIME_UNKNOWN || report->end_ns == WC_TIME_UNKNOWN)
		return;
	WC_HTML(tiles->out, "<p class=\"when\">");
	if (strcmp(report->observer, report->capture) != 0) {
		wc_html_text(tiles->out, report->observer);
		WC_HTML(tiles->out, ", ");
	}
	wc_html_time(tiles->out, report->start_ns, WC_CLOCK_DAY);
	WC_HTML(tiles->out, " to ");
	wc_html_time(tiles->out, report->end_ns, WC_CLOCK_ZONE);
	WC_HTML(tiles->out, "</p>\n");
}

static void begin_tile(const struct tiles *tiles, const char *name)
{
	wc_buffer_format(tiles->out, "<div class=\"tile\"><dt>%s</dt><dd>", name);
}

/* Ends the large number and has a small remark begin. */
static void turn_tile(const struct tiles *tiles)
{
	WC_HTML(tiles->out, "</dd><dd class=\"small\">");
}

static void end_tile(const struct tiles *tiles)
{
	WC_HTML(tiles->out, "</dd></div>\n");
}

static double per_second(const struct tiles *tiles, uint64_t number)
{
	double seconds = (double)tiles->report->length_ns / 1e9;

	return seconds > 0 ? (double)number / seconds : 0;
}

static void add_bytes(const struct tiles *tiles, const char *name, uint64_t bytes)
{
	begin_tile(tiles, name);
	wc_html_scaled(tiles->out, (double)bytes, "B");
	turn_tile(tiles);
	wc_html_scaled(tiles->out, per_second(tiles, bytes) * 8, "bit/s");
	end_tile(tiles);
}

static void add_packets(const struct tiles *tiles, uint64_t packets)
{
	begin_tile(tiles, "Packets");
	if (packets < GROUPED_MAX)
		wc_buffer_grouped(tiles->out, packets);
	else
		wc_html_scaled(tiles->out, (double)packets, "");
	turn_tile(tiles);
	wc_html_scaled(tiles->out, per_second(tiles, packets), "");
	WC_HTML(tiles->out, "a second");
	end_tile(tiles);
}

static void add_talk(const struct tiles *tiles)
{
	begin_tile(tiles, "Conversations");
	wc_buffer_grouped(tiles->out, tiles->report->conversations);
	turn_tile(tiles);
	WC_HTML(tiles->out, "of ");
	wc_buffer_grouped(tiles->out, tiles->report->hosts);
	WC_HTML(tiles->out, " hosts");
	end_tile(tiles);
}

static void add_loss(const struct tiles *tiles)
{
	const struct wc_totals *totals = &tiles->report->totals;
	uint64_t lost = totals->lost_kernel + totals->lost_interface;

	wc_buffer_format(tiles->out, "<div class=\"tile %s\"><dt>Lost</dt><dd>",
			 tiles->report->complete ? "good" : "bad");
	if (lost)
		wc_buffer_grouped(tiles->out, lost);
	else
		WC_HTML(tiles->out, "nothing");
	turn_tile(tiles);
	if (totals->gone_ns)
		wc_buffer_format(tiles->out, "the interface was gone for %.0f s",
				 (double)totals->gone_ns / 1e9);
	else if (lost)
		WC_HTML(tiles->out, "frames were not counted");
	else
		WC_HTML(tiles->out, "every frame was counted");
	end_tile(tiles);
}

static void add_scanners(const struct tiles *tiles)
{
	size_t scanners = tiles->report->tables[WC_REPORT_SCANNERS].row_count;

	if (!scanners)
		return;
	WC_HTML(tiles->out, "<div class=\"tile bad\"><dt>Scanners</dt><dd>");
	wc_buffer_grouped(tiles->out, scanners);
	turn_tile(tiles);
	WC_HTML(tiles->out, "<a href=\"#scanners\">who tries doors</a>");
	end_tile(tiles);
}

void wc_report_html_tiles(struct wc_buffer *out, const struct wc_report *report)
{
	const struct tiles tiles = {.out = out, .report = report};
	const struct wc_totals *totals = &report->totals;
	struct wc_counts sum = wc_totals_sum(totals);

	WC_HTML(out, "<section id=\"summary\" aria-label=\"Summary\">\n");
	add_when(&tiles);
	WC_HTML(out, "<dl class=\"tiles\">\n");
	add_bytes(&tiles, "Traffic", sum.bytes);
	add_packets(&tiles, sum.packets);
	add_bytes(&tiles, "From the internet", totals->internet_in.bytes);
	add_bytes(&tiles, "To the internet", totals->internet_out.bytes);
	add_talk(&tiles);
	add_scanners(&tiles);
	add_loss(&tiles);
	WC_HTML(out, "</dl>\n</section>\n");
}

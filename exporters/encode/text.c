#include "text.h"

#include <stdbool.h>
#include <string.h>

#include "buffer.h"
#include "escape.h"
#include "heard.h"
#include "rows.h"
#include "text_cells.h"
#include "text_rows.h"
#include "text_scanners.h"
#include "timestamp.h"
#include "wirecensus/snapshot.h"

#define LABEL_WIDTH 14
#define NUMBER_MIN  11

struct census {
	struct wc_buffer *out;
	const struct wc_snapshot *snapshot;
	const struct wc_totals *delta;
	struct wc_counts sum;
	size_t number; /* width of the numbers among the totals */
};

static void add_title(const struct census *census)
{
	const struct wc_snapshot *snapshot = census->snapshot;

	if (strcmp(snapshot->capture, snapshot->observer) != 0) {
		wc_escape_terminal(census->out, snapshot->capture);
		wc_buffer_text(census->out, ": ");
	}
	wc_escape_terminal(census->out, snapshot->observer);
	wc_buffer_text(census->out, "\n");
	if (snapshot->interval) { /* else it is a sum of several */
		wc_buffer_text(census->out, "interval ");
		wc_buffer_grouped(census->out, snapshot->interval);
	}
	if (snapshot->start_ns != WC_TIME_UNKNOWN && snapshot->end_ns != WC_TIME_UNKNOWN) {
		wc_buffer_text(census->out, snapshot->interval ? ", " : "");
		wc_timestamp_span(census->out, snapshot->start_ns, snapshot->end_ns);
		wc_buffer_text(census->out, ", ");
		wc_buffer_seconds(census->out, (int64_t)snapshot->length_ns);
		wc_buffer_text(census->out, " s");
	}
	wc_buffer_text(census->out, "\n");
}

/* Begins a line of the totals; what is added next is a remark about the number. */
static void add_total(const struct census *census, const char *label, uint64_t number)
{
	wc_buffer_format(census->out, "%-*s", LABEL_WIDTH, label);
	wc_text_number(census->out, number, census->number);
}

static size_t number_width(const struct census *census)
{
	uint64_t most = census->sum.bytes;
	size_t width;

	if (most < census->delta->received)
		most = census->delta->received;
	width = wc_text_width(most);
	return width > NUMBER_MIN ? width : NUMBER_MIN;
}

/* Begins a remark behind a number. */
static void begin_remark(const struct census *census)
{
	wc_buffer_text(census->out, "   ");
}

/* Adds a rate in tenths: whole numbers do for a reader, and know no locale. */
static void add_tenths(struct wc_buffer *out, double rate, const char *unit)
{
	wc_buffer_tenths(out, rate);
	wc_buffer_format(out, " %s", unit);
}

static void add_frame_rate(const struct census *census)
{
	double seconds = (double)census->snapshot->length_ns / 1e9;

	if (seconds <= 0)
		return;
	begin_remark(census);
	add_tenths(census->out, (double)census->delta->frames / seconds, "per second");
}

static void add_bit_rate(const struct census *census)
{
	static const char *const units[] = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};
	double seconds = (double)census->snapshot->length_ns / 1e9;
	double rate = seconds > 0 ? (double)census->sum.bytes * 8 / seconds : 0;
	size_t i = 0;

	if (seconds <= 0)
		return;
	for (; rate >= 1000 && i + 1 < sizeof(units) / sizeof(*units); i++)
		rate /= 1000;
	begin_remark(census);
	add_tenths(census->out, rate, units[i]);
}

/* Ends a line of the totals with what it was since the start, where that is more. */
static void end_total(const struct census *census, uint64_t delta, uint64_t total)
{
	if (total > delta) { /* a sum of intervals has no total */
		begin_remark(census);
		wc_buffer_grouped(census->out, total);
		wc_buffer_text(census->out, " since the start");
	}
	wc_buffer_text(census->out, "\n");
}

/* A line of what has no table; none when nothing is in it. */
static void add_counts(const struct census *census, const char *label,
		       const struct wc_counts *delta, const struct wc_counts *total)
{
	if (!delta->packets)
		return;
	add_total(census, label, delta->packets);
	begin_remark(census);
	wc_buffer_grouped(census->out, delta->bytes);
	wc_buffer_text(census->out, " bytes");
	end_total(census, delta->packets, total->packets);
}

static void add_class(const struct census *census, const char *label, enum wc_class class)
{
	add_counts(census, label, &census->delta->classes[class],
		   &census->snapshot->total.classes[class]);
}

/* How many rows there are of what the tables show the largest of. */
static void add_number(const struct census *census, const char *label, uint64_t number)
{
	if (!number)
		return;
	add_total(census, label, number);
	wc_buffer_text(census->out, "\n");
}

static void add_totals(const struct census *census)
{
	const struct wc_snapshot *snapshot = census->snapshot;
	const struct wc_totals *delta = census->delta;

	wc_buffer_text(census->out, "\n");
	add_total(census, "frames", delta->frames);
	add_frame_rate(census);
	end_total(census, delta->frames, snapshot->total.frames);
	if (census->sum.packets != delta->frames - delta->rejected.packets) {
		add_total(census, "packets", census->sum.packets);
		wc_buffer_text(census->out, "   on the wire\n");
	}
	add_total(census, "bytes", census->sum.bytes);
	add_bit_rate(census);
	end_total(census, census->sum.bytes, wc_totals_sum(&snapshot->total).bytes);
	add_total(census, "received", delta->received);
	end_total(census, delta->received, snapshot->total.received);
	add_total(census, "lost", delta->lost_kernel);
	end_total(census, delta->lost_kernel, snapshot->total.lost_kernel);
	if (snapshot->pending) {
		add_total(census, "pending", snapshot->pending);
		wc_buffer_text(census->out, "   received, to be counted in the next interval\n");
	}
	add_counts(census, "rejected", &delta->rejected, &snapshot->total.rejected);
	add_class(census, "llc", WC_CLASS_LLC);
	add_class(census, "malformed", WC_CLASS_MALFORMED);
	add_class(census, "unsupported", WC_CLASS_UNSUPPORTED);
	add_counts(census, "internet in", &delta->internet_in, &snapshot->total.internet_in);
	add_counts(census, "internet out", &delta->internet_out, &snapshot->total.internet_out);
	add_number(census, "conversations", wc_heard_conversations(snapshot));
	add_number(census, "hosts", wc_heard_hosts(snapshot));
}

/* A sentence with a number at its end stays right for one as for many. */
static void add_remark(const struct census *census, const char *text, uint64_t number)
{
	if (!number)
		return;
	wc_buffer_text(census->out, text);
	wc_buffer_grouped(census->out, number);
	wc_buffer_text(census->out, "\n");
}

static void add_duration(const struct census *census, const char *text, int64_t ns)
{
	if (!ns)
		return;
	wc_buffer_text(census->out, text);
	wc_buffer_seconds(census->out, ns);
	wc_buffer_text(census->out, " s\n");
}

/* Says in words why the numbers are not the whole truth. */
static void add_remarks(const struct census *census)
{
	const struct wc_snapshot *snapshot = census->snapshot;
	const struct wc_totals *delta = census->delta;
	bool lost = delta->lost_kernel || delta->lost_interface || delta->gone_ns;

	add_remark(census, "INCOMPLETE  lost, as the kernel's buffer was full (see --buffer): ",
		   delta->lost_kernel);
	add_remark(census, "INCOMPLETE  missed by the interface, besides: ", delta->lost_interface);
	add_duration(census, "INCOMPLETE  the interface was gone for ", (int64_t)delta->gone_ns);
	if (!snapshot->complete && !lost)
		wc_buffer_text(census->out, "INCOMPLETE  the file was not read to its end\n");
	if (snapshot->offload == WC_OFFLOAD_YES)
		add_remark(census,
			   "NOTE        frames joined by offload, of several packets each: ",
			   delta->merged);
	add_remark(census, "NOTE        times the interface was opened again: ", delta->restarts);
	add_duration(census, "NOTE        the wall clock was set, and differs by ",
		     snapshot->clock_step_ns);
}

void wc_text_encode_rows(struct wc_buffer *buffer, const struct wc_context *context,
			 const struct wc_snapshot *snapshot, unsigned rows)
{
	struct census census = {
		.out = buffer,
		.snapshot = snapshot,
		.delta = &snapshot->delta,
		.sum = wc_totals_sum(&snapshot->delta),
	};

	size_t start;

	census.number = number_width(&census);
	add_title(&census);
	start = buffer->length;
	if (rows & WC_ROWS_TOTAL) {
		add_totals(&census);
		add_remarks(&census);
	}
	if (rows & WC_ROWS_SCANNER)
		wc_text_scanners_add(buffer, context, snapshot);
	wc_text_rows_add(buffer, context, snapshot, rows);
	if (buffer->length == start)
		wc_buffer_text(buffer, "\nnone\n");
	wc_buffer_text(buffer, "\n");
}

void wc_text_encode(struct wc_buffer *buffer, const struct wc_context *context,
		    const struct wc_snapshot *snapshot)
{
	wc_text_encode_rows(buffer, context, snapshot, WC_ROWS_ALL);
}

#include "control_loss.h"

#include <stdint.h>
#include <string.h>

#include "buffer.h"
#include "escape.h"
#include "text_cells.h"
#include "wirecensus/snapshot.h"

#define LABEL_WIDTH 24
#define NUMBER_MIN  15

struct columns {
	struct wc_buffer *out;
	size_t width;
};

static void add_row(const struct columns *columns, const char *label, uint64_t delta,
		    uint64_t total)
{
	size_t start = columns->out->length;

	wc_buffer_text(columns->out, label);
	wc_buffer_pad(columns->out, start, LABEL_WIDTH);
	wc_text_event(columns->out, delta, columns->width);
	wc_text_event(columns->out, total, columns->width);
	wc_buffer_text(columns->out, "\n");
}

static void add_head(const struct columns *columns, const struct wc_snapshot *snapshot)
{
	struct wc_buffer *out = columns->out;
	size_t start;

	wc_escape_terminal(out, snapshot->capture);
	if (strcmp(snapshot->capture, snapshot->observer) != 0) {
		wc_buffer_text(out, ": ");
		wc_escape_terminal(out, snapshot->observer);
	}
	wc_buffer_text(out, "\ninterval ");
	wc_buffer_grouped(out, snapshot->interval);
	wc_buffer_text(out, "\n\n");
	start = out->length;
	wc_buffer_text(out, "frames");
	wc_buffer_pad(out, start, LABEL_WIDTH);
	wc_text_word(out, "interval", columns->width);
	wc_text_word(out, "all", columns->width);
	wc_buffer_text(out, "\n");
}

static uint64_t milliseconds(uint64_t ns)
{
	return (ns + 999999) / 1000000;
}

void wc_control_loss_add(struct wc_buffer *out, const struct wc_snapshot *snapshot)
{
	const struct wc_totals *delta = &snapshot->delta, *total = &snapshot->total;
	struct columns columns = {out, WC_TEXT_GAP + wc_text_width(total->received)};

	wc_text_widen(&columns.width, NUMBER_MIN);
	add_head(&columns, snapshot);
	add_row(&columns, "received", delta->received, total->received);
	add_row(&columns, "counted", delta->frames - delta->rejected.packets,
		total->frames - total->rejected.packets);
	add_row(&columns, "  of them malformed", delta->classes[WC_CLASS_MALFORMED].packets,
		total->classes[WC_CLASS_MALFORMED].packets);
	add_row(&columns, "  of them unsupported", delta->classes[WC_CLASS_UNSUPPORTED].packets,
		total->classes[WC_CLASS_UNSUPPORTED].packets);
	add_row(&columns, "rejected by match", delta->rejected.packets, total->rejected.packets);
	add_row(&columns, "lost in the kernel", delta->lost_kernel, total->lost_kernel);
	add_row(&columns, "pending at the end", snapshot->pending, snapshot->pending);
	wc_buffer_text(out, "not among the received:\n");
	add_row(&columns, "missed by the interface", delta->lost_interface, total->lost_interface);
	add_row(&columns, "interface gone, in ms", milliseconds(delta->gone_ns),
		milliseconds(total->gone_ns));
	add_row(&columns, "interface opened again", delta->restarts, total->restarts);
	wc_buffer_text(out, "\n");
}

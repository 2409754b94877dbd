#include "metrics_writer.h"

#include "escape.h"

void wc_metrics_begin(struct wc_metrics_writer *writer, const struct wc_metric *metric)
{
	writer->metric = metric;
	writer->announced = false;
	wc_metrics_unlabel(writer);
}

void wc_metrics_unlabel(struct wc_metrics_writer *writer)
{
	wc_buffer_clear(&writer->labels);
}

static void begin_label(struct wc_metrics_writer *writer, const char *name)
{
	wc_buffer_text(&writer->labels, writer->labels.length ? "," : "");
	wc_buffer_text(&writer->labels, name);
	wc_buffer_text(&writer->labels, "=\"");
}

void wc_metrics_label(struct wc_metrics_writer *writer, const char *name, const char *text)
{
	begin_label(writer, name);
	wc_escape_label(&writer->labels, text);
	wc_buffer_text(&writer->labels, "\"");
}

void wc_metrics_label_number(struct wc_metrics_writer *writer, const char *name, uint64_t number)
{
	begin_label(writer, name);
	wc_buffer_number(&writer->labels, number);
	wc_buffer_text(&writer->labels, "\"");
}

/* What a sample's name ends with, besides the metric's own. */
static const char *suffix_of(const struct wc_metric *metric)
{
	static const char *const suffixes[] = {
		[WC_METRIC_COUNTER] = "_total",
		[WC_METRIC_GAUGE] = "",
		[WC_METRIC_INFO] = "_info",
	};

	return suffixes[metric->type];
}

/* In OpenMetrics a metric has its bare name; before, that of its samples. */
static void add_head_line(struct wc_metrics_writer *writer, const char *what, const char *text)
{
	struct wc_buffer *out = writer->out;

	wc_buffer_text(out, what);
	wc_buffer_text(out, writer->metric->name);
	if (!writer->open)
		wc_buffer_text(out, suffix_of(writer->metric));
	wc_buffer_text(out, " ");
	wc_buffer_text(out, text);
	wc_buffer_text(out, "\n");
}

static void announce(struct wc_metrics_writer *writer)
{
	static const char *const types[] = {
		[WC_METRIC_COUNTER] = "counter",
		[WC_METRIC_GAUGE] = "gauge",
		[WC_METRIC_INFO] = "info",
	};
	const struct wc_metric *metric = writer->metric;
	bool info = metric->type == WC_METRIC_INFO;

	if (writer->announced)
		return;
	writer->announced = true;
	add_head_line(writer, "# HELP ", metric->help);
	add_head_line(writer, "# TYPE ", info && !writer->open ? "gauge" : types[metric->type]);
	if (writer->open && metric->unit)
		add_head_line(writer, "# UNIT ", metric->unit);
}

static void begin_line(struct wc_metrics_writer *writer, const char *suffix)
{
	struct wc_buffer *out = writer->out;
	const struct wc_buffer *labels = &writer->labels;

	wc_buffer_text(out, writer->metric->name);
	wc_buffer_text(out, suffix);
	if (labels->length) {
		wc_buffer_text(out, "{");
		wc_buffer_add(out, labels->data, labels->length);
		wc_buffer_text(out, "}");
	}
	wc_buffer_text(out, " ");
}

/* Begins a sample, if there is room for it. */
static bool begin_sample(struct wc_metrics_writer *writer)
{
	size_t lines = writer->metric->type == WC_METRIC_COUNTER ? 2 : 1;

	if (writer->labels.failed)
		writer->out->failed = true;
	if (writer->max_series && writer->series + lines > writer->max_series) {
		writer->left_out++;
		return false;
	}
	writer->series += lines;
	announce(writer);
	begin_line(writer, suffix_of(writer->metric));
	return true;
}

static void end_sample(struct wc_metrics_writer *writer, int64_t since_ns)
{
	wc_buffer_text(writer->out, "\n");
	if (!writer->open || writer->metric->type != WC_METRIC_COUNTER)
		return;
	begin_line(writer, "_created");
	wc_buffer_seconds(writer->out, since_ns);
	wc_buffer_text(writer->out, "\n");
}

void wc_metrics_add(struct wc_metrics_writer *writer, uint64_t value, int64_t since_ns)
{
	if (!begin_sample(writer))
		return;
	wc_buffer_number(writer->out, value);
	end_sample(writer, since_ns);
}

void wc_metrics_add_seconds(struct wc_metrics_writer *writer, int64_t ns, int64_t since_ns)
{
	if (!begin_sample(writer))
		return;
	wc_buffer_seconds(writer->out, ns);
	end_sample(writer, since_ns);
}

void wc_metrics_end(struct wc_metrics_writer *writer)
{
	if (writer->open)
		wc_buffer_text(writer->out, "# EOF\n");
	wc_buffer_free(&writer->labels);
}

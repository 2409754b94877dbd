#include "report_json.h"

#include "buffer.h"
#include "escape.h"
#include "json_row.h"

static void add_name(struct wc_buffer *out, const char *name, const char *ending)
{
	wc_buffer_format(out, "\"%s%s\":", name, ending);
}

static void add_list(struct wc_buffer *out, const struct wc_cell *cell)
{
	wc_buffer_text(out, "[");
	for (uint32_t i = 0; i < cell->count; i++) {
		if (i)
			wc_buffer_text(out, ",");
		wc_escape_json(out, cell->texts[i]);
	}
	wc_buffer_text(out, "]");
}

static void add_value(struct wc_buffer *out, const struct wc_cell *cell)
{
	switch (cell->kind) {
	case WC_CELL_NONE:
		wc_buffer_text(out, "null");
		break;
	case WC_CELL_TEXT:
		wc_escape_json(out, cell->text);
		break;
	case WC_CELL_LIST:
		add_list(out, cell);
		break;
	case WC_CELL_KEY:
	case WC_CELL_COUNT:
	case WC_CELL_BYTES:
		wc_buffer_number(out, cell->number);
		break;
	case WC_CELL_RATE:
		wc_buffer_decimal(out, cell->rate);
		break;
	case WC_CELL_TIME:
		wc_json_time(out, cell->time);
		break;
	case WC_CELL_FLAG:
		wc_buffer_text(out, cell->number ? "true" : "false");
		break;
	}
}

static void add_row(struct wc_buffer *out, const struct wc_report_table *table, size_t row)
{
	bool other = table->other && row + 1 == table->row_count;
	const char *comma = "";

	wc_buffer_text(out, "{");
	if (other) {
		wc_buffer_text(out, "\"other\":true");
		comma = ",";
	}
	for (size_t i = 0; i < table->column_count; i++) {
		const struct wc_cell *cell = wc_report_cell(table, row, i);

		if (other && cell->kind == WC_CELL_NONE)
			continue;
		wc_buffer_text(out, comma);
		comma = ",";
		add_name(out, table->columns[i].field, "");
		add_value(out, cell);
		if (!cell->note)
			continue;
		wc_buffer_text(out, ",");
		add_name(out, table->columns[i].field, "_name");
		wc_escape_json(out, cell->note);
	}
	wc_buffer_text(out, "}");
}

static void add_table(struct wc_buffer *out, const struct wc_report_table *table)
{
	wc_buffer_text(out, ",");
	add_name(out, table->name, "");
	wc_buffer_text(out, "[");
	for (size_t row = 0; row < table->row_count && !out->failed; row++) {
		wc_buffer_text(out, row ? ",\n" : "\n");
		add_row(out, table, row);
	}
	wc_buffer_text(out, "]");
}

static void add_head(struct wc_buffer *out, const struct wc_report *report)
{
	wc_buffer_text(out, "{\"schema\":1,\"host\":");
	wc_escape_json(out, report->host);
	wc_buffer_text(out, ",\"capture\":");
	wc_escape_json(out, report->capture);
	wc_buffer_text(out, ",\"observer\":");
	wc_escape_json(out, report->observer);
	wc_buffer_text(out, ",\"start\":");
	wc_json_time(out, report->start_ns);
	wc_buffer_text(out, ",\"end\":");
	wc_json_time(out, report->end_ns);
	wc_buffer_text(out, ",\"seconds\":");
	wc_buffer_seconds(out, (int64_t)report->length_ns);
	wc_buffer_text(out, report->complete ? ",\"complete\":true" : ",\"complete\":false");
}

void wc_report_json(struct wc_buffer *out, const struct wc_report *report)
{
	add_head(out, report);
	for (size_t i = 0; i < WC_REPORT_TABLES; i++)
		if (report->tables[i].columns)
			add_table(out, &report->tables[i]);
	wc_buffer_text(out, "}\n");
}

void wc_report_json_table(struct wc_buffer *out, const struct wc_report *report,
			  enum wc_report_tables table)
{
	add_head(out, report);
	if (report->tables[table].columns)
		add_table(out, &report->tables[table]);
	wc_buffer_text(out, "}\n");
}

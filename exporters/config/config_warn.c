/*
 * config_warn.c - what works, but hardly as it is meant
 */
#include <string.h>

#include "buffer.h"
#include "config.h"
#include "format.h"
#include "place.h"
#include "rows.h"
#include "wirecensus/error.h"

/* What the exporter's format has to say, each line behind the exporter's name. */
static void warn_of(const struct wc_config_exporter *exporter, struct wc_buffer *warnings)
{
	struct wc_framing framing = {.longest = exporter->options.datagram};
	struct wc_buffer lines = {0};
	struct wc_place place;

	if (!exporter->format->warn || wc_place_parse(&place, exporter->options.address, NULL))
		return;
	framing.datagrams = wc_place_datagrams(&place);
	framing.place = (int)place.kind;
	wc_place_free(&place);
	exporter->format->warn(&exporter->options, &framing, &lines);
	for (size_t at = 0, end; at < lines.length; at = end) {
		end = at + 1 +
		      (size_t)((char *)memchr(lines.data + at, '\n', lines.length - at) -
			       (lines.data + at));
		wc_buffer_format(warnings, "%s: %.*s", exporter->name, (int)(end - at),
				 lines.data + at);
	}
	wc_buffer_free(&lines);
}

/* The kinds of rows that some capture counts. */
static unsigned counted_kinds(const struct wc_config *config)
{
	unsigned kinds = (WC_ROWS_ALL | WC_ROWS_LOSS) &
			 ~(unsigned)(WC_ROWS_CONVERSATION | WC_ROWS_HOST | WC_ROWS_SCANNER);

	for (size_t i = 0; i < config->capture_count; i++) {
		if (config->captures[i].options.conversations)
			kinds |= WC_ROWS_CONVERSATION;
		if (config->captures[i].options.hosts)
			kinds |= WC_ROWS_HOST | WC_ROWS_SCANNER;
	}
	return kinds;
}

/* What was asked for by name, or is all that it sends, and is counted by no capture. */
static void warn_of_rows(const struct wc_config_exporter *exporter, unsigned counted,
			 struct wc_buffer *warnings)
{
	struct wc_selection selection;
	struct wc_error error;

	if (wc_format_selection(&selection, exporter->format, &exporter->options, &error))
		return;
	if (selection.kinds == exporter->format->rows && selection.kinds & counted)
		return;
	for (unsigned i = 0; wc_rows_name(i); i++) {
		if (!(selection.kinds & ~counted & 1U << i))
			continue;
		wc_buffer_format(warnings,
				 "%s: rows: no capture counts %ss: see its bounds conversations "
				 "and hosts\n",
				 exporter->name, wc_rows_name(i));
	}
}

void wc_config_warn(const struct wc_config *config, struct wc_buffer *warnings)
{
	unsigned counted = counted_kinds(config);

	for (size_t i = 0; i < config->exporter_count; i++) {
		warn_of(&config->exporters[i], warnings);
		warn_of_rows(&config->exporters[i], counted, warnings);
	}
}

/*
 * config_settle.c - options whose defaults depend on others
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "config_reader.h"
#include "format.h"
#include "place.h"
#include "rows.h"
#include "wirecensus/error.h"

static bool feeds_flows(const struct wc_config *config)
{
	for (size_t i = 0; i < config->exporter_count; i++)
		if (wc_exporter_scope(config->exporters[i].format->name) == WC_EXPORTER_IPFIX)
			return true;
	return false;
}

/* Flow collectors expect the ports of both sides: captures that do not say have them then. */
static void settle_five_tuple(struct wc_config_reader *reader)
{
	for (size_t i = 0; i < reader->outline.count; i++) {
		const struct wc_outline_part *part = &reader->outline.parts[i];

		if (part->section.kind == WC_SECTION_CAPTURE && !part->unread &&
		    !wc_outline_has(&reader->outline, part, "five_tuple"))
			reader->config->captures[part->index].options.five_tuple = true;
	}
}

/* Names the rows that the format sends by itself. Returns false when memory is short. */
static bool settle_rows(struct wc_exporter_options *options, const struct wc_format *format)
{
	if (options->rows.count)
		return true;
	for (unsigned i = 0; wc_rows_name(i); i++)
		if ((format->rows & 1u << i) && wc_texts_add(&options->rows, wc_rows_name(i), NULL))
			return false;
	return true;
}

/* Fills in what the format is good for. Returns false when memory is short. */
static bool settle_exporter(struct wc_config_exporter *exporter, uint64_t interval)
{
	const struct wc_format *format = exporter->format;
	struct wc_exporter_options *options = &exporter->options;

	if (!options->address && format->fallback) {
		options->address = strdup(format->fallback);
		if (!options->address)
			return false;
	}
	if (options->top == WC_ROWS_FITTING)
		options->top = format->top;
	/* The next multiple: a format's own interval fits any of the daemon's. */
	if (!options->interval && format->interval)
		options->interval = (format->interval + interval - 1) / interval * interval;
	return settle_rows(options, format);
}

/* Sets @path to @name in the state directory, where there is one. Returns false: no memory. */
static bool settle_path(char **path, const char *state, const char *name)
{
	size_t length;

	if (*path || !state)
		return true;
	for (length = strlen(state); length > 1 && state[length - 1] == '/';)
		length--;
	if (asprintf(path, "%.*s/%s", (int)length, state, name) < 0)
		*path = NULL;
	return *path;
}

/* Takes @listen apart; what cannot be leaves no address, which the check tells. */
static bool settle_http(struct wc_config_http *http)
{
	struct wc_place place;
	char *text = NULL;

	if (!http->listen)
		return true;
	if (asprintf(&text, "tcp://%s", http->listen) < 0)
		return false;
	if (!wc_place_parse(&place, text, NULL)) {
		if (!wc_address_parse(&http->address, place.host, NULL))
			http->port = (uint16_t)strtoul(place.port, NULL, 10);
		wc_place_free(&place);
	}
	free(text);
	return true;
}

static bool settle_daemon(struct wc_config_daemon *daemon)
{
	if (!daemon->journal_undelivered)
		daemon->journal_undelivered = daemon->journal_size / 2;
	return settle_http(&daemon->http) &&
	       settle_path(&daemon->journal_path, daemon->state, "census.db") &&
	       settle_path(&daemon->dump_path, daemon->state, "dump");
}

/* Without a section, the default interfaces are counted. Returns false: no memory. */
static bool settle_captures(struct wc_config *config)
{
	if (!config->capture_count) {
		config->captures = calloc(1, sizeof(*config->captures));
		if (!config->captures || wc_options_init(&config->captures[0].options, NULL))
			return false;
		config->capture_count = 1;
		config->captures[0].options.five_tuple = feeds_flows(config);
		config->captures[0].name = strdup("main");
		if (!config->captures[0].name)
			return false;
	}
	for (size_t i = 0; i < config->capture_count; i++)
		config->captures[i].options.interval = config->daemon.interval;
	return true;
}

int wc_config_settle(struct wc_config_reader *reader, struct wc_error *error)
{
	struct wc_config *config = reader->config;

	if (!settle_daemon(&config->daemon) || !settle_captures(config))
		return wc_error_no_memory(error, "for the configuration");
	for (size_t i = 0; i < config->exporter_count; i++)
		if (!settle_exporter(&config->exporters[i], config->daemon.interval))
			return wc_error_no_memory(error, "for the configuration");
	if (feeds_flows(config))
		settle_five_tuple(reader);
	for (size_t i = 0; i < reader->outline.count; i++) {
		struct wc_outline_part *part = &reader->outline.parts[i];

		if (!part->unread)
			wc_config_check(reader, part);
	}
	return WC_OK;
}

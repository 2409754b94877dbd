/*
 * config_try.c - what only this machine can tell of a configuration
 */
#include <string.h>

#include "buffer.h"
#include "config.h"
#include "delivery.h"
#include "format.h"
#include "place.h"
#include "wirecensus/error.h"

/* Makes the exporter's delivery, which reads its files, and does not open it. */
static int try_delivery(const struct wc_exporter_options *options, struct wc_error *error)
{
	const struct wc_delivery_settings settings = {
		.tls = {options->ca, options->certificate, options->key, options->peer},
		.datagram = options->datagram,
		.patience_ns = options->patience * UINT64_C(1000000000),
	};
	struct wc_delivery *delivery = NULL;
	struct wc_place place;
	int status = wc_place_parse(&place, options->address, error);

	if (status)
		return status;
	status = wc_delivery_new(&delivery, &place, &settings, error);
	wc_delivery_free(delivery);
	wc_place_free(&place);
	return status;
}

/* What the exporter's format has to say, each line behind the exporter's name. */
static size_t warn_of(const struct wc_config_exporter *exporter, struct wc_buffer *warnings)
{
	struct wc_framing framing = {.longest = exporter->options.datagram};
	struct wc_buffer lines = {0};
	struct wc_place place;

	if (!exporter->format->warn || wc_place_parse(&place, exporter->options.address, NULL))
		return 0;
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
	return 1;
}

size_t wc_config_warn(const struct wc_config *config, struct wc_buffer *warnings)
{
	size_t told = 0;

	for (size_t i = 0; i < config->exporter_count; i++)
		told += warn_of(&config->exporters[i], warnings);
	return told;
}

size_t wc_config_try(const struct wc_config *config, struct wc_buffer *complaints)
{
	size_t failed = 0;

	for (size_t i = 0; i < config->exporter_count; i++) {
		const struct wc_config_exporter *exporter = &config->exporters[i];
		struct wc_error error;

		if (!try_delivery(&exporter->options, &error))
			continue;
		wc_buffer_format(complaints, "%s: %s\n", exporter->name, error.text);
		failed++;
	}
	return failed;
}

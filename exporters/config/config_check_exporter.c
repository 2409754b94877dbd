/*
 * config_check_exporter.c - what does not go together in an exporter
 */
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "config_check.h"
#include "config_reader.h"
#include "delivery.h"
#include "format.h"
#include "place.h"
#include "wirecensus/error.h"

/* The longest datagram of UDP over IPv4. */
#define DATAGRAM_MAX 65507

/* Returns false when there is a complaint. */
static bool check_kind(const struct wc_check *check, const struct wc_format *format,
		       enum wc_place_kind kind)
{
	char list[256] = "", sentence[512];
	size_t used = 0;

	if (format->places & 1u << kind)
		return true;
	for (int k = 0; k < WC_PLACE_KINDS; k++)
		if ((format->places & 1u << k) && used < sizeof(list))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s://",
						 used ? ", " : "",
						 wc_place_kind_name((enum wc_place_kind)k));
	snprintf(sentence, sizeof(sentence), "address: %s cannot go to %s://, only to %s",
		 format->name, wc_place_kind_name(kind), list);
	wc_check_object(check, "address", sentence);
	return false;
}

static void check_tls(const struct wc_check *check, const struct wc_exporter_options *options,
		      const struct wc_place *place)
{
	static const char *const names[] = {"ca", "certificate", "key", "peer"};
	char sentence[256];

	if (!options->certificate != !options->key && wc_check_is_known(check, "certificate") &&
	    wc_check_is_known(check, "key"))
		wc_check_object(check, options->key ? "key" : "certificate",
				"certificate and key belong together: give both, or none");
	if (place->kind == WC_PLACE_TLS || place->kind == WC_PLACE_RELPS)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!wc_check_is_given(check, names[i]))
			continue;
		snprintf(sentence, sizeof(sentence),
			 "%s has no meaning for %s://, which is not encrypted", names[i],
			 wc_place_kind_name(place->kind));
		wc_check_object(check, names[i], sentence);
	}
}

static void check_datagrams(const struct wc_check *check, const struct wc_place *place)
{
	static const char *const names[] = {"datagram", "pace"};
	char sentence[256];

	for (size_t i = 0; i < 2 && !wc_place_datagrams(place); i++) {
		if (!wc_check_is_given(check, names[i]))
			continue;
		snprintf(sentence, sizeof(sentence),
			 "%s has no meaning for %s://, which takes no datagrams", names[i],
			 wc_place_kind_name(place->kind));
		wc_check_object(check, names[i], sentence);
	}
}

/* Options that mean something at some places only. */
static void check_elsewhere(const struct wc_check *check, const struct wc_place *place)
{
	const char *kind = wc_place_kind_name(place->kind);
	const struct {
		const char *option, *reason;
		bool meant;
	} rows[] = {
		{"patience", "which waits for nobody", place->kind != WC_PLACE_FILE},
		{"refresh", "where templates are sent once", wc_place_datagrams(place)},
		{"rfc5424", "where that is written anyway", place->kind == WC_PLACE_UNIXGRAM},
	};
	char sentence[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (rows[i].meant ||
		    !wc_section_option(&check->part->section, rows[i].option,
				       strlen(rows[i].option)) ||
		    !wc_check_is_changed(check, rows[i].option))
			continue;
		snprintf(sentence, sizeof(sentence), "%s has no meaning for %s://, %s",
			 rows[i].option, kind, rows[i].reason);
		wc_check_object(check, rows[i].option, sentence);
	}
}

/* What the format itself has to say. */
static void check_format(const struct wc_check *check, const struct wc_config_exporter *exporter,
			 const struct wc_place *place)
{
	struct wc_framing framing = {
		.datagrams = wc_place_datagrams(place),
		.longest = exporter->options.datagram ? exporter->options.datagram : DATAGRAM_MAX,
		.place = (int)place->kind,
	};
	struct wc_error error;

	if (wc_format_check(exporter->format, &exporter->options, &framing, &error))
		wc_check_object(check, wc_check_subject(check, error.text, "rows"), error.text);
}

/* Makes the exporter's delivery, which reads its files, and does not open it. */
static void try_delivery(const struct wc_check *check, const struct wc_exporter_options *options,
			 const struct wc_place *place)
{
	const struct wc_delivery_settings settings = {
		.tls = {options->ca, options->certificate, options->key, options->peer},
		.datagram = options->datagram,
		.patience_ns = options->patience * UINT64_C(1000000000),
	};
	struct wc_delivery *delivery = NULL;
	struct wc_error error;

	/* Half a pair was told. */
	if (!check->reader->http || !options->certificate != !options->key)
		return;
	if (wc_delivery_new(&delivery, place, &settings, &error))
		wc_check_object(check, wc_check_subject(check, error.text, "address"), error.text);
	wc_delivery_free(delivery);
}

/* How an address is written that @format can go to. */
static const char *example_of(const struct wc_format *format)
{
	if (format->places & 1u << WC_PLACE_UDP)
		return "udp://HOST:PORT\", or where else to";
	return format->places & 1u << WC_PLACE_TREE ? "tree:///DIRECTORY\"" : "file:///PATH\"";
}

static void check_place(const struct wc_check *check, const struct wc_config_exporter *exporter)
{
	struct wc_error error;
	struct wc_place place;

	if (!wc_check_is_known(check, "address"))
		return;
	if (!exporter->options.address) {
		snprintf(error.text, sizeof(error.text),
			 "%s needs an address: write address = \"%s", exporter->name,
			 example_of(exporter->format));
		wc_check_object(check, "address", error.text);
		return;
	}
	if (wc_place_parse(&place, exporter->options.address, &error)) {
		wc_check_object(check, "address", error.text);
		return;
	}
	if (check_kind(check, exporter->format, place.kind))
		try_delivery(check, &exporter->options, &place);
	check_tls(check, &exporter->options, &place);
	check_datagrams(check, &place);
	check_elsewhere(check, &place);
	check_format(check, exporter, &place);
	wc_place_free(&place);
}

/* Sums are of whole intervals. */
static void check_interval(const struct wc_check *check, const struct wc_exporter_options *options,
			   uint64_t interval)
{
	const struct wc_check top = {check->reader, check->reader->outline.parts};
	char sentence[256];

	if (!options->interval || options->interval % interval == 0 ||
	    !wc_check_is_known(&top, "interval"))
		return;
	snprintf(sentence, sizeof(sentence),
		 "interval: %llu s is no multiple of the daemon's interval, %llu s",
		 (unsigned long long)options->interval, (unsigned long long)interval);
	wc_check_object(check, "interval", sentence);
}

void wc_check_exporter(const struct wc_check *check)
{
	const struct wc_config *config = check->reader->config;
	const struct wc_config_exporter *exporter = &config->exporters[check->part->index];

	check_place(check, exporter);
	check_interval(check, &exporter->options, config->daemon.interval);
}

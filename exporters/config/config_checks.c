/*
 * config_checks.c - what does not go together
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "config_reader.h"
#include "format.h"
#include "place.h"
#include "wirecensus/census.h"
#include "wirecensus/error.h"

/* The longest datagram of UDP over IPv4. */
#define DATAGRAM_MAX 65507

/* One section that is checked. */
struct check {
	struct wc_config_reader *reader;
	struct wc_outline_part *part;
};

/* Complains at the line of @option, or of the section where that was not given. */
static void object(const struct check *check, const char *option, const char *sentence)
{
	wc_complain(&check->reader->complaints,
		    wc_outline_mark(&check->reader->outline, check->part, option), "%s", sentence);
}

static bool is_given(const struct check *check, const char *option)
{
	return wc_outline_has(&check->reader->outline, check->part, option);
}

/* ---- captures ---- */

/* The kernel cuts no name: a longer one is of no interface. */
static void check_interfaces(const struct check *check)
{
	const struct wc_texts *names =
		&check->reader->config->captures[check->part->index].options.interface;
	char sentence[WC_ERROR_SIZE];

	for (size_t i = 0; i < names->count; i++) {
		if (strlen(names->items[i]) < IF_NAMESIZE && !strchr(names->items[i], '/'))
			continue;
		snprintf(sentence, sizeof(sentence),
			 "interface: '%s' cannot be the name of an interface: it has at most %d "
			 "characters and no /",
			 names->items[i], IF_NAMESIZE - 1);
		object(check, "interface", sentence);
	}
}

/* Each text is compiled for itself, so that the sentence has its line. */
static void check_texts(const struct check *check)
{
	static const char *const names[] = {"filter", "match", "no_match"};
	const struct wc_options *options =
		&check->reader->config->captures[check->part->index].options;
	struct wc_error error;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct wc_options only = *options;

		only.filter = i == 0 ? options->filter : NULL;
		only.match = i == 1 ? options->match : NULL;
		only.no_match = i == 2 ? options->no_match : NULL;
		if (wc_census_try(&only, &error))
			object(check, names[i], error.text);
	}
}

/* ---- exporters ---- */

static void check_kind(const struct check *check, const struct wc_format *format,
		       enum wc_place_kind kind)
{
	char list[256] = "", sentence[512];
	size_t used = 0;

	if (format->places & 1u << kind)
		return;
	for (int k = 0; k < WC_PLACE_KINDS; k++)
		if ((format->places & 1u << k) && used < sizeof(list))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s://",
						 used ? ", " : "",
						 wc_place_kind_name((enum wc_place_kind)k));
	snprintf(sentence, sizeof(sentence), "address: %s cannot go to %s://, only to %s",
		 format->name, wc_place_kind_name(kind), list);
	object(check, "address", sentence);
}

static void check_tls(const struct check *check, const struct wc_exporter_options *options,
		      const struct wc_place *place)
{
	static const char *const names[] = {"ca", "certificate", "key", "peer"};
	char sentence[256];

	if (!options->certificate != !options->key)
		object(check, options->key ? "key" : "certificate",
		       "certificate and key belong together: give both, or none");
	if (place->kind == WC_PLACE_TLS || place->kind == WC_PLACE_RELPS)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!is_given(check, names[i]))
			continue;
		snprintf(sentence, sizeof(sentence),
			 "%s has no meaning for %s://, which is not encrypted", names[i],
			 wc_place_kind_name(place->kind));
		object(check, names[i], sentence);
	}
}

static void check_datagrams(const struct check *check, const struct wc_place *place)
{
	static const char *const names[] = {"datagram", "pace"};
	char sentence[256];

	for (size_t i = 0; i < 2 && !wc_place_datagrams(place); i++) {
		if (!is_given(check, names[i]))
			continue;
		snprintf(sentence, sizeof(sentence),
			 "%s has no meaning for %s://, which takes no datagrams", names[i],
			 wc_place_kind_name(place->kind));
		object(check, names[i], sentence);
	}
}

/* The option that a format's sentence begins with; else the one it is asked about. */
static const char *subject(const struct check *check, const char *sentence)
{
	const struct wc_option *option =
		wc_section_option(&check->part->section, sentence, strcspn(sentence, ": "));

	return option ? option->name : "rows";
}

/* What the format itself has to say. */
static void check_format(const struct check *check, const struct wc_config_exporter *exporter,
			 const struct wc_place *place)
{
	struct wc_framing framing = {
		.datagrams = wc_place_datagrams(place),
		.longest = exporter->options.datagram ? exporter->options.datagram : DATAGRAM_MAX,
		.place = (int)place->kind,
	};
	struct wc_error error;

	if (wc_format_check(exporter->format, &exporter->options, &framing, &error))
		object(check, subject(check, error.text), error.text);
}

static void check_place(const struct check *check, const struct wc_config_exporter *exporter)
{
	struct wc_error error;
	struct wc_place place;

	if (!exporter->options.address) {
		snprintf(error.text, sizeof(error.text),
			 "%s needs an address: write address = \"udp://HOST:PORT\", or where else "
			 "to",
			 exporter->name);
		object(check, "address", error.text);
		return;
	}
	if (wc_place_parse(&place, exporter->options.address, &error)) {
		object(check, "address", error.text);
		return;
	}
	check_kind(check, exporter->format, place.kind);
	check_tls(check, &exporter->options, &place);
	check_datagrams(check, &place);
	check_format(check, exporter, &place);
	wc_place_free(&place);
}

/* Sums are of whole intervals. */
static void check_interval(const struct check *check, const struct wc_exporter_options *options,
			   uint64_t interval)
{
	char sentence[256];

	if (!options->interval || options->interval % interval == 0)
		return;
	snprintf(sentence, sizeof(sentence),
		 "interval: %llu s is no multiple of the daemon's interval, %llu s",
		 (unsigned long long)options->interval, (unsigned long long)interval);
	object(check, "interval", sentence);
}

/* ---- the daemon ---- */

static void check_journal(const struct check *check)
{
	const struct wc_config_daemon *daemon = &check->reader->config->daemon;

	if (daemon->journal_undelivered > daemon->journal_size)
		object(check, "undelivered",
		       "undelivered: it is a part of size and cannot be larger");
}

static void check_dump(const struct check *check)
{
	const char *trigger = check->reader->config->daemon.trigger;
	struct wc_error error;
	struct wc_place place;

	if (!trigger)
		return;
	if (wc_place_parse(&place, trigger, &error)) {
		object(check, "trigger", "trigger: write udp://ADDRESS:PORT");
		return;
	}
	if (place.kind != WC_PLACE_UDP)
		object(check, "trigger", "trigger: it is taken by udp:// only");
	wc_place_free(&place);
}

/* Beyond this host only with encryption and password, or where that is what is wanted. */
static void check_http(const struct check *check)
{
	const struct wc_config_http *http = &check->reader->config->daemon.http;
	char sentence[WC_ERROR_SIZE];

	if (!http->listen)
		return;
	if (!http->address.version) {
		snprintf(sentence, sizeof(sentence),
			 "listen: '%s' is no address with a port: write one like 127.0.0.1:8888 or "
			 "[::1]:8888",
			 http->listen);
		object(check, "listen", sentence);
	} else if (!wc_address_is_loopback(&http->address) && !http->public && !http->web_config) {
		object(check, "listen",
		       "listen: anybody who reaches this address could read all counts: give a "
		       "web_config with a certificate and passwords, or write public = yes");
	}
}

static void check_exporter(const struct check *check)
{
	const struct wc_config *config = check->reader->config;
	const struct wc_config_exporter *exporter = &config->exporters[check->part->index];

	check_place(check, exporter);
	check_interval(check, &exporter->options, config->daemon.interval);
}

void wc_config_check(struct wc_config_reader *reader, struct wc_outline_part *part)
{
	const struct check check = {reader, part};

	switch (part->section.kind) {
	case WC_SECTION_TOP:
		break;
	case WC_SECTION_JOURNAL:
		check_journal(&check);
		break;
	case WC_SECTION_DUMP:
		check_dump(&check);
		break;
	case WC_SECTION_HTTP:
		check_http(&check);
		break;
	case WC_SECTION_CAPTURE:
		check_interfaces(&check);
		check_texts(&check);
		break;
	case WC_SECTION_EXPORTER:
		check_exporter(&check);
		break;
	}
}

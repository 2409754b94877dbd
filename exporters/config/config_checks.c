/*
 * config_checks.c - what does not go together in the daemon's own sections
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "buffer.h"
#include "config.h"
#include "config_check.h"
#include "config_print.h"
#include "config_reader.h"
#include "place.h"
#include "wirecensus/error.h"

void wc_check_object(const struct wc_check *check, const char *option, const char *sentence)
{
	wc_complain(&check->reader->complaints,
		    wc_outline_mark(&check->reader->outline, check->part, option), "%s", sentence);
}

const char *wc_check_subject(const struct wc_check *check, const char *sentence,
			     const char *fallback)
{
	const struct wc_option *option =
		wc_section_option(&check->part->section, sentence, strcspn(sentence, ": "));

	return option ? option->name : fallback;
}

bool wc_check_is_given(const struct wc_check *check, const char *option)
{
	return wc_outline_has(&check->reader->outline, check->part, option);
}

bool wc_check_is_known(const struct wc_check *check, const char *option)
{
	return wc_outline_known(&check->reader->outline, check->part, option);
}

bool wc_check_is_changed(const struct wc_check *check, const char *option)
{
	const struct wc_section *section = &check->part->section;
	const struct wc_option *row = wc_section_option(section, option, strlen(option));
	const struct wc_option rows[] = {*row, {.name = NULL}};
	union {
		struct wc_config_daemon daemon;
		struct wc_exporter_options exporter;
		struct wc_options capture;
	} fallback = {0};
	struct wc_buffer now = {0}, without = {0};
	bool changed = false;

	if (!wc_check_is_given(check, option) || wc_option_defaults(&fallback, rows, NULL))
		return false;
	wc_config_print_value(
		&now, row, wc_section_fields(section, check->reader->config, check->part->index));
	wc_config_print_value(&without, row, &fallback);
	changed = now.length != without.length || memcmp(now.data, without.data, now.length);
	wc_buffer_free(&now);
	wc_buffer_free(&without);
	wc_option_clear(&fallback, rows);
	return changed;
}

/* A socket's path has little room (unix(7)). */
static void check_control(const struct wc_check *check)
{
	const char *control = check->reader->config->daemon.control;
	char sentence[128];

	if (!control || strlen(control) < sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return;
	snprintf(sentence, sizeof(sentence),
		 "control: the path of a socket has at most %zu bytes, and this has %zu",
		 sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1, strlen(control));
	wc_check_object(check, "control", sentence);
}

static void check_journal(const struct wc_check *check)
{
	const struct wc_config_daemon *daemon = &check->reader->config->daemon;

	if (daemon->journal_undelivered > daemon->journal_size && wc_check_is_known(check, "size"))
		wc_check_object(check, "undelivered",
				"undelivered: it is a part of size and cannot be larger");
}

static void check_dump(const struct wc_check *check)
{
	const char *trigger = check->reader->config->daemon.trigger;
	struct wc_error error;
	struct wc_place place;

	if (!trigger) {
		if (wc_check_is_changed(check, "allow") && wc_check_is_known(check, "trigger"))
			wc_check_object(check, "allow",
					"allow has no meaning without trigger: nobody can ask");
		return;
	}
	if (wc_place_parse(&place, trigger, &error)) {
		wc_check_object(check, "trigger", "trigger: write udp://ADDRESS:PORT");
		return;
	}
	if (place.kind != WC_PLACE_UDP)
		wc_check_object(check, "trigger", "trigger: it is taken by udp:// only");
	wc_place_free(&place);
}

/* What only the server itself can tell, such as of its web_config. */
static void try_http(const struct wc_check *check)
{
	const struct wc_config_reader *reader = check->reader;
	const char *option = wc_check_is_given(check, "web_config") ? "web_config" : "listen";
	struct wc_error error;

	if (reader->http && reader->http(reader->config, &error))
		wc_check_object(check, wc_check_subject(check, error.text, option), error.text);
}

/* What is set up for a server that there is none of. */
static void check_silent(const struct wc_check *check)
{
	const struct wc_option *option = check->part->section.table;
	char sentence[128];

	if (!wc_check_is_known(check, "listen"))
		return;
	for (; option->name; option++) {
		if (!wc_check_is_changed(check, option->name))
			continue;
		snprintf(sentence, sizeof(sentence),
			 "%s has no meaning without listen: nothing is to be had", option->name);
		wc_check_object(check, option->name, sentence);
	}
}

/* Beyond this host only with encryption and password, or where that is what is wanted. */
static void check_http(const struct wc_check *check)
{
	const struct wc_config_http *http = &check->reader->config->daemon.http;
	char sentence[WC_ERROR_SIZE];

	if (!http->listen) {
		check_silent(check);
		return;
	}
	if (!http->address.version) {
		snprintf(sentence, sizeof(sentence),
			 "listen: '%s' is no address with a port: write one like 127.0.0.1:8888 or "
			 "[::1]:8888",
			 http->listen);
		wc_check_object(check, "listen", sentence);
	} else if (!wc_check_is_known(check, "public") || !wc_check_is_known(check, "web_config")) {
		return;
	} else if (!wc_address_is_loopback(&http->address) && !http->public && !http->web_config) {
		wc_check_object(
			check, "listen",
			"listen: anybody who reaches this address could read all counts: give a "
			"web_config with a certificate and passwords, or write public = yes");
	} else {
		try_http(check);
	}
}

void wc_config_check(struct wc_config_reader *reader, struct wc_outline_part *part)
{
	const struct wc_check check = {reader, part};

	switch (part->section.kind) {
	case WC_SECTION_TOP:
		if (part == reader->outline.parts) /* the tops of all files are one */
			check_control(&check);
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
		wc_check_capture(&check);
		break;
	case WC_SECTION_EXPORTER:
		wc_check_exporter(&check);
		break;
	}
}

/*
 * config_check_capture.c - what does not go together in a capture
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "config_check.h"
#include "config_reader.h"
#include "names.h"
#include "wirecensus/census.h"
#include "wirecensus/error.h"

/* Room for a title and the name of an interface. */
#define NAME_SIZE 96

static const struct wc_options *options_of(const struct wc_check *check)
{
	return &check->reader->config->captures[check->part->index].options;
}

/* The kernel cuts no name: a longer one is of no interface. */
static void check_interfaces(const struct wc_check *check)
{
	const struct wc_texts *names = &options_of(check)->interface;
	char sentence[WC_ERROR_SIZE];

	for (size_t i = 0; i < names->count; i++) {
		if (strlen(names->items[i]) < IF_NAMESIZE && !strchr(names->items[i], '/'))
			continue;
		snprintf(sentence, sizeof(sentence),
			 "interface: '%s' cannot be the name of an interface: it has at most %d "
			 "characters and no /",
			 names->items[i], IF_NAMESIZE - 1);
		wc_check_object(check, "interface", sentence);
	}
}

/* What the capture of @interface is called, as the daemon does (capture_names.h). */
static const char *name_of(char room[static NAME_SIZE], const struct wc_config_capture *capture,
			   const char *interface)
{
	if (capture->options.interface.count == 1)
		return capture->name;
	snprintf(room, NAME_SIZE, "%s-%s", capture->name, interface);
	return room;
}

static void object_same(const struct wc_check *check, const char *name,
			const struct wc_config_capture *other)
{
	const struct wc_outline_part *first = wc_outline_find(&check->reader->outline, "capture",
							      other->name, strlen(other->name));
	char sentence[WC_ERROR_SIZE];

	if (first == check->part)
		snprintf(sentence, sizeof(sentence),
			 "interface: two captures would be called '%s': name each interface once",
			 name);
	else
		snprintf(sentence, sizeof(sentence),
			 "two captures would be called '%s', the other by the section %s at %s:%u: "
			 "give one of the sections another title",
			 name, other->name, first->mark.file->path, first->mark.line);
	wc_check_object(check, "interface", sentence);
}

/* True if one of the first @count interfaces of @other makes a capture called @name. */
static bool makes(const struct wc_config_capture *other, size_t count, const char *name)
{
	char room[NAME_SIZE];

	for (size_t i = 0; i < count; i++)
		if (!strcmp(name_of(room, other, other->options.interface.items[i]), name))
			return true;
	return false;
}

/* Of interfaces that are named: what the others are is known at the start. */
static void check_names(const struct wc_check *check)
{
	const struct wc_config_capture *captures = check->reader->config->captures;
	const struct wc_config_capture *own = &captures[check->part->index];
	const struct wc_texts *interfaces = &own->options.interface;
	char room[NAME_SIZE];

	for (size_t i = 0; i < interfaces->count; i++) {
		const char *name = name_of(room, own, interfaces->items[i]);
		const struct wc_config_capture *other = captures;

		while (other < own && !makes(other, other->options.interface.count, name))
			other++;
		if (other < own || makes(own, i, name)) {
			object_same(check, name, other);
			return;
		}
	}
}

/* Each text is compiled for itself, so that the sentence has its line; by any engine. */
static void check_texts(const struct wc_check *check)
{
	static const char *const names[] = {"filter", "match", "no_match"};
	const struct wc_options *options = options_of(check);
	struct wc_error error;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct wc_options only = *options;

		only.filter = i == 0 ? options->filter : NULL;
		only.match = i == 1 ? options->match : NULL;
		only.no_match = i == 2 ? options->no_match : NULL;
		only.engine = WC_ENGINE_AUTO;
		only.attach = WC_ATTACH_SOCKET;
		only.drop_echo = false;
		if (wc_check_is_known(check, names[i]) && wc_census_try(&only, &error))
			wc_check_object(check, names[i], error.text);
	}
}

static void check_engine(const struct wc_check *check)
{
	struct wc_error error;

	if (wc_check_is_known(check, "engine") && wc_check_is_known(check, "attach") &&
	    wc_census_try_engine(options_of(check), &error))
		wc_check_object(check, wc_check_subject(check, error.text, "engine"), error.text);
}

static void check_servers(const struct wc_check *check)
{
	const struct wc_options *options = options_of(check);
	struct wc_error error;

	if (options->names && wc_names_check(&options->name_server, &error))
		wc_check_object(check, options->name_server.count ? "name_server" : "names",
				error.text);
}

void wc_check_capture(const struct wc_check *check)
{
	check_interfaces(check);
	check_names(check);
	check_servers(check);
	check_texts(check);
	check_engine(check);
}

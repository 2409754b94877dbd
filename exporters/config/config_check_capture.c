/*
 * config_check_capture.c - what does not go together in a capture
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "config_check.h"
#include "config_reader.h"
#include "wirecensus/census.h"
#include "wirecensus/error.h"

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
		if (wc_census_try(&only, &error))
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

void wc_check_capture(const struct wc_check *check)
{
	check_interfaces(check);
	check_texts(check);
	check_engine(check);
}

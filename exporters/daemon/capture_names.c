#include "capture_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "wirecensus/error.h"

static char *join(const char *name, const char *interface)
{
	char *joined;

	return asprintf(&joined, "%s-%s", name, interface) < 0 ? NULL : joined;
}

static void release(struct wc_capture_name *name)
{
	free(name->name);
	free(name->interface);
	free(name->section);
}

static int check_new(const struct wc_capture_names *names, const struct wc_capture_name *new,
		     struct wc_error *error)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->items[i].name, new->name))
			return wc_error_set(
				error, WC_INVALID,
				"two captures would be called '%s', on %s and on %s: give "
				"one of the sections another name",
				new->name, names->items[i].interface, new->interface);
	return WC_OK;
}

static int add(struct wc_capture_names *names, const struct wc_config_capture *section,
	       const char *interface, struct wc_error *error)
{
	bool alone = section->options.interface.count == 1;
	struct wc_capture_name new = {
		.name = alone ? strdup(section->name) : join(section->name, interface),
		.interface = strdup(interface),
		.section = strdup(section->name),
	};
	struct wc_capture_name *grown =
		realloc(names->items, (names->count + 1) * sizeof(*names->items));
	int status;

	if (grown)
		names->items = grown;
	if (!grown || !new.name || !new.interface || !new.section)
		status = wc_error_no_memory(error, "to begin");
	else
		status = check_new(names, &new, error);
	if (status) {
		release(&new);
		return status;
	}
	names->items[names->count++] = new;
	return WC_OK;
}

int wc_capture_names_list(struct wc_capture_names *names, const struct wc_config *config,
			  const struct wc_texts *fallback, struct wc_error *error)
{
	int status = WC_OK;

	*names = (struct wc_capture_names){0};
	for (size_t i = 0; i < config->capture_count && !status; i++) {
		const struct wc_config_capture *section = &config->captures[i];
		const struct wc_texts *named = &section->options.interface;

		if (!named->count)
			named = fallback;
		for (size_t j = 0; j < named->count && !status; j++)
			status = add(names, section, named->items[j], error);
	}
	if (status)
		wc_capture_names_free(names);
	return status;
}

void wc_capture_names_free(struct wc_capture_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		release(&names->items[i]);
	free(names->items);
	*names = (struct wc_capture_names){0};
}

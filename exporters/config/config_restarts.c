/*
 * config_restarts.c - what differs between two configurations and needs a restart
 */
#include <string.h>

#include "buffer.h"
#include "config.h"
#include "config_print.h"
#include "config_sections.h"

/* What is compared, and where it is told. */
struct comparison {
	struct wc_buffer *out;
	size_t count;
	struct wc_buffer old, new; /* one value */
};

static bool same(const struct comparison *comparison)
{
	const struct wc_buffer *old = &comparison->old, *new = &comparison->new;

	return old->length == new->length && !memcmp(old->data, new->data, old->length);
}

/* @title: NULL for none. */
static void compare_options(struct comparison *comparison, const struct wc_section *section,
			    const char *title, const void *old, const void *new)
{
	for (const struct wc_option *option = section->table; option->name; option++) {
		if (!option->restart || !(option->scope & section->scope))
			continue;
		wc_buffer_clear(&comparison->old);
		wc_buffer_clear(&comparison->new);
		wc_config_print_value(&comparison->old, option, old);
		wc_config_print_value(&comparison->new, option, new);
		if (same(comparison))
			continue;
		wc_buffer_format(comparison->out, "%s%s%s%s%s: from %.*s to %.*s\n", section->name,
				 title ? " " : "", title ? title : "", *section->name ? " " : "",
				 option->name, (int)comparison->old.length, comparison->old.data,
				 (int)comparison->new.length, comparison->new.data);
		comparison->count++;
	}
}

static const struct wc_config_capture *find_capture(const struct wc_config *config,
						    const char *name)
{
	for (size_t i = 0; i < config->capture_count; i++)
		if (!strcmp(config->captures[i].name, name))
			return &config->captures[i];
	return NULL;
}

static void compare_captures(struct comparison *comparison, const struct wc_section *section,
			     const struct wc_config *old, const struct wc_config *new)
{
	for (size_t i = 0; i < old->capture_count; i++) {
		const struct wc_config_capture *was = &old->captures[i];
		const struct wc_config_capture *is = find_capture(new, was->name);

		if (is) {
			compare_options(comparison, section, was->name, &was->options,
					&is->options);
			continue;
		}
		wc_buffer_format(comparison->out, "capture %s: it is no longer there\n", was->name);
		comparison->count++;
	}
	for (size_t i = 0; i < new->capture_count; i++) {
		if (find_capture(old, new->captures[i].name))
			continue;
		wc_buffer_format(comparison->out, "capture %s: it is new\n", new->captures[i].name);
		comparison->count++;
	}
}

size_t wc_config_restarts(struct wc_buffer *out, const struct wc_config *old,
			  const struct wc_config *new)
{
	struct comparison comparison = {.out = out};
	struct wc_section section;

	for (size_t i = 0; wc_section_get(i, &section); i++) {
		if (section.kind < WC_SECTION_CAPTURE)
			compare_options(&comparison, &section, NULL, &old->daemon, &new->daemon);
		else if (section.kind == WC_SECTION_CAPTURE)
			compare_captures(&comparison, &section, old, new);
	}
	wc_buffer_free(&comparison.old);
	wc_buffer_free(&comparison.new);
	return comparison.count;
}

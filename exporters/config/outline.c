/*
 * outline.c - which section and which option stands where
 */
#include "outline.h"

#include <stdlib.h>
#include <string.h>

#include "wirecensus/options.h"

struct wc_outline_part *wc_outline_add(struct wc_outline *outline, const struct wc_section *section,
				       const char *title, size_t length, struct wc_mark mark)
{
	struct wc_outline_part *parts =
		realloc(outline->parts, (outline->count + 1) * sizeof(*parts));
	char *copy = title ? strndup(title, length) : NULL;

	if (parts)
		outline->parts = parts;
	if (!parts || (title && !copy)) {
		outline->failed = true;
		free(copy);
		return NULL;
	}
	parts[outline->count] =
		(struct wc_outline_part){.section = *section, .title = copy, .mark = mark};
	return &parts[outline->count++];
}

void wc_outline_note(struct wc_outline *outline, struct wc_outline_part *part,
		     const struct wc_option *option, unsigned line, bool wrong)
{
	struct wc_outline_item *items = realloc(part->items, (part->count + 1) * sizeof(*items));

	if (!items) {
		outline->failed = true;
		return;
	}
	part->items = items;
	items[part->count++] =
		(struct wc_outline_item){.option = option, .line = line, .wrong = wrong};
}

static bool has_title(const struct wc_outline_part *part, const char *title, size_t length)
{
	if (!part->title || !title)
		return !part->title && !title;
	return strlen(part->title) == length && !memcmp(part->title, title, length);
}

const struct wc_outline_part *wc_outline_find(const struct wc_outline *outline, const char *name,
					      const char *title, size_t length)
{
	for (size_t i = 0; i < outline->count; i++)
		if (!strcmp(outline->parts[i].section.name, name) &&
		    has_title(&outline->parts[i], title, length))
			return &outline->parts[i];
	return NULL;
}

static const struct wc_outline_item *item_in(const struct wc_outline_part *part,
					     const struct wc_option *option)
{
	for (size_t i = 0; option && i < part->count; i++)
		if (part->items[i].option == option)
			return &part->items[i];
	return NULL;
}

/* Finds where @option was given, as wc_outline_given(); fills in the part that has it. */
static const struct wc_outline_item *find_item(const struct wc_outline *outline,
					       const struct wc_outline_part **part,
					       const struct wc_option *option)
{
	const struct wc_outline_item *item = item_in(*part, option);

	if ((*part)->section.kind != WC_SECTION_TOP)
		return item;
	for (size_t i = 0; i < outline->count && !item; i++) {
		if (outline->parts[i].section.kind != WC_SECTION_TOP)
			continue;
		item = item_in(&outline->parts[i], option);
		if (item)
			*part = &outline->parts[i];
	}
	return item;
}

bool wc_outline_given(const struct wc_outline *outline, const struct wc_outline_part *part,
		      const struct wc_option *option, struct wc_mark *mark)
{
	const struct wc_outline_item *item = find_item(outline, &part, option);

	if (item)
		*mark = (struct wc_mark){part->mark.file, item->line};
	return item;
}

bool wc_outline_has(const struct wc_outline *outline, const struct wc_outline_part *part,
		    const char *option)
{
	struct wc_mark mark;

	return wc_outline_given(outline, part,
				wc_section_option(&part->section, option, strlen(option)), &mark);
}

struct wc_mark wc_outline_mark(const struct wc_outline *outline, const struct wc_outline_part *part,
			       const char *option)
{
	struct wc_mark mark = part->mark;

	wc_outline_given(outline, part, wc_section_option(&part->section, option, strlen(option)),
			 &mark);
	return mark;
}

bool wc_outline_known(const struct wc_outline *outline, const struct wc_outline_part *part,
		      const char *option)
{
	const struct wc_option *row = wc_section_option(&part->section, option, strlen(option));
	const struct wc_outline_item *item = find_item(outline, &part, row);

	return item ? !item->wrong : !part->wrong;
}

void wc_outline_free(struct wc_outline *outline)
{
	for (size_t i = 0; i < outline->count; i++) {
		free(outline->parts[i].title);
		free(outline->parts[i].items);
	}
	free(outline->parts);
	*outline = (struct wc_outline){0};
}

/*
 * outline.h - which section and which option stands where
 *
 * Of all files together: names that are given twice are found here, and sentences about
 * a value know its line.
 */
#ifndef WC_OUTLINE_H
#define WC_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "complaints.h"
#include "config_sections.h"

/* An option that is given. */
struct wc_outline_item {
	const struct wc_option *option; /* NULL: its value turned out to be empty */
	unsigned line;
	bool wrong; /* its value was refused, and the option has its default, or none that counts */
};

/* A section that is there; each file has a part for its top, too. */
struct wc_outline_part {
	struct wc_section section;
	char *title; /* NULL: it takes none */
	struct wc_mark mark;
	struct wc_outline_item *items;
	size_t count;
	size_t index; /* of the capture or exporter that it became */
	bool wrong;   /* a name in it was refused: what is missing may be what that meant */
	bool unread;  /* its values are not known */
};

/* Begins as all zeros. */
struct wc_outline {
	struct wc_outline_part *parts;
	size_t count;
	bool failed; /* memory was short, and something is missing */
};

/*
 * Adds a part, copying @title of @length bytes, which may be NULL. Returns it, which
 * lives until the next is added, or NULL when memory is short.
 */
struct wc_outline_part *wc_outline_add(struct wc_outline *outline, const struct wc_section *section,
				       const char *title, size_t length, struct wc_mark mark);

/* Adds an option to @part; @wrong: its value is not what was meant. */
void wc_outline_note(struct wc_outline *outline, struct wc_outline_part *part,
		     const struct wc_option *option, unsigned line, bool wrong);

/* Returns the part of the section @name and @title of @length bytes, or NULL. */
const struct wc_outline_part *wc_outline_find(const struct wc_outline *outline, const char *name,
					      const char *title, size_t length);

/*
 * Finds where @option of @section was given: in @part, or in the top of any file if @part
 * is one. Returns false when it was not given.
 */
bool wc_outline_given(const struct wc_outline *outline, const struct wc_outline_part *part,
		      const struct wc_option *option, struct wc_mark *mark);

/* By name: whether it was given, and where; the part's own mark where it was not. */
bool wc_outline_has(const struct wc_outline *outline, const struct wc_outline_part *part,
		    const char *option);
struct wc_mark wc_outline_mark(const struct wc_outline *outline, const struct wc_outline_part *part,
			       const char *option);

/*
 * True if what the option has is what was meant: it was given and taken; or it was not given, and
 * no name in the section was refused.
 */
bool wc_outline_known(const struct wc_outline *outline, const struct wc_outline_part *part,
		      const char *option);

void wc_outline_free(struct wc_outline *outline);

#endif /* WC_OUTLINE_H */

/*
 * config_sections.h - the sections of the configuration and their option tables
 *
 * The top of a file counts as a section without a name. Every format has a section
 * of its own name.
 */
#ifndef WC_CONFIG_SECTIONS_H
#define WC_CONFIG_SECTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct wc_config; /* config.h */
struct wc_format; /* format.h */
struct wc_option; /* wirecensus/options.h */

enum wc_section_kind {
	WC_SECTION_TOP,
	WC_SECTION_JOURNAL,
	WC_SECTION_DUMP,
	WC_SECTION_HTTP,
	WC_SECTION_CAPTURE,
	WC_SECTION_EXPORTER,
};

struct wc_section {
	enum wc_section_kind kind;
	const char *name; /* "" for the top */
	const struct wc_option *table;
	unsigned scope;                 /* the bits of the table's rows that are meant here */
	bool titled;                    /* there may be several, each with a title */
	const struct wc_format *format; /* of an exporter */
};

/* Fills in section number @index, the top being 0. Returns false behind the last. */
bool wc_section_get(size_t index, struct wc_section *section);

/* Finds the section called @name of @length bytes. Returns false when there is none. */
bool wc_section_find(struct wc_section *section, const char *name, size_t length);

/* Returns the option of @section with exactly this name, or NULL. */
const struct wc_option *wc_section_option(const struct wc_section *section, const char *name,
					  size_t length);

/*
 * Returns the struct that @section's table fills: the daemon's, or that of capture or
 * exporter number @index.
 */
void *wc_section_fields(const struct wc_section *section, struct wc_config *config, size_t index);

#endif /* WC_CONFIG_SECTIONS_H */

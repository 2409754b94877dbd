/*
 * config_reader.h - a configuration while its files are being read
 */
#ifndef WC_CONFIG_READER_H
#define WC_CONFIG_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "complaints.h"
#include "config.h"
#include "outline.h"

struct wc_error; /* wirecensus/error.h */

/* Files that one configuration is read from, at most. */
#define WC_CONFIG_FILES 256

/* The largest of them, in bytes. */
#define WC_CONFIG_FILE_MAX (1u << 20)

struct wc_config_reader {
	struct wc_config *config;
	wc_config_trial *http; /* NULL: nothing is tried */
	struct wc_complaints complaints;
	struct wc_outline outline;
	struct wc_config_file *files[WC_CONFIG_FILES]; /* where marks point to */
	size_t file_count;
};

/* A file that another one asks for. */
struct wc_include {
	char *pattern; /* of glob(7), as it was written */
	struct wc_mark mark;
};

struct wc_includes {
	struct wc_include *items;
	size_t count;
};

void wc_includes_free(struct wc_includes *includes);

/* ---- config_files.c ---- */

/*
 * Loads the file at @path as text that ends with a NUL, to be freed; @from: where it is
 * asked for, NULL for the first. Returns 0; WC_INVALID when there is a complaint instead, or,
 * for the first, with @error filled in; or WC_FAILED (memory, descriptors) with @error filled in.
 */
int wc_config_load(struct wc_config_reader *reader, const char *path, const struct wc_mark *from,
		   char **text, struct wc_error *error);

/*
 * Finds the files that @include means, in order of their names. Returns 0 and @paths with
 * @count items, to be freed with each of them, or WC_FAILED (memory) with @error filled in.
 */
int wc_config_expand(struct wc_config_reader *reader, const struct wc_include *include,
		     char ***paths, size_t *count, struct wc_error *error);

/* ---- config_values.c ---- */

/*
 * Has libconfuse read the scanned @text of @file, and sets the options that the outline
 * has for it. Fills in what it includes. Returns 0, WC_INVALID when it is not grammar,
 * with a complaint, or WC_FAILED (memory) with @error filled in.
 */
int wc_config_values(struct wc_config_reader *reader, const struct wc_config_file *file,
		     const char *text, struct wc_includes *includes, struct wc_error *error);

/* ---- config_checks.c ---- */

/* Complains of what does not go together in @part, whose options are all set. */
void wc_config_check(struct wc_config_reader *reader, struct wc_outline_part *part);

/* ---- config_settle.c ---- */

/*
 * Fills in the defaults that depend on other options, and has every section checked.
 * Returns 0, or WC_FAILED (memory) with @error filled in.
 */
int wc_config_settle(struct wc_config_reader *reader, struct wc_error *error);

#endif /* WC_CONFIG_READER_H */

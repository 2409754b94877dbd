/*
 * capture_names.h - which interfaces the sections `capture` stand for, and what each is called
 */
#ifndef WC_CAPTURE_NAMES_H
#define WC_CAPTURE_NAMES_H

#include <stddef.h>

struct wc_config; /* config.h */
struct wc_error;  /* wirecensus/error.h */
struct wc_texts;  /* wirecensus/options.h */

struct wc_capture_name {
	char *name;
	char *interface;
	char *section; /* its name */
};

struct wc_capture_names {
	struct wc_capture_name *items;
	size_t count;
};

/*
 * Fills in @names, to be freed with wc_capture_names_free(): NAME where a section names
 * exactly one interface, else NAME-INTERFACE; sections that name none stand for
 * @fallback, the default interfaces. Returns 0; WC_INVALID, with @error filled in, when
 * two captures would have one name; or WC_FAILED (memory).
 */
int wc_capture_names_list(struct wc_capture_names *names, const struct wc_config *config,
			  const struct wc_texts *fallback, struct wc_error *error);
void wc_capture_names_free(struct wc_capture_names *names);

#endif /* WC_CAPTURE_NAMES_H */

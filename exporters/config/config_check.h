/*
 * config_check.h - one section that is checked, for config_check*.c only
 *
 * A value that was refused has its default. So nothing is said of it again, nor of what is
 * missing where something was refused: it may be what was meant.
 */
#ifndef WC_CONFIG_CHECK_H
#define WC_CONFIG_CHECK_H

#include <stdbool.h>

struct wc_config_reader; /* config_reader.h */
struct wc_outline_part;  /* outline.h */

struct wc_check {
	struct wc_config_reader *reader;
	struct wc_outline_part *part;
};

/* Complains at the line of @option, or of the section where that was not given. */
void wc_check_object(const struct wc_check *check, const char *option, const char *sentence);

/* The option that @sentence begins with; @fallback where it is none. */
const char *wc_check_subject(const struct wc_check *check, const char *sentence,
			     const char *fallback);

bool wc_check_is_given(const struct wc_check *check, const char *option);

/* True if nothing was refused in the section, or @option was given and taken. */
bool wc_check_is_known(const struct wc_check *check, const char *option);

/*
 * True if the option was given, and is not what it is without. Its default may stand anywhere: a
 * configuration that was printed has every option.
 */
bool wc_check_is_changed(const struct wc_check *check, const char *option);

/* ---- config_check_capture.c, config_check_exporter.c ---- */

void wc_check_capture(const struct wc_check *check);
void wc_check_exporter(const struct wc_check *check);

#endif /* WC_CONFIG_CHECK_H */

/*
 * section.h - do two sections of the configuration say the same?
 */
#ifndef WC_SECTION_H
#define WC_SECTION_H

#include <stdbool.h>

struct wc_config_exporter; /* config.h */

/* True if both mean an exporter of one name, format and options. */
bool wc_section_same(const struct wc_config_exporter *a, const struct wc_config_exporter *b);

#endif /* WC_SECTION_H */

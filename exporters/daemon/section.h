/*
 * section.h - do two sections of the configuration say the same?
 */
#ifndef WC_SECTION_H
#define WC_SECTION_H

#include <stdbool.h>
#include <stdint.h>

struct wc_config_exporter; /* config.h */

/* True if both mean an exporter of one name, format and options. */
bool wc_section_same(const struct wc_config_exporter *a, const struct wc_config_exporter *b);

/*
 * Returns a digest of @section, of the daemon's @interval in seconds, and of the program's version:
 * where it is the same, an exporter makes the same messages of the same intervals. 0: memory is
 * short.
 */
uint64_t wc_section_digest(const struct wc_config_exporter *section, uint64_t interval);

#endif /* WC_SECTION_H */

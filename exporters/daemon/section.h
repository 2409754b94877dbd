/*
 * section.h - do two sections of the configuration say the same, and do their files?
 */
#ifndef WC_SECTION_H
#define WC_SECTION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct wc_config_exporter; /* config.h */

#define WC_SECTION_FILES 3 /* ca, certificate, key */

/* The files of TLS that a section names, as they were seen: all zeros for what was not. */
struct wc_section_files {
	struct wc_section_file {
		dev_t device;
		ino_t number;
		off_t size;
		struct timespec changed;
	} file[WC_SECTION_FILES];
};

/* Looks at the files of @section, before whoever reads them. */
void wc_section_look(struct wc_section_files *files, const struct wc_config_exporter *section);

/* True if no file was replaced or written between two looks. */
bool wc_section_files_same(const struct wc_section_files *a, const struct wc_section_files *b);

/* True if both mean an exporter of one name, format and options. */
bool wc_section_same(const struct wc_config_exporter *a, const struct wc_config_exporter *b);

/*
 * Returns a digest of @section, of the daemon's @interval in seconds, and of the program's version:
 * where it is the same, an exporter makes the same messages of the same intervals. 0: memory is
 * short.
 */
uint64_t wc_section_digest(const struct wc_config_exporter *section, uint64_t interval);

#endif /* WC_SECTION_H */

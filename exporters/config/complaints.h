/*
 * complaints.h - what is wrong with the configuration, each with file and line
 */
#ifndef WC_COMPLAINTS_H
#define WC_COMPLAINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct wc_buffer; /* buffer.h */

/* A file that is read, once. */
struct wc_config_file {
	char *path;
	size_t number; /* in the order of reading */
	dev_t device;
	ino_t inode;
};

/* A place in a file. */
struct wc_mark {
	const struct wc_config_file *file;
	unsigned line;
};

struct wc_complaint {
	struct wc_mark mark;
	char *sentence;
};

/* Begins as all zeros. */
struct wc_complaints {
	struct wc_complaint *items;
	size_t count;
	size_t more; /* beyond the bound, only counted */
	bool failed; /* memory was short, and something is missing */
};

/* So many are kept; who has made more mistakes begins with these. */
#define WC_COMPLAINTS_MAX 100

/* Adds a sentence, as printf(3) would. */
void wc_complain(struct wc_complaints *complaints, struct wc_mark mark, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Appends FILE:LINE: SENTENCE in the order of files and lines, a line each, whatever bytes the
 * sentences have.
 */
void wc_complaints_write(struct wc_complaints *complaints, struct wc_buffer *out);

void wc_complaints_free(struct wc_complaints *complaints);

#endif /* WC_COMPLAINTS_H */

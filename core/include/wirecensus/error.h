/*
 * error.h - why a set-up function failed, in one sentence
 *
 * Set-up functions return 0 or one of the negative codes below and fill a
 * struct wc_error that the caller owns. The core never prints.
 */
#ifndef WC_ERROR_H
#define WC_ERROR_H

/* The longest sentence kept, its NUL included; a longer one is cut. */
#define WC_ERROR_SIZE 1024

enum wc_status {
	WC_OK = 0,
	WC_FAILED = -1,  /* something in the world: a file, an interface, memory */
	WC_INVALID = -2, /* what the user asked for: an option, a filter, an address */
};

struct wc_error {
	char text[WC_ERROR_SIZE]; /* no final newline; says what failed and what to do */
};

/*
 * Writes a sentence, as printf(3) would, to @error, which may be NULL.
 * Returns @status, so that a caller can fail in one line.
 */
int wc_error_set(struct wc_error *error, enum wc_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The same when memory is short; @purpose says for what, as in "to begin" or "for
 * the series". Returns WC_FAILED.
 */
int wc_error_no_memory(struct wc_error *error, const char *purpose);

#endif /* WC_ERROR_H */

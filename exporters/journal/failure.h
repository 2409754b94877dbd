/*
 * failure.h - result codes of SQLite as sentences, and what is to be done about them
 */
#ifndef WC_FAILURE_H
#define WC_FAILURE_H

#include <stdbool.h>

struct wc_error; /* wirecensus/error.h */

enum wc_failure {
	WC_FAILURE_WAIT,   /* goes by itself, with the same connection: full, locked, no memory */
	WC_FAILURE_REOPEN, /* the disk failed: nothing that was opened is to be trusted */
	WC_FAILURE_DAMAGE, /* the file holds what was never written */
};

/* Judges a result code of SQLite. */
enum wc_failure wc_failure_kind(int code);

/* True if errno's @number is one of a disk that is full, read-only or failing. */
bool wc_failure_of_disk(int number);

/* Fills in a sentence about what SQLite said of @path, which is NULL in memory. Returns WC_FAILED.
 */
int wc_failure_tell(struct wc_error *error, const char *path, int code);

/* The same to a command that only reads the file of a daemon. */
int wc_failure_tell_reading(struct wc_error *error, const char *path, int code);

#endif /* WC_FAILURE_H */

/*
 * stored.h - the bytes of a file or a pipe, as they are stored
 */
#ifndef WC_STORED_H
#define WC_STORED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct wc_error; /* wirecensus/error.h */

struct wc_stored {
	int fd;
	bool given;      /* standard input, which stays open */
	bool regular;    /* never keeps anybody waiting */
	int patience_ms; /* how long a pipe is waited for; -1: for ever, or until a signal */
	uint64_t position;
	uint64_t size; /* 0: not known */
};

/* What wc_stored_read() returns besides a number of bytes. */
enum {
	WC_STORED_END = 0,
	WC_STORED_WAIT = -1,  /* nothing in the pipe for as long as patience lasts */
	WC_STORED_FAILED = -2 /* errno has why */
};

/*
 * Opens @path, "-" for standard input, which @error calls @name. Returns 0, or
 * WC_FAILED with @error filled in. wc_stored_close() is due in either case.
 */
int wc_stored_open(struct wc_stored *stored, const char *path, const char *name,
		   struct wc_error *error);
void wc_stored_close(struct wc_stored *stored);

/* Reads up to @size bytes. */
ssize_t wc_stored_read(struct wc_stored *stored, uint8_t *out, size_t size);

#endif /* WC_STORED_H */

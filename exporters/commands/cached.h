/*
 * cached.h - a report that is good for a while
 */
#ifndef WC_CACHED_H
#define WC_CACHED_H

#include <stdbool.h>
#include <stdint.h>

struct wc_buffer; /* buffer.h */
struct wc_error;  /* wirecensus/error.h */

/*
 * Appends the report that is kept at @path, if it was written @seconds ago or less, and then
 * sets @fresh. Returns 0, also if there is none; WC_INVALID if what is there was not written by
 * wc_cached_write() of this user, and so is not to be replaced either; or WC_FAILED; with @error
 * filled in.
 */
int wc_cached_read(const char *path, uint64_t seconds, struct wc_buffer *out, bool *fresh,
		   struct wc_error *error);

/*
 * Keeps @bytes at @path, behind a line that says what it is: all of them, or what was there
 * stays. Others may read it as the umask allows. Returns 0 or WC_FAILED with @error filled in.
 */
int wc_cached_write(const char *path, const struct wc_buffer *bytes, struct wc_error *error);

#endif /* WC_CACHED_H */

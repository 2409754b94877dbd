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
 * Appends what @path holds, if it was written @seconds ago or less. Returns false if it was
 * not, or there is none.
 */
bool wc_cached_read(const char *path, uint64_t seconds, struct wc_buffer *out);

/*
 * Puts @bytes at @path: all of them, or what was there stays. All may read it.
 * Returns 0 or WC_FAILED with @error filled in.
 */
int wc_cached_write(const char *path, const struct wc_buffer *bytes, struct wc_error *error);

#endif /* WC_CACHED_H */

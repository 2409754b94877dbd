/*
 * nearest.h - the name that was probably meant
 */
#ifndef WC_NEAREST_H
#define WC_NEAREST_H

#include <stddef.h>

/* The name of all offered that is most like the one that was written. */
struct wc_nearest {
	const char *written;
	size_t length;
	const char *name; /* NULL: none is like it */
	size_t distance;
};

/* Begins a search for what was meant by @written of @length bytes. */
struct wc_nearest wc_nearest_begin(const char *written, size_t length);

/* Takes @name, which stays the caller's, where it is more like it than those before. */
void wc_nearest_offer(struct wc_nearest *nearest, const char *name);

#endif /* WC_NEAREST_H */

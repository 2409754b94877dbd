/*
 * unpack.h - the packings that a stream sees through
 *
 * Each is a row of operations over a library. Data may be several packed parts
 * in a row, as cat(1) or a parallel packer makes them.
 */
#ifndef WC_UNPACK_H
#define WC_UNPACK_H

#include <stddef.h>
#include <stdint.h>

/* Where to take packed bytes from, and where to put the others. A step moves both. */
struct wc_unpack_io {
	const uint8_t *in;
	size_t in_left;
	uint8_t *out;
	size_t out_left;
};

/* What a step returns. */
enum wc_unpack_result {
	WC_UNPACK_MORE,  /* inside a part: give it input, or room */
	WC_UNPACK_WHOLE, /* between parts: the data may end here */
	WC_UNPACK_BROKEN,
};

struct wc_unpack_ops {
	/* Returns a state of its own, or NULL when memory is short. */
	void *(*open)(void);

	/* Unpacks what it can. When broken, sets @reason to the library's words. */
	enum wc_unpack_result (*step)(void *state, struct wc_unpack_io *io, const char **reason);

	void (*close)(void *state);
};

struct wc_packing {
	const char *name;
	uint32_t magic, mask;            /* of the first four bytes, in network order */
	const struct wc_unpack_ops *ops; /* NULL: known by name only, or left out of this build */
};

/* Returns how data that begin with @first are packed, or NULL. */
const struct wc_packing *wc_packing_find(const uint8_t first[static 4]);

extern const struct wc_unpack_ops wc_unpack_gzip;
extern const struct wc_unpack_ops wc_unpack_zstd;

#endif /* WC_UNPACK_H */

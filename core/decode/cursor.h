/*
 * cursor.h - the only way to packet bytes
 *
 * A cursor is what is left to read. A decoder takes a block of the size that
 * its header has and gets NULL when so much is not there; inside a block that
 * it was given it loads fields at fixed offsets.
 */
#ifndef WC_CURSOR_H
#define WC_CURSOR_H

#include <stddef.h>
#include <stdint.h>

struct wc_cursor {
	const uint8_t *at;
	const uint8_t *end;
};

static inline size_t wc_cursor_left(const struct wc_cursor *cursor)
{
	return (size_t)(cursor->end - cursor->at);
}

/* Returns the next @size bytes without stepping over them, or NULL. */
static inline const uint8_t *wc_cursor_peek(const struct wc_cursor *cursor, size_t size)
{
	return wc_cursor_left(cursor) >= size ? cursor->at : NULL;
}

/* Returns the next @size bytes and steps over them, or NULL and stays. */
static inline const uint8_t *wc_cursor_take(struct wc_cursor *cursor, size_t size)
{
	const uint8_t *block = wc_cursor_peek(cursor, size);

	if (block)
		cursor->at += size;
	return block;
}

/* Forgets what lies more than @size bytes ahead. */
static inline void wc_cursor_limit(struct wc_cursor *cursor, size_t size)
{
	if (wc_cursor_left(cursor) > size)
		cursor->end = cursor->at + size;
}

/* Loads of network order; the block they point into has been taken before. */
static inline uint16_t wc_load_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t wc_load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint32_t wc_load_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

#endif /* WC_CURSOR_H */

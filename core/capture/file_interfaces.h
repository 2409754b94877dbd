/*
 * file_interfaces.h - the interfaces that a section of a pcapng file describes
 */
#ifndef WC_FILE_INTERFACES_H
#define WC_FILE_INTERFACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "timescale.h"

struct wc_error; /* wirecensus/error.h */
struct wc_file;  /* file_format.h */

/* The least size of a block that describes one. */
#define WC_INTERFACE_BLOCK_SIZE 20

struct wc_interface {
	uint8_t link;     /* enum wc_link */
	uint32_t snaplen; /* 0: none */
	struct wc_timescale scale;
};

/* All zero when there are none; @rows are to be freed with free(3). */
struct wc_interfaces {
	struct wc_interface *rows;
	size_t count, room;
	bool undecoded; /* a link type that is not decoded was seen, in any section */
	int undecoded_dlt;
};

/*
 * Adds the interface of @block, which has @total bytes, at least the above, and
 * is written @big-endian or not. Returns 0, or a negative value with @error
 * filled in: a block at odds with itself, an expression that has no meaning on
 * such a link, or memory.
 */
int wc_interfaces_add(struct wc_interfaces *interfaces, struct wc_file *file, const uint8_t *block,
		      uint32_t total, bool big, struct wc_error *error);

#endif /* WC_FILE_INTERFACES_H */

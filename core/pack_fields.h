/*
 * pack_fields.h - the fields of a snapshot in their order, read, written or measured
 *
 * One list of fields for each kind of row works in all three ways, so that they
 * cannot drift apart. Room is checked by the caller, once for a table.
 */
#ifndef WC_PACK_FIELDS_H
#define WC_PACK_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_snapshot; /* wirecensus/snapshot.h */

enum wc_pack_way { WC_PACK_MEASURE, WC_PACK_WRITE, WC_PACK_READ };

struct wc_pack_cursor {
	enum wc_pack_way way;
	uint8_t *bytes; /* NULL in WC_PACK_MEASURE */
	size_t at;      /* grows in all ways */
	bool bad;       /* a value was read that the field cannot have */
};

/* The names of a snapshot, and how many rows each table has: what stands first. */
enum { WC_PACK_INSTANCE, WC_PACK_HOST, WC_PACK_CAPTURE, WC_PACK_OBSERVER, WC_PACK_NAMES };

/* In the order of struct wc_snapshot: ports, protocols ... scanners. */
#define WC_PACK_TABLES 7

struct wc_pack_head {
	uint64_t magic; /* the version is its last byte */
	uint64_t size;  /* of everything */
	uint64_t names[WC_PACK_NAMES];
	uint64_t rows[WC_PACK_TABLES];
};

/* Each packs or unpacks, as the cursor says; what goes wrong is kept in the cursor. */
void wc_pack_head(struct wc_pack_cursor *cursor, struct wc_pack_head *head);

/* All of a snapshot that is neither a name nor a row. */
void wc_pack_body(struct wc_pack_cursor *cursor, struct wc_snapshot *snapshot);

/* One kind of row. */
struct wc_pack_table {
	size_t row_size;     /* of the struct */
	size_t rows_offset;  /* of the pointer in struct wc_snapshot */
	size_t count_offset; /* of the size_t */
	void (*fields)(struct wc_pack_cursor *cursor, void *row);

	/* True if @row may stand right behind @before, by the order of a snapshot. */
	bool (*follows)(const void *before, const void *row);
};

extern const struct wc_pack_table wc_pack_tables[WC_PACK_TABLES];

#endif /* WC_PACK_FIELDS_H */

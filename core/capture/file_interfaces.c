#include "file_interfaces.h"

#include <inttypes.h>
#include <stdlib.h>

#include "file_format.h"

#define ROWS_MAX 65536

/* Where a block has its options, and what stands behind them. */
#define OPTIONS_AT   16
#define TRAILER_SIZE 4

enum option_code {
	OPTION_END = 0,
	OPTION_RESOLUTION = 9,
	OPTION_OFFSET = 14,
};

static uint64_t load64(const uint8_t *p, bool big)
{
	uint64_t first = wc_file_load32(p, big), second = wc_file_load32(p + 4, big);

	return big ? first << 32 | second : second << 32 | first;
}

/* Makes @scale of the options that tell what a tick is. */
static int read_scale(struct wc_timescale *scale, struct wc_cursor *options, bool big,
		      const struct wc_file *file, struct wc_error *error)
{
	uint8_t resolution = WC_TIMESCALE_RESOLUTION;
	int64_t offset_s = 0;
	const uint8_t *head;

	while ((head = wc_cursor_take(options, 4))) {
		uint16_t code = wc_file_load16(head, big);
		uint16_t length = wc_file_load16(head + 2, big);
		const uint8_t *value = wc_cursor_take(options, (length + 3U) & ~3U);

		if (code == OPTION_END)
			break;
		if (!value)
			return wc_file_damage(file, error,
					      "an interface has an option of %" PRIu16
					      " bytes, more than are left of its block",
					      length);
		if (code == OPTION_RESOLUTION && length == 1)
			resolution = *value;
		if (code == OPTION_OFFSET && length == 8)
			offset_s = (int64_t)load64(value, big);
	}
	*scale = wc_timescale_make(resolution, offset_s);
	return 0;
}

/* Returns the row behind the last, or NULL when memory is short. */
static struct wc_interface *next_row(struct wc_interfaces *interfaces)
{
	if (interfaces->count == interfaces->room) {
		size_t room = interfaces->room ? 2 * interfaces->room : 4;
		struct wc_interface *rows =
			realloc(interfaces->rows, room * sizeof(*interfaces->rows));

		if (!rows)
			return NULL;
		interfaces->rows = rows;
		interfaces->room = room;
	}
	return &interfaces->rows[interfaces->count];
}

int wc_interfaces_add(struct wc_interfaces *interfaces, struct wc_file *file, const uint8_t *block,
		      uint32_t total, bool big, struct wc_error *error)
{
	struct wc_cursor options = {block + OPTIONS_AT, block + total - TRAILER_SIZE};
	int dlt = wc_file_load16(block + 8, big);
	struct wc_interface *row;
	int status;

	if (interfaces->count == ROWS_MAX)
		return wc_file_damage(file, error, "a section has more than %d interfaces",
				      ROWS_MAX);
	row = next_row(interfaces);
	if (!row)
		return wc_file_damage(file, error, "memory is short");
	row->snaplen = wc_file_load32(block + 12, big);
	status = read_scale(&row->scale, &options, big, file, error);
	if (status == 0)
		status = wc_file_link(file, dlt, &row->link, error);
	if (status < 0)
		return status;
	if (row->link == WC_LINK_UNSUPPORTED) {
		interfaces->undecoded = true;
		interfaces->undecoded_dlt = dlt;
	}
	interfaces->count++;
	return 0;
}

#include "wirecensus/pack.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "pack_fields.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

/* "wcsnap", a zero, and the version. */
#define MAGIC   UINT64_C(0x777363736e617000)
#define VERSION 1

_Static_assert(sizeof(struct wc_pack_head) == 8 * (2 + WC_PACK_NAMES + WC_PACK_TABLES),
	       "all of the head is written");

#define HEAD_SIZE sizeof(struct wc_pack_head)

static size_t body_size(void)
{
	struct wc_snapshot none = {0};
	struct wc_pack_cursor cursor = {.way = WC_PACK_MEASURE};

	wc_pack_body(&cursor, &none);
	return cursor.at;
}

/* Room for a row of any kind. */
union any_row {
	struct wc_port_row port;
	struct wc_key_row key;
	struct wc_conversation_row conversation;
	struct wc_host_row host;
	struct wc_scanner_row scanner;
};

static size_t packed_size(const struct wc_pack_table *table)
{
	union any_row none = {0};
	struct wc_pack_cursor cursor = {.way = WC_PACK_MEASURE};

	table->fields(&cursor, &none);
	return cursor.at;
}

static size_t *count_of(struct wc_snapshot *snapshot, const struct wc_pack_table *table)
{
	return (size_t *)((char *)snapshot + table->count_offset);
}

static char **rows_of(struct wc_snapshot *snapshot, const struct wc_pack_table *table)
{
	return (char **)((char *)snapshot + table->rows_offset);
}

static void names_of(const char *names[WC_PACK_NAMES], const struct wc_snapshot *snapshot,
		     const struct wc_pack_origin *origin)
{
	names[WC_PACK_INSTANCE] = origin->instance;
	names[WC_PACK_HOST] = origin->host;
	names[WC_PACK_CAPTURE] = snapshot->capture;
	names[WC_PACK_OBSERVER] = snapshot->observer;
}

static void fill_head(struct wc_pack_head *head, struct wc_snapshot *snapshot,
		      const char *const names[WC_PACK_NAMES])
{
	*head = (struct wc_pack_head){.magic = MAGIC | VERSION, .size = HEAD_SIZE + body_size()};
	for (int i = 0; i < WC_PACK_NAMES; i++) {
		head->names[i] = strnlen(names[i], WC_PACK_NAME);
		head->size += head->names[i];
	}
	for (int i = 0; i < WC_PACK_TABLES; i++) {
		head->rows[i] = *count_of(snapshot, &wc_pack_tables[i]);
		head->size += head->rows[i] * packed_size(&wc_pack_tables[i]);
	}
}

/* Writing changes no field, whatever the types say. */
static void write_all(struct wc_pack_cursor *cursor, struct wc_pack_head *head,
		      struct wc_snapshot *snapshot, const char *const names[WC_PACK_NAMES])
{
	wc_pack_head(cursor, head);
	wc_pack_body(cursor, snapshot);
	for (int i = 0; i < WC_PACK_NAMES; i++) {
		memcpy(cursor->bytes + cursor->at, names[i], head->names[i]);
		cursor->at += head->names[i];
	}
	for (int i = 0; i < WC_PACK_TABLES; i++) {
		const struct wc_pack_table *table = &wc_pack_tables[i];

		for (size_t n = 0; n < head->rows[i]; n++)
			table->fields(cursor, *rows_of(snapshot, table) + n * table->row_size);
	}
}

int wc_pack(const struct wc_snapshot *snapshot, const struct wc_pack_origin *origin,
	    uint8_t **bytes, size_t *size, struct wc_error *error)
{
	struct wc_snapshot copy = *snapshot;
	struct wc_pack_cursor cursor = {.way = WC_PACK_WRITE};
	const char *names[WC_PACK_NAMES];
	struct wc_pack_head head;

	names_of(names, snapshot, origin);
	fill_head(&head, &copy, names);
	cursor.bytes = malloc(head.size);
	if (!cursor.bytes)
		return wc_error_set(error, WC_FAILED,
				    "there is no memory for a snapshot of %" PRIu64 " bytes",
				    head.size);
	write_all(&cursor, &head, &copy, names);
	*bytes = cursor.bytes;
	*size = head.size;
	return WC_OK;
}

static int no_snapshot(struct wc_error *error)
{
	return wc_error_set(error, WC_INVALID, "the bytes are not those of a snapshot");
}

static size_t names_size(const struct wc_pack_head *head)
{
	size_t size = 0;

	for (int i = 0; i < WC_PACK_NAMES; i++)
		size += head->names[i] + 1;
	return size;
}

/* Reads the head and holds it against @size. Fills in how much memory all of it takes. */
static int check_head(struct wc_pack_cursor *cursor, struct wc_pack_head *head, size_t size,
		      uint64_t *memory, struct wc_error *error)
{
	uint64_t used = HEAD_SIZE + body_size();

	if (size < used)
		return no_snapshot(error);
	wc_pack_head(cursor, head);
	if ((head->magic & ~UINT64_C(0xff)) != MAGIC)
		return no_snapshot(error);
	if ((head->magic & 0xff) != VERSION)
		return wc_error_set(error, WC_INVALID,
				    "the snapshot has format %u, and format %d is read here: run "
				    "the same version of wirecensus on both sides",
				    (unsigned)(head->magic & 0xff), VERSION);
	for (int i = 0; i < WC_PACK_NAMES; i++) {
		if (head->names[i] > WC_PACK_NAME)
			return no_snapshot(error);
		used += head->names[i];
	}
	*memory = sizeof(struct wc_snapshot) + names_size(head);
	for (int i = 0; i < WC_PACK_TABLES && used <= size; i++) {
		size_t packed = packed_size(&wc_pack_tables[i]);

		if (head->rows[i] > (size - used) / packed)
			return no_snapshot(error);
		used += head->rows[i] * packed;
		*memory += head->rows[i] * wc_pack_tables[i].row_size;
	}
	return head->size == size && used == size ? WC_OK : no_snapshot(error);
}

/* Reads the names to @text, which has room for them and their NULs. */
static void read_names(struct wc_pack_cursor *cursor, const struct wc_pack_head *head, char *text,
		       const char *names[WC_PACK_NAMES])
{
	for (int i = 0; i < WC_PACK_NAMES; i++) {
		size_t length = head->names[i];

		memcpy(text, cursor->bytes + cursor->at, length);
		text[length] = '\0';
		cursor->bad |= memchr(text, 0, length) != NULL;
		cursor->at += length;
		names[i] = text;
		text += length + 1;
	}
}

static bool read_rows(struct wc_pack_cursor *cursor, struct wc_snapshot *snapshot,
		      const struct wc_pack_table *table, size_t count)
{
	char *rows = count ? calloc(count, table->row_size) : NULL;

	if (count && !rows)
		return false;
	*rows_of(snapshot, table) = rows;
	*count_of(snapshot, table) = count;
	for (size_t n = 0; n < count; n++) {
		char *row = rows + n * table->row_size;

		table->fields(cursor, row);
		cursor->bad |= n && !table->follows(row - table->row_size, row);
	}
	return true;
}

static int no_memory(uint64_t memory, size_t most, struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED,
			    "the snapshot takes %" PRIu64 " bytes of memory: at most %zu are "
			    "allowed, and may not be left",
			    memory, most);
}

int wc_unpack(struct wc_snapshot **snapshot, struct wc_pack_origin *origin, const uint8_t *bytes,
	      size_t size, size_t most, struct wc_error *error)
{
	struct wc_pack_cursor cursor = {.way = WC_PACK_READ, .bytes = (uint8_t *)(uintptr_t)bytes};
	const char *names[WC_PACK_NAMES];
	struct wc_snapshot *made;
	struct wc_pack_head head;
	uint64_t memory = 0;
	bool enough = true;
	int failed = check_head(&cursor, &head, size, &memory, error);

	if (failed)
		return failed;
	made = memory > most ? NULL : calloc(1, sizeof(*made) + names_size(&head));
	if (!made)
		return no_memory(memory, most, error);
	wc_pack_body(&cursor, made);
	read_names(&cursor, &head, (char *)(made + 1), names);
	for (int i = 0; i < WC_PACK_TABLES && enough; i++)
		enough = read_rows(&cursor, made, &wc_pack_tables[i], head.rows[i]);
	if (!enough || cursor.bad) {
		wc_snapshot_free(made);
		return enough ? no_snapshot(error) : no_memory(memory, most, error);
	}
	*origin = (struct wc_pack_origin){names[WC_PACK_INSTANCE], names[WC_PACK_HOST]};
	made->capture = names[WC_PACK_CAPTURE];
	made->observer = names[WC_PACK_OBSERVER];
	*snapshot = made;
	return WC_OK;
}

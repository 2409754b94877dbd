#include "counting.h"

#include <check.h>

#include "collect.h"
#include "rules.h"
#include "wirecensus/error.h"

struct wc_tables *counting_tables(size_t pool)
{
	static const struct wc_rules rules = {.conversations = 1024, .hosts = 1024};
	struct wc_tables *tables = wc_tables_new(pool, &rules);

	ck_assert_ptr_nonnull(tables);
	return tables;
}

struct wc_tables *counting_last(void)
{
	struct wc_tables *last = wc_tables_new(WC_TABLES_POOL_ALL, NULL);

	ck_assert_ptr_nonnull(last);
	return last;
}

struct wc_packet counting_packet(enum wc_class class, enum wc_direction direction, unsigned key,
				 uint32_t bytes)
{
	return (struct wc_packet){
		.packets = 1,
		.time_ns = WC_TIME_UNKNOWN,
		.bytes = bytes,
		.key = (uint16_t)key,
		.class = (uint8_t) class,
		.direction = (uint8_t)direction,
	};
}

void counting_event(struct wc_packet *packet, enum wc_event event, uint8_t protocol, unsigned port,
		    enum wc_direction direction)
{
	packet->event = (uint8_t)event;
	packet->event_protocol = protocol;
	packet->event_port = (uint16_t)port;
	packet->event_direction = (uint8_t)direction;
}

void counting_add(struct wc_tables *tables, const struct wc_packet *packet, uint64_t times)
{
	struct wc_packet batch[WC_TABLES_BATCH];

	for (size_t i = 0; i < WC_TABLES_BATCH; i++)
		batch[i] = *packet;
	for (; times > WC_TABLES_BATCH; times -= WC_TABLES_BATCH)
		wc_tables_count(tables, batch, WC_TABLES_BATCH);
	wc_tables_count(tables, batch, (size_t)times);
}

static void add(struct wc_counts *to, const struct wc_counts *counts)
{
	to->packets += counts->packets;
	to->bytes += counts->bytes;
}

static void assert_counts(const struct wc_counts *a, const struct wc_counts *b)
{
	ck_assert_uint_eq(a->packets, b->packets);
	ck_assert_uint_eq(a->bytes, b->bytes);
}

/* As ck_assert(), which takes its time, for what is asked of each of many rows. */
static void require(bool holds, const char *what, size_t row)
{
	if (!holds)
		ck_abort_msg("row %zu: %s", row, what);
}

/* Where a row belongs in the order of a snapshot; no two are the same. */
static uint64_t place(unsigned protocol, bool other, unsigned key, unsigned direction)
{
	return (uint64_t)protocol << 32 | (uint64_t)other << 31 | key << 8 | direction;
}

static void check_ports(const struct wc_snapshot *snapshot)
{
	struct wc_counts delta[WC_CLASSES] = {{0, 0}}, total[WC_CLASSES] = {{0, 0}};
	uint64_t before = 0;

	for (size_t i = 0; i < snapshot->port_rows; i++) {
		const struct wc_port_row *row = &snapshot->ports[i];
		int class = row->protocol == WC_PROTOCOL_TCP ? WC_CLASS_TCP : WC_CLASS_UDP;
		uint64_t now = place(row->protocol, row->other, row->port, row->direction);

		require(now > before, "out of order, or twice", i);
		before = now;
		require(row->total.all.packets || row->total.new || row->total.accepted ||
				row->total.refused,
			"never counted", i);
		add(&delta[class], &row->delta.all);
		add(&total[class], &row->total.all);
	}
	for (int class = WC_CLASS_TCP; class <= WC_CLASS_UDP; class ++) {
		assert_counts(&delta[class], &snapshot->delta.classes[class]);
		assert_counts(&total[class], &snapshot->total.classes[class]);
	}
}

static void check_keys(const struct wc_snapshot *snapshot, const struct wc_key_row *rows,
		       size_t count, enum wc_class class)
{
	struct wc_counts delta = {0, 0}, total = {0, 0};
	uint64_t before = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t now = place(1, rows[i].other, rows[i].key, rows[i].direction);

		require(now > before, "out of order, or twice", i);
		before = now;
		require(rows[i].total.packets, "never counted", i);
		add(&delta, &rows[i].delta);
		add(&total, &rows[i].total);
	}
	assert_counts(&delta, &snapshot->delta.classes[class]);
	assert_counts(&total, &snapshot->total.classes[class]);
}

static void check_totals(const struct wc_totals *totals)
{
	struct wc_counts classes = {0, 0}, directions = {0, 0};

	for (int i = 0; i < WC_CLASSES; i++)
		add(&classes, &totals->classes[i]);
	for (int i = 0; i < WC_DIRECTIONS; i++)
		add(&directions, &totals->directions[i]);
	assert_counts(&classes, &directions);
	ck_assert_uint_eq(classes.packets, totals->frames);
}

void counting_collect(struct wc_snapshot *snapshot, struct wc_tables *last,
		      struct wc_tables *const *sets, size_t count)
{
	static const struct wc_span span = {.frame_ns = WC_TIME_UNKNOWN};
	struct wc_error error = {""};

	*snapshot = (struct wc_snapshot){0};
	ck_assert_int_eq(wc_collect(snapshot, last, sets, count, &span, &error), 0);
	check_ports(snapshot);
	check_keys(snapshot, snapshot->protocols, snapshot->protocol_rows, WC_CLASS_PROTOCOL);
	check_keys(snapshot, snapshot->fragments, snapshot->fragment_rows, WC_CLASS_FRAGMENT);
	check_keys(snapshot, snapshot->ethertypes, snapshot->ethertype_rows, WC_CLASS_ETHERTYPE);
	check_totals(&snapshot->delta);
	check_totals(&snapshot->total);
}

const struct wc_port_row *counting_port(const struct wc_snapshot *snapshot, uint8_t protocol,
					int key, enum wc_direction direction)
{
	for (size_t i = 0; i < snapshot->port_rows; i++) {
		const struct wc_port_row *row = &snapshot->ports[i];

		if (row->protocol == protocol && (row->other ? -1 : row->port) == key &&
		    row->direction == direction)
			return row;
	}
	ck_abort_msg("no row of protocol %d, port %d, direction %d", protocol, key, (int)direction);
}

const struct wc_key_row *counting_key(const struct wc_key_row *rows, size_t count, int key,
				      enum wc_direction direction)
{
	for (size_t i = 0; i < count; i++)
		if ((rows[i].other ? -1 : rows[i].key) == key && rows[i].direction == direction)
			return &rows[i];
	ck_abort_msg("no row of key %d, direction %d", key, (int)direction);
}

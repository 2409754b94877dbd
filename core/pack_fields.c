#include "pack_fields.h"

#include <endian.h>
#include <math.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "wirecensus/snapshot.h"

static inline void u64(struct wc_pack_cursor *cursor, uint64_t *value)
{
	uint64_t little;

	if (cursor->way == WC_PACK_WRITE) {
		little = htole64(*value);
		memcpy(cursor->bytes + cursor->at, &little, sizeof(little));
	} else if (cursor->way == WC_PACK_READ) {
		memcpy(&little, cursor->bytes + cursor->at, sizeof(little));
		*value = le64toh(little);
	}
	cursor->at += sizeof(little);
}

static inline void i64(struct wc_pack_cursor *cursor, int64_t *value)
{
	uint64_t bits = (uint64_t)*value;

	u64(cursor, &bits);
	if (cursor->way == WC_PACK_READ)
		*value = (int64_t)bits;
}

static inline void u16(struct wc_pack_cursor *cursor, uint16_t *value)
{
	uint16_t little;

	if (cursor->way == WC_PACK_WRITE) {
		little = htole16(*value);
		memcpy(cursor->bytes + cursor->at, &little, sizeof(little));
	} else if (cursor->way == WC_PACK_READ) {
		memcpy(&little, cursor->bytes + cursor->at, sizeof(little));
		*value = le16toh(little);
	}
	cursor->at += sizeof(little);
}

static inline void u8(struct wc_pack_cursor *cursor, uint8_t *value)
{
	if (cursor->way == WC_PACK_WRITE)
		cursor->bytes[cursor->at] = *value;
	else if (cursor->way == WC_PACK_READ)
		*value = cursor->bytes[cursor->at];
	cursor->at++;
}

/* A number below @bound. */
static inline void choice(struct wc_pack_cursor *cursor, uint8_t *value, unsigned bound)
{
	u8(cursor, value);
	cursor->bad |= *value >= bound;
}

static inline void flag(struct wc_pack_cursor *cursor, bool *value)
{
	uint8_t byte = *value;

	choice(cursor, &byte, 2);
	if (cursor->way == WC_PACK_READ)
		*value = byte == 1;
}

/* A rate: neither negative nor infinite. */
static inline void rate(struct wc_pack_cursor *cursor, double *value)
{
	uint64_t bits;

	memcpy(&bits, value, sizeof(bits));
	u64(cursor, &bits);
	if (cursor->way != WC_PACK_READ)
		return;
	memcpy(value, &bits, sizeof(bits));
	cursor->bad |= !isfinite(*value) || *value < 0;
}

static void address(struct wc_pack_cursor *cursor, struct wc_address *value)
{
	u64(cursor, &value->high);
	u64(cursor, &value->low);
	u8(cursor, &value->version);
	if (value->version == 4)
		cursor->bad |= value->high || value->low > UINT32_MAX;
	else if (value->version != 6)
		cursor->bad |= value->version || value->high || value->low;
}

static inline void counts(struct wc_pack_cursor *cursor, struct wc_counts *value)
{
	u64(cursor, &value->packets);
	u64(cursor, &value->bytes);
}

static inline void port_counts(struct wc_pack_cursor *cursor, struct wc_port_counts *value)
{
	counts(cursor, &value->all);
	u64(cursor, &value->new);
	u64(cursor, &value->accepted);
	u64(cursor, &value->refused);
}

static void port_fields(struct wc_pack_cursor *cursor, void *user)
{
	struct wc_port_row *row = user;

	port_counts(cursor, &row->delta);
	port_counts(cursor, &row->total);
	u16(cursor, &row->port);
	u8(cursor, &row->protocol);
	cursor->bad |= row->protocol != IPPROTO_TCP && row->protocol != IPPROTO_UDP;
	choice(cursor, &row->direction, WC_DIRECTIONS);
	flag(cursor, &row->other);
}

static uint32_t port_order(const struct wc_port_row *row)
{
	return (uint32_t)(row->protocol == IPPROTO_UDP) << 20 | (uint32_t)row->other << 19 |
	       (uint32_t)row->port << 2 | row->direction;
}

static bool port_follows(const void *before, const void *row)
{
	return port_order(before) < port_order(row);
}

static void key_fields(struct wc_pack_cursor *cursor, void *user)
{
	struct wc_key_row *row = user;

	counts(cursor, &row->delta);
	counts(cursor, &row->total);
	u16(cursor, &row->key);
	choice(cursor, &row->direction, WC_DIRECTIONS);
	flag(cursor, &row->other);
}

static uint32_t key_order(const struct wc_key_row *row)
{
	return (uint32_t)row->other << 19 | (uint32_t)row->key << 2 | row->direction;
}

static bool key_follows(const void *before, const void *row)
{
	return key_order(before) < key_order(row);
}

static void way_counts(struct wc_pack_cursor *cursor, struct wc_way_counts *value)
{
	u64(cursor, &value->packets);
	u64(cursor, &value->bytes);
	u64(cursor, &value->ip_bytes);
	u64(cursor, &value->new);
	u8(cursor, &value->flags);
}

static void conversation_fields(struct wc_pack_cursor *cursor, void *user)
{
	struct wc_conversation_row *row = user;

	way_counts(cursor, &row->forward);
	way_counts(cursor, &row->reverse);
	address(cursor, &row->client);
	address(cursor, &row->server);
	i64(cursor, &row->first_seen_ns);
	i64(cursor, &row->last_seen_ns);
	u16(cursor, &row->port);
	u16(cursor, &row->client_port);
	u8(cursor, &row->protocol);
	choice(cursor, &row->direction, WC_DIRECTIONS);
	choice(cursor, &row->scope, WC_SCOPE_INTERNET + 1);
	flag(cursor, &row->other);
}

static bool conversation_follows(const void *before, const void *row)
{
	(void)row;
	return !((const struct wc_conversation_row *)before)->other;
}

static void host_way(struct wc_pack_cursor *cursor, struct wc_host_way *value)
{
	u64(cursor, &value->packets);
	u64(cursor, &value->bytes);
	u64(cursor, &value->new);
}

static void host_fields(struct wc_pack_cursor *cursor, void *user)
{
	struct wc_host_row *row = user;

	address(cursor, &row->address);
	host_way(cursor, &row->sent);
	host_way(cursor, &row->received);
	i64(cursor, &row->first_seen_ns);
	i64(cursor, &row->last_seen_ns);
	flag(cursor, &row->rates_known);
	rate(cursor, &row->packets_per_hour);
	rate(cursor, &row->connections_per_hour);
	rate(cursor, &row->bytes_per_hour);
	flag(cursor, &row->other);
}

static bool host_follows(const void *before, const void *row)
{
	(void)row;
	return !((const struct wc_host_row *)before)->other;
}

static void scanner_fields(struct wc_pack_cursor *cursor, void *user)
{
	struct wc_scanner_row *row = user;

	address(cursor, &row->address);
	u64(cursor, &row->attempts);
	u64(cursor, &row->port_changes);
	u64(cursor, &row->distinct_ports);
	u64(cursor, &row->distinct_hosts);
	u64(cursor, &row->refused);
	u64(cursor, &row->unanswered);
	i64(cursor, &row->first_seen_ns);
	flag(cursor, &row->plain);
}

static bool scanner_follows(const void *before, const void *row)
{
	(void)before;
	(void)row;
	return true;
}

#define TABLE(kind, name, rows)                                                                    \
	{                                                                                          \
		sizeof(struct wc_##kind##_row), offsetof(struct wc_snapshot, name),                \
			offsetof(struct wc_snapshot, rows), kind##_fields, kind##_follows          \
	}

const struct wc_pack_table wc_pack_tables[WC_PACK_TABLES] = {
	TABLE(port, ports, port_rows),
	TABLE(key, protocols, protocol_rows),
	TABLE(key, fragments, fragment_rows),
	TABLE(key, ethertypes, ethertype_rows),
	TABLE(conversation, conversations, conversation_rows),
	TABLE(host, hosts, host_rows),
	TABLE(scanner, scanners, scanner_rows),
};

void wc_pack_head(struct wc_pack_cursor *cursor, struct wc_pack_head *head)
{
	u64(cursor, &head->magic);
	u64(cursor, &head->size);
	for (int i = 0; i < WC_PACK_NAMES; i++)
		u64(cursor, &head->names[i]);
	for (int i = 0; i < WC_PACK_TABLES; i++)
		u64(cursor, &head->rows[i]);
}

static void totals(struct wc_pack_cursor *cursor, struct wc_totals *value)
{
	u64(cursor, &value->received);
	u64(cursor, &value->lost_kernel);
	u64(cursor, &value->lost_interface);
	u64(cursor, &value->gone_ns);
	u64(cursor, &value->restarts);
	u64(cursor, &value->frames);
	counts(cursor, &value->rejected);
	for (int i = 0; i < WC_CLASSES; i++)
		counts(cursor, &value->classes[i]);
	for (int i = 0; i < WC_DIRECTIONS; i++)
		counts(cursor, &value->directions[i]);
	counts(cursor, &value->internet_in);
	counts(cursor, &value->internet_out);
	u64(cursor, &value->merged);
}

void wc_pack_body(struct wc_pack_cursor *cursor, struct wc_snapshot *snapshot)
{
	uint8_t offload = (uint8_t)snapshot->offload;

	u64(cursor, &snapshot->interval);
	i64(cursor, &snapshot->start_ns);
	i64(cursor, &snapshot->end_ns);
	u64(cursor, &snapshot->length_ns);
	i64(cursor, &snapshot->clock_step_ns);
	u64(cursor, &snapshot->pending);
	choice(cursor, &offload, WC_OFFLOAD_UNKNOWN + 1);
	if (cursor->way == WC_PACK_READ)
		snapshot->offload = (enum wc_offload)offload;
	flag(cursor, &snapshot->complete);
	flag(cursor, &snapshot->five_tuple);
	totals(cursor, &snapshot->delta);
	totals(cursor, &snapshot->total);
}

#include "random_snapshot.h"

#include <check.h>
#include <stddef.h>
#include <stdlib.h>

#include "wirecensus/snapshot.h"

static uint64_t random_number(void)
{
	return (uint64_t)random() << 62 ^ (uint64_t)random() << 31 ^ (uint64_t)random();
}

/* Fills @size bytes, of 64-bit words, with numbers of all lengths. */
static void fill(void *words, size_t size)
{
	for (size_t i = 0; i < size / sizeof(uint64_t); i++)
		((uint64_t *)words)[i] = random_number() >> random() % 64;
}

static struct wc_address random_address(void)
{
	struct wc_address address = {0, 0, 0};

	switch (random() % 3) {
	case 0:
		return address;
	case 1:
		address.version = 4;
		address.low = (uint32_t)random();
		return address;
	default:
		return (struct wc_address){random_number(), random_number(), 6};
	}
}

static size_t add_ports(struct wc_port_row *rows, size_t room)
{
	size_t count = 0;

	for (int udp = 0; udp < 2; udp++)
		for (unsigned key = 0; key < 65536 && count < room;
		     key += 1 + (unsigned)random() % 9000) {
			struct wc_port_row *row = &rows[count++];

			fill(&row->delta, sizeof(row->delta));
			fill(&row->total, sizeof(row->total));
			row->port = (uint16_t)key;
			row->protocol = udp ? 17 : 6;
			row->direction = (uint8_t)(random() % WC_DIRECTIONS);
		}
	if (count)
		rows[count - 1].other = true;
	return count;
}

static size_t add_keys(struct wc_key_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fill(&rows[i].delta, sizeof(rows[i].delta));
		fill(&rows[i].total, sizeof(rows[i].total));
		rows[i].key = (uint16_t)(i * 7);
		rows[i].direction = (uint8_t)(random() % WC_DIRECTIONS);
		rows[i].other = i + 1 == count;
	}
	return count;
}

static void fill_way(struct wc_way_counts *way)
{
	fill(way, offsetof(struct wc_way_counts, flags));
	way->flags = (uint8_t)random();
}

static size_t add_conversations(struct wc_conversation_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct wc_conversation_row *row = &rows[i];

		fill_way(&row->forward);
		fill_way(&row->reverse);
		row->client = random_address();
		row->server = random_address();
		row->first_seen_ns = i ? (int64_t)random_number() : WC_TIME_UNKNOWN;
		row->last_seen_ns = (int64_t)random_number();
		row->port = (uint16_t)random();
		row->client_port = (uint16_t)random();
		row->protocol = (uint8_t)random();
		row->direction = (uint8_t)(random() % WC_DIRECTIONS);
		row->scope = (uint8_t)(random() % 2);
		row->other = i + 1 == count;
	}
	return count;
}

static size_t add_hosts(struct wc_host_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct wc_host_row *row = &rows[i];

		row->address = random_address();
		fill(&row->sent, sizeof(row->sent));
		fill(&row->received, sizeof(row->received));
		row->first_seen_ns = (int64_t)random_number();
		row->last_seen_ns = (int64_t)random_number();
		row->rates_known = random() % 2;
		row->packets_per_hour = (double)random() / 7;
		row->connections_per_hour = 0;
		row->bytes_per_hour = (double)random() * 1e9;
		row->other = i + 1 == count;
	}
	return count;
}

static size_t add_scanners(struct wc_scanner_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fill(&rows[i], sizeof(rows[i]) / 8 * 8);
		rows[i].address = random_address();
		rows[i].plain = random() % 2;
	}
	return count;
}

struct wc_snapshot *random_snapshot(unsigned most)
{
	struct wc_snapshot *made = calloc(1, sizeof(*made));
	struct wc_port_row *ports = calloc(most + 1, sizeof(*ports));
	struct wc_key_row *keys[3];
	struct wc_conversation_row *conversations = calloc(most + 1, sizeof(*conversations));
	struct wc_host_row *hosts = calloc(most + 1, sizeof(*hosts));
	struct wc_scanner_row *scanners = calloc(most + 1, sizeof(*scanners));

	for (int i = 0; i < 3; i++)
		keys[i] = calloc(most + 1, sizeof(*keys[i]));
	made->capture = random() % 2 ? "wan" : "";
	made->observer = "eth0 \xff\x01";
	made->interval = random_number();
	made->start_ns = (int64_t)random_number();
	made->end_ns = random() % 2 ? WC_TIME_UNKNOWN : (int64_t)random_number();
	made->length_ns = random_number();
	made->clock_step_ns = -5;
	made->pending = random_number();
	made->offload = (enum wc_offload)(random() % 3);
	made->complete = random() % 2;
	made->five_tuple = random() % 2;
	fill(&made->delta, sizeof(made->delta));
	fill(&made->total, sizeof(made->total));
	made->ports = ports;
	made->port_rows = add_ports(ports, (unsigned)random() % (most + 1));
	made->protocols = keys[0];
	made->protocol_rows = add_keys(keys[0], (unsigned)random() % (most + 1));
	made->fragments = keys[1];
	made->fragment_rows = add_keys(keys[1], (unsigned)random() % (most + 1));
	made->ethertypes = keys[2];
	made->ethertype_rows = add_keys(keys[2], (unsigned)random() % (most + 1));
	made->conversations = conversations;
	made->conversation_rows = add_conversations(conversations, (unsigned)random() % (most + 1));
	made->hosts = hosts;
	made->host_rows = add_hosts(hosts, (unsigned)random() % (most + 1));
	made->scanners = scanners;
	made->scanner_rows = add_scanners(scanners, (unsigned)random() % (most + 1));
	return made;
}

#define SAME(a, b) ck_assert((a) == (b))

static void same_ways(const struct wc_way_counts *a, const struct wc_way_counts *b)
{
	SAME(a->packets, b->packets);
	SAME(a->bytes, b->bytes);
	SAME(a->ip_bytes, b->ip_bytes);
	SAME(a->new, b->new);
	SAME(a->flags, b->flags);
}

static void same_keys(const struct wc_key_row *a, const struct wc_key_row *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		ck_assert_mem_eq(&a[i].delta, &b[i].delta, sizeof(a->delta));
		ck_assert_mem_eq(&a[i].total, &b[i].total, sizeof(a->total));
		SAME(a[i].key, b[i].key);
		SAME(a[i].direction, b[i].direction);
		SAME(a[i].other, b[i].other);
	}
}

static void same_ports(const struct wc_snapshot *a, const struct wc_snapshot *b)
{
	SAME(a->port_rows, b->port_rows);
	for (size_t i = 0; i < a->port_rows; i++) {
		const struct wc_port_row *x = &a->ports[i], *y = &b->ports[i];

		ck_assert_mem_eq(&x->delta, &y->delta, sizeof(x->delta));
		ck_assert_mem_eq(&x->total, &y->total, sizeof(x->total));
		SAME(x->port, y->port);
		SAME(x->protocol, y->protocol);
		SAME(x->direction, y->direction);
		SAME(x->other, y->other);
	}
}

static void same_conversations(const struct wc_snapshot *a, const struct wc_snapshot *b)
{
	SAME(a->conversation_rows, b->conversation_rows);
	for (size_t i = 0; i < a->conversation_rows; i++) {
		const struct wc_conversation_row *x = &a->conversations[i];
		const struct wc_conversation_row *y = &b->conversations[i];

		same_ways(&x->forward, &y->forward);
		same_ways(&x->reverse, &y->reverse);
		ck_assert(wc_address_equal(&x->client, &y->client));
		ck_assert(wc_address_equal(&x->server, &y->server));
		SAME(x->first_seen_ns, y->first_seen_ns);
		SAME(x->last_seen_ns, y->last_seen_ns);
		SAME(x->port, y->port);
		SAME(x->client_port, y->client_port);
		SAME(x->protocol, y->protocol);
		SAME(x->direction, y->direction);
		SAME(x->scope, y->scope);
		SAME(x->other, y->other);
	}
}

static void same_hosts(const struct wc_snapshot *a, const struct wc_snapshot *b)
{
	SAME(a->host_rows, b->host_rows);
	for (size_t i = 0; i < a->host_rows; i++) {
		const struct wc_host_row *x = &a->hosts[i], *y = &b->hosts[i];

		ck_assert(wc_address_equal(&x->address, &y->address));
		ck_assert_mem_eq(&x->sent, &y->sent, sizeof(x->sent));
		ck_assert_mem_eq(&x->received, &y->received, sizeof(x->received));
		SAME(x->first_seen_ns, y->first_seen_ns);
		SAME(x->last_seen_ns, y->last_seen_ns);
		SAME(x->rates_known, y->rates_known);
		ck_assert_mem_eq(&x->packets_per_hour, &y->packets_per_hour, 3 * sizeof(double));
		SAME(x->other, y->other);
	}
	SAME(a->scanner_rows, b->scanner_rows);
	for (size_t i = 0; i < a->scanner_rows; i++) {
		const struct wc_scanner_row *x = &a->scanners[i], *y = &b->scanners[i];

		ck_assert(wc_address_equal(&x->address, &y->address));
		ck_assert_mem_eq(&x->attempts, &y->attempts, 7 * sizeof(uint64_t));
		SAME(x->plain, y->plain);
	}
}

void same_snapshots(const struct wc_snapshot *a, const struct wc_snapshot *b)
{
	ck_assert_str_eq(a->capture, b->capture);
	ck_assert_str_eq(a->observer, b->observer);
	SAME(a->interval, b->interval);
	SAME(a->start_ns, b->start_ns);
	SAME(a->end_ns, b->end_ns);
	SAME(a->length_ns, b->length_ns);
	SAME(a->clock_step_ns, b->clock_step_ns);
	SAME(a->pending, b->pending);
	SAME(a->offload, b->offload);
	SAME(a->complete, b->complete);
	SAME(a->five_tuple, b->five_tuple);
	ck_assert_mem_eq(&a->delta, &b->delta, sizeof(a->delta));
	ck_assert_mem_eq(&a->total, &b->total, sizeof(a->total));
	same_ports(a, b);
	SAME(a->protocol_rows, b->protocol_rows);
	SAME(a->fragment_rows, b->fragment_rows);
	SAME(a->ethertype_rows, b->ethertype_rows);
	same_keys(a->protocols, b->protocols, a->protocol_rows);
	same_keys(a->fragments, b->fragments, a->fragment_rows);
	same_keys(a->ethertypes, b->ethertypes, a->ethertype_rows);
	same_conversations(a, b);
	same_hosts(a, b);
}

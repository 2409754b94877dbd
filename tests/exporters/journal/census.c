#include "census.h"

#include <stdlib.h>
#include <string.h>

#define TCP 6
#define UDP 17

/* The list that a snapshot points to is the test's own. */
#define LIST(type, count) ((type *)calloc((count) + 1, sizeof(type)))

uint64_t census_number(struct census_random *random, uint64_t bound)
{
	random->state += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t mixed = random->state;

	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (mixed ^ (mixed >> 31)) % bound;
}

static uint64_t count(struct census_random *random, bool small)
{
	unsigned bits = (unsigned)census_number(random, small ? 20 : 63);

	return census_number(random, (UINT64_C(1) << bits) + 1);
}

static int64_t time_of(struct census_random *random)
{
	if (!census_number(random, 8))
		return WC_TIME_UNKNOWN;
	return CENSUS_START_NS + (int64_t)census_number(random, UINT64_C(1) << 50);
}

/* Few enough that one is met again, of both families, the mapped twin and the folded peer. */
static struct wc_address address(struct census_random *random, uint64_t number)
{
	uint64_t prefix = census_number(random, 3) ? 0x20010db800000000 : 0;

	switch (number % 4) {
	case 0:
		return (struct wc_address){.low = 0xfffffff0 + number % 16, .version = 4};
	case 1:
		return (struct wc_address){.low = 0x0a000000 + number, .version = 4};
	case 2:
		return (struct wc_address){.high = prefix, .low = number << 32, .version = 6};
	default:
		if (number % 8 == 3)
			return (struct wc_address){.low = 0xffff0a000000 + number, .version = 6};
		return (struct wc_address){0};
	}
}

static struct wc_counts counts(struct census_random *random, bool small)
{
	return (struct wc_counts){count(random, small), count(random, small)};
}

static void make_totals(struct census_random *random, struct wc_snapshot *made, bool small)
{
	struct wc_totals *delta = &made->delta;

	delta->received = count(random, small);
	delta->lost_kernel = count(random, small);
	delta->lost_interface = count(random, small);
	delta->gone_ns = count(random, small);
	delta->restarts = census_number(random, 3);
	delta->frames = count(random, small);
	delta->rejected = counts(random, small);
	for (int i = 0; i < WC_CLASSES; i++)
		delta->classes[i] = counts(random, small);
	for (int i = 0; i < WC_DIRECTIONS; i++)
		delta->directions[i] = counts(random, small);
	delta->internet_in = counts(random, small);
	delta->internet_out = counts(random, small);
	delta->merged = count(random, small);
}

/* In the order of a snapshot; every third was not heard. */
static void make_ports(struct census_random *random, struct wc_snapshot *made, size_t rows,
		       bool small)
{
	struct wc_port_row *list = LIST(struct wc_port_row, rows);

	for (size_t i = 0; i < rows; i++) {
		bool udp = i >= rows / 2, other = i + 1 == rows / 2 || i + 1 == rows;

		list[i] = (struct wc_port_row){
			.port = other ? 0 : (uint16_t)(i * 13),
			.protocol = udp ? UDP : TCP,
			.direction = other ? 0 : (uint8_t)census_number(random, WC_DIRECTIONS),
			.other = other,
		};
		if (i % 3)
			list[i].delta = (struct wc_port_counts){
				.all = counts(random, small),
				.new = udp ? 0 : count(random, small),
				.accepted = udp ? 0 : count(random, small),
				.refused = count(random, small),
			};
	}
	made->ports = list;
	made->port_rows = rows;
}

static const struct wc_key_row *make_keys(struct census_random *random, size_t rows, bool small)
{
	struct wc_key_row *list = LIST(struct wc_key_row, rows);

	for (size_t i = 0; i < rows; i++) {
		bool other = i + 1 == rows;

		list[i] = (struct wc_key_row){.key = other ? 0 : (uint16_t)(i * 7),
					      .direction = other ? 3 : (uint8_t)(i % 4),
					      .other = other};
		if (i % 3)
			list[i].delta = counts(random, small);
	}
	return list;
}

static struct wc_way_counts way(struct census_random *random, bool small)
{
	return (struct wc_way_counts){
		.packets = count(random, small),
		.bytes = count(random, small),
		.ip_bytes = count(random, small),
		.new = count(random, small),
		.flags = (uint8_t)census_number(random, 256),
	};
}

static void make_conversations(struct census_random *random, struct wc_snapshot *made, size_t rows,
			       bool small)
{
	struct wc_conversation_row *list = LIST(struct wc_conversation_row, rows);

	for (size_t i = 0; i < rows; i++) {
		if (i + 1 == rows) {
			list[i] = (struct wc_conversation_row){.forward = way(random, small),
							       .other = true,
							       .first_seen_ns = WC_TIME_UNKNOWN,
							       .last_seen_ns = WC_TIME_UNKNOWN};
			break;
		}
		list[i] = (struct wc_conversation_row){
			.client = address(random, i),
			.server = address(random, i / 2),
			.first_seen_ns = time_of(random),
			.last_seen_ns = time_of(random),
			.port = (uint16_t)(i * 31),
			.client_port = made->five_tuple ? (uint16_t)(65535 - i) : 0,
			.protocol = i % 2 ? TCP : UDP,
			.direction = (uint8_t)census_number(random, WC_DIRECTIONS),
			.scope = (uint8_t)census_number(random, 2),
		};
		if (i % 3)
			list[i].forward = way(random, small);
		if (i % 3 == 1)
			list[i].reverse = way(random, small);
	}
	made->conversations = list;
	made->conversation_rows = rows;
}

static double rate(struct census_random *random)
{
	return (double)census_number(random, 1000000) / 7;
}

static void make_hosts(struct census_random *random, struct wc_snapshot *made, size_t rows,
		       bool small)
{
	struct wc_host_row *list = LIST(struct wc_host_row, rows);

	for (size_t i = 0; i < rows; i++) {
		struct wc_host_way none = {0};

		list[i] = (struct wc_host_row){.address = address(random, i),
					       .first_seen_ns = time_of(random),
					       .last_seen_ns = time_of(random),
					       .other = i + 1 == rows,
					       .rates_known = i % 2};
		if (list[i].other)
			list[i].address = (struct wc_address){0};
		list[i].sent =
			i % 3 ? (struct wc_host_way){count(random, small), count(random, small),
						     count(random, small)}
			      : none;
		list[i].received = i % 5 ? (struct wc_host_way){count(random, small), 7, i} : none;
		if (list[i].rates_known) {
			list[i].packets_per_hour = rate(random);
			list[i].connections_per_hour = rate(random);
			list[i].bytes_per_hour = rate(random);
		}
	}
	made->hosts = list;
	made->host_rows = rows;
}

static void make_scanners(struct census_random *random, struct wc_snapshot *made, size_t rows)
{
	struct wc_scanner_row *list = LIST(struct wc_scanner_row, rows);

	for (size_t i = 0; i < rows; i++)
		list[i] = (struct wc_scanner_row){
			.address = address(random, 4 * i + i % 3),
			.attempts = count(random, false),
			.port_changes = count(random, false),
			.distinct_ports = count(random, true),
			.distinct_hosts = count(random, true),
			.refused = count(random, false),
			.unanswered = i % 2 ? 0 : count(random, false),
			.first_seen_ns = time_of(random),
			.plain = i % 2,
		};
	made->scanners = list;
	made->scanner_rows = rows;
}

static struct wc_snapshot *begin(void)
{
	struct wc_snapshot *made = calloc(1, sizeof(*made));

	made->capture = "wan";
	made->observer = "eth0";
	made->complete = true;
	census_date(made, 1, 10);
	return made;
}

struct wc_snapshot *census_make(uint64_t seed, size_t rows, bool small)
{
	struct census_random random = {seed};
	struct wc_snapshot *made = begin();

	made->clock_step_ns = (int64_t)census_number(&random, 2000) - 1000;
	made->pending = count(&random, small);
	made->offload = (enum wc_offload)census_number(&random, 3);
	made->complete = census_number(&random, 2);
	made->five_tuple = census_number(&random, 2);
	make_totals(&random, made, small);
	make_ports(&random, made, rows, small);
	made->protocols = make_keys(&random, rows, small);
	made->protocol_rows = rows;
	made->fragments = make_keys(&random, rows / 2, small);
	made->fragment_rows = rows / 2;
	made->ethertypes = make_keys(&random, rows / 3, small);
	made->ethertype_rows = rows / 3;
	make_conversations(&random, made, rows, small);
	make_hosts(&random, made, rows, small);
	make_scanners(&random, made, rows / 4);
	return made;
}

/* What a heard row of a usual interval has. */
static struct wc_counts some(struct census_random *random)
{
	uint64_t packets = 1 + census_number(random, 500);

	return (struct wc_counts){packets, packets * (64 + census_number(random, 1400))};
}

static void add(struct wc_counts *sum, struct wc_counts counts)
{
	sum->packets += counts.packets;
	sum->bytes += counts.bytes;
}

static struct wc_port_row usual_port(struct census_random *random, uint16_t port, uint8_t protocol)
{
	return (struct wc_port_row){
		.port = port,
		.protocol = protocol,
		.delta = {.all = some(random), .new = protocol == TCP ? port % 3 : 0},
	};
}

static void usual_flows(struct census_random *random, struct wc_snapshot *made, size_t rows)
{
	struct wc_conversation_row *talks = LIST(struct wc_conversation_row, rows);
	struct wc_host_row *hosts = LIST(struct wc_host_row, rows);

	for (size_t i = 0; i < rows; i++) {
		struct wc_address far = {.low = 0x08000000 + 7919 * i, .version = 4};
		struct wc_counts there = some(random), back = some(random);

		talks[i] = (struct wc_conversation_row){
			.forward = {there.packets, there.bytes, there.bytes, 1, 0x1b},
			.reverse = {back.packets, back.bytes, back.bytes, 0, 0x1b},
			.client = {.low = 0xc0a80002 + i % 50, .version = 4},
			.server = far,
			.first_seen_ns = made->start_ns - 123456789,
			.last_seen_ns = made->end_ns - 1234567,
			.port = 443,
			.protocol = TCP,
			.direction = WC_DIRECTION_OUT,
			.scope = WC_SCOPE_INTERNET,
		};
		hosts[i] = (struct wc_host_row){
			.address = far,
			.sent = {back.packets, back.bytes, 0},
			.received = {there.packets, there.bytes, 1},
			.first_seen_ns = made->start_ns - 123456789,
			.last_seen_ns = made->end_ns - 1234567,
			.rates_known = true,
			.packets_per_hour = (double)back.packets * 1.37,
			.connections_per_hour = 0.7,
			.bytes_per_hour = (double)back.bytes * 1.37,
		};
	}
	made->conversations = talks;
	made->conversation_rows = rows;
	made->hosts = hosts;
	made->host_rows = rows;
}

static void sum_ports(struct wc_snapshot *made)
{
	struct wc_totals *delta = &made->delta;

	for (size_t i = 0; i < made->port_rows; i++) {
		const struct wc_port_row *row = &made->ports[i];

		add(&delta->classes[row->protocol == TCP ? WC_CLASS_TCP : WC_CLASS_UDP],
		    row->delta.all);
		add(&delta->directions[row->direction], row->delta.all);
	}
	delta->frames = delta->received = wc_totals_sum(delta).packets;
}

struct wc_snapshot *census_usual(uint64_t seed, size_t rows)
{
	struct census_random random = {seed};
	struct wc_snapshot *made = begin();
	struct wc_port_row *ports = LIST(struct wc_port_row, rows);

	for (size_t i = 0; i < rows; i++)
		ports[i] = usual_port(&random, (uint16_t)(i < rows / 2 ? i : i - rows / 2),
				      i < rows / 2 ? TCP : UDP);
	made->ports = ports;
	made->port_rows = rows;
	sum_ports(made);
	usual_flows(&random, made, rows);
	return made;
}

struct wc_snapshot *census_full(uint64_t seed)
{
	struct census_random random = {seed};
	struct wc_snapshot *made = begin();
	struct wc_port_row *ports = LIST(struct wc_port_row, 2 * 65536);

	for (size_t i = 0; i < 2 * 65536; i++)
		ports[i] = usual_port(&random, (uint16_t)i, i < 65536 ? TCP : UDP);
	made->ports = ports;
	made->port_rows = 2 * 65536;
	sum_ports(made);
	return made;
}

void census_date(struct wc_snapshot *snapshot, uint64_t number, unsigned seconds)
{
	int64_t length = (int64_t)seconds * CENSUS_SECOND_NS;

	snapshot->interval = number;
	snapshot->start_ns = CENSUS_START_NS + (int64_t)(number - 1) * length;
	snapshot->end_ns = snapshot->start_ns + length;
	snapshot->length_ns = (uint64_t)length;
}

void census_free(struct wc_snapshot *snapshot)
{
	free((void *)snapshot->ports);
	free((void *)snapshot->protocols);
	free((void *)snapshot->fragments);
	free((void *)snapshot->ethertypes);
	free((void *)snapshot->conversations);
	free((void *)snapshot->hosts);
	free((void *)snapshot->scanners);
	free(snapshot);
}

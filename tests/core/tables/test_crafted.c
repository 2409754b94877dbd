/*
 * Keys that somebody made to collide under a hash without a secret cost at most
 * twice what random keys cost: by the cells that a search looks at.
 */
#include <check.h>
#include <stdlib.h>

#include "hash.h"
#include "packet.h"
#include "rules.h"
#include "suite.h"
#include "tables.h"

#define KEYS  40000
#define BOUND 65536
#define SEEDS 5

static uint64_t draw(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Makes the two ends of the packet @number. */
typedef void craft(struct wc_packet *packet, uint64_t number);

static void set_v6(struct wc_address *address, uint64_t high, uint64_t low)
{
	*address = (struct wc_address){.high = high, .low = low, .version = 6};
}

static void set_v4(struct wc_address *address, uint64_t low)
{
	*address = (struct wc_address){.low = low & UINT32_MAX, .version = 4};
}

static void at_random(struct wc_packet *packet, uint64_t number)
{
	(void)number;
	set_v6(&packet->source, draw(), draw());
	set_v6(&packet->destination, draw(), draw());
}

/* The words of each address have one exclusive or. */
static void equal_xor(struct wc_packet *packet, uint64_t number)
{
	uint64_t word = number * UINT64_C(0x9e3779b97f4a7c15);

	set_v6(&packet->source, word, word ^ 0xfeed);
	set_v6(&packet->destination, word + 1, (word + 1) ^ 0xfeed);
}

static void equal_sum(struct wc_packet *packet, uint64_t number)
{
	set_v6(&packet->source, number << 20, 0 - (number << 20));
	set_v6(&packet->destination, ~(number << 20), number << 20);
}

/* Only the last bits differ, or only the first ones. */
static void in_a_row(struct wc_packet *packet, uint64_t number)
{
	set_v4(&packet->source, 0x0a000000 + number);
	set_v4(&packet->destination, 0xc0a80000 + number);
}

static void upper_bits(struct wc_packet *packet, uint64_t number)
{
	set_v6(&packet->source, number << 48, 1);
	set_v6(&packet->destination, number << 48, 2);
}

/* Every pair of two ends has one exclusive or, and so has its ports. */
static void equal_pairs(struct wc_packet *packet, uint64_t number)
{
	set_v4(&packet->source, number * 65539);
	set_v4(&packet->destination, number * 65539 ^ 0x12345678);
	packet->source_port = (uint16_t)(number | 1024);
	packet->key = packet->source_port ^ 0x5555;
}

/* Cells that a search for each of the keys of @table looks at, together. */
static uint64_t cells_looked_at(const struct wc_keyed *table)
{
	uint64_t sum = 0;

	for (uint32_t cell = 0; cell <= table->mask; cell++)
		if (table->index[cell])
			sum += ((cell - (uint32_t)(table->index[cell] >> 32)) & table->mask) + 1;
	return sum;
}

struct cost {
	double hosts, conversations; /* cells a key */
};

static struct cost cost_of(craft *make, const struct wc_rules *rules)
{
	struct wc_tables *tables = wc_tables_new(WC_TABLES_POOL, rules);
	struct cost cost;

	ck_assert_ptr_nonnull(tables);
	for (uint64_t i = 0; i < KEYS; i++) {
		struct wc_packet packet = {
			.packets = 1,
			.class = WC_CLASS_UDP,
			.protocol = WC_PROTOCOL_UDP,
			.source_port = 40000,
			.key = 53,
			.direction = WC_DIRECTION_TRANSIT,
		};

		make(&packet, i);
		packet.source_hash = wc_hash_address(&rules->seed, &packet.source);
		packet.destination_hash = wc_hash_address(&rules->seed, &packet.destination);
		wc_tables_count(tables, &packet, 1);
	}
	ck_assert_uint_eq(tables->conversations.table.used, KEYS);
	cost.hosts = (double)cells_looked_at(&tables->hosts.table) / tables->hosts.table.used;
	cost.conversations = (double)cells_looked_at(&tables->conversations.table) / KEYS;
	wc_tables_free(tables);
	return cost;
}

START_TEST(crafted_keys)
{
	static craft *const crafted[] = {equal_xor, equal_sum, in_a_row, upper_bits, equal_pairs};
	struct wc_rules rules = {.conversations = BOUND, .hosts = 2 * BOUND, .scan.threshold = 20};

	for (int seed = 0; seed < SEEDS; seed++) {
		struct cost random, cost;

		for (size_t i = 0; i < 4; i++)
			rules.seed.words[i] = draw();
		rules.five_tuple = seed % 2;
		random = cost_of(at_random, &rules);
		ck_assert_double_lt(random.hosts, 1.5);
		ck_assert_double_lt(random.conversations, 1.5);
		for (size_t i = 0; i < sizeof(crafted) / sizeof(*crafted); i++) {
			cost = cost_of(crafted[i], &rules);
			ck_assert_double_le(cost.hosts, 2 * random.hosts);
			ck_assert_double_le(cost.conversations, 2 * random.conversations);
		}
	}
}
END_TEST

/* The same keys under a hash that anybody can work out: the measure shows it. */
START_TEST(without_a_secret)
{
	static const size_t sides[WC_KEYED_SIDES] = {0};
	struct wc_keyed table;
	struct wc_packet packet;

	ck_assert_int_eq(wc_keyed_open(&table, BOUND, 32, sides), 0);
	for (uint64_t i = 0; i < KEYS / 10; i++) {
		const struct wc_address *address = &packet.source;

		equal_xor(&packet, i);
		wc_keyed_make_room(&table, 1);
		ck_assert_ptr_nonnull(wc_keyed_get(&table, (uint32_t)(address->high ^ address->low),
						   6, (uint64_t[]){address->high, address->low}, 16,
						   32));
	}
	ck_assert_uint_gt(cells_looked_at(&table) / table.used, 1000);
	wc_keyed_close(&table);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {crafted_keys, without_a_secret, NULL};

	return suite_run("crafted", tests, 120);
}

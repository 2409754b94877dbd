/*
 * Random traffic against a model that is written down another way: no hash, no
 * bits, one list that is searched from its begin. Every row has to be equal.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flows.h"
#include "suite.h"

#define FRAMES    3000 /* an interval */
#define INTERVALS 3
#define ROWS_MAX  16384

enum place { PLACE_OWN, PLACE_NEAR, PLACE_FAR };

struct peer {
	const char *text;
	enum place place;
};

/* In each family from the lowest address to the highest. */
static const struct peer peers[2][6] = {
	{
		{"10.0.0.7", PLACE_NEAR},
		{"10.0.0.8", PLACE_NEAR},
		{"192.0.2.1", PLACE_OWN},
		{"192.0.2.2", PLACE_OWN},
		{"198.51.100.9", PLACE_FAR},
		{"203.0.113.7", PLACE_FAR},
	},
	{
		{"2001:db8::1", PLACE_OWN},
		{"2001:db8::2", PLACE_OWN},
		{"2001:db8:e::9", PLACE_FAR},
		{"2001:db8:f::7", PLACE_FAR},
		{"fd00::7", PLACE_NEAR},
		{"fd00::8", PLACE_NEAR},
	},
};

static const unsigned ports[] = {0, 53, 1023, 1024, 3000, 50000, 50001, 65535};
static const char *const flag_sets[] = {"S", "SEC", "SA", "RA", "A", "PA", "FA", "R", "SF", "-"};

/* A frame, as it was drawn. */
struct said {
	int version;
	int from, to; /* peers */
	bool tcp;
	unsigned from_port, to_port;
	const char *flags;
	unsigned sequence, payload;
};

/* A row of the model. */
struct talk {
	char client[WC_ADDRESS_TEXT], server[WC_ADDRESS_TEXT];
	bool tcp;
	int version; /* 0 where both ends are the internet */
	unsigned port, client_port;
	struct {
		uint64_t packets, bytes;
	} ways[2];
	uint64_t new;
};

struct model {
	bool five_tuple, fold, at_once;
	size_t bound;
	bool known[65536], learned[65536]; /* TCP ports that answered */
	struct talk talks[ROWS_MAX];
	size_t count;
	struct talk other;
};

static bool has(const char *flags, char flag)
{
	return strchr(flags, flag) != NULL;
}

static bool is_syn(const struct said *said)
{
	return said->tcp && has(said->flags, 'S') && !has(said->flags, 'A') &&
	       !has(said->flags, 'F');
}

static bool is_served(const struct model *model, const struct said *said, unsigned port)
{
	return port < 1024 || (said->tcp && model->known[port]);
}

/* The design's order, one line each. */
static bool source_serves(const struct model *model, const struct said *said)
{
	bool from = is_served(model, said, said->from_port);
	bool to = is_served(model, said, said->to_port);
	enum place source = peers[said->version == 6][said->from].place;
	enum place destination = peers[said->version == 6][said->to].place;

	if (is_syn(said))
		return false;
	if (said->tcp && !strcmp(said->flags, "SA"))
		return true;
	if (said->tcp && !strcmp(said->flags, "RA") && said->sequence == 0)
		return true;
	if (from != to)
		return from;
	if (said->from_port != said->to_port)
		return said->from_port < said->to_port;
	if ((source == PLACE_OWN) != (destination == PLACE_OWN))
		return source != PLACE_OWN;
	return said->from < said->to;
}

static void name(const struct model *model, char text[WC_ADDRESS_TEXT], const struct peer *peer)
{
	bool folded = model->fold && peer->place == PLACE_FAR;

	snprintf(text, WC_ADDRESS_TEXT, "%s", folded ? "-" : peer->text);
}

static struct talk *find(struct model *model, const struct talk *key)
{
	for (size_t i = 0; i < model->count; i++) {
		struct talk *talk = &model->talks[i];

		if (!strcmp(talk->client, key->client) && !strcmp(talk->server, key->server) &&
		    talk->tcp == key->tcp && talk->version == key->version &&
		    talk->port == key->port && talk->client_port == key->client_port)
			return talk;
	}
	if (model->count == model->bound)
		return &model->other;
	ck_assert_uint_lt(model->count, ROWS_MAX);
	model->talks[model->count] = *key;
	return &model->talks[model->count++];
}

static void tell(struct model *model, const struct said *said, uint32_t bytes)
{
	const struct peer *family = peers[said->version == 6];
	struct talk key = {.tcp = said->tcp, .version = said->version}, *talk;
	bool reverse;

	if (said->tcp && !strcmp(said->flags, "SA"))
		(model->at_once ? model->known : model->learned)[said->from_port] = true;
	reverse = source_serves(model, said);
	name(model, key.client, &family[reverse ? said->to : said->from]);
	name(model, key.server, &family[reverse ? said->from : said->to]);
	if (key.client[0] == '-' && key.server[0] == '-')
		key.version = 0;
	key.port = reverse ? said->from_port : said->to_port;
	key.client_port = !model->five_tuple ? 0 : reverse ? said->to_port : said->from_port;
	talk = find(model, &key);
	if (talk == &model->other)
		reverse = false;
	talk->ways[reverse].packets++;
	talk->ways[reverse].bytes += bytes;
	talk->new += is_syn(said);
}

static struct said draw(void)
{
	struct said said = {
		.version = rand() % 2 ? 4 : 6,
		.from = rand() % 6,
		.tcp = rand() % 3 != 0,
		.from_port = ports[rand() % 8],
		.to_port = ports[rand() % 8],
		.flags = flag_sets[rand() % 10],
		.sequence = (unsigned)rand() % 2,
		.payload = (unsigned)rand() % 100,
	};

	said.to = (said.from + 1 + rand() % 5) % 6;
	return said;
}

static void count(struct flows *flows, struct model *model, const struct said *said)
{
	const struct peer *family = peers[said->version == 6];
	struct wc_packet packet;
	char recipe[200], transport[60];

	if (said->tcp)
		snprintf(transport, sizeof(transport), "6 / tcp %u %u %s %u", said->from_port,
			 said->to_port, said->flags, said->sequence);
	else
		snprintf(transport, sizeof(transport), "17 / udp %u %u", said->from_port,
			 said->to_port);
	snprintf(recipe, sizeof(recipe), "eth %s / ip%d %s %s %s / zeros %u",
		 said->version == 4 ? "0800" : "86dd", said->version, family[said->from].text,
		 family[said->to].text, transport, said->payload);
	packet = flows_decode(flows, recipe);
	flows_packet(flows, &packet, 1);
	tell(model, said, packet.bytes);
}

static void compare(const struct wc_conversation_row *row, const struct talk *talk)
{
	char client[WC_ADDRESS_TEXT], server[WC_ADDRESS_TEXT];

	ck_assert_str_eq(wc_address_format(&row->client, client), talk->client);
	ck_assert_str_eq(wc_address_format(&row->server, server), talk->server);
	ck_assert_uint_eq(row->protocol, talk->tcp ? 6 : 17);
	ck_assert_uint_eq(row->port, talk->port);
	ck_assert_uint_eq(row->client_port, talk->client_port);
	ck_assert_uint_eq(row->forward.packets, talk->ways[0].packets);
	ck_assert_uint_eq(row->forward.bytes, talk->ways[0].bytes);
	ck_assert_uint_eq(row->forward.new, talk->new);
	ck_assert_uint_eq(row->reverse.packets, talk->ways[1].packets);
	ck_assert_uint_eq(row->reverse.bytes, talk->ways[1].bytes);
	ck_assert_uint_eq(row->reverse.new, 0);
}

/* The rows are those of the model that were heard, in its order; then the interval is over. */
static void end_interval(struct flows *flows, struct model *model)
{
	const struct wc_snapshot *snapshot = &flows->snapshot;
	size_t row = 0;

	flows_collect(flows, 10);
	for (size_t i = 0; i < model->count; i++) {
		struct talk *talk = &model->talks[i];

		if (talk->ways[0].packets || talk->ways[1].packets) {
			ck_assert_uint_lt(row, snapshot->conversation_rows);
			compare(&snapshot->conversations[row++], talk);
		}
		memset(talk->ways, 0, sizeof(talk->ways));
		talk->new = 0;
	}
	if (model->other.ways[0].packets) {
		const struct wc_conversation_row *other = &snapshot->conversations[row++];

		ck_assert(other->other);
		ck_assert_uint_eq(other->forward.packets, model->other.ways[0].packets);
		ck_assert_uint_eq(other->forward.bytes, model->other.ways[0].bytes);
		ck_assert_uint_eq(other->forward.new, model->other.new);
	}
	ck_assert_uint_eq(row, snapshot->conversation_rows);
	model->other = (struct talk){.new = 0};
	for (unsigned port = 0; port < 65536; port++)
		model->known[port] |= model->learned[port];
}

static void run(unsigned seed, size_t bound, bool five_tuple, bool fold, bool at_once)
{
	struct model *model = calloc(1, sizeof(*model));
	struct flows flows = {.rules = {.conversations = (uint32_t)bound,
					.hosts = (uint32_t)bound,
					.five_tuple = five_tuple,
					.fold_internet = fold,
					.served.at_once = at_once}};

	ck_assert_ptr_nonnull(model);
	model->bound = bound;
	model->five_tuple = five_tuple;
	model->fold = fold;
	model->at_once = at_once;
	srand(seed);
	flows_begin(&flows);
	for (int interval = 0; interval < INTERVALS; interval++) {
		for (int i = 0; i < FRAMES; i++) {
			struct said said = draw();

			count(&flows, model, &said);
		}
		end_interval(&flows, model);
	}
	ck_assert_uint_eq(flows.tables->conversations.table.used, model->count);
	flows_end(&flows);
	free(model);
}

START_TEST(room_for_all)
{
	for (unsigned i = 0; i < 8; i++)
		run(1 + i, ROWS_MAX, i & 1, i & 2, i & 4);
}
END_TEST

START_TEST(room_for_sixteen)
{
	for (unsigned i = 0; i < 8; i++)
		run(11 + i, 16, i & 1, i & 2, i & 4);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {room_for_all, room_for_sixteen, NULL};

	return suite_run("conversations_model", tests, 300);
}

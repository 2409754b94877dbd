#include "cases.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "local.h"
#include "memo.h"
#include "recipe.h"
#include "wirecensus/address.h"
#include "wirecensus/snapshot.h"

#define TEXT 80

static struct wc_address address(const char *text)
{
	struct wc_address parsed;

	ck_assert_int_eq(wc_address_parse(&parsed, text, NULL), 0);
	return parsed;
}

struct wc_local *cases_host(void)
{
	static const char *const own[] = {"192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"};
	struct wc_local *local = wc_local_new();
	struct wc_address broadcast = address("192.0.2.255");

	ck_assert_ptr_nonnull(local);
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		struct wc_address one = address(own[i]);

		ck_assert_int_eq(wc_local_add(local, &one), 0);
	}
	ck_assert_int_eq(wc_local_add_broadcast(local, &broadcast), 0);
	return local;
}

struct wc_packet cases_decode_by(struct wc_memo *memo, const struct wc_local *local,
				 enum wc_link link, enum wc_origin origin,
				 const struct recipe *recipe)
{
	uint8_t *exact = malloc(recipe->captured ? recipe->captured : 1);
	struct wc_packet packet;
	struct wc_frame frame = {
		.bytes = exact,
		.captured = recipe->captured,
		.length = recipe->length,
		.time_ns = WC_TIME_UNKNOWN,
		.link = (uint8_t)link,
		.origin = (uint8_t)origin,
	};

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, recipe->frame.bytes, recipe->captured);
	memset(&packet, 0xa5, sizeof(packet));
	wc_decode(&packet, &frame, local, memo);
	free(exact);
	ck_assert_uint_eq(packet.bytes, recipe->length);
	ck_assert_int_eq(packet.time_ns, WC_TIME_UNKNOWN);
	return packet;
}

struct wc_packet cases_decode_frame(const struct wc_local *local, enum wc_link link,
				    enum wc_origin origin, const struct recipe *recipe)
{
	static const struct wc_hash_seed seed = {{1, 2, 3, 4}};
	static struct wc_memo memo;
	struct wc_packet packet;

	wc_memo_begin(&memo, &seed, true);
	packet = cases_decode_by(&memo, local, link, origin, recipe);
	packet.ends = 0;
	return packet;
}

struct wc_packet cases_decode(const struct wc_local *local, enum wc_link link,
			      enum wc_origin origin, const char *text)
{
	struct recipe recipe;

	recipe_build(&recipe, text);
	return cases_decode_frame(local, link, origin, &recipe);
}

static const char *direction(uint8_t number)
{
	static const char *const names[WC_DIRECTIONS] = {"in", "out", "local", "transit"};

	ck_assert_uint_lt(number, WC_DIRECTIONS);
	return names[number];
}

static size_t say_class(char *text, const struct wc_packet *packet)
{
	static const char *const names[WC_CLASSES] = {"tcp",       "udp",        "protocol",
						      "fragment",  "ethertype",  "llc",
						      "malformed", "unsupported"};
	const char *way = direction(packet->direction);

	ck_assert_uint_lt(packet->class, WC_CLASSES);
	if (packet->class == WC_CLASS_ETHERTYPE)
		return (size_t)snprintf(text, TEXT, "ethertype %04x %s", packet->key, way);
	if (packet->class < WC_CLASS_ETHERTYPE)
		return (size_t)snprintf(text, TEXT, "%s %u %s", names[packet->class], packet->key,
					way);
	ck_assert_uint_eq(packet->key, 0);
	return (size_t)snprintf(text, TEXT, "%s %s", names[packet->class], way);
}

static void say(char text[static TEXT], const struct wc_packet *packet)
{
	static const char *const events[] = {NULL, "new", "accepted", "refused"};
	size_t used = say_class(text, packet);

	if (packet->event == WC_EVENT_NONE)
		return;
	ck_assert_uint_lt(packet->event, sizeof(events) / sizeof(*events));
	snprintf(text + used, TEXT - used, ", %s %s %u %s", events[packet->event],
		 packet->event_protocol == WC_PROTOCOL_TCP   ? "tcp"
		 : packet->event_protocol == WC_PROTOCOL_UDP ? "udp"
							     : "?",
		 packet->event_port, direction(packet->event_direction));
}

void cases_check(const struct decode_case *cases, size_t count)
{
	struct wc_local *local = cases_host();

	for (size_t i = 0; i < count; i++) {
		const struct decode_case *row = &cases[i];
		struct wc_packet packet = cases_decode(local, row->link, row->origin, row->recipe);
		char text[TEXT];

		say(text, &packet);
		ck_assert_msg(strcmp(text, row->expected) == 0, "%s: decoded to '%s', not to '%s'",
			      row->name, text, row->expected);
	}
	wc_local_free(local);
}

#include "talk.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define TEXT 2000

/* The ends of a frame, by the word for its way; the first address of a pair is the lower one. */
struct way {
	const char *word, *ends[2]; /* IPv4, IPv6 */
};

static const struct way ways[] = {
	{"in", {"198.51.100.9 192.0.2.1", "2001:db8:f::9 2001:db8::1"}},
	{"out", {"192.0.2.1 198.51.100.9", "2001:db8::1 2001:db8:f::9"}},
	{"up", {"192.0.2.1 192.0.2.2", "2001:db8::1 2001:db8::2"}},
	{"down", {"192.0.2.2 192.0.2.1", "2001:db8::2 2001:db8::1"}},
	{"through", {"198.51.100.9 203.0.113.7", "2001:db8:e::9 2001:db8:f::7"}},
	{"back", {"203.0.113.7 198.51.100.9", "2001:db8:f::7 2001:db8:e::9"}},
	{"near", {"10.0.0.7 192.0.2.1", "fd00::7 2001:db8::1"}},
	{"beside", {"10.0.0.7 10.0.0.8", "fd00::7 fd00::8"}},
	{"leaving", {"10.0.0.7 203.0.113.7", "fd00::7 2001:db8:f::7"}},
	{"another", {"198.51.100.8 192.0.2.1", "2001:db8:f::8 2001:db8::1"}},
};

const char *talk_ends(const char *word, size_t length, int version)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (strlen(ways[i].word) == length && !strncmp(ways[i].word, word, length))
			return ways[i].ends[version == 6];
	ck_abort_msg("no way is called '%.*s'", (int)length, word);
}

void talk_frame(struct flows *flows, int version, const char *text)
{
	size_t length = strcspn(text, " ");
	const char *rest = text + length + 1, *ends = talk_ends(text, length, version);
	char recipe[200];

	snprintf(recipe, sizeof(recipe), "eth %s / ip%d %s %d / %s", version == 4 ? "0800" : "86dd",
		 version, ends, rest[0] == 't' ? 6 : 17, rest);
	flows_frame(flows, recipe, 1);
}

void talk_frames(struct flows *flows, int version, const char *text)
{
	char one[200];

	while (*text) {
		size_t length = strcspn(text, ",");

		snprintf(one, sizeof(one), "%.*s", (int)length, text);
		talk_frame(flows, version, one);
		text += length + (text[length] ? 2 : 0);
	}
}

const char *talk_said(const struct flows *flows)
{
	static char text[TEXT];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < flows->snapshot.conversation_rows; i++) {
		const struct wc_conversation_row *row = &flows->snapshot.conversations[i];
		char client[WC_ADDRESS_TEXT], server[WC_ADDRESS_TEXT];

		used += (size_t)snprintf(
			text + used, sizeof(text) - used, "%s%s > %s %s %u %d+%d %s %s",
			i ? "; " : "", wc_address_format(&row->client, client),
			wc_address_format(&row->server, server), row->protocol == 6 ? "tcp" : "udp",
			row->port, (int)row->forward.packets, (int)row->reverse.packets,
			wc_direction_name(row->direction), wc_scope_name(row->scope));
	}
	return text;
}

struct flows talk_in_a_file(void)
{
	return (struct flows){.rules = {.file = true, .served.at_once = true}};
}

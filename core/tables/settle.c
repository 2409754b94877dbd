#include "settle.h"

#include <string.h>

#include "rules.h"
#include "tables.h"

_Static_assert(sizeof(struct wc_recent_talk) == 64, "a conversation is one cache line");

void wc_settle_talk(struct wc_tables *tables, struct wc_recent_talk *talk)
{
	const struct wc_counts counts = {talk->way.packets, talk->way.bytes};

	if (!counts.packets)
		return;
	wc_sums_count(&tables->sums, wc_recent_class(talk->key), talk->direction, talk->inside,
		      &counts);
	if (talk->row)
		wc_conversation_add(talk->row, wc_recent_is_reverse(talk->key), &talk->way,
				    talk->flags, talk->last_ns);
	if (tables->rules->hosts) {
		struct wc_host_entry *source = wc_hosts_row(&tables->hosts, talk->source);
		struct wc_host_entry *destination = wc_hosts_row(&tables->hosts, talk->destination);

		wc_counts_add(&source->sent, &counts);
		wc_counts_add(&destination->received, &counts);
		wc_host_see(source, talk->last_ns);
		wc_host_see(destination, talk->last_ns);
	}
	talk->flags = 0;
	talk->way = (struct wc_way){0};
}

void wc_settle(struct wc_tables *tables)
{
	struct wc_recent *recent = tables->recent;

	for (uint32_t i = 0; i < recent->listed; i++) {
		struct wc_recent_talk *talk = &recent->talks[recent->list[i]];

		wc_settle_talk(tables, talk);
		talk->listed = 0;
	}
	recent->listed = 0;
}

void wc_settle_forget(struct wc_tables *tables)
{
	wc_settle(tables);
	memset(tables->recent, 0, sizeof(*tables->recent));
}

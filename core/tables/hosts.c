#include "hosts.h"

#include "packet.h"

_Static_assert(sizeof(struct wc_host_entry) == 128, "a row is two cache lines");

int wc_hosts_open(struct wc_hosts *hosts, const struct wc_rules *rules)
{
	return wc_keyed_open(&hosts->table, rules->hosts, sizeof(struct wc_host_entry),
			     sizeof(struct wc_host_side));
}

void wc_hosts_close(struct wc_hosts *hosts)
{
	wc_keyed_close(&hosts->table);
}

/* Returns the row of an address, or NULL when there is no room for one. */
static struct wc_host_entry *touch(struct wc_hosts *hosts, const struct wc_address *address,
				   uint32_t tag, const struct wc_packet *packet, uint32_t now_s)
{
	struct wc_host_key key = {address->high, address->low, address->version};
	struct wc_host_entry *row = wc_keyed_get(&hosts->table, tag, &key, sizeof(key));

	if (!row)
		return NULL;
	if (!row->sent.packets && !row->received.packets) {
		row->first_ns = packet->time_ns;
		row->last_ns = packet->time_ns;
	}
	if (packet->time_ns > row->last_ns)
		row->last_ns = packet->time_ns;
	row->active_s = now_s;
	return row;
}

static void add(struct wc_host_counts *counts, const struct wc_packet *packet)
{
	counts->packets++;
	counts->bytes += packet->bytes;
	counts->new += packet->event == WC_EVENT_NEW;
}

void wc_hosts_count(struct wc_hosts *hosts, const struct wc_packet *packet, uint32_t source_tag,
		    uint32_t destination_tag, uint32_t now_s)
{
	struct wc_host_entry *row;

	row = touch(hosts, &packet->source, source_tag, packet, now_s);
	add(row ? &row->sent : &hosts->other_sent, packet);
	row = touch(hosts, &packet->destination, destination_tag, packet, now_s);
	add(row ? &row->received : &hosts->other_received, packet);
}

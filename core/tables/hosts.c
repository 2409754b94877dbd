#include "hosts.h"

#include "packet.h"

_Static_assert(sizeof(struct wc_host_entry) == 64, "a row is one cache line");

int wc_hosts_open(struct wc_hosts *hosts, const struct wc_rules *rules)
{
	return wc_keyed_open(&hosts->table, rules->hosts, sizeof(struct wc_host_entry),
			     sizeof(struct wc_host_side));
}

void wc_hosts_close(struct wc_hosts *hosts)
{
	wc_keyed_close(&hosts->table);
}

static struct wc_host_side *beside(const struct wc_hosts *hosts, const struct wc_host_entry *row)
{
	return wc_keyed_beside(&hosts->table, row, sizeof(*row));
}

/* Returns the row of an address, or NULL when there is no room for one. */
static struct wc_host_entry *touch(struct wc_hosts *hosts, const struct wc_address *address,
				   uint32_t tag, const struct wc_packet *packet)
{
	struct wc_host_key key = {address->high, address->low};
	struct wc_host_entry *row =
		wc_keyed_get(&hosts->table, tag, address->version, &key, sizeof(key), sizeof(*row));

	if (!row)
		return NULL;
	if (!row->sent.packets && !row->received.packets) {
		beside(hosts, row)->first_ns = packet->time_ns;
		row->last_ns = packet->time_ns;
	}
	if (packet->time_ns > row->last_ns)
		row->last_ns = packet->time_ns;
	return row;
}

static void add(struct wc_counts *counts, const struct wc_packet *packet)
{
	counts->packets++;
	counts->bytes += packet->bytes;
}

/* Connections are few beside frames, so that they are counted apart from the row's line. */
static void count_new(struct wc_hosts *hosts, const struct wc_host_entry *source,
		      const struct wc_host_entry *destination)
{
	(*(source ? &beside(hosts, source)->sent_new : &hosts->other_sent.new))++;
	(*(destination ? &beside(hosts, destination)->received_new : &hosts->other_received.new))++;
}

void wc_hosts_count(struct wc_hosts *hosts, const struct wc_packet *packet, uint32_t source_tag,
		    uint32_t destination_tag)
{
	struct wc_host_entry *source = touch(hosts, &packet->source, source_tag, packet);
	struct wc_host_entry *destination;

	add(source ? &source->sent : &hosts->other_sent.all, packet);
	destination = touch(hosts, &packet->destination, destination_tag, packet);
	add(destination ? &destination->received : &hosts->other_received.all, packet);
	if (packet->event == WC_EVENT_NEW)
		count_new(hosts, source, destination);
}

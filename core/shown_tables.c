#include "wirecensus/shown_tables.h"

#include <netinet/in.h>

#include "wirecensus/shown.h"
#include "wirecensus/snapshot.h"

_Static_assert(WC_SHOWN_REFUSED + 1 == WC_SHOWN_COUNTERS, "each counter has a place");

/* The rows of one table in a snapshot. */
struct rows {
	const struct wc_port_row *ports;
	const struct wc_key_row *keys;
	size_t count;
};

/* The ports of a snapshot are those of TCP, then those of UDP. */
static struct rows ports_of(const struct wc_snapshot *snapshot, bool udp)
{
	size_t tcp = 0;

	while (tcp < snapshot->port_rows && snapshot->ports[tcp].protocol == IPPROTO_TCP)
		tcp++;
	if (!udp)
		return (struct rows){.ports = snapshot->ports, .count = tcp};
	return (struct rows){.ports = tcp ? snapshot->ports + tcp : snapshot->ports,
			     .count = snapshot->port_rows - tcp};
}

static void look_at_port(const struct wc_port_row *port, struct wc_shown_row *row)
{
	const struct wc_port_counts *total = &port->total;

	*row = (struct wc_shown_row){
		.key = port->port,
		.direction = port->direction,
		.other = port->other,
		.counters = {[WC_SHOWN_PACKETS] = total->all.packets,
			     [WC_SHOWN_BYTES] = total->all.bytes,
			     [WC_SHOWN_NEW] = total->new,
			     [WC_SHOWN_ACCEPTED] = total->accepted,
			     [WC_SHOWN_REFUSED] = total->refused},
	};
}

static void look_at_tcp(const void *user, size_t index, struct wc_shown_row *row)
{
	look_at_port(&((const struct rows *)user)->ports[index], row);
	row->service = row->counters[WC_SHOWN_ACCEPTED] != 0;
	/* Nobody has tried to connect to the client's end of a connection. */
	row->ranked = row->service || row->counters[WC_SHOWN_NEW] != 0;
}

static void look_at_udp(const void *user, size_t index, struct wc_shown_row *row)
{
	look_at_port(&((const struct rows *)user)->ports[index], row);
	row->ranked = true;
}

static void look_at_key(const void *user, size_t index, struct wc_shown_row *row)
{
	const struct wc_key_row *key = &((const struct rows *)user)->keys[index];

	*row = (struct wc_shown_row){
		.key = key->key,
		.direction = key->direction,
		.other = key->other,
		.ranked = true,
		.counters = {[WC_SHOWN_PACKETS] = key->total.packets,
			     [WC_SHOWN_BYTES] = key->total.bytes},
	};
}

static void follow_keys(struct wc_shown *shown, const struct wc_key_row *keys, size_t count)
{
	wc_shown_update(shown, count, look_at_key, &(struct rows){.keys = keys});
}

void wc_shown_follow(struct wc_shown *shown, const struct wc_snapshot *snapshot,
		     enum wc_shown_table table)
{
	struct rows ports;

	switch (table) {
	case WC_SHOWN_PROTOCOL:
		follow_keys(shown, snapshot->protocols, snapshot->protocol_rows);
		break;
	case WC_SHOWN_FRAGMENT:
		follow_keys(shown, snapshot->fragments, snapshot->fragment_rows);
		break;
	case WC_SHOWN_ETHERTYPE:
		follow_keys(shown, snapshot->ethertypes, snapshot->ethertype_rows);
		break;
	default:
		ports = ports_of(snapshot, table == WC_SHOWN_UDP);
		wc_shown_update(shown, ports.count,
				table == WC_SHOWN_UDP ? look_at_udp : look_at_tcp, &ports);
		break;
	}
}

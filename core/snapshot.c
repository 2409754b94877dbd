#include "wirecensus/snapshot.h"

#include <stdlib.h>

#include "collect.h"

struct wc_counts wc_totals_sum(const struct wc_totals *totals)
{
	struct wc_counts sum = {0};

	for (int i = 0; i < WC_CLASSES; i++) {
		sum.packets += totals->classes[i].packets;
		sum.bytes += totals->classes[i].bytes;
	}
	return sum;
}

const char *wc_class_name(unsigned class)
{
	static const char *const names[WC_CLASSES] = {
		[WC_CLASS_TCP] = "tcp",
		[WC_CLASS_UDP] = "udp",
		[WC_CLASS_PROTOCOL] = "protocol",
		[WC_CLASS_FRAGMENT] = "fragment",
		[WC_CLASS_ETHERTYPE] = "ethertype",
		[WC_CLASS_LLC] = "llc",
		[WC_CLASS_MALFORMED] = "malformed",
		[WC_CLASS_UNSUPPORTED] = "unsupported",
	};

	return names[class];
}

const char *wc_direction_name(enum wc_direction direction)
{
	static const char *const names[] = {
		[WC_DIRECTION_IN] = "in",
		[WC_DIRECTION_OUT] = "out",
		[WC_DIRECTION_LOCAL] = "local",
		[WC_DIRECTION_TRANSIT] = "transit",
	};

	return names[direction];
}

const char *wc_scope_name(enum wc_scope scope)
{
	return scope == WC_SCOPE_LOCAL ? "local" : "internet";
}

void wc_snapshot_free(struct wc_snapshot *snapshot)
{
	if (!snapshot)
		return;
	wc_collect_free(snapshot);
	free(snapshot);
}

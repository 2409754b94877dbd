#include "wirecensus/hits.h"

#include <stdlib.h>

#include "rates.h"

#define MINUTES_PER_HOUR 60
#define SECONDS_PER_HOUR 3600

struct wc_hits {
	struct wc_rate_all all;
	int64_t now_ns; /* the sum of all intervals */
};

struct wc_hits *wc_hits_new(void)
{
	struct wc_hits *hits = calloc(1, sizeof(*hits));

	if (hits)
		wc_rate_all_start(&hits->all, 0);
	return hits;
}

void wc_hits_free(struct wc_hits *hits)
{
	free(hits);
}

/* Only packets end bins, as the ancestor had it: those of a bin that was over belong to the next.
 */
void wc_hits_add(struct wc_hits *hits, uint64_t packets, uint64_t bytes, uint64_t length_ns)
{
	struct wc_rate_all *all = &hits->all;

	if (packets && hits->now_ns >= all->over_ns)
		wc_rate_all_turn(all, hits->now_ns);
	hits->now_ns += (int64_t)length_ns;
	if (!packets)
		return;
	all->packets += packets;
	all->bytes += bytes;
	if (hits->now_ns >= all->over_ns)
		wc_rate_all_turn(all, hits->now_ns);
}

struct wc_hits_rates wc_hits_read(const struct wc_hits *hits)
{
	return (struct wc_hits_rates){
		.per_minute = hits->all.packets_per_hour / MINUTES_PER_HOUR,
		.bytes_per_second = hits->all.bytes_per_hour / SECONDS_PER_HOUR,
	};
}

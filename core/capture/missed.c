#include "missed.h"

#include <stdbool.h>
#include <stdlib.h>

#include "host.h"

struct wc_missed_link {
	unsigned index;
	bool told;     /* since the last end */
	uint64_t seen; /* its counter */
};

static struct wc_missed_link *find(const struct wc_missed *missed, unsigned index)
{
	for (size_t i = 0; i < missed->count; i++)
		if (missed->links[i].index == index)
			return &missed->links[i];
	return NULL;
}

static void begin(struct wc_missed *missed, unsigned index, uint64_t counter)
{
	struct wc_missed_link *links =
		reallocarray(missed->links, missed->count + 1, sizeof(*links));

	if (!links)
		return; /* it begins the next time */
	links[missed->count++] = (struct wc_missed_link){index, true, counter};
	missed->links = links;
}

void wc_missed_take(void *user, unsigned index, uint64_t counter)
{
	struct wc_missed *missed = user;
	struct wc_missed_link *link = find(missed, index);

	if (!link) {
		begin(missed, index, counter);
		return;
	}
	if (counter > link->seen) /* it falls when a driver starts anew */
		missed->sum += counter - link->seen;
	link->seen = counter;
	link->told = true;
}

void wc_missed_end(struct wc_missed *missed)
{
	size_t kept = 0;

	for (size_t i = 0; i < missed->count; i++) {
		if (!missed->links[i].told)
			continue;
		missed->links[kept] = missed->links[i];
		missed->links[kept++].told = false;
	}
	missed->count = kept;
}

void wc_missed_look(struct wc_missed *missed, unsigned index)
{
	if (wc_host_missed(index, wc_missed_take, missed))
		wc_missed_end(missed);
}

void wc_missed_forget(struct wc_missed *missed)
{
	free(missed->links);
	missed->links = NULL;
	missed->count = 0;
}

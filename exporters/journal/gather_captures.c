#include "gather_captures.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "journal.h"

void wc_gather_captures_free(struct wc_gather_captures *captures)
{
	for (size_t i = 0; i < captures->count; i++)
		wc_gather_free(&captures->items[i]);
	free(captures->items);
	free(captures->host);
	free(captures->instance);
	*captures = (struct wc_gather_captures){0};
}

struct wc_gather *wc_gather_captures_find(const struct wc_gather_captures *captures,
					  const char *name)
{
	for (size_t i = 0; i < captures->count; i++)
		if (!strcmp(captures->items[i].snapshot.capture, name))
			return &captures->items[i];
	return NULL;
}

/* Returns an empty one behind the last, which counts once its snapshot is in it. */
static struct wc_gather *make_room(struct wc_gather_captures *captures)
{
	struct wc_gather *items = realloc(captures->items, (captures->count + 1) * sizeof(*items));
	struct wc_gather *added;

	if (!items)
		return NULL;
	captures->items = items;
	added = &items[captures->count];
	memset(added, 0, sizeof(*added));
	if (getrandom(&added->seed, sizeof(added->seed), 0) < 0)
		added->seed = 0;
	return added;
}

struct wc_gather *wc_gather_captures_add(struct wc_gather_captures *captures,
					 const struct wc_snapshot *snapshot)
{
	struct wc_gather *found = wc_gather_captures_find(captures, snapshot->capture);

	if (found)
		return wc_gather_snapshot(found, snapshot) ? found : NULL;
	found = make_room(captures);
	if (!found)
		return NULL;
	if (!wc_gather_snapshot(found, snapshot)) {
		wc_gather_free(found);
		return NULL;
	}
	captures->count++;
	return found;
}

bool wc_gather_captures_run(struct wc_gather_captures *captures, const char *host,
			    const char *instance)
{
	if (captures->instance && !strcmp(captures->instance, instance))
		return true;
	free(captures->host);
	free(captures->instance);
	captures->host = strdup(host);
	captures->instance = strdup(instance);
	return captures->host && captures->instance;
}

bool wc_gather_captures_finish(struct wc_gather_captures *captures,
			       struct wc_journal_interval **intervals, size_t *count)
{
	struct wc_journal_interval *made = calloc(captures->count + 1, sizeof(*made));
	bool good = made != NULL;

	for (size_t i = 0; i < captures->count && good; i++) {
		made[i].host = strdup(captures->host);
		made[i].instance = strdup(captures->instance);
		made[i].snapshot = wc_gather_finish(&captures->items[i]);
		good = made[i].host && made[i].instance && made[i].snapshot;
	}
	if (!good) {
		wc_journal_intervals_free(made, made ? captures->count : 0);
		return false;
	}
	*intervals = made;
	*count = captures->count;
	return true;
}

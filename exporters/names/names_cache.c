#include "names_cache.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#include "names.h"
#include "wirecensus/address.h"

enum state { IDLE, WAITING, OUT };

/* In the tree always; in a list when idle or waiting. */
struct known {
	struct wc_address address; /* the key */
	enum state state;
	int64_t until;
	char *text; /* names, each with its NUL; owned */
	size_t bytes;
	TAILQ_ENTRY(known) link;
};

TAILQ_HEAD(known_list, known);

struct wc_names_cache {
	pthread_mutex_t lock;
	pthread_cond_t settled;
	void *tree;              /* tsearch(3): balanced, so that no chosen addresses are slow */
	struct known_list idle;  /* the one not asked for longest first */
	struct known_list queue; /* waiting, the oldest first */
	size_t max_entries, max_bytes, max_queue;
	size_t entries, bytes, waiting, out;
	uint64_t turned, evicted;
};

static int compare(const void *left, const void *right)
{
	const struct wc_address *a = left, *b = right;

	if (a->version != b->version)
		return a->version < b->version ? -1 : 1;
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	return a->low < b->low ? -1 : a->low > b->low;
}

static void free_entry(void *node)
{
	struct known *entry = node;

	free(entry->text);
	free(entry);
}

struct wc_names_cache *wc_names_cache_new(size_t entries, size_t bytes, size_t queue)
{
	struct wc_names_cache *cache = calloc(1, sizeof(*cache));
	pthread_condattr_t attributes;

	if (!cache)
		return NULL;
	cache->max_entries = entries;
	cache->max_bytes = bytes;
	cache->max_queue = queue;
	TAILQ_INIT(&cache->idle);
	TAILQ_INIT(&cache->queue);
	pthread_mutex_init(&cache->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&cache->settled, &attributes);
	pthread_condattr_destroy(&attributes);
	return cache;
}

void wc_names_cache_free(struct wc_names_cache *cache)
{
	if (!cache)
		return;
	tdestroy(cache->tree, free_entry);
	pthread_cond_destroy(&cache->settled);
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

static struct known *look_up(struct wc_names_cache *cache, const struct wc_address *address)
{
	/* A node begins with its key, the entry, which begins with its address. */
	struct known **node = tfind(address, &cache->tree, compare);

	return node ? *node : NULL;
}

/* Forgets the idle entry not asked for longest. False if none is idle. */
static bool evict(struct wc_names_cache *cache)
{
	struct known *entry = TAILQ_FIRST(&cache->idle);

	if (!entry)
		return false;
	TAILQ_REMOVE(&cache->idle, entry, link);
	tdelete(entry, &cache->tree, compare);
	cache->bytes -= entry->bytes;
	cache->entries--;
	cache->evicted++;
	free_entry(entry);
	return true;
}

/* Makes an idle entry; NULL if there is no room and nothing to forget. */
static struct known *make(struct wc_names_cache *cache, const struct wc_address *address)
{
	struct known *entry;

	if (cache->entries >= cache->max_entries && !evict(cache))
		return NULL;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->address = *address;
	if (!tsearch(entry, &cache->tree, compare)) {
		free(entry);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&cache->idle, entry, link);
	cache->entries++;
	return entry;
}

static bool enqueue(struct wc_names_cache *cache, const struct wc_address *address, int64_t now)
{
	struct known *entry = look_up(cache, address);

	if (entry && entry->state != IDLE)
		return false;
	if (entry) {
		TAILQ_REMOVE(&cache->idle, entry, link);
		TAILQ_INSERT_TAIL(&cache->idle, entry, link);
		if (entry->until > now)
			return false;
	}
	if (cache->waiting >= cache->max_queue || (!entry && !(entry = make(cache, address)))) {
		cache->turned++;
		return false;
	}
	TAILQ_REMOVE(&cache->idle, entry, link);
	TAILQ_INSERT_TAIL(&cache->queue, entry, link);
	entry->state = WAITING;
	cache->waiting++;
	return true;
}

bool wc_names_cache_ask(struct wc_names_cache *cache, const struct wc_address *address, int64_t now)
{
	bool added;

	pthread_mutex_lock(&cache->lock);
	added = enqueue(cache, address, now);
	pthread_mutex_unlock(&cache->lock);
	return added;
}

bool wc_names_cache_next(struct wc_names_cache *cache, struct wc_address *address)
{
	struct known *entry;

	pthread_mutex_lock(&cache->lock);
	entry = TAILQ_FIRST(&cache->queue);
	if (entry) {
		TAILQ_REMOVE(&cache->queue, entry, link);
		cache->waiting--;
		cache->out++;
		entry->state = OUT;
		*address = entry->address;
	}
	pthread_mutex_unlock(&cache->lock);
	return entry;
}

bool wc_names_cache_waiting(struct wc_names_cache *cache)
{
	bool waiting;

	pthread_mutex_lock(&cache->lock);
	waiting = cache->waiting;
	pthread_mutex_unlock(&cache->lock);
	return waiting;
}

/* Replaces the names of @entry, which is in no list; with none if there is no room. */
static void set_names(struct wc_names_cache *cache, struct known *entry,
		      const struct wc_name_list *list)
{
	size_t bytes = 0;
	char *end;

	cache->bytes -= entry->bytes;
	free(entry->text);
	entry->text = NULL;
	entry->bytes = 0;
	for (size_t i = 0; i < list->count; i++)
		bytes += strlen(list->name[i]) + 1;
	while (cache->bytes + bytes > cache->max_bytes && evict(cache))
		;
	if (!bytes || cache->bytes + bytes > cache->max_bytes || !(entry->text = malloc(bytes)))
		return;
	end = entry->text;
	for (size_t i = 0; i < list->count; i++)
		end = stpcpy(end, list->name[i]) + 1;
	entry->bytes = bytes;
	cache->bytes += bytes;
}

void wc_names_cache_store(struct wc_names_cache *cache, const struct wc_address *address,
			  const struct wc_name_list *list, int64_t until)
{
	struct known *entry;

	pthread_mutex_lock(&cache->lock);
	entry = look_up(cache, address);
	if (entry && entry->state == OUT) {
		if (list)
			set_names(cache, entry, list);
		entry->state = IDLE;
		entry->until = until;
		TAILQ_INSERT_TAIL(&cache->idle, entry, link);
		if (!--cache->out && !cache->waiting)
			pthread_cond_broadcast(&cache->settled);
	}
	pthread_mutex_unlock(&cache->lock);
}

size_t wc_names_cache_find(struct wc_names_cache *cache, const struct wc_address *address,
			   struct wc_name_list *list)
{
	const struct known *entry;

	list->count = 0;
	pthread_mutex_lock(&cache->lock);
	entry = look_up(cache, address);
	for (size_t at = 0, size; entry && at < entry->bytes; at += size) {
		size = strlen(entry->text + at) + 1;
		memcpy(list->name[list->count++], entry->text + at, size);
	}
	pthread_mutex_unlock(&cache->lock);
	return list->count;
}

bool wc_names_cache_settle(struct wc_names_cache *cache, unsigned milliseconds)
{
	struct timespec end;
	bool settled;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += milliseconds / 1000;
	end.tv_nsec += milliseconds % 1000 * 1000000L;
	if (end.tv_nsec >= 1000000000) {
		end.tv_sec++;
		end.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&cache->lock);
	while (cache->waiting + cache->out)
		if (pthread_cond_timedwait(&cache->settled, &cache->lock, &end))
			break;
	settled = !(cache->waiting + cache->out);
	pthread_mutex_unlock(&cache->lock);
	return settled;
}

void wc_names_cache_stats(struct wc_names_cache *cache, struct wc_names_stats *stats)
{
	pthread_mutex_lock(&cache->lock);
	stats->turned = cache->turned;
	stats->evicted = cache->evicted;
	stats->open = cache->waiting + cache->out;
	stats->entries = cache->entries;
	stats->bytes = cache->bytes;
	pthread_mutex_unlock(&cache->lock);
}

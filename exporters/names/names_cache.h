/*
 * names_cache.h - which names are known, and which are to be asked for
 *
 * Every address has one entry, and so one question at a time. An entry is idle,
 * waiting in the queue, or out: being asked for. Idle ones are forgotten, the
 * one not asked for longest first, when entries or bytes reach their bound.
 *
 * Any thread may call; the lock inside is held for one look-up and one copy,
 * never for I/O. Times are milliseconds of a clock that the caller reads.
 */
#ifndef WC_NAMES_CACHE_H
#define WC_NAMES_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_address;     /* wirecensus/address.h */
struct wc_name_list;   /* names.h */
struct wc_names_stats; /* names.h */
struct wc_names_cache;

/* Makes an empty cache with these bounds. Returns NULL when memory is short. */
struct wc_names_cache *wc_names_cache_new(size_t entries, size_t bytes, size_t queue);
void wc_names_cache_free(struct wc_names_cache *cache);

/*
 * Puts @address in the queue if it is unknown, or known until @now at most.
 * Returns true if it is new there.
 */
bool wc_names_cache_ask(struct wc_names_cache *cache, const struct wc_address *address,
			int64_t now);

/* Takes the first address out of the queue: it is out until stored. False if there is none. */
bool wc_names_cache_next(struct wc_names_cache *cache, struct wc_address *address);

/* True if an address waits in the queue. */
bool wc_names_cache_waiting(struct wc_names_cache *cache);

/*
 * Ends the question for @address, which is out: what is known until @until is
 * now @list, or, if it is NULL, what was known before.
 */
void wc_names_cache_store(struct wc_names_cache *cache, const struct wc_address *address,
			  const struct wc_name_list *list, int64_t until);

/* Copies what is known of @address, which may be too old. Returns the count. */
size_t wc_names_cache_find(struct wc_names_cache *cache, const struct wc_address *address,
			   struct wc_name_list *list);

/* Waits until no entry is waiting or out, at most @milliseconds. True if none is. */
bool wc_names_cache_settle(struct wc_names_cache *cache, unsigned milliseconds);

/* Fills in the fields that the cache knows: turned, evicted, open, entries, bytes. */
void wc_names_cache_stats(struct wc_names_cache *cache, struct wc_names_stats *stats);

#endif /* WC_NAMES_CACHE_H */

#include "lookups.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "dns_servers.h"
#include "names_cache.h"
#include "names_clock.h"
#include "wirecensus/address.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define REREAD       60000 /* ms after which resolv.conf is read again */
#define DEFAULT_WAIT 2000  /* ms for one answer */

enum state { FREE, DUE, OPEN };

struct lookup {
	enum state state;
	struct wc_address address;
	unsigned attempts; /* made so far */
	size_t server;     /* for the next attempt, or the one that is open */
	bool tcp;
	struct wc_dns_query query; /* while OPEN */
	size_t first, sockets;     /* its part of what is polled */
};

struct wc_lookups {
	struct wc_names_cache *cache;
	bool last_ttl;
	unsigned milliseconds;
	struct wc_dns_servers servers;
	bool system;      /* they are resolv.conf's */
	int64_t reread;   /* when to read them again */
	size_t preferred; /* the server that answered last */
	struct wc_dns_answer answer;
	struct lookup lookup[WC_NAMES_IN_FLIGHT];
	atomic_uint_fast64_t sent, answered, silent, malformed, dropped;
};

static void count(atomic_uint_fast64_t *counter, unsigned amount)
{
	atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
}

static int find_servers(struct wc_lookups *lookups, const struct wc_texts *given,
			struct wc_error *error)
{
	if (given && given->count)
		return wc_dns_servers_parse(&lookups->servers, given, error);
	lookups->system = true;
	lookups->reread = wc_names_clock() + REREAD;
	return wc_dns_servers_system(&lookups->servers, error);
}

int wc_lookups_new(struct wc_lookups **lookups, const struct wc_names_settings *settings,
		   struct wc_names_cache *cache, struct wc_error *error)
{
	struct wc_lookups *made = calloc(1, sizeof(*made));
	int status;

	if (!made)
		return wc_error_set(error, WC_FAILED, "no memory for reverse names");
	made->cache = cache;
	made->last_ttl = settings->last_ttl;
	made->milliseconds = settings->milliseconds ? settings->milliseconds : DEFAULT_WAIT;
	status = find_servers(made, settings->servers, error);
	if (status) {
		free(made);
		return status;
	}
	*lookups = made;
	return WC_OK;
}

void wc_lookups_free(struct wc_lookups *lookups)
{
	for (size_t i = 0; lookups && i < WC_NAMES_IN_FLIGHT; i++)
		if (lookups->lookup[i].state == OPEN)
			wc_dns_query_stop(&lookups->lookup[i].query);
	free(lookups);
}

static void learn(struct wc_lookups *lookups, struct lookup *lookup)
{
	int64_t seconds = wc_dns_answer_seconds(&lookups->answer, lookups->last_ttl);

	count(&lookups->answered, 1);
	lookup->state = FREE;
	lookups->preferred = lookup->server;
	wc_names_cache_store(lookups->cache, &lookup->address, &lookups->answer.names,
			     wc_names_clock() + 1000 * seconds);
}

/* Names known before stay: it is the servers that are silent, not the address nameless. */
static void give_up(struct wc_lookups *lookups, struct lookup *lookup)
{
	count(&lookups->silent, 1);
	lookup->state = FREE;
	wc_names_cache_store(lookups->cache, &lookup->address, NULL,
			     wc_names_clock() + INT64_C(1000) * WC_NAMES_TTL_NAMELESS);
}

/* Decides what a query that is done means: learned, another attempt, or given up. */
static void settle(struct wc_lookups *lookups, struct lookup *lookup)
{
	enum wc_dns_answer_verdict verdict = lookup->query.verdict;
	bool last = lookup->attempts == WC_NAMES_ATTEMPTS;

	wc_dns_query_stop(&lookup->query);
	if (verdict == WC_DNS_MALFORMED)
		count(&lookups->malformed, 1);
	else if (verdict == WC_DNS_NAMES || verdict == WC_DNS_NO_DOMAIN)
		count(&lookups->dropped, lookups->answer.dropped);

	if (verdict == WC_DNS_NAMES || verdict == WC_DNS_NO_DOMAIN ||
	    (verdict == WC_DNS_NO_DATA && last)) {
		learn(lookups, lookup);
		return;
	}
	if (last) {
		give_up(lookups, lookup);
		return;
	}
	lookup->state = DUE;
	lookup->tcp = verdict == WC_DNS_TRUNCATED;
	if (!lookup->tcp)
		lookup->server++;
}

bool wc_lookups_due(const struct wc_lookups *lookups)
{
	bool unused = false;

	for (size_t i = 0; i < WC_NAMES_IN_FLIGHT; i++) {
		if (lookups->lookup[i].state == DUE)
			return true;
		unused |= lookups->lookup[i].state == FREE;
	}
	return unused && wc_names_cache_waiting(lookups->cache);
}

/* A repeat, else a lookup for the next address in the queue, else NULL. */
static struct lookup *next_due(struct wc_lookups *lookups)
{
	struct lookup *unused = NULL;
	struct wc_address address;

	for (size_t i = 0; i < WC_NAMES_IN_FLIGHT; i++) {
		struct lookup *lookup = &lookups->lookup[i];

		if (lookup->state == DUE)
			return lookup;
		if (lookup->state == FREE)
			unused = lookup;
	}
	if (!unused || !wc_names_cache_next(lookups->cache, &address))
		return NULL;
	*unused = (struct lookup){
		.state = DUE,
		.address = address,
		.server = lookups->preferred,
	};
	return unused;
}

/* Notices a changed resolv.conf, as a long-running program should. */
static void refresh_servers(struct wc_lookups *lookups)
{
	int64_t now = wc_names_clock();

	if (!lookups->system || now < lookups->reread)
		return;
	/* On failure the servers stay. */
	wc_dns_servers_system(&lookups->servers, NULL);
	lookups->reread = now + REREAD;
}

bool wc_lookups_send(struct wc_lookups *lookups)
{
	struct lookup *lookup = next_due(lookups);
	struct wc_dns_query_plan plan;

	if (!lookup)
		return false;
	refresh_servers(lookups);
	lookup->server %= lookups->servers.count;
	plan = (struct wc_dns_query_plan){
		.address = &lookup->address,
		.server = &lookups->servers.item[lookup->server],
		.tcp = lookup->tcp,
		.milliseconds = lookups->milliseconds,
	};
	lookup->state = OPEN;
	lookup->attempts++;
	count(&lookups->sent, 1);
	wc_dns_query_start(&lookup->query, &plan, &lookups->answer);
	if (lookup->query.done)
		settle(lookups, lookup);
	return true;
}

size_t wc_lookups_gather(struct wc_lookups *lookups, struct pollfd *sockets, int *timeout)
{
	size_t used = 0;

	for (size_t i = 0; i < WC_NAMES_IN_FLIGHT; i++) {
		struct lookup *lookup = &lookups->lookup[i];
		int left;

		if (lookup->state != OPEN)
			continue;
		lookup->first = used;
		lookup->sockets = wc_dns_query_sockets(&lookup->query, sockets + used);
		used += lookup->sockets;
		left = wc_dns_query_timeout(&lookup->query);
		if (*timeout < 0 || left < *timeout)
			*timeout = left;
	}
	return used;
}

void wc_lookups_process(struct wc_lookups *lookups, const struct pollfd *sockets)
{
	for (size_t i = 0; i < WC_NAMES_IN_FLIGHT; i++) {
		struct lookup *lookup = &lookups->lookup[i];

		if (lookup->state != OPEN)
			continue;
		wc_dns_query_process(&lookup->query, sockets + lookup->first, lookup->sockets);
		if (lookup->query.done)
			settle(lookups, lookup);
	}
}

void wc_lookups_stats(struct wc_lookups *lookups, struct wc_names_stats *stats)
{
	stats->sent = atomic_load_explicit(&lookups->sent, memory_order_relaxed);
	stats->answered = atomic_load_explicit(&lookups->answered, memory_order_relaxed);
	stats->silent = atomic_load_explicit(&lookups->silent, memory_order_relaxed);
	stats->malformed = atomic_load_explicit(&lookups->malformed, memory_order_relaxed);
	stats->dropped = atomic_load_explicit(&lookups->dropped, memory_order_relaxed);
}

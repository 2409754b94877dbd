#include "callers.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "wirecensus/address.h"

struct wc_caller {
	int fd; /* -1: a free place */
	bool going;
	struct wc_address from;
	uint64_t visit; /* the number of the event that it began with */
	uint64_t heard; /* that of the last one */
	size_t owed;    /* bytes */
};

struct wc_callers {
	pthread_mutex_t lock;
	size_t limit, count; /* of those who are not going */
	uint64_t events, evicted;
	size_t owed, most_owed; /* bytes, of those who are not going */
	size_t room;
	struct wc_caller places[];
};

struct wc_callers *wc_callers_new(size_t limit, size_t bytes)
{
	size_t room = limit + WC_CALLERS_SPARE;
	struct wc_callers *callers = calloc(1, sizeof(*callers) + room * sizeof(struct wc_caller));

	if (!callers)
		return NULL;
	callers->limit = limit;
	callers->most_owed = bytes;
	callers->room = room;
	for (size_t i = 0; i < room; i++)
		callers->places[i].fd = -1;
	pthread_mutex_init(&callers->lock, NULL);
	return callers;
}

void wc_callers_free(struct wc_callers *callers)
{
	if (!callers)
		return;
	pthread_mutex_destroy(&callers->lock);
	free(callers);
}

/* An IPv6 network of 64 bits is one address here: whoever has one has all of them. */
static struct wc_address address_v6(const struct in6_addr *bytes)
{
	struct wc_address address = wc_address_v6(bytes->s6_addr);

	if (IN6_IS_ADDR_V4MAPPED(bytes))
		return wc_address_v4(bytes->s6_addr + 12);
	address.low = 0;
	return address;
}

static struct wc_address address_of(const struct sockaddr *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		return wc_address_v4((const uint8_t *)&v4.sin_addr);
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&v6, address, sizeof(v6));
		return address_v6(&v6.sin6_addr);
	}
	return (struct wc_address){0};
}

static bool stays(const struct wc_caller *caller)
{
	return caller->fd >= 0 && !caller->going;
}

static size_t places_of(const struct wc_callers *callers, const struct wc_address *address)
{
	size_t count = 0;

	for (size_t i = 0; i < callers->room; i++)
		count += stays(&callers->places[i]) &&
			 wc_address_equal(&callers->places[i].from, address);
	return count;
}

/* The place that was silent longest, of the address that has most of them. */
static struct wc_caller *choose(struct wc_callers *callers)
{
	struct wc_caller *chosen = NULL;
	size_t most = 0;

	for (size_t i = 0; i < callers->room; i++) {
		struct wc_caller *caller = &callers->places[i];
		size_t places;

		if (!stays(caller))
			continue;
		/* The chosen one's own address is counted already. */
		places = chosen && wc_address_equal(&chosen->from, &caller->from)
				 ? most
				 : places_of(callers, &caller->from);
		if (chosen && (places < most || (places == most && caller->heard > chosen->heard)))
			continue;
		chosen = caller;
		most = places;
	}
	return chosen;
}

/* Its owner sees the end of the connection, and closes it. */
static void evict(struct wc_callers *callers, struct wc_caller *caller)
{
	shutdown(caller->fd, SHUT_RDWR);
	caller->going = true;
	callers->count--;
	callers->evicted++;
	callers->owed -= caller->owed;
	caller->owed = 0;
}

static struct wc_caller *take_place(struct wc_callers *callers)
{
	for (size_t i = 0; i < callers->room; i++)
		if (callers->places[i].fd < 0)
			return &callers->places[i];
	return NULL;
}

struct wc_caller *wc_callers_enter(struct wc_callers *callers, int fd,
				   const struct sockaddr *address)
{
	struct wc_caller *caller;

	pthread_mutex_lock(&callers->lock);
	if (callers->count == callers->limit)
		evict(callers, choose(callers));
	caller = take_place(callers);
	if (caller) {
		callers->events++;
		*caller = (struct wc_caller){.fd = fd,
					     .from = address_of(address),
					     .visit = callers->events,
					     .heard = callers->events};
		callers->count++;
	}
	pthread_mutex_unlock(&callers->lock);
	return caller;
}

void wc_callers_heard(struct wc_callers *callers, struct wc_caller *caller)
{
	pthread_mutex_lock(&callers->lock);
	caller->heard = ++callers->events;
	pthread_mutex_unlock(&callers->lock);
}

void wc_callers_leave(struct wc_callers *callers, struct wc_caller *caller)
{
	if (!caller)
		return;
	pthread_mutex_lock(&callers->lock);
	caller->fd = -1;
	caller->visit = 0;
	callers->owed -= caller->owed;
	if (!caller->going)
		callers->count--;
	pthread_mutex_unlock(&callers->lock);
}

/* The one who owes most, besides @caller; NULL: nobody owes anything. */
static struct wc_caller *debtor(struct wc_callers *callers, const struct wc_caller *caller)
{
	struct wc_caller *found = NULL;

	for (size_t i = 0; i < callers->room; i++) {
		struct wc_caller *other = &callers->places[i];

		if (stays(other) && other != caller && other->owed &&
		    (!found || other->owed > found->owed))
			found = other;
	}
	return found;
}

bool wc_callers_owe(struct wc_callers *callers, struct wc_caller *caller, size_t bytes,
		    struct wc_owed *owed)
{
	struct wc_caller *other;
	bool fits;

	pthread_mutex_lock(&callers->lock);
	while (callers->owed + bytes > callers->most_owed && (other = debtor(callers, caller)))
		evict(callers, other);
	fits = callers->owed + bytes <= callers->most_owed;
	*owed = (struct wc_owed){caller, caller->visit, bytes};
	if (fits && !caller->going) {
		callers->owed += bytes;
		caller->owed += bytes;
	} else {
		owed->visit = 0;
	}
	pthread_mutex_unlock(&callers->lock);
	return fits;
}

void wc_callers_settle(struct wc_callers *callers, const struct wc_owed *owed)
{
	struct wc_caller *caller = owed->caller;

	pthread_mutex_lock(&callers->lock);
	/* Who went, or left, owes nothing any more. */
	if (owed->visit && caller->visit == owed->visit && !caller->going) {
		callers->owed -= owed->bytes;
		caller->owed -= owed->bytes;
	}
	pthread_mutex_unlock(&callers->lock);
}

size_t wc_callers_count(struct wc_callers *callers)
{
	size_t count;

	pthread_mutex_lock(&callers->lock);
	count = callers->count;
	pthread_mutex_unlock(&callers->lock);
	return count;
}

uint64_t wc_callers_evicted(struct wc_callers *callers)
{
	uint64_t evicted;

	pthread_mutex_lock(&callers->lock);
	evicted = callers->evicted;
	pthread_mutex_unlock(&callers->lock);
	return evicted;
}

#include "callers.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "peer.h"
#include "wirecensus/address.h"

struct wc_caller {
	int fd;    /* -1: a free place */
	bool met;  /* by the thread that answers */
	bool busy; /* its page is being made */
	bool going;
	struct wc_address from;
	uint64_t visit;    /* its number; 0: nobody's */
	uint64_t until_ns; /* so long the place is kept */
	size_t owed;       /* bytes */
};

struct wc_callers {
	pthread_mutex_t lock;
	size_t limit, count; /* of those who are not going */
	uint64_t visits, evicted;
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

/* It has sent something, of which nothing was read so far: its thread has other things to do. */
static bool is_unread(int fd)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);
	int waiting = 0;

	if (ioctl(fd, FIONREAD, &waiting) || waiting <= 0 ||
	    getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length))
		return false;
	/* An end that was sent, too, is one more. */
	return info.tcpi_bytes_received <= (uint64_t)waiting + 1;
}

/* It could go, now or at the time until which its place is kept. */
static bool may_go(const struct wc_caller *caller, uint64_t now_ns)
{
	return stays(caller) && caller->met && !caller->busy &&
	       (caller->until_ns > now_ns || !is_unread(caller->fd));
}

/* The place that was silent longest, of the address that has most of them. NULL: none may go. */
static struct wc_caller *choose(struct wc_callers *callers, uint64_t now_ns)
{
	struct wc_caller *chosen = NULL;
	size_t most = 0;

	for (size_t i = 0; i < callers->room; i++) {
		struct wc_caller *caller = &callers->places[i];
		size_t places;

		if (!may_go(caller, now_ns))
			continue;
		/* The chosen one's own address is counted already. */
		places = chosen && wc_address_equal(&chosen->from, &caller->from)
				 ? most
				 : places_of(callers, &caller->from);
		if (chosen &&
		    (places < most || (places == most && caller->until_ns > chosen->until_ns)))
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

static void leave(struct wc_callers *callers, struct wc_caller *caller)
{
	if (stays(caller))
		callers->count--;
	callers->owed -= caller->owed;
	*caller = (struct wc_caller){.fd = -1};
}

static struct wc_caller *find(struct wc_callers *callers, int fd)
{
	for (size_t i = 0; i < callers->room; i++)
		if (callers->places[i].fd == fd)
			return &callers->places[i];
	return NULL;
}

/* Has somebody go if there is no place left, and his time is over. */
static struct wc_caller *find_place(struct wc_callers *callers, uint64_t now_ns)
{
	struct wc_caller *place = find(callers, -1), *other;

	if (!place || callers->count < callers->limit)
		return place;
	other = choose(callers, now_ns);
	if (!other || other->until_ns > now_ns)
		return NULL;
	evict(callers, other);
	return place;
}

struct wc_caller *wc_callers_enter(struct wc_callers *callers, int fd,
				   const struct sockaddr *address, uint64_t now_ns)
{
	struct wc_caller *caller;

	pthread_mutex_lock(&callers->lock);
	/* The library has closed it without a word, for want of memory. */
	caller = find(callers, fd);
	if (caller)
		leave(callers, caller);
	caller = find_place(callers, now_ns);
	if (caller) {
		*caller = (struct wc_caller){.fd = fd,
					     .from = wc_peer_address(address),
					     .visit = ++callers->visits,
					     .until_ns = now_ns + WC_CALLERS_ASK_NS};
		callers->count++;
	}
	pthread_mutex_unlock(&callers->lock);
	return caller;
}

struct wc_caller *wc_callers_meet(struct wc_callers *callers, int fd)
{
	struct wc_caller *caller;

	pthread_mutex_lock(&callers->lock);
	caller = find(callers, fd);
	if (caller)
		caller->met = true;
	pthread_mutex_unlock(&callers->lock);
	return caller;
}

void wc_callers_heard(struct wc_callers *callers, struct wc_caller *caller)
{
	pthread_mutex_lock(&callers->lock);
	caller->busy = true;
	pthread_mutex_unlock(&callers->lock);
}

void wc_callers_answered(struct wc_callers *callers, struct wc_caller *caller, uint64_t now_ns)
{
	pthread_mutex_lock(&callers->lock);
	caller->busy = false;
	caller->until_ns = now_ns + WC_CALLERS_TAKE_NS;
	pthread_mutex_unlock(&callers->lock);
}

void wc_callers_leave(struct wc_callers *callers, struct wc_caller *caller)
{
	if (!caller)
		return;
	pthread_mutex_lock(&callers->lock);
	leave(callers, caller);
	pthread_mutex_unlock(&callers->lock);
}

void wc_callers_clear(struct wc_callers *callers)
{
	pthread_mutex_lock(&callers->lock);
	for (size_t i = 0; i < callers->room; i++)
		if (callers->places[i].fd >= 0)
			leave(callers, &callers->places[i]);
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

void wc_callers_settle(struct wc_callers *callers, const struct wc_owed *owed, uint64_t now_ns)
{
	struct wc_caller *caller = owed->caller;

	pthread_mutex_lock(&callers->lock);
	/* Who went, or left, owes nothing any more. */
	if (owed->visit && caller->visit == owed->visit && !caller->going) {
		callers->owed -= owed->bytes;
		caller->owed -= owed->bytes;
		caller->until_ns = now_ns;
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

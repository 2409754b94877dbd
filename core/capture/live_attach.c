#include "live_attach.h"

#include <errno.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host.h"
#include "link.h"
#include "live_cooked.h"

/* The longest link header and its tags, which an MTU does not count. */
#define HEADERS_MAX (16 + 4 * WC_LINK_TAGS_MAX)

uint64_t wc_live_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

void wc_live_note_link(struct wc_live *live, const struct wc_host_link *link)
{
	live->index = link->index;
	live->serial = link->serial;
	live->mtu = link->mtu;
	live->tap.longest = link->mtu + HEADERS_MAX;
	memcpy(live->tap.own, link->own, sizeof(live->tap.own));
}

/* "any" carries whatever one of the links does. */
void wc_live_note_all(struct wc_live *live)
{
	size_t count;
	const struct wc_host_link *links = wc_host_links(live->host, &count);

	live->mtu = 0;
	for (size_t i = 0; i < count; i++)
		if (links[i].mtu > live->mtu)
			live->mtu = links[i].mtu;
	live->tap.longest = live->mtu + HEADERS_MAX;
}

/* Reads what was opened by @socket from now on; nobody counts what is still in the old ring. */
static void take_socket(struct wc_live *live, struct wc_live_socket *socket)
{
	struct wc_live_tap *tap = &live->tap;
	struct wc_live_counts counts;

	wc_live_tap_count(tap, live->socket, &counts);
	tap->closed_received = counts.received;
	tap->closed_lost = counts.received - tap->handed - tap->refused;
	wc_live_socket_close(live->socket);
	live->socket = socket;
	tap->link = wc_live_socket_link(socket);
	tap->filters_here = wc_live_socket_filters_here(socket);
}

/* Opens a socket on @device in place of the one that there may be, which stays if that fails. */
static int open_socket(struct wc_live *live, const char *device, bool *down, struct wc_error *error)
{
	struct wc_live_setup setup = live->setup;
	struct wc_live_socket *socket;
	uint8_t *room = NULL;
	int failed;

	setup.device = device;
	failed = wc_live_socket_open(&socket, &setup, down, error);
	if (failed)
		return failed;
	if (wc_live_socket_marks(socket)) {
		room = malloc(WC_LIVE_COOKED_MAX);
		if (!room) {
			wc_live_socket_close(socket);
			return wc_error_set(error, WC_FAILED,
					    "there is no memory to count interface %s", live->name);
		}
	}
	free(live->tap.room);
	live->tap.room = room;
	take_socket(live, socket);
	return WC_OK;
}

/*
 * Sees to it that the socket, which has read another type of interface or none, can read
 * @link. What is in the ring is of the old type, and has to be read before.
 */
static int change_type(struct wc_live *live, const struct wc_host_link *link, bool *later,
		       struct wc_error *error)
{
	int failed;

	if (wc_live_tap_pending(&live->tap, live->socket)) {
		live->looked_ns = 0;
		*later = true;
		return WC_OK;
	}
	if (!wc_live_socket_suits(live->socket, link->type))
		return open_socket(live, live->name, later, error);
	failed = wc_live_socket_retype(live->socket, link->type, &live->setup, error);
	if (failed)
		return failed;
	live->tap.link = wc_live_socket_link(live->socket);
	live->tap.filters_here = wc_live_socket_filters_here(live->socket);
	return WC_OK;
}

/* Returns 0 and true in @later where the interface is down, or frames are to be read first. */
static int make_ready(struct wc_live *live, const struct wc_host_link *link, bool *later,
		      struct wc_error *error)
{
	int failed = WC_OK;

	*later = false;
	if (!live->socket)
		failed = open_socket(live, live->name, later, error);
	else if (link && link->type != live->type)
		failed = change_type(live, link, later, error);
	if (*later || failed)
		return *later ? WC_OK : failed;
	if (link)
		live->type = link->type;
	return WC_OK;
}

int wc_live_attach(struct wc_live *live, struct wc_error *error)
{
	const struct wc_host_link *link = live->any ? NULL : wc_host_link(live->host, live->name);
	uint64_t now = wc_live_now();
	bool later;
	int failed;

	live->looked_ns = now;
	if (!live->any && !link)
		return WC_OK;
	failed = make_ready(live, link, &later, error);
	if (failed || later)
		return failed;
	if (wc_live_socket_bind(live->socket, link ? link->index : 0))
		return wc_error_set(error, WC_FAILED, "interface %s cannot be counted: %s",
				    live->name, strerror(errno));
	if (link)
		wc_live_note_link(live, link);
	else
		wc_live_note_all(live);
	live->source.gone = false;
	live->source.news++;
	live->gone_ns += now - live->source.gone_since_ns;
	live->restarts += live->started;
	live->started = true;
	wc_missed_forget(&live->missed);
	wc_missed_look(&live->missed, live->index);
	return WC_OK;
}

int wc_live_open_spare(struct wc_live *live, struct wc_error *error)
{
	size_t count;
	const struct wc_host_link *links = wc_host_links(live->host, &count);
	int failed = WC_OK;

	for (size_t i = 0; i < count && !live->socket; i++) {
		bool down = false;

		if (!(links[i].flags & IFF_UP) ||
		    (links[i].type != ARPHRD_LOOPBACK && links[i].type != ARPHRD_ETHER))
			continue;
		failed = open_socket(live, links[i].name, &down, error);
		if (failed && !down)
			return failed;
		if (live->socket)
			live->type = links[i].type;
	}
	return WC_OK;
}

#include "host.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "host_ask.h"
#include "host_message.h"
#include "host_places.h"
#include "host_table.h"
#include "wirecensus/error.h"

/* Room for one message of the kernel's; a longer one would count as an overrun. */
#define BUFFER_SIZE 65536

/* A worker counts frames between two updates, so one takes only so many messages. */
#define MESSAGES_MAX 256

/* How often a list that changed while it was read is asked for again. */
#define TRIES_MAX 20

struct wc_host {
	struct mnl_socket *events;
	struct wc_host_table table;
	struct wc_host_places *places;
	unsigned changes; /* since the last update */
	bool overrun;     /* something was missed: everything is to be read again */
	_Alignas(struct nlmsghdr) char buffer[BUFFER_SIZE];
};

static void note(struct wc_host *host, enum wc_host_outcome outcome, unsigned change)
{
	if (outcome == WC_HOST_CHANGED)
		host->changes |= change;
	else if (outcome == WC_HOST_NO_MEMORY)
		host->overrun = true;
}

static void take(const struct nlmsghdr *message, void *user)
{
	struct wc_host *host = user;
	struct wc_host_table *table = &host->table;
	struct wc_host_address address;
	struct wc_host_link link;

	switch (message->nlmsg_type) {
	case RTM_NEWLINK:
		if (wc_host_read_link(&link, message))
			note(host, wc_host_table_put_link(table, &link), WC_HOST_LINKS);
		break;
	case RTM_DELLINK:
		if (wc_host_read_link(&link, message))
			note(host, wc_host_table_drop_link(table, link.index), WC_HOST_LINKS);
		break;
	case RTM_NEWADDR:
		if (wc_host_read_address(&address, message))
			note(host, wc_host_table_put_address(table, &address), WC_HOST_ADDRESSES);
		break;
	case RTM_DELADDR:
		if (wc_host_read_address(&address, message))
			note(host, wc_host_table_drop_address(table, &address), WC_HOST_ADDRESSES);
		break;
	}
}

static int take_event(const struct nlmsghdr *message, void *user)
{
	take(message, user);
	return MNL_CB_OK;
}

static int read_all(struct wc_host *host, uint16_t type)
{
	int failed = -1;

	for (int tries = 0; failed && tries < TRIES_MAX; tries++) {
		failed = wc_host_ask_all(type, take, host);
		if (failed && errno != EINTR)
			break;
	}
	return failed;
}

/* Reads everything; what was known stays if that fails. */
static int read_anew(struct wc_host *host)
{
	struct wc_host_table old = host->table;

	host->overrun = false;
	host->table = (struct wc_host_table){.serial = old.serial};
	if (read_all(host, RTM_GETLINK) || read_all(host, RTM_GETADDR) || host->overrun) {
		wc_host_table_free(&host->table);
		host->table = old;
		host->overrun = true;
		return WC_FAILED;
	}
	wc_host_table_keep_serials(&host->table, &old);
	wc_host_table_free(&old);
	host->changes |= WC_HOST_LINKS | WC_HOST_ADDRESSES;
	return WC_OK;
}

static int listen_to(struct wc_host *host)
{
	host->events = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!host->events)
		return WC_FAILED;
	return mnl_socket_bind(host->events, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
			       MNL_SOCKET_AUTOPID);
}

/* Listens first and reads then, so that no change falls in between. */
static int begin(struct wc_host *host, const struct wc_options *options)
{
	host->places = wc_host_places_new(options);
	return !host->places || listen_to(host) || read_anew(host) ||
			       wc_host_places_settle(host->places, &host->table)
		       ? WC_FAILED
		       : WC_OK;
}

int wc_host_open(struct wc_host **host, const struct wc_options *options, struct wc_error *error)
{
	struct wc_host *made = calloc(1, sizeof(*made));

	if (!made || begin(made, options)) {
		wc_error_set(error, WC_FAILED,
			     "the interfaces and addresses of this host cannot be read by "
			     "rtnetlink(7): %s",
			     strerror(errno));
		wc_host_free(made);
		return WC_FAILED;
	}
	made->changes = 0;
	*host = made;
	return WC_OK;
}

void wc_host_free(struct wc_host *host)
{
	if (!host)
		return;
	if (host->events)
		mnl_socket_close(host->events);
	wc_host_table_free(&host->table);
	wc_host_places_free(host->places);
	free(host);
}

int wc_host_prepare(const struct wc_host *host, const struct wc_options *options,
		    struct wc_host_places **places, struct wc_error *error)
{
	struct wc_host_places *made = wc_host_places_new(options);

	if (!made || wc_host_places_settle(made, &host->table)) {
		wc_host_places_free(made);
		return wc_error_set(error, WC_FAILED, "there is no memory for local addresses");
	}
	*places = made;
	return WC_OK;
}

void wc_host_adopt(struct wc_host *host, struct wc_host_places *places)
{
	wc_host_places_free(host->places);
	host->places = places;
}

int wc_host_fd(const struct wc_host *host)
{
	return mnl_socket_get_fd(host->events);
}

/* Takes the next message, or word that some were missed. Returns false when there is none. */
static bool hear(struct wc_host *host)
{
	ssize_t size = mnl_socket_recvfrom(host->events, host->buffer, sizeof(host->buffer));

	if (size >= 0) {
		mnl_cb_run(host->buffer, (size_t)size, 0, 0, take_event, host);
		return true;
	}
	if (errno == EINTR)
		return true;
	if (errno == EAGAIN)
		return false;
	host->overrun = true;
	return errno == ENOBUFS || errno == ENOSPC;
}

unsigned wc_host_update(struct wc_host *host)
{
	unsigned changes;
	int messages = 0;

	/* After an overrun the kernel tells nothing more until all that it has told is read. */
	while ((messages < MESSAGES_MAX || host->overrun) && hear(host))
		messages++;
	if (host->overrun)
		read_anew(host);
	if ((host->changes & WC_HOST_ADDRESSES) &&
	    wc_host_places_settle(host->places, &host->table))
		host->overrun = true;
	changes = host->changes;
	host->changes = 0;
	return changes;
}

const struct wc_local *wc_host_local(const struct wc_host *host)
{
	return host->places->local;
}

const struct wc_host_link *wc_host_links(const struct wc_host *host, size_t *count)
{
	*count = host->table.link_count;
	return host->table.links;
}

const struct wc_host_link *wc_host_link(const struct wc_host *host, const char *name)
{
	for (size_t i = 0; i < host->table.link_count; i++)
		if (strcmp(host->table.links[i].name, name) == 0)
			return &host->table.links[i];
	return NULL;
}

const struct wc_host_link *wc_host_link_at(const struct wc_host *host, unsigned index)
{
	return wc_host_table_link(&host->table, index);
}

unsigned wc_host_loopback(const struct wc_host *host)
{
	size_t count;
	const struct wc_host_link *links = wc_host_links(host, &count);

	for (size_t i = 0; i < count; i++)
		if (links[i].flags & IFF_LOOPBACK)
			return links[i].index;
	return 0;
}

struct asking {
	wc_host_each_missed *each;
	void *user;
};

static void tell_missed(const struct nlmsghdr *message, void *user)
{
	const struct asking *asking = user;
	unsigned index;
	uint64_t missed;

	if (wc_host_read_missed(&index, &missed, message))
		asking->each(asking->user, index, missed);
}

bool wc_host_missed(unsigned index, wc_host_each_missed *each, void *user)
{
	struct asking asking = {each, user};

	return (index ? wc_host_ask_link(index, tell_missed, &asking)
		      : wc_host_ask_all(RTM_GETLINK, tell_missed, &asking)) == 0;
}

#include "live_socket.h"

#include <inttypes.h>
#include <limits.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "filter_kernel.h"
#include "live_program.h"
#include "packet_socket.h"
#include "wirecensus/error.h"

/* Some 70,000 small frames: what a reader may leave waiting for 50 ms at 1.4 million a second. */
#define BUFFER_SIZE (16 << 20)

struct wc_live_socket {
	struct wc_live_reader *reader;
	enum wc_link made_for; /* the link type of its device */
	bool promiscuous;
	struct wc_live_program program;
	uint32_t snaplen, fitting;
	uint64_t buffer, full; /* bytes, and how often there was no room in them */
	const struct wc_filter *filter;
};

int wc_live_socket_none(const struct wc_live_setup *setup, struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED, "there is no interface '%s'; see ip-link(8)",
			    setup->interface);
}

int wc_live_socket_denied(const struct wc_live_setup *setup, struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED,
			    "counting interface %s needs the capability CAP_NET_RAW: run as "
			    "root, or give it to the program with setcap cap_net_raw+ep",
			    setup->interface);
}

int wc_live_socket_down(const struct wc_live_setup *setup, struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED, "interface %s is down; see ip-link(8)",
			    setup->interface);
}

int wc_live_socket_refused(const struct wc_live_setup *setup, const char *why,
			   struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED,
			    "interface %s cannot be opened with a buffer of %" PRIu64
			    " bytes: %s; a smaller one may help",
			    setup->interface, wc_live_socket_buffer(setup), why);
}

uint64_t wc_live_socket_buffer(const struct wc_live_setup *setup)
{
	return setup->buffer ? setup->buffer : BUFFER_SIZE;
}

int wc_live_socket_prepare(const struct wc_live_socket *socket, const struct wc_live_setup *setup,
			   struct wc_error *error)
{
	return wc_live_program_prepare(socket->reader->link, setup, error);
}

int wc_live_socket_refilter(struct wc_live_socket *socket, const struct wc_live_setup *setup,
			    struct wc_error *error)
{
	int failed = wc_live_socket_prepare(socket, setup, error);

	if (!failed)
		failed = wc_live_program_install(&socket->program, socket->reader->fd,
						 socket->reader->link, setup, error);
	if (failed)
		return failed;
	socket->fitting = setup->fitting;
	socket->filter = setup->filter;
	return WC_OK;
}

enum wc_link wc_live_socket_link_of(uint16_t type)
{
	switch (type) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return WC_LINK_ETHERNET;
	case ARPHRD_NONE:
	case ARPHRD_RAWIP:
		return WC_LINK_RAW;
	default:
		return WC_LINK_UNSUPPORTED;
	}
}

/* libpcap puts tags back only on a socket that it made for Ethernet. */
bool wc_live_socket_suits(const struct wc_live_socket *socket, uint16_t type)
{
	enum wc_link link = wc_live_socket_link_of(type);

	return link != WC_LINK_UNSUPPORTED &&
	       (socket->reader->kind->any_type || socket->made_for == WC_LINK_ETHERNET ||
		socket->made_for == link);
}

int wc_live_socket_retype(struct wc_live_socket *socket, uint16_t type,
			  const struct wc_live_setup *setup, struct wc_error *error)
{
	enum wc_link before = socket->reader->link;
	int failed;

	socket->reader->link = wc_live_socket_link_of(type);
	failed = wc_live_socket_refilter(socket, setup, error);
	if (failed)
		socket->reader->link = before;
	return failed;
}

int wc_live_socket_open(struct wc_live_socket **socket, const struct wc_live_setup *setup,
			bool *down, struct wc_error *error)
{
	struct wc_live_socket *made;
	int failed;

	*down = false;
	if (wc_live_socket_buffer(setup) > INT_MAX)
		return wc_error_set(error, WC_INVALID,
				    "a buffer of %" PRIu64 " bytes is too large; at most %d",
				    setup->buffer, INT_MAX);
	made = calloc(1, sizeof(*made));
	if (!made)
		return wc_live_socket_refused(setup, "there is not enough memory", error);
	made->snaplen = setup->snaplen;
	made->buffer = wc_live_socket_buffer(setup);
	made->promiscuous = setup->promiscuous;
	failed = setup->kind->open(&made->reader, setup, down, error);
	if (!failed) {
		made->made_for = made->reader->link;
		failed = wc_live_socket_refilter(made, setup, error);
	}
	if (failed) {
		wc_live_socket_close(made);
		return failed;
	}
	*socket = made;
	return WC_OK;
}

void wc_live_socket_close(struct wc_live_socket *socket)
{
	if (!socket)
		return;
	if (socket->reader)
		socket->reader->kind->close(socket->reader);
	free(socket);
}

int wc_live_socket_bind(struct wc_live_socket *socket, unsigned index)
{
	int fd = socket->reader->fd;

	if (wc_packet_socket_bind(fd, index))
		return -1;
	return socket->promiscuous && index ? wc_packet_socket_widen(fd, index) : 0;
}

void wc_live_socket_silence(struct wc_live_socket *socket)
{
	wc_packet_socket_silence(socket->reader->fd);
}

enum wc_link wc_live_socket_link(const struct wc_live_socket *socket)
{
	return socket->reader->link;
}

bool wc_live_socket_filters_here(const struct wc_live_socket *socket)
{
	return socket->program.here;
}

bool wc_live_socket_marks(const struct wc_live_socket *socket)
{
	return socket->reader->link == WC_LINK_SLL && socket->snaplen == 0;
}

size_t wc_live_socket_read(struct wc_live_socket *socket, size_t budget, wc_live_take *take,
			   void *user)
{
	return socket->reader->kind->read(socket->reader, budget, take, user);
}

void wc_live_socket_count(struct wc_live_socket *socket, struct wc_live_counts *counts)
{
	socket->reader->kind->count(socket->reader, counts);
	socket->full = counts->full;
}

const char *wc_live_socket_describe(const struct wc_live_socket *socket, char *text, size_t size)
{
	char lengths[80], reason[80] = "", full[48] = "";

	if (socket->snaplen)
		snprintf(lengths, sizeof(lengths), "%" PRIu32 " bytes", socket->snaplen);
	else if (socket->program.here)
		snprintf(lengths, sizeof(lengths), "%d bytes, for the filter", WC_KERNEL_WHOLE);
	else
		snprintf(lengths, sizeof(lengths),
			 "%" PRIu32 " bytes, %d with tags or extension headers", socket->fitting,
			 WC_KERNEL_WHOLE);
	if (socket->program.here)
		snprintf(reason, sizeof(reason), ", outside the kernel, which refused it: %s",
			 strerror(socket->program.refusal));
	if (socket->full)
		snprintf(full, sizeof(full), ", full %" PRIu64 " times", socket->full);
	snprintf(text, size,
		 "filter: %s%s\ncapture length: %s\nbuffer: %" PRIu64 " bytes%s\npromiscuous: %s\n",
		 socket->filter ? wc_filter_text(socket->filter) : "none", reason, lengths,
		 socket->buffer, full, socket->promiscuous ? "yes" : "no");
	return text;
}

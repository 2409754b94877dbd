#include "live_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "counter32.h"
#include "filter.h"
#include "filter_kernel.h"
#include "link.h"
#include "live_program.h"
#include "wirecensus/error.h"

/* Some 70,000 small frames: what a reader may leave waiting for 50 ms at 1.4 million a second. */
#define BUFFER_SIZE (16 << 20)

/* libpcap's most; how much of a frame is copied is up to our program. */
#define SNAPLEN_MAX 262144

/* Reserved (RFC 9542): no frame has it, so a socket open for it receives none. */
#define ETHERTYPE_NONE 0xffff

struct wc_live_socket {
	pcap_t *pcap;
	enum wc_link made_for; /* the link type of its device */
	enum wc_link link;     /* that of the interface it is bound to, or was */
	bool promiscuous;
	struct wc_live_program program;
	uint32_t snaplen, fitting;
	uint64_t buffer;
	const struct wc_filter *filter;
	struct wc_counter32 received, lost;
};

/* A sentence for what pcap_activate() returned. */
static int activation_error(pcap_t *pcap, int status, const struct wc_live_setup *setup,
			    struct wc_error *error)
{
	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
		return wc_error_set(error, WC_FAILED, "there is no interface '%s'; see ip-link(8)",
				    setup->interface);
	case PCAP_ERROR_PERM_DENIED:
		return wc_error_set(
			error, WC_FAILED,
			"counting interface %s needs the capability CAP_NET_RAW: run as "
			"root, or give it to the program with setcap cap_net_raw+ep",
			setup->interface);
	case PCAP_ERROR_IFACE_NOT_UP:
		return wc_error_set(error, WC_FAILED, "interface %s is down; see ip-link(8)",
				    setup->interface);
	default:
		return wc_error_set(error, WC_FAILED,
				    "interface %s cannot be opened with a buffer of %" PRIu64
				    " bytes: %s; a smaller --buffer may help",
				    setup->interface, setup->buffer ? setup->buffer : BUFFER_SIZE,
				    *pcap_geterr(pcap) ? pcap_geterr(pcap)
						       : pcap_statustostr(status));
	}
}

static int activate(struct wc_live_socket *socket, const struct wc_live_setup *setup, bool *down,
		    struct wc_error *error)
{
	pcap_t *pcap = socket->pcap;
	char words[PCAP_ERRBUF_SIZE];
	int status;

	pcap_set_snaplen(pcap, SNAPLEN_MAX);
	pcap_set_timeout(pcap, WC_LIVE_TIMEOUT_MS);
	pcap_set_buffer_size(pcap, (int)socket->buffer);
	pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	pcap_set_protocol_linux(pcap, ETHERTYPE_NONE);
	status = pcap_activate(pcap);
	*down = status == PCAP_ERROR_IFACE_NOT_UP;
	if (status < 0)
		return activation_error(pcap, status, setup, error);
	if (pcap_setnonblock(pcap, 1, words))
		return wc_error_set(error, WC_FAILED, "interface %s cannot be opened: %s",
				    setup->interface, words);
	if (fcntl(pcap_fileno(pcap), F_SETFD, FD_CLOEXEC)) /* libpcap leaves it to others */
		return wc_error_set(error, WC_FAILED, "interface %s cannot be opened: %s",
				    setup->interface, strerror(errno));
	return WC_OK;
}

/*
 * Cooked frames come in version 1 of the header: in version 2, libpcap does not
 * put back the tag that the kernel took off.
 */
static int choose_link(struct wc_live_socket *socket, const struct wc_live_setup *setup,
		       struct wc_error *error)
{
	int dlt = pcap_datalink(socket->pcap);
	const char *name = pcap_datalink_val_to_name(dlt);

	socket->link = socket->made_for = wc_link_from_dlt(dlt);
	if (socket->link == WC_LINK_UNSUPPORTED)
		return wc_error_set(error, WC_FAILED,
				    "interface %s has link type %d (%s), which is not decoded; "
				    "count one of Ethernet or IP, or 'any'",
				    setup->interface, dlt, name ? name : "unknown");
	return WC_OK;
}

int wc_live_socket_prepare(const struct wc_live_socket *socket, const struct wc_live_setup *setup,
			   struct wc_error *error)
{
	return wc_live_program_prepare(socket->link, setup, error);
}

int wc_live_socket_refilter(struct wc_live_socket *socket, const struct wc_live_setup *setup,
			    struct wc_error *error)
{
	int failed = wc_live_socket_prepare(socket, setup, error);

	if (!failed)
		failed = wc_live_program_install(&socket->program, pcap_fileno(socket->pcap),
						 socket->link, setup, error);
	if (failed)
		return failed;
	socket->fitting = setup->fitting;
	socket->filter = setup->filter;
	return WC_OK;
}

/* What a packet socket with link headers (SOCK_RAW) reads on an interface of @type. */
static enum wc_link link_of_type(uint16_t type)
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
	enum wc_link link = link_of_type(type);

	return link != WC_LINK_UNSUPPORTED &&
	       (socket->made_for == WC_LINK_ETHERNET || socket->made_for == link);
}

int wc_live_socket_retype(struct wc_live_socket *socket, uint16_t type,
			  const struct wc_live_setup *setup, struct wc_error *error)
{
	enum wc_link before = socket->link;
	int failed;

	socket->link = link_of_type(type);
	failed = wc_live_socket_refilter(socket, setup, error);
	if (failed)
		socket->link = before;
	return failed;
}

int wc_live_socket_open(struct wc_live_socket **socket, const struct wc_live_setup *setup,
			bool *down, struct wc_error *error)
{
	struct wc_live_socket *made = calloc(1, sizeof(*made));
	char words[PCAP_ERRBUF_SIZE] = "there is not enough memory";
	int failed;

	*down = false;
	if (made)
		made->pcap = pcap_create(setup->device, words);
	if (!made || !made->pcap) {
		free(made);
		return wc_error_set(error, WC_FAILED, "interface %s cannot be opened: %s",
				    setup->interface, words);
	}
	made->snaplen = setup->snaplen;
	made->buffer = setup->buffer ? setup->buffer : BUFFER_SIZE;
	made->promiscuous = setup->promiscuous;
	if (made->buffer > INT_MAX)
		failed = wc_error_set(error, WC_INVALID,
				      "a buffer of %" PRIu64 " bytes is too large; at most %d",
				      made->buffer, INT_MAX);
	else
		failed = activate(made, setup, down, error);
	if (!failed)
		failed = choose_link(made, setup, error);
	if (!failed)
		failed = wc_live_socket_refilter(made, setup, error);
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
	pcap_close(socket->pcap);
	free(socket);
}

int wc_live_socket_bind(struct wc_live_socket *socket, unsigned index)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)index,
	};
	/* It belongs to the interface, so it is gone with a deleted one. */
	const struct packet_mreq membership = {
		.mr_ifindex = (int)index,
		.mr_type = PACKET_MR_PROMISC,
	};
	int fd = pcap_fileno(socket->pcap);

	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		return -1;
	if (!socket->promiscuous || index == 0)
		return 0;
	return setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof(membership));
}

enum wc_link wc_live_socket_link(const struct wc_live_socket *socket)
{
	return socket->link;
}

bool wc_live_socket_filters_here(const struct wc_live_socket *socket)
{
	return socket->program.here;
}

bool wc_live_socket_marks(const struct wc_live_socket *socket)
{
	return socket->link == WC_LINK_SLL && socket->snaplen == 0;
}

int wc_live_socket_read(struct wc_live_socket *socket, size_t budget, pcap_handler each, void *user)
{
	int frames =
		pcap_dispatch(socket->pcap, budget < INT_MAX ? (int)budget : INT_MAX, each, user);

	return frames > 0 ? frames : 0;
}

void wc_live_socket_count(struct wc_live_socket *socket, uint64_t *received, uint64_t *lost)
{
	struct pcap_stat stat = {.ps_recv = socket->received.last, .ps_drop = socket->lost.last};

	if (pcap_stats(socket->pcap, &stat))
		stat = (struct pcap_stat){.ps_recv = socket->received.last,
					  .ps_drop = socket->lost.last};
	*received = wc_counter32_read(&socket->received, stat.ps_recv);
	*lost = wc_counter32_read(&socket->lost, stat.ps_drop);
}

const char *wc_live_socket_describe(const struct wc_live_socket *socket, char *text, size_t size)
{
	char lengths[80], reason[80] = "";

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
	snprintf(text, size,
		 "filter: %s%s\ncapture length: %s\nbuffer: %" PRIu64 " bytes\npromiscuous: %s\n",
		 socket->filter ? wc_filter_text(socket->filter) : "none", reason, lengths,
		 socket->buffer, socket->promiscuous ? "yes" : "no");
	return text;
}

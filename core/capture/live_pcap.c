#include "live_pcap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "counter32.h"
#include "link.h"
#include "live_socket.h"
#include "packet_socket.h"
#include "wirecensus/error.h"

/* How long the kernel may withhold a frame, and how long a reader is to wait for it. */
#define TIMEOUT_MS 20
#define LAG_MS     60

/* libpcap's most; how much of a frame is copied is up to our program. */
#define SNAPLEN_MAX 262144

struct reader {
	struct wc_live_reader reader;
	pcap_t *pcap;
	struct wc_counter32 received, lost;

	/* Where frames go, during a read. */
	wc_live_take *take;
	void *user;
};

/* A sentence for what pcap_activate() returned. */
static int activation_error(pcap_t *pcap, int status, const struct wc_live_setup *setup,
			    struct wc_error *error)
{
	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
		return wc_live_socket_none(setup, error);
	case PCAP_ERROR_PERM_DENIED:
		return wc_live_socket_denied(setup, error);
	case PCAP_ERROR_IFACE_NOT_UP:
		return wc_live_socket_down(setup, error);
	default:
		return wc_live_socket_refused(
			setup, *pcap_geterr(pcap) ? pcap_geterr(pcap) : pcap_statustostr(status),
			error);
	}
}

static int cannot(const struct wc_live_setup *setup, const char *why, struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED, "interface %s cannot be opened: %s", setup->interface,
			    why);
}

static int activate(struct reader *reader, const struct wc_live_setup *setup, bool *down,
		    struct wc_error *error)
{
	pcap_t *pcap = reader->pcap;
	char words[PCAP_ERRBUF_SIZE];
	int status;

	pcap_set_snaplen(pcap, SNAPLEN_MAX);
	pcap_set_timeout(pcap, TIMEOUT_MS);
	pcap_set_buffer_size(pcap, (int)wc_live_socket_buffer(setup));
	pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	pcap_set_protocol_linux(pcap, WC_PACKET_ETHERTYPE_NONE);
	status = pcap_activate(pcap);
	*down = status == PCAP_ERROR_IFACE_NOT_UP;
	if (status < 0)
		return activation_error(pcap, status, setup, error);
	if (pcap_setnonblock(pcap, 1, words))
		return cannot(setup, words, error);
	reader->reader.fd = pcap_fileno(pcap);
	if (fcntl(reader->reader.fd, F_SETFD, FD_CLOEXEC)) /* libpcap leaves it to others */
		return cannot(setup, strerror(errno), error);
	return WC_OK;
}

/*
 * Cooked frames come in version 1 of the header: in version 2, libpcap does not
 * put back the tag that the kernel took off.
 */
static int choose_link(struct reader *reader, const struct wc_live_setup *setup,
		       struct wc_error *error)
{
	int dlt = pcap_datalink(reader->pcap);
	const char *name = pcap_datalink_val_to_name(dlt);

	reader->reader.link = wc_link_from_dlt(dlt);
	if (reader->reader.link == WC_LINK_UNSUPPORTED)
		return wc_error_set(error, WC_FAILED,
				    "interface %s has link type %d (%s), which is not decoded; "
				    "count one of Ethernet or IP, or 'any'",
				    setup->interface, dlt, name ? name : "unknown");
	return WC_OK;
}

static void close_reader(struct wc_live_reader *closed)
{
	struct reader *reader = (struct reader *)closed;

	if (reader->pcap)
		pcap_close(reader->pcap);
	free(reader);
}

static int open_reader(struct wc_live_reader **opened, const struct wc_live_setup *setup,
		       bool *down, struct wc_error *error)
{
	struct reader *made = calloc(1, sizeof(*made));
	char words[PCAP_ERRBUF_SIZE] = "there is not enough memory";
	int failed;

	*down = false;
	if (!made)
		return cannot(setup, words, error);
	made->reader = (struct wc_live_reader){.kind = &wc_live_pcap, .fd = -1};
	made->pcap = pcap_create(setup->device, words);
	failed = made->pcap ? activate(made, setup, down, error) : cannot(setup, words, error);
	if (!failed)
		failed = choose_link(made, setup, error);
	if (failed)
		close_reader(&made->reader);
	else
		*opened = &made->reader;
	return failed;
}

static void take(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct reader *reader = (struct reader *)user;
	struct wc_frame frame = {
		.bytes = bytes,
		.captured = header->caplen,
		.length = header->len,
		/* The fraction is in nanoseconds: so the socket asked for it. */
		.time_ns = (int64_t)header->ts.tv_sec * 1000000000 + header->ts.tv_usec,
		.link = (uint8_t)reader->reader.link,
		.origin = WC_ORIGIN_FILE,
	};

	reader->take(reader->user, &frame);
}

static size_t read_frames(struct wc_live_reader *from, size_t budget, wc_live_take *to, void *user)
{
	struct reader *reader = (struct reader *)from;
	int frames;

	reader->take = to;
	reader->user = user;
	frames = pcap_dispatch(reader->pcap, budget < INT_MAX ? (int)budget : INT_MAX, take,
			       (u_char *)reader);
	return frames > 0 ? (size_t)frames : 0;
}

static void count(struct wc_live_reader *counted, struct wc_live_counts *counts)
{
	struct reader *reader = (struct reader *)counted;
	struct pcap_stat stat;

	if (pcap_stats(reader->pcap, &stat))
		stat = (struct pcap_stat){.ps_recv = reader->received.last,
					  .ps_drop = reader->lost.last};
	*counts = (struct wc_live_counts){
		.received = wc_counter32_read(&reader->received, stat.ps_recv),
		.lost = wc_counter32_read(&reader->lost, stat.ps_drop),
	};
}

const struct wc_live_kind wc_live_pcap = {
	.name = "pcap",
	.lag_ms = LAG_MS,
	.open = open_reader,
	.close = close_reader,
	.read = read_frames,
	.count = count,
};

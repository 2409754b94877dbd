#include "kernel_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "packet_socket.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

/* Taken only as frames are handed over: seldom, but where a filter is beyond the program. */
#define BUFFER_SIZE (16 << 20)

#define FRAME_MAX 65535
#define TAG_SIZE  4
#define TAG_AT    12 /* behind the hardware addresses */

struct wc_kernel_socket {
	int fd;
	enum wc_link link;
	uint64_t received, lost;
	uint8_t bytes[TAG_SIZE + FRAME_MAX]; /* with room for a tag in front */
};

static int open_failed(struct wc_error *error)
{
	if (errno == EPERM || errno == EACCES)
		return wc_error_set(
			error, WC_FAILED,
			"counting an interface needs the capability CAP_NET_RAW: run as "
			"root, or give it to the program with setcap cap_net_raw+ep");
	return wc_error_set(error, WC_FAILED, "a packet socket cannot be opened: %s",
			    strerror(errno));
}

static void set_buffer(int fd, uint64_t buffer)
{
	int size = buffer ? (int)buffer : BUFFER_SIZE;

	/* Without CAP_NET_ADMIN it is what the system allows: see socket(7). */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

int wc_kernel_socket_open(struct wc_kernel_socket **made, enum wc_link link, uint64_t buffer,
			  struct wc_error *error)
{
	struct wc_kernel_socket *socket_made = calloc(1, sizeof(*socket_made));
	const int yes = 1;

	if (!socket_made)
		return wc_error_no_memory(error, "to count");
	socket_made->link = link;
	/* For no protocol: it is silent until it is bound. */
	socket_made->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (socket_made->fd < 0 ||
	    setsockopt(socket_made->fd, SOL_PACKET, PACKET_AUXDATA, &yes, sizeof(yes))) {
		int failed = open_failed(error);

		wc_kernel_socket_close(socket_made);
		return failed;
	}
	set_buffer(socket_made->fd, buffer);
	*made = socket_made;
	return WC_OK;
}

void wc_kernel_socket_close(struct wc_kernel_socket *socket)
{
	if (!socket)
		return;
	if (socket->fd >= 0)
		close(socket->fd);
	free(socket);
}

void wc_kernel_socket_set_link(struct wc_kernel_socket *socket, enum wc_link link)
{
	socket->link = link;
}

int wc_kernel_socket_attach(struct wc_kernel_socket *socket, int program)
{
	return setsockopt(socket->fd, SOL_SOCKET, SO_ATTACH_BPF, &program, sizeof(program));
}

int wc_kernel_socket_bind(struct wc_kernel_socket *socket, unsigned index)
{
	return wc_packet_socket_bind(socket->fd, index);
}

void wc_kernel_socket_silence(struct wc_kernel_socket *socket)
{
	wc_packet_socket_silence(socket->fd);
}

int wc_kernel_socket_widen(struct wc_kernel_socket *socket, unsigned index)
{
	return wc_packet_socket_widen(socket->fd, index);
}

static enum wc_origin origin_of(unsigned packet_type)
{
	return packet_type == PACKET_OUTGOING    ? WC_ORIGIN_SENT
	       : packet_type == PACKET_OTHERHOST ? WC_ORIGIN_OTHER
						 : WC_ORIGIN_RECEIVED;
}

static const struct tpacket_auxdata *auxiliary(struct msghdr *message)
{
	struct cmsghdr *one = CMSG_FIRSTHDR(message);

	while (one && (one->cmsg_level != SOL_PACKET || one->cmsg_type != PACKET_AUXDATA))
		one = CMSG_NXTHDR(message, one);
	return one ? (const struct tpacket_auxdata *)CMSG_DATA(one) : NULL;
}

/* Puts back the tag that the kernel took off. */
static void mend(struct wc_kernel_socket *socket, struct wc_frame *frame,
		 const struct tpacket_auxdata *told)
{
	uint16_t tag[2];

	if (!told || !(told->tp_status & TP_STATUS_VLAN_VALID) ||
	    socket->link != WC_LINK_ETHERNET || frame->captured < TAG_AT)
		return;
	tag[0] = htons(told->tp_status & TP_STATUS_VLAN_TPID_VALID ? told->tp_vlan_tpid
								   : ETH_P_8021Q);
	tag[1] = htons(told->tp_vlan_tci);
	memmove(socket->bytes, socket->bytes + TAG_SIZE, TAG_AT);
	memcpy(socket->bytes + TAG_AT, tag, sizeof(tag));
	frame->bytes = socket->bytes;
	frame->captured += TAG_SIZE;
	frame->length += TAG_SIZE;
}

static int64_t wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

bool wc_kernel_socket_read(struct wc_kernel_socket *socket, struct wc_frame *frame)
{
	union {
		struct cmsghdr header; /* for its alignment */
		char bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control;
	struct sockaddr_ll from = {0};
	struct iovec room = {socket->bytes + TAG_SIZE, FRAME_MAX};
	struct msghdr message = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &room,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t size = recvmsg(socket->fd, &message, MSG_TRUNC);

	/* Also when the interface has gone: that is said once, and nothing is lost by it. */
	if (size < 0)
		return false;
	*frame = (struct wc_frame){
		.bytes = socket->bytes + TAG_SIZE,
		.captured = size < FRAME_MAX ? (uint32_t)size : FRAME_MAX,
		.length = (uint32_t)size,
		.time_ns = wall_ns(),
		.link = (uint8_t)socket->link,
		.origin = (uint8_t)origin_of(from.sll_pkttype),
	};
	mend(socket, frame, auxiliary(&message));
	return true;
}

void wc_kernel_socket_count(struct wc_kernel_socket *socket, uint64_t *received, uint64_t *lost)
{
	struct tpacket_stats stats; /* since they were last read */
	socklen_t size = sizeof(stats);

	if (!getsockopt(socket->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size)) {
		socket->received += stats.tp_packets;
		socket->lost += stats.tp_drops;
	}
	*received = socket->received;
	*lost = socket->lost;
}

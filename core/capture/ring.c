#include "ring.h"

#include <errno.h>
#include <limits.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "live_socket.h"
#include "ring_frame.h"
#include "wirecensus/error.h"

/* A block holds the largest frame, copied whole, and on a quiet link is closed half empty. */
#define BLOCK_SIZE (128 << 10)
#define BLOCKS_MIN 2

/* A frame waits at most so long in a block that does not fill; longer on a loaded machine. */
#define TIMEOUT_MS 60
#define LAG_MS     (3 * TIMEOUT_MS)

/* Older kernels cannot describe merged UDP by a virtio header, and lose what they cannot. */
#define OFFLOAD_MAJOR 6
#define OFFLOAD_MINOR 2

struct ring {
	struct wc_live_reader reader;
	uint8_t *map;
	size_t size;

	unsigned blocks, current;  /* how many, and the one that is read or waited for */
	uint32_t left;             /* frames of it that are not taken yet; 0: it is the kernel's */
	struct tpacket3_hdr *slot; /* the next of them */

	bool offload; /* frames have a virtio header */
	struct wc_live_counts counts;
};

static bool tells_offload(enum wc_link link)
{
	struct utsname system;
	unsigned long major, minor;
	char *end;

	if (link == WC_LINK_SLL || uname(&system))
		return false;
	major = strtoul(system.release, &end, 10);
	minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
	return major > OFFLOAD_MAJOR || (major == OFFLOAD_MAJOR && minor >= OFFLOAD_MINOR);
}

/* Asks @device for its type of link, and whether it is up. */
static int ask_device(int fd, const struct wc_live_setup *setup, enum wc_link *link, bool *down,
		      struct wc_error *error)
{
	struct ifreq request = {0};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", setup->device);
	if (ioctl(fd, SIOCGIFFLAGS, &request))
		return wc_live_socket_none(setup, error);
	*down = !(request.ifr_flags & IFF_UP);
	if (*down)
		return wc_live_socket_down(setup, error);
	if (ioctl(fd, SIOCGIFHWADDR, &request))
		return wc_live_socket_none(setup, error);
	*link = wc_live_socket_link_of(request.ifr_hwaddr.sa_family);
	if (*link == WC_LINK_UNSUPPORTED)
		return wc_error_set(error, WC_FAILED,
				    "the ring is for Ethernet and IP, which interface %s is not",
				    setup->interface);
	return WC_OK;
}

/* For no protocol: it is silent until it is bound. */
static int open_socket(struct ring *ring, const struct wc_live_setup *setup, bool *down,
		       struct wc_error *error)
{
	bool any = strcmp(setup->device, "any") == 0;

	ring->reader.link = WC_LINK_SLL;
	ring->reader.fd =
		socket(AF_PACKET, (any ? SOCK_DGRAM : SOCK_RAW) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (ring->reader.fd < 0)
		return errno == EPERM || errno == EACCES
			       ? wc_live_socket_denied(setup, error)
			       : wc_live_socket_refused(setup, strerror(errno), error);
	return any ? WC_OK : ask_device(ring->reader.fd, setup, &ring->reader.link, down, error);
}

static int set(int fd, int option, int value)
{
	return setsockopt(fd, SOL_PACKET, option, &value, sizeof(value));
}

static int make_ring(struct ring *ring, uint64_t buffer)
{
	uint64_t blocks = buffer / BLOCK_SIZE;
	struct tpacket_req3 request = {
		.tp_block_size = BLOCK_SIZE,
		.tp_block_nr = blocks > BLOCKS_MIN ? (unsigned)blocks : BLOCKS_MIN,
		.tp_frame_size = BLOCK_SIZE, /* means nothing in this version */
		.tp_retire_blk_tov = TIMEOUT_MS,
	};
	int fd = ring->reader.fd;

	request.tp_frame_nr = request.tp_block_nr;
	ring->offload = tells_offload(ring->reader.link) && set(fd, PACKET_VNET_HDR, 1) == 0;
	if (set(fd, PACKET_VERSION, TPACKET_V3) || set(fd, PACKET_RESERVE, WC_RING_FRAME_ROOM) ||
	    setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request)))
		return -1;
	ring->blocks = request.tp_block_nr;
	ring->size = (size_t)ring->blocks * BLOCK_SIZE;
	ring->map = mmap(NULL, ring->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return ring->map == MAP_FAILED ? -1 : 0;
}

static void close_ring(struct wc_live_reader *reader)
{
	struct ring *ring = (struct ring *)reader;

	if (ring->map != MAP_FAILED)
		munmap(ring->map, ring->size);
	if (reader->fd >= 0)
		close(reader->fd);
	free(ring);
}

static int open_ring(struct wc_live_reader **reader, const struct wc_live_setup *setup, bool *down,
		     struct wc_error *error)
{
	struct ring *made = calloc(1, sizeof(*made));
	int failed;

	*down = false;
	if (!made)
		return wc_live_socket_refused(setup, "there is not enough memory", error);
	made->reader = (struct wc_live_reader){.kind = &wc_ring, .fd = -1};
	made->map = MAP_FAILED;
	failed = open_socket(made, setup, down, error);
	if (!failed && make_ring(made, wc_live_socket_buffer(setup)))
		failed = wc_live_socket_refused(setup, strerror(errno), error);
	if (failed)
		close_ring(&made->reader);
	else
		*reader = &made->reader;
	return failed;
}

static struct tpacket_block_desc *block_of(const struct ring *ring)
{
	return (struct tpacket_block_desc *)(void *)(ring->map +
						     (size_t)ring->current * BLOCK_SIZE);
}

static struct tpacket3_hdr *slot_at(void *from, uint32_t offset)
{
	return (struct tpacket3_hdr *)(void *)((char *)from + offset);
}

/* Returns false while the kernel fills the block. */
static bool enter_block(struct ring *ring)
{
	struct tpacket_block_desc *block = block_of(ring);
	struct tpacket_hdr_v1 *head = &block->hdr.bh1;

	if (!(__atomic_load_n(&head->block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
		return false;
	ring->left = head->num_pkts;
	ring->slot = slot_at(block, head->offset_to_first_pkt);
	return true;
}

static void leave_block(struct ring *ring)
{
	__atomic_store_n(&block_of(ring)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	ring->current = ring->current + 1 < ring->blocks ? ring->current + 1 : 0;
}

/* Takes one slot, in which there may be no frame. Returns how many there were. */
static size_t take_slot(struct ring *ring, wc_live_take *take, void *user)
{
	struct tpacket3_hdr *slot = ring->slot;
	struct wc_frame frame;
	bool there;

	ring->slot = slot_at(slot, slot->tp_next_offset);
	if (ring->left > 1)
		__builtin_prefetch(slot_at(ring->slot, ring->slot->tp_next_offset));
	there = wc_ring_frame(&frame, slot, ring->reader.link, ring->offload);
	if (there)
		take(user, &frame);
	return there;
}

static size_t read_frames(struct wc_live_reader *reader, size_t budget, wc_live_take *take,
			  void *user)
{
	struct ring *ring = (struct ring *)reader;
	size_t taken = 0;

	while (taken < budget && (ring->left || enter_block(ring))) {
		if (ring->left) {
			taken += take_slot(ring, take, user);
			ring->left--;
		}
		if (!ring->left)
			leave_block(ring);
	}
	return taken;
}

/* The kernel tells what it has counted since it was last asked. */
static void count(struct wc_live_reader *reader, struct wc_live_counts *counts)
{
	struct ring *ring = (struct ring *)reader;
	struct tpacket_stats_v3 stats;
	socklen_t size = sizeof(stats);

	if (!getsockopt(reader->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size)) {
		ring->counts.received += stats.tp_packets;
		ring->counts.lost += stats.tp_drops;
		ring->counts.full += stats.tp_freeze_q_cnt;
	}
	*counts = ring->counts;
}

const struct wc_live_kind wc_ring = {
	.name = "ring",
	.lag_ms = LAG_MS,
	.any_type = true,
	.open = open_ring,
	.close = close_ring,
	.read = read_frames,
	.count = count,
};

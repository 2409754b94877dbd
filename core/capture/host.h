/*
 * host.h - the addresses and links of this network namespace, followed by rtnetlink(7)
 *
 * Belongs to one thread. Needs no privilege.
 */
#ifndef WC_HOST_H
#define WC_HOST_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_error; /* wirecensus/error.h */
struct wc_host;
struct wc_host_places; /* host_places.h */
struct wc_local;       /* local.h */
struct wc_options;     /* wirecensus/options.h */

/* Whether a frame of a link is seen again on another link of this namespace. */
enum wc_host_layer {
	WC_HOST_BOTTOM,  /* no: hardware, veth, tap, macvlan over a link of another namespace */
	WC_HOST_STACKED, /* as it is: bridge, bond, VLAN, macvlan, ifb ... */
	WC_HOST_TUNNEL,  /* inside a frame of another link: vxlan, gre, wireguard ... */
};

struct wc_host_link {
	char name[IFNAMSIZ];
	unsigned index;
	unsigned serial; /* differs when a link was deleted and another has taken its index */
	unsigned flags;  /* IFF_UP, IFF_LOOPBACK ... */
	unsigned mtu;    /* bytes behind the link header */
	uint16_t type;   /* ARPHRD_ETHER ... */
	uint8_t own[6];  /* hardware address, zeros if there is none of six bytes */
	uint8_t layer;   /* enum wc_host_layer */
};

/* What wc_host_update() found changed: bits. */
enum {
	WC_HOST_ADDRESSES = 1,
	WC_HOST_LINKS = 2,
};

/*
 * Reads all links and addresses and goes on listening. Of @options, which
 * may be NULL, local_address and local_net are copied. Returns 0 and a host to be
 * freed with wc_host_free(), or WC_FAILED with @error filled in.
 */
int wc_host_open(struct wc_host **host, const struct wc_options *options, struct wc_error *error);
void wc_host_free(struct wc_host *host);

/*
 * Takes local_address and local_net of @options in place of those before, in two
 * steps, with no update in between. The first changes nothing, and returns 0 and
 * places to be adopted, or freed with wc_host_places_free(); or WC_FAILED (memory)
 * with @error filled in. The second cannot fail, and ends what wc_host_local() told.
 */
int wc_host_prepare(const struct wc_host *host, const struct wc_options *options,
		    struct wc_host_places **places, struct wc_error *error);
void wc_host_adopt(struct wc_host *host, struct wc_host_places *places);

/* The descriptor that becomes readable when something changes. */
int wc_host_fd(const struct wc_host *host);

/* Reads what has changed, without blocking, and returns the bits above, 0 for nothing. */
unsigned wc_host_update(struct wc_host *host);

/* The local addresses. Valid until the next update that returns WC_HOST_ADDRESSES. */
const struct wc_local *wc_host_local(const struct wc_host *host);

/* All links, or the one of a name, or of an index; NULL when there is none. Valid until the
 * next update. */
const struct wc_host_link *wc_host_links(const struct wc_host *host, size_t *count);
const struct wc_host_link *wc_host_link(const struct wc_host *host, const char *name);
const struct wc_host_link *wc_host_link_at(const struct wc_host *host, unsigned index);

/* Returns the index of the first loopback link, or 0, which is no index, when there is none. */
unsigned wc_host_loopback(const struct wc_host *host);

/* Takes how many frames the link at @index has missed for want of room, fifo errors included. */
typedef void wc_host_each_missed(void *user, unsigned index, uint64_t missed);

/*
 * Asks the kernel that of the link at @index; 0 asks for all. Returns false when there is no
 * such link, or the kernel cannot be asked; some may have been told all the same.
 */
bool wc_host_missed(unsigned index, wc_host_each_missed *each, void *user);

#endif /* WC_HOST_H */

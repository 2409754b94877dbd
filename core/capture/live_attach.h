/*
 * live_attach.h - which socket a live source reads, and to which interface it is bound
 *
 * The state of a live source, and what changes when its interface comes or goes.
 */
#ifndef WC_LIVE_ATTACH_H
#define WC_LIVE_ATTACH_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "live_socket.h"
#include "live_tap.h"
#include "missed.h"
#include "source.h"
#include "wirecensus/error.h"

struct wc_host;      /* host.h */
struct wc_host_link; /* host.h */

struct wc_live {
	struct wc_source source;
	struct wc_source_ops ops; /* with the kind's name */

	struct wc_live_tap tap;
	struct wc_live_socket *socket; /* NULL: there is none yet */
	struct wc_live_setup setup;
	char name[IFNAMSIZ];
	struct wc_host *host;
	bool any;

	/* The interface that the socket is bound to, or was. */
	unsigned index, serial, mtu;
	uint16_t type; /* that the socket is ready for: ARPHRD_ETHER ... */

	uint64_t looked_ns; /* by the monotonic clock */
	uint64_t gone_ns, restarts;
	uint64_t full; /* how often the kernel's buffer was, when that was last told */
	bool started;
	struct wc_missed missed;
	struct wc_error trouble; /* why an interface that is there is not counted */
};

/* By the monotonic clock, in ns. */
uint64_t wc_live_now(void);

/* Take note of what the link says of itself, or all links for "any": it may change. */
void wc_live_note_link(struct wc_live *live, const struct wc_host_link *link);
void wc_live_note_all(struct wc_live *live);

/*
 * Binds to the interface of the name, if there is one, on the old socket where
 * that fits. Returns 0, too if it is to be waited for; or a negative code with @error
 * filled in.
 */
int wc_live_attach(struct wc_live *live, struct wc_error *error);

/*
 * Makes a socket that is bound to nothing yet, while there is the privilege for it,
 * on any interface that is up: see live_socket.h. Without one that is, it has to be
 * made later. Results as above.
 */
int wc_live_open_spare(struct wc_live *live, struct wc_error *error);

#endif /* WC_LIVE_ATTACH_H */

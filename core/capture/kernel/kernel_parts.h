/*
 * kernel_parts.h - the state of the source, for the files that work on it
 *
 * kernel_open.c makes it, kernel_attach.c follows the interface, kernel_filter.c has other
 * filters, kernel.c is what a worker calls.
 */
#ifndef WC_KERNEL_PARTS_H
#define WC_KERNEL_PARTS_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "drain.h"
#include "frame.h"
#include "kernel_links.h"
#include "missed.h"
#include "source.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

struct wc_filter;         /* filter.h */
struct wc_host;           /* host.h */
struct wc_kernel_control; /* layout.h */
struct wc_kernel_program; /* program.h */
struct wc_kernel_socket;  /* kernel_socket.h */
struct wc_local;          /* local.h */
struct wc_rules;          /* rules.h */
struct wc_served;         /* served.h */
struct wc_tables;         /* tables.h */

struct wc_kernel {
	struct wc_source source;

	struct wc_kernel_program *program;
	struct wc_kernel_drain *drain;
	struct wc_kernel_socket *socket;
	const struct wc_rules *rules;
	struct wc_filter *filter; /* NULL: none */
	struct wc_host *host;
	char name[IFNAMSIZ];
	bool promiscuous;
	bool drop_echo;
	enum wc_attach attach;
	enum wc_link link;
	unsigned loopback; /* index of lo; 0: there is none */

	/* What the program goes by. */
	const struct wc_local *local; /* of the host */
	struct wc_tables *tables;     /* NULL before the first collection */
	bool filters_here;            /* all of the filter: the program hands all frames over */
	bool payload;                 /* as above, for frames are looked into */

	/* The interface that the program is attached to, or was. */
	struct wc_kernel_links links;
	bool at_socket; /* for all frames, or for those that are sent */
	unsigned index, serial, mtu;
	bool started;
	uint64_t gone_ns, restarts;
	struct wc_missed missed;
	struct wc_error trouble;       /* why an interface that is there is not counted */
	struct wc_error local_trouble; /* why the program goes by other addresses than the host's */

	uint64_t looked_ns, collected_ns; /* by the monotonic clock */
	int64_t collected_wall_ns;
	struct wc_kernel_frames frames;  /* counted by the program */
	uint64_t handed, refused, large; /* handed over, and counted, refused, or merged */
};

extern const struct wc_source_ops wc_kernel_ops;

/* In ns. */
uint64_t wc_kernel_now(clockid_t clock);

/* For how long a worker may sleep, in ms, when frames may be handed over. */
unsigned wc_kernel_tick(const struct wc_filter *filter, bool payload);

/* What the program goes by while it runs. */
struct wc_kernel_control *wc_kernel_control_of(const struct wc_kernel *kernel);

/* Returns WC_LINK_UNSUPPORTED for a type of link that this engine does not count. */
enum wc_link wc_kernel_link_of(unsigned type);

/*
 * Attaches the program to the socket, or one that goes on to it where it is too long for that.
 * Returns 0, or -1 with errno set.
 */
int wc_kernel_attach_socket(struct wc_kernel *kernel);

/*
 * Attaches to the interface of the name, if there is one. Returns 0, too if it is to be
 * waited for; or a negative code with @error filled in.
 */
int wc_kernel_attach(struct wc_kernel *kernel, struct wc_error *error);

/* The same while it runs, where trouble is told in the state. */
void wc_kernel_attach_again(struct wc_kernel *kernel);

/* As wc_source_ops.changed(). */
void wc_kernel_changed(struct wc_source *source, const struct wc_host *host);

/*
 * Tells the program the host's addresses, in the set that it does not look at. Returns 0,
 * or WC_FAILED with @error filled in: they are too many.
 */
int wc_kernel_tell_local(struct wc_kernel *kernel, struct wc_error *error);

/* As wc_source_ops.prepare() and refilter(). */
int wc_kernel_prepare(struct wc_source *source, struct wc_filter *filter, struct wc_error *error);
int wc_kernel_refilter(struct wc_source *source, const struct wc_source_rule *rule, wc_sink *sink,
		       void *user, struct wc_error *error);

/*
 * Has the program, not attached now, read frames of links of @type. Returns 0; or a negative code
 * with @error filled in, and nothing is changed: the filter has no meaning there.
 */
int wc_kernel_turn(struct wc_kernel *kernel, enum wc_link type, struct wc_error *error);

/* Has the program count by the rules as they are now. */
void wc_kernel_go_by(struct wc_kernel *kernel, const struct wc_served *served);

#endif /* WC_KERNEL_PARTS_H */

/*
 * live_socket.h - one packet socket, with its program, bound to an interface
 *
 * It is opened by a reader (live_reader.h), silent until our program is on it. A
 * socket whose interface was deleted can be bound again, to the next one of the
 * name, which needs neither privileges nor a new ring and keeps all counts. For an
 * interface that is yet to come, one is made on another, and bound when it comes.
 */
#ifndef WC_LIVE_SOCKET_H
#define WC_LIVE_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "live_reader.h"

struct wc_error; /* wirecensus/error.h */
struct wc_filter;
struct wc_live_socket;

struct wc_live_setup {
	const struct wc_live_kind *kind;
	const char *interface; /* that is to be counted */
	const char *device;    /* an interface that is there: the socket is made on it */
	uint32_t snaplen;      /* bytes; 0: fitting */
	uint32_t fitting;      /* bytes of a plain frame that are looked at */
	uint64_t buffer;       /* bytes; 0: fitting */
	bool promiscuous;
	unsigned loopback; /* index of lo; 0: there is none */
	struct wc_filter *filter;
};

/* Fills in @error for what a reader meets while it opens @setup->device. All return WC_FAILED. */
int wc_live_socket_none(const struct wc_live_setup *setup, struct wc_error *error);
int wc_live_socket_denied(const struct wc_live_setup *setup, struct wc_error *error);
int wc_live_socket_down(const struct wc_live_setup *setup, struct wc_error *error);
int wc_live_socket_refused(const struct wc_live_setup *setup, const char *why,
			   struct wc_error *error);

/* Returns the size of the kernel's buffer, in bytes. */
uint64_t wc_live_socket_buffer(const struct wc_live_setup *setup);

/*
 * Opens a socket that receives nothing yet. Returns 0; or a negative code with
 * @error filled in, and true in @down if it is only that the interface is down.
 */
int wc_live_socket_open(struct wc_live_socket **socket, const struct wc_live_setup *setup,
			bool *down, struct wc_error *error);
void wc_live_socket_close(struct wc_live_socket *socket);

/* Receives from the interface at @index, 0 for all. Returns 0 or -1 with errno. */
int wc_live_socket_bind(struct wc_live_socket *socket, unsigned index);

/* Receives nothing more until it is bound again; what is in the ring stays. */
void wc_live_socket_silence(struct wc_live_socket *socket);

/*
 * Makes @setup->filter ready for the frames of the socket. Returns 0 or WC_INVALID
 * with @error filled in.
 */
int wc_live_socket_prepare(const struct wc_live_socket *socket, const struct wc_live_setup *setup,
			   struct wc_error *error);

/*
 * Puts the filter and the capture length of @setup in place of the old ones, for
 * frames that come from now on. Returns 0; or a negative code with @error filled in,
 * and nothing is changed.
 */
int wc_live_socket_refilter(struct wc_live_socket *socket, const struct wc_live_setup *setup,
			    struct wc_error *error);

/*
 * Returns what a packet socket with link headers (SOCK_RAW) reads on an interface of
 * @type, ARPHRD_ETHER or another: WC_LINK_UNSUPPORTED if that is not decoded.
 */
enum wc_link wc_live_socket_link_of(uint16_t type);

/* True if the socket can be bound to an interface of @type. */
bool wc_live_socket_suits(const struct wc_live_socket *socket, uint16_t type);

/*
 * Makes ready for frames of an interface of @type, which it suits; silent, and with an
 * empty ring. Results as of wc_live_socket_refilter().
 */
int wc_live_socket_retype(struct wc_live_socket *socket, uint16_t type,
			  const struct wc_live_setup *setup, struct wc_error *error);

/* Returns the link type that its frames have now. */
enum wc_link wc_live_socket_link(const struct wc_live_socket *socket);

/* True if every frame is to pass the filter once more, since the kernel refused the program. */
bool wc_live_socket_filters_here(const struct wc_live_socket *socket);

/* True if frames may have the mark of live_cooked.h. */
bool wc_live_socket_marks(const struct wc_live_socket *socket);

/*
 * Hands up to about @budget frames to @take. Returns how many, 0 for none now,
 * which includes all trouble: an interface that is gone or down.
 */
size_t wc_live_socket_read(struct wc_live_socket *socket, size_t budget, wc_live_take *take,
			   void *user);

/*
 * Tells what the kernel has counted since the opening. It counts in 32 bits: to be
 * called more often than they take to run over.
 */
void wc_live_socket_count(struct wc_live_socket *socket, struct wc_live_counts *counts);

/* Writes lines about filter, capture length and buffer, cut at @size; returns @text. */
const char *wc_live_socket_describe(const struct wc_live_socket *socket, char *text, size_t size);

#endif /* WC_LIVE_SOCKET_H */

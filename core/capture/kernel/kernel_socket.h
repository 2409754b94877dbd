/*
 * kernel_socket.h - the packet socket that the program is attached to
 *
 * It receives nothing but what the program hands over. Needs CAP_NET_RAW to be
 * opened, and no privilege to be bound, again and again.
 */
#ifndef WC_KERNEL_SOCKET_H
#define WC_KERNEL_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

struct wc_error; /* wirecensus/error.h */
struct wc_kernel_socket;

/* Opens a socket that receives nothing yet. Results as wc_live_socket_open() has them. */
int wc_kernel_socket_open(struct wc_kernel_socket **socket, enum wc_link link, uint64_t buffer,
			  struct wc_error *error);
/* Frames that are read from now on are of @link. */
void wc_kernel_socket_set_link(struct wc_kernel_socket *socket, enum wc_link link);

void wc_kernel_socket_close(struct wc_kernel_socket *socket);

/* Has @program, a descriptor, look at each frame from now on. Returns 0 or -1 with errno. */
int wc_kernel_socket_attach(struct wc_kernel_socket *socket, int program);

/* Receives from the interface at @index. Returns 0 or -1 with errno. */
int wc_kernel_socket_bind(struct wc_kernel_socket *socket, unsigned index);

/* Receives nothing more until it is bound again. */
void wc_kernel_socket_silence(struct wc_kernel_socket *socket);

/* Has it be promiscuous, until the socket is closed. Results as above. */
int wc_kernel_socket_widen(struct wc_kernel_socket *socket, unsigned index);

/*
 * Takes the next frame that was handed over, with the tag that the kernel took off put
 * back; valid until the next call. Returns false when there is none now.
 */
bool wc_kernel_socket_read(struct wc_kernel_socket *socket, struct wc_frame *frame);

/* Tells how many frames were handed over since the opening, and how many found no room. */
void wc_kernel_socket_count(struct wc_kernel_socket *socket, uint64_t *received, uint64_t *lost);

#endif /* WC_KERNEL_SOCKET_H */

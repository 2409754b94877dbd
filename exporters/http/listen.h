/*
 * listen.h - the socket of a server
 */
#ifndef WC_LISTEN_H
#define WC_LISTEN_H

#include <stdint.h>

struct wc_address; /* wirecensus/address.h */
struct wc_error;   /* wirecensus/error.h */

/* Connections that wait to be let in; none comes too late for a crowd of so many. */
#define WC_LISTEN_BACKLOG 1024

/*
 * Opens a socket that listens at @address and @port. Returns it, or WC_FAILED with @error
 * filled in.
 */
int wc_listen(const struct wc_address *address, uint16_t port, struct wc_error *error);

#endif /* WC_LISTEN_H */

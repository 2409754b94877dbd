/*
 * host_header.h - whom a request is for
 *
 * A page in somebody's browser can have a name of its own point at this server (DNS
 * rebinding), and would then be allowed to read what it says. It cannot forge the header
 * Host: so only addresses, which no name server can change, and names of ours are taken.
 */
#ifndef WC_HOST_HEADER_H
#define WC_HOST_HEADER_H

#include <stdbool.h>

struct wc_texts; /* wirecensus/options.h */

/*
 * True if @header, of which NULL is none, is for this server: an address, localhost, @own or
 * one of @names, each with or without a port.
 */
bool wc_host_header_fits(const char *header, const char *own, const struct wc_texts *names);

#endif /* WC_HOST_HEADER_H */

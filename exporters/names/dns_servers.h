/*
 * dns_servers.h - the name servers to ask
 *
 * Given by the user, or those of resolv.conf(5) as c-ares reads it.
 */
#ifndef WC_DNS_SERVERS_H
#define WC_DNS_SERVERS_H

#include <stddef.h>
#include <stdint.h>

#include "wirecensus/address.h"

struct wc_error; /* wirecensus/error.h */
struct wc_texts; /* wirecensus/options.h */

/* Servers kept; more are not asked. */
#define WC_DNS_SERVERS_MAX 8

struct wc_dns_server {
	struct wc_address address;
	uint16_t port;
};

struct wc_dns_servers {
	size_t count;
	struct wc_dns_server item[WC_DNS_SERVERS_MAX];
};

/*
 * Reads servers from texts: ADDRESS, ADDRESS:PORT for IPv4, [ADDRESS]:PORT.
 * Returns 0, or WC_INVALID with @error filled in.
 */
int wc_dns_servers_parse(struct wc_dns_servers *servers, const struct wc_texts *texts,
			 struct wc_error *error);

/*
 * Reads the system's servers; 127.0.0.1 if there are none. One that has only a
 * link-local address is not reached: its interface is lost here. Returns 0, or
 * WC_FAILED with @error filled in and @servers as they were.
 */
int wc_dns_servers_system(struct wc_dns_servers *servers, struct wc_error *error);

#endif /* WC_DNS_SERVERS_H */

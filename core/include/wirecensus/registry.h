/*
 * registry.h - names of ports, IP protocols and ethertypes
 *
 * Read once from services(5), protocols(5) and a table of ethertypes, so that
 * a look-up afterwards costs nothing and is safe in any thread.
 */
#ifndef WC_REGISTRY_H
#define WC_REGISTRY_H

#include <stdint.h>

struct wc_registry;

/* Reads the databases. Returns NULL when memory is short; a missing database is only empty. */
struct wc_registry *wc_registry_new(void);
void wc_registry_free(struct wc_registry *registry);

/* Each returns a name that lives as long as @registry, or NULL when there is none. */
const char *wc_registry_port(const struct wc_registry *registry, uint8_t protocol, uint16_t port);
const char *wc_registry_protocol(const struct wc_registry *registry, uint8_t protocol);
const char *wc_registry_ethertype(const struct wc_registry *registry, uint16_t ethertype);

#endif /* WC_REGISTRY_H */

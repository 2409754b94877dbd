/*
 * shared_config.h - a configuration that stays for as long as somebody uses it
 *
 * After a reload the exporters that did not change still point into the one that they
 * were made from. Belongs to the main thread.
 */
#ifndef WC_SHARED_CONFIG_H
#define WC_SHARED_CONFIG_H

struct wc_config; /* config.h */

struct wc_shared_config {
	struct wc_config *config;
	unsigned holders;
};

/* Takes over @config, held once. NULL: memory is short, and @config is still the caller's. */
struct wc_shared_config *wc_shared_config_new(struct wc_config *config);
struct wc_shared_config *wc_shared_config_hold(struct wc_shared_config *shared);

/* Drops what was held; the last one frees the configuration. NULL is allowed. */
void wc_shared_config_drop(struct wc_shared_config *shared);

#endif /* WC_SHARED_CONFIG_H */

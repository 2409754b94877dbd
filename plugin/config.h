/*
 * config.h - <Plugin wirecensus> blocks, read into what init works on
 *
 * Blocks add up: each drop-in may have one. What is wrong is logged in one line
 * and left out, a <Capture> as a whole, and never ends the daemon.
 */
#ifndef WC_CONFIG_H
#define WC_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon_ask.h"
#include "report.h"
#include "wirecensus/options.h"

struct oconfig_item_s; /* collectd's liboconfig/oconfig.h */

/* The longest name of a <Capture>, its NUL included. */
#define WC_CAPTURE_NAME 96

struct wc_capture {
	char name[WC_CAPTURE_NAME];
	char socket[WC_DAEMON_PATH]; /* of the daemon that counts it; "": this process does */
	struct wc_options options;
};

struct wc_config {
	struct wc_capture *captures;
	size_t count;
	bool asked; /* there was a <Capture>, be it a wrong one */
	struct wc_report report;
};

/* Fills in the defaults: no capture. */
void wc_config_init(struct wc_config *config);

/* Frees what the blocks have made. */
void wc_config_free(struct wc_config *config);

/* Adds one <Plugin wirecensus> block to @config. */
void wc_config_block(struct wc_config *config, const struct oconfig_item_s *block);

#endif /* WC_CONFIG_H */

/*
 * rules.h - how a capture counts conversations and hosts
 */
#ifndef WC_RULES_H
#define WC_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "hash.h"
#include "rates.h"
#include "scan.h"
#include "served.h"

struct wc_networks; /* wirecensus/options.h */

struct wc_rules {
	uint32_t conversations; /* bounds, in rows; 0: not counted */
	uint32_t hosts;
	uint32_t idle_s;     /* a row frees its slot after so long; 0: never */
	bool five_tuple;     /* the client's port is part of a conversation */
	bool fold_internet;  /* addresses outside the local networks are one */
	bool file;           /* scanners are judged by the frames' times, not by intervals */
	bool rates_by_frame; /* rates go by them, too: in a file, and in mode ncs */
	enum wc_rate_mode rate_mode;
	struct wc_scan_rule scan;
	const struct wc_networks *never; /* sources in these are no scanners; the caller's */
	struct wc_hash_seed seed;
	struct wc_served served; /* as it is at the start */
};

#endif /* WC_RULES_H */

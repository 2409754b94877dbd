/*
 * rules.h - how a capture counts conversations and hosts
 */
#ifndef WC_RULES_H
#define WC_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "hash.h"
#include "served.h"

struct wc_rules {
	uint32_t conversations; /* bounds, in rows */
	uint32_t hosts;
	uint32_t idle_s;    /* a row frees its slot after so long; 0: never */
	bool five_tuple;    /* the client's port is part of a conversation */
	bool fold_internet; /* addresses outside the local networks are one */
	struct wc_hash_seed seed;
	struct wc_served served; /* as it is at the start */
};

#endif /* WC_RULES_H */

/*
 * heard.h - which rows of a snapshot the interval added to
 *
 * A snapshot also holds rows of earlier intervals. Encoders leave out what the
 * interval added nothing to.
 */
#ifndef WC_HEARD_H
#define WC_HEARD_H

#include <stdbool.h>
#include <stdint.h>

#include "wirecensus/snapshot.h"

static inline bool wc_heard_counts(const struct wc_counts *counts)
{
	return counts->packets || counts->bytes;
}

static inline bool wc_heard_port(const struct wc_port_row *row)
{
	return wc_heard_counts(&row->delta.all) || row->delta.new || row->delta.accepted ||
	       row->delta.refused;
}

static inline bool wc_heard_key(const struct wc_key_row *row)
{
	return wc_heard_counts(&row->delta);
}

static inline bool wc_heard_conversation(const struct wc_conversation_row *row)
{
	return row->forward.packets || row->reverse.packets;
}

static inline bool wc_heard_host(const struct wc_host_row *row)
{
	return row->sent.packets || row->received.packets;
}

/*
 * How many conversations, or hosts, the interval added to: those with a row of
 * their own. What fell to `other` is not known by number and not in it.
 */
uint64_t wc_heard_conversations(const struct wc_snapshot *snapshot);
uint64_t wc_heard_hosts(const struct wc_snapshot *snapshot);

#endif /* WC_HEARD_H */

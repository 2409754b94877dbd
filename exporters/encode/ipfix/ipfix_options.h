/*
 * ipfix_options.h - what is said of an observation domain beside its rows
 *
 * Records of options: its name, the name of its interface, and what was counted and lost.
 */
#ifndef WC_IPFIX_OPTIONS_H
#define WC_IPFIX_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct wc_error;        /* wirecensus/error.h */
struct wc_ipfix_stream; /* ipfix_stream.h */
struct wc_messages;     /* messages.h */
struct wc_snapshot;     /* wirecensus/snapshot.h */

/*
 * Where a snapshot's frames were seen. That it is an interface does not change while the same
 * snapshot is encoded again, as its number may: the messages must stay the same in size.
 */
struct wc_ipfix_observer {
	bool interface;
	uint32_t number; /* 0: a file, or an interface that is gone */
};

/*
 * Appends the options of @domain, which is called CAPTURE/@kind. Returns 0, or WC_FAILED with
 * @error filled in.
 */
int wc_ipfix_options_add(struct wc_ipfix_stream *stream, uint32_t domain, const char *kind,
			 const struct wc_snapshot *snapshot,
			 const struct wc_ipfix_observer *observer, struct wc_messages *messages,
			 struct wc_error *error);

#endif /* WC_IPFIX_OPTIONS_H */

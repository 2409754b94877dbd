/*
 * office.h - snapshots of an office's day, as a report would show them
 *
 * Made by numbers alone: the same number gives the same snapshot. Traffic has a working day
 * in it, a few servers, many clients, someone who scans, and once in a while a loss. Rows of one
 * kind add up to their class.
 */
#ifndef OFFICE_H
#define OFFICE_H

#include <stddef.h>
#include <stdint.h>

#include "encode.h"
#include "wirecensus/snapshot.h"

struct office_size {
	size_t ports, conversations, hosts; /* besides those that always are */
};

/* Makes what was counted in @seconds up to @end_ns; to be freed with office_free(). */
struct wc_snapshot *office_make(const char *capture, uint64_t number, int64_t end_ns,
				unsigned seconds, const struct office_size *size);
void office_free(struct wc_snapshot *snapshot);

/* Names of some of its hosts; of the first 30 clients hostile ones. Never changed. */
extern const struct wc_naming office_naming;

/* The hostile names. */
extern const char *const office_hostile[];
extern const size_t office_hostile_count;

#endif /* OFFICE_H */

/*
 * merge.h - the dump files of many hosts as one
 *
 * Counts and rates of an address are added up over all files, it was last seen when any of them
 * saw it last, and has all names that any of them knows. What a file tells of all its hosts is
 * added up, too, but for their number: one host can be in several files.
 */
#ifndef WC_MERGE_H
#define WC_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_error;    /* wirecensus/error.h */
struct wc_naming;   /* encode.h */
struct wc_snapshot; /* wirecensus/snapshot.h */
struct wc_merge;

/* Begins. Returns NULL when memory is short. Freed with wc_merge_free(), which takes NULL, too. */
struct wc_merge *wc_merge_new(void);
void wc_merge_free(struct wc_merge *merge);

/* From now on, files of other captures than @capture, which stays the caller's, are left out. */
void wc_merge_only(struct wc_merge *merge, const char *capture);

/*
 * Adds a file. Returns 0, or WC_FAILED with @error filled in and nothing added: it cannot be read,
 * or is damaged, or is of a run and capture that another file is of.
 */
int wc_merge_add(struct wc_merge *merge, const char *path, struct wc_error *error);

/*
 * Adds up what there is; no file can be added afterwards. Returns 0 or WC_FAILED (memory). Both
 * results live as long as @merge.
 */
int wc_merge_finish(struct wc_merge *merge, struct wc_error *error);
const struct wc_snapshot *wc_merge_snapshot(const struct wc_merge *merge);
const struct wc_naming *wc_merge_naming(const struct wc_merge *merge);

/* What a file told of itself. */
struct wc_merge_source {
	const char *path, *host, *capture;
	int64_t start_ns, end_ns;
	uint64_t packets, bytes, users;
	bool rates_known; /* not within the first 300 s of a run, though there were packets */
	double hits_per_minute, bytes_per_second;
};

/* Returns how many files were added, and fills in the one of @number. */
size_t wc_merge_sources(const struct wc_merge *merge);
struct wc_merge_source wc_merge_source(const struct wc_merge *merge, size_t number);

#endif /* WC_MERGE_H */

/*
 * random_snapshot.h - snapshots of any content, and whether two are the same
 */
#ifndef TESTS_RANDOM_SNAPSHOT_H
#define TESTS_RANDOM_SNAPSHOT_H

struct wc_snapshot; /* wirecensus/snapshot.h */

/* Makes one of up to @most rows a table, by random(). It and its rows are the caller's to free. */
struct wc_snapshot *random_snapshot(unsigned most);

/* Fails the test unless they are alike in each field of each row. */
void same_snapshots(const struct wc_snapshot *a, const struct wc_snapshot *b);

#endif /* TESTS_RANDOM_SNAPSHOT_H */

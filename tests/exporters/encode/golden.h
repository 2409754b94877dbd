/*
 * golden.h - an encoder's bytes against those of a file beside the tests
 *
 * With WC_GOLDEN_UPDATE in the environment the files are written anew: a change
 * then shows as a difference to be read.
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include "encode.h"

struct wc_snapshot; /* wirecensus/snapshot.h */

/* Fails the running test unless @encode makes the bytes of golden/@name of @snapshot. */
void golden_check(const char *name, wc_encoder *encode, const struct wc_snapshot *snapshot);

#endif /* GOLDEN_H */

/*
 * sample.h - snapshots made by hand, and a registry of few names, for encoders
 *
 * Everything is fixed, so that the bytes of an encoder are. The registry takes
 * the place of the core's, whose names are the machine's.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "encode.h"
#include "wirecensus/snapshot.h"

/* The context of all samples. */
extern const struct wc_context sample_context;

/*
 * The same with names of hosts: 10.0.0.5 has three, the first as an attacker would
 * choose it, the next host only ":ns.example.net", ::1 a long one, the others none.
 */
extern const struct wc_context sample_named_context;

/* An interval with something of everything, losses and a clock step included. */
struct wc_snapshot sample_busy(void);

/* A first interval in which nothing was to be seen. */
struct wc_snapshot sample_quiet(void);

/* A file of one frame without a known time, which breaks off. */
struct wc_snapshot sample_damaged(void);

/* All ports of both transports, in a table that is never freed. */
struct wc_snapshot sample_full(void);

/* Names as an attacker would choose them; ends with NULL. */
extern const char *const sample_hostile[];

#endif /* SAMPLE_H */

/*
 * worker_bed.h - a worker with a source of four frames, which come over and over
 */
#ifndef TESTS_WORKER_BED_H
#define TESTS_WORKER_BED_H

#include <stdint.h>

#include "memory_source.h"
#include "worker.h"

extern struct memory_source worker_memory;
extern struct wc_worker *worker;

/* Makes the worker; starts its thread; frees it. */
void worker_begin(void);
void worker_start(void);
void worker_end(void);

/* Returns how many frames it has counted; while it stands still. */
uint64_t worker_counted(void);

/* Fails the test unless the first @given of the frames, in turn, are what was counted. */
void worker_assert_counted(uint64_t given);

#endif /* TESTS_WORKER_BED_H */

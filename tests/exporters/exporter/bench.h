/*
 * bench.h - one exporter of JSON with a real journal, in its thread, and who reads what it sends
 *
 * What must work fails the test when it does not.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

#include "encode.h"
#include "exporter_options.h"

struct wc_exporter;        /* exporter.h */
struct wc_exporter_status; /* exporter.h */
struct wc_journal;         /* journal.h */
struct wc_registry;        /* wirecensus/registry.h */
struct wc_runner;          /* runner.h */

#define BENCH_SECOND  UINT64_C(1000000000)
#define BENCH_PATIENT (60 * BENCH_SECOND) /* a watchdog */
#define BENCH_PORTS   40000               /* rows of JSON for two windows */

/* What runs. */
struct bench {
	struct wc_journal *journal;
	struct wc_exporter *exporter;
	struct wc_runner *runner;
	struct wc_exporter_options options;
	struct wc_registry *registry;
	struct wc_context context;
	char address[64];
	int listener;
};

/* The time of deadlines. */
uint64_t bench_now(void);

/* Makes a journal in memory and a listener, and starts an exporter to it. */
void bench_begin(struct bench *bench);
void bench_finish(struct bench *bench);

/* Makes an exporter as its options say; launched, it runs in a thread. */
void bench_prepare(struct bench *bench, uint64_t encoding);
void bench_launch(struct bench *bench, uint64_t encoding);

/* Writes an interval with a row for each of so many ports. */
void bench_write(struct bench *bench, uint64_t number, size_t ports);

/* Waits for the exporter to connect. */
int bench_take(const struct bench *bench);

/* Waits until it has delivered all. */
void bench_wait(const struct bench *bench, struct wc_exporter_status *status);

/* What a reader has seen, line by line. */
struct bench_reader {
	char line[4096];
	size_t length;
	uint64_t last; /* row */
	uint64_t lines;
	uint8_t seen[BENCH_PORTS + 2];
	uint64_t packets; /* of rows that came for the first time */
};

/* Reads until the last row, or about @bytes. */
void bench_read(struct bench_reader *reader, int connection, size_t bytes);

/* Returns the number behind @field, which is in @line. */
uint64_t bench_number(const char *line, const char *field);

#endif /* BENCH_H */

/*
 * desk.h - a journal in a directory of its own, and short ways to use it
 *
 * What must work fails the test when it does not.
 */
#ifndef DESK_H
#define DESK_H

#include <stddef.h>
#include <stdint.h>

#include "journal.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

#define DESK_HOST "census.example"

struct desk {
	char folder[64], path[96], instance[40];
	struct wc_journal_settings settings;
	struct wc_journal *journal;
	struct wc_journal_reader *reader;
	char notice[WC_ERROR_SIZE];
	struct wc_error error;
	unsigned runs;
};

/* Makes the directory and generous settings; opens nothing. In memory if not @on_disk. */
void desk_set(struct desk *desk, bool on_disk);

/* Begins a run, with an instance of its own, and a reader. */
int desk_open(struct desk *desk);

/* Sets it and begins the first run. */
void desk_begin(struct desk *desk, bool on_disk);

/* Ends it as a kill would: nothing is flushed. */
void desk_close(struct desk *desk);

/* Closes, and removes the directory. */
void desk_clear(struct desk *desk);

/* Writes one capture. */
int desk_write(struct desk *desk, const struct wc_snapshot *snapshot);

/* Writes usual intervals of @seconds, numbered from @first on, with @rows rows. */
void desk_fill(struct desk *desk, uint64_t first, size_t count, unsigned seconds, size_t rows);

/* Loads what must be one capture; to be freed with wc_journal_intervals_free(). */
struct wc_journal_interval *desk_load(struct desk *desk, uint64_t first, uint64_t last);

/* Asks by a connection of its own, as a person would. Returns the number in the first row. */
int64_t desk_ask(struct desk *desk, const char *sql);

/* Changes the file by a connection of its own; makes it if need be. */
void desk_run(struct desk *desk, const char *sql);

/* The JSON of a snapshot; to be freed with free(). */
char *desk_json(const struct desk *desk, const struct wc_snapshot *snapshot);

/* Checks that what is loaded is what was written, to the byte. */
void desk_same(struct desk *desk, uint64_t sequence, const struct wc_snapshot *snapshot);

/* How many files of the directory have @part in their names. */
size_t desk_files(const struct desk *desk, const char *part);

#endif /* DESK_H */

/*
 * dump.h - the dump files: what each capture has counted, for those who fetch files
 *
 * For each capture HOST.CAPTURE.json (dump_json.h) and, if asked for, HOST.CAPTURE.stats
 * (dump_perl.h), in one directory; bytes that do not belong into a name stand in it as
 * %HH. A reader never finds half a file. The files tell of the last interval's end.
 */
#ifndef WC_DUMP_H
#define WC_DUMP_H

struct wc_board;    /* board.h */
struct wc_buffer;   /* buffer.h */
struct wc_error;    /* wirecensus/error.h */
struct wc_snapshot; /* wirecensus/snapshot.h */
struct wc_dump;

/* Begins. Returns NULL when memory is short; freed with wc_dump_free(), which takes NULL, too. */
struct wc_dump *wc_dump_new(void);
void wc_dump_free(struct wc_dump *dump);

/*
 * Call for each snapshot at the end of each interval: the rates of all packets, in the
 * head of a file, are made of them. When memory is short they stay 0.
 */
void wc_dump_count(struct wc_dump *dump, const struct wc_snapshot *snapshot);

/* Forgets these rates: a new run begins, whose counts begin at 0. */
void wc_dump_forget(struct wc_dump *dump);

/*
 * Writes the files of all captures that have ended an interval where the configuration on
 * @board says, and adds their paths to @said, a line each. A file that cannot be written keeps
 * none of the others from it. Waits for the disk. Returns 0; WC_INVALID when no place for
 * dump files is configured, or WC_FAILED, with @error filled in.
 */
int wc_dump_write(const struct wc_dump *dump, const struct wc_board *board, struct wc_buffer *said,
		  struct wc_error *error);

#endif /* WC_DUMP_H */

/*
 * journal_file.h - the journal's file: claimed, made, set aside
 */
#ifndef WC_JOURNAL_FILE_H
#define WC_JOURNAL_FILE_H

struct wc_error; /* wirecensus/error.h */

/* Damaged files that are kept: a disk that goes on damaging fills nothing. */
#define WC_JOURNAL_ASIDE 3

/*
 * Resolves @path's directory and locks PATH.lock beside it, so that no second process writes. The
 * lock ends with the process or wc_journal_file_release(). Returns 0, and the resolved path
 * to be freed; WC_INVALID when another has it or the path is no place for a journal; WC_FAILED.
 */
int wc_journal_file_claim(const char *path, char **resolved, int *lock, struct wc_error *error);
void wc_journal_file_release(int lock);

/*
 * Makes the file, empty and of mode 0640 whatever the umask, unless it is there. Symbolic links and
 * what is no file are refused. Returns as above; errno tells why where it is WC_FAILED.
 */
int wc_journal_file_make(const char *path, struct wc_error *error);

/*
 * Renames @path to PATH.bad-TIME, with its -wal and -shm, and removes what was set aside before the
 * last WC_JOURNAL_ASIDE times. @aside is to be freed. Returns 0 or WC_FAILED with @error filled in.
 */
int wc_journal_file_set_aside(const char *path, char **aside, struct wc_error *error);

/* Removes -wal and -shm of a file that is gone: they would be taken for the next one's. */
void wc_journal_file_clean(const char *path);

#endif /* WC_JOURNAL_FILE_H */

/*
 * lock.h - one daemon per state directory
 *
 * An flock(2) on the directory itself: gone with the process, whatever ended it, and to be had
 * on a disk that is full or cannot be written.
 */
#ifndef WC_LOCK_H
#define WC_LOCK_H

struct wc_error;    /* wirecensus/error.h */
struct wc_identity; /* privileges.h */

/*
 * Takes the lock of @directory, which is made and given to @owner as directory.h has it.
 * Returns a descriptor that holds the lock; WC_INVALID when another daemon has it, or
 * WC_FAILED; both with @error filled in.
 */
int wc_lock_take(const char *directory, const struct wc_identity *owner, struct wc_error *error);

#endif /* WC_LOCK_H */

/*
 * lock.h - one daemon per state directory
 *
 * An flock(2) on the file `lock` in it: gone with the process, whatever ended it.
 */
#ifndef WC_LOCK_H
#define WC_LOCK_H

#include <sys/types.h>

struct wc_error; /* wirecensus/error.h */

/*
 * Takes the lock of @directory, which is made when only its last part is missing and
 * belongs to @owner from then on, if this process may give it away. Returns a
 * descriptor that holds the lock; WC_INVALID when another daemon has it, or
 * WC_FAILED; both with @error filled in.
 */
int wc_lock_take(const char *directory, uid_t owner, gid_t group, struct wc_error *error);

#endif /* WC_LOCK_H */

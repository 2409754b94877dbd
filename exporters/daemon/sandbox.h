/*
 * sandbox.h - the list of system calls that the daemon can still make
 *
 * By seccomp(2): whatever is not on the list ends the process, as that would be
 * somebody else's code. Not there in builds with sanitizers, which need calls of
 * their own, or without libseccomp.
 */
#ifndef WC_SANDBOX_H
#define WC_SANDBOX_H

#include "wirecensus/options.h"

struct wc_error; /* wirecensus/error.h */

/*
 * Confines the calling thread and those that it starts. Returns 0, or WC_FAILED with
 * @error filled in.
 */
int wc_sandbox_enter(enum wc_seccomp mode, struct wc_error *error);

/* Returns "on", or why not, for the log. */
const char *wc_sandbox_state(enum wc_seccomp mode);

#endif /* WC_SANDBOX_H */

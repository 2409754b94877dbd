/*
 * privileges.h - what the daemon gives up once everything is open
 *
 * First who it is and what it may (user, groups, capabilities), then what it can ask
 * of the kernel at all (sandbox.h). All before any thread is started: threads take
 * over what the first one has left.
 */
#ifndef WC_PRIVILEGES_H
#define WC_PRIVILEGES_H

#include <stdbool.h>
#include <sys/types.h>

struct wc_error; /* wirecensus/error.h */

struct wc_identity {
	char *name; /* NULL: stay who we are */
	uid_t uid;
	gid_t group;
};

/*
 * Finds the user called @name, which may be NULL. One that does not exist, or that this
 * process cannot become, means to stay who we are: wc_log() says so. Returns 0 and an
 * identity to be freed with wc_identity_free(), or WC_FAILED (memory).
 */
int wc_identity_find(struct wc_identity *identity, const char *name, struct wc_error *error);
void wc_identity_free(struct wc_identity *identity);

/*
 * Becomes @identity with its groups, gives up every capability in every set, and sees
 * to it that nothing brings one back. Returns 0, or WC_FAILED with @error filled in.
 */
int wc_privileges_drop(const struct wc_identity *identity, struct wc_error *error);

/*
 * Tries what must fail by now: a packet socket, becoming root, a capability. Returns 0,
 * or WC_FAILED with @error filled in: then nothing may go on.
 */
int wc_privileges_check(struct wc_error *error);

#endif /* WC_PRIVILEGES_H */

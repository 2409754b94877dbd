/*
 * passwords.h - is this the user's password?
 *
 * A bcrypt hash takes a tenth of a second on purpose. So a password that was right is known
 * again by a cheaper hash, kept in memory only, and others are tried at a bounded pace: neither
 * a scrape nor a guesser takes the processor away from what counts.
 */
#ifndef WC_PASSWORDS_H
#define WC_PASSWORDS_H

#include <stdint.h>

struct wc_passwords;
struct wc_web_pairs; /* web_config.h */

/* Passwords that are tried in a second; at first, so many at once. */
#define WC_PASSWORDS_PER_SECOND 5

enum wc_password_verdict {
	WC_PASSWORD_RIGHT,
	WC_PASSWORD_WRONG,
	WC_PASSWORD_LATER, /* too many were tried */
};

/* Makes a judge for @users, which stay the caller's and valid; NULL: no memory. */
struct wc_passwords *wc_passwords_new(const struct wc_web_pairs *users);

/* Frees, when no thread asks any more. NULL is allowed. */
void wc_passwords_free(struct wc_passwords *passwords);

/*
 * Judges at the time @now_ns, of any clock that only goes forward. A user who does not exist
 * takes as long as one who does. Any thread.
 */
enum wc_password_verdict wc_passwords_judge(struct wc_passwords *passwords, const char *user,
					    const char *password, uint64_t now_ns);

#endif /* WC_PASSWORDS_H */

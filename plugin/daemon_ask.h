/*
 * daemon_ask.h - one question to the control socket of a running wirecensus daemon
 */
#ifndef WC_DAEMON_ASK_H
#define WC_DAEMON_ASK_H

#include <stddef.h>
#include <stdint.h>

struct wc_error; /* wirecensus/error.h */

/* The longest path of a socket, its NUL included: see unix(7). */
#define WC_DAEMON_PATH 108

/* The longest answer that is taken: the tables of one capture, packed. */
#define WC_DAEMON_ANSWER (256 << 20)

/*
 * Asks the daemon at @path for the last interval of @capture, on a connection of its
 * own. Waits for each step at most 5 s, and no longer than until @wake (an eventfd(2))
 * becomes readable. Returns 0 and bytes that the caller frees with free(), or
 * WC_FAILED with @error filled in.
 */
int wc_daemon_ask(const char *path, const char *capture, int wake, uint8_t **bytes, size_t *size,
		  struct wc_error *error);

#endif /* WC_DAEMON_ASK_H */

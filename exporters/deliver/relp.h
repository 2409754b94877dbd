/*
 * relp.h - the client's side of RELP: bytes to send, and bytes that came
 *
 * RELP (rsyslog.com/doc/relp.html) numbers each command, and the server answers
 * each by its number once it has taken responsibility for it. Frames are
 * "NUMBER COMMAND LENGTH DATA\n". Knows no socket; all its memory is in it.
 */
#ifndef WC_RELP_H
#define WC_RELP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_error; /* wirecensus/error.h */
struct wc_relp;

/* Commands that wait for an answer, at most: as many as librelp's own clients have. */
#define WC_RELP_WINDOW 128

/* The longest message: a server takes 128 KiB by default, and rsyslogd uses fewer of them. */
#define WC_RELP_LONGEST 65536

/* What a frame adds to it, at most. */
#define WC_RELP_FRAME 64

/* Makes a session that is not open yet. Returns NULL when memory is short. */
struct wc_relp *wc_relp_new(void);

/* Frees @relp. NULL is allowed. */
void wc_relp_free(struct wc_relp *relp);

/* Forgets everything: for a new connection. */
void wc_relp_clear(struct wc_relp *relp);

/*
 * Frames the next command: first of all "open", then each message, at last
 * "close". Returns how many bytes to send and where they are until the next call.
 */
size_t wc_relp_open(struct wc_relp *relp, const char **frame);
size_t wc_relp_message(struct wc_relp *relp, const void *message, size_t length,
		       const char **frame);
size_t wc_relp_close(struct wc_relp *relp, const char **frame);

/*
 * Reads what came. @sent: commands that have left as a whole. Returns 0, or
 * WC_FAILED with @error filled in: the server refuses, ends, or does not speak RELP.
 */
int wc_relp_hear(struct wc_relp *relp, const char *bytes, size_t length, uint64_t sent,
		 struct wc_error *error);

/* True if there is room in the window, and the session is open. */
bool wc_relp_ready(const struct wc_relp *relp);

/* True once the server has agreed to "open". */
bool wc_relp_is_open(const struct wc_relp *relp);

/* Returns how many commands are answered, "open" included, and all before them, too. */
uint64_t wc_relp_answered(const struct wc_relp *relp);

#endif /* WC_RELP_H */

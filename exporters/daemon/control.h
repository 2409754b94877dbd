/*
 * control.h - the control socket's server
 *
 * Runs in the main thread beside the interval clock and never waits: limits on
 * clients, length of a line, idle time and size of what is queued for a client that
 * does not read. Who may ask what is told by SO_PEERCRED and SO_PEERGROUPS.
 */
#ifndef WC_CONTROL_H
#define WC_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pollfd;    /* poll.h */
struct wc_buffer; /* buffer.h */
struct wc_error;  /* wirecensus/error.h */
struct wc_board;  /* board.h */
struct wc_control;

/* Descriptors that the server waits for, at most: itself and its clients. */
#define WC_CONTROL_FDS 9

/* What a verb needs done by the daemon itself. */
struct wc_control_actions {
	void *arg;
	/* Each returns 0, or a negative code with @error filled in; @said gets lines for the
	 * client. */
	int (*reload)(void *arg, struct wc_buffer *said, struct wc_error *error);
	int (*dump)(void *arg, bool reset, struct wc_buffer *said, struct wc_error *error);
};

/*
 * Listens at @path, whose directory must be there; a socket left behind by a daemon
 * that died is replaced, one that answers is not. @group may read; NULL: none.
 * @board and @actions stay the caller's. Returns 0, WC_INVALID when another daemon
 * listens there, or WC_FAILED; with @error filled in.
 */
int wc_control_open(struct wc_control **control, const char *path, const char *group,
		    const struct wc_board *board, const struct wc_control_actions *actions,
		    struct wc_error *error);

/*
 * Gives the socket to @owner, as whom we go on: its owner may ask for everything, and must be able
 * to connect. Returns 0, or WC_FAILED with @error filled in.
 */
int wc_control_give(const struct wc_control *control, uid_t owner, struct wc_error *error);

void wc_control_close(struct wc_control *control);

/* What to poll for and until when (steady ns); returns how many descriptors. */
size_t wc_control_wait(struct wc_control *control, struct pollfd *fds, uint64_t *deadline_ns);

/* Accepts, reads, answers, as far as it can at once. */
void wc_control_work(struct wc_control *control, uint64_t now_ns);

#endif /* WC_CONTROL_H */

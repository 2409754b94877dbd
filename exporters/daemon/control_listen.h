/*
 * control_listen.h - the socket file on which the control server listens
 */
#ifndef WC_CONTROL_LISTEN_H
#define WC_CONTROL_LISTEN_H

#include <sys/types.h>

struct wc_error; /* wirecensus/error.h */

/* What was made: to be removed by the one who made it. */
struct wc_control_socket {
	int fd; /* listens; does not block */
	dev_t device;
	ino_t inode;
};

/*
 * Makes @path, mode 0660 for @group, or 0600 where that is WC_CONTROL_NOBODY; nobody else
 * can connect meanwhile. Results as wc_control_open().
 */
int wc_control_listen(struct wc_control_socket *made, const char *path, gid_t group,
		      struct wc_error *error);

/* Closes it, and removes @path if that is still what was made. */
void wc_control_unlisten(const struct wc_control_socket *made, const char *path);

#endif /* WC_CONTROL_LISTEN_H */

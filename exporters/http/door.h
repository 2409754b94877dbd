/*
 * door.h - the thread that lets callers in, one after the other
 *
 * The library would take whoever comes, by all its threads at once, and could then only send
 * away those who are too many. Here nobody is taken before there is a place for him: all others
 * wait in the kernel's queue, in the order in which they came.
 */
#ifndef WC_DOOR_H
#define WC_DOOR_H

#include <stdbool.h>
#include <sys/socket.h>

struct wc_callers; /* callers.h */
struct wc_door;
struct wc_error; /* wirecensus/error.h */

/*
 * Takes over @fd, which has entered. Returns false when it could not, and has closed it. Called
 * by the door's thread with the door's argument.
 */
typedef bool wc_door_way(void *arg, int fd, const struct sockaddr *address, socklen_t length);

/*
 * Lets those who come to the socket @listening, which does not block, enter among @callers.
 * Both stay the caller's. Returns 0 and a door, or WC_FAILED with @error filled in.
 */
int wc_door_open(struct wc_door **door, int listening, struct wc_callers *callers, wc_door_way *way,
		 void *arg, struct wc_error *error);

/* From now on all wait. NULL is allowed. */
void wc_door_close(struct wc_door *door);

#endif /* WC_DOOR_H */

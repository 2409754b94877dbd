#include "door.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "callers.h"
#include "wirecensus/error.h"
#include "wirecensus/thread.h"
#include "world.h"

/* When somebody stands in the door: how often a place is looked for. */
#define AGAIN_MS 5

/* There is no descriptor left, or no memory: how long to wait for some. */
#define SHORT_MS 100

struct wc_door {
	int listening;
	struct wc_callers *callers;
	wc_door_way *way;
	void *arg;
	int closing; /* eventfd(2) */
	pthread_t thread;
};

/* Waits for @fd, -1 for nothing, so many milliseconds, -1 for ever. False: the door closes. */
static bool wait_for(const struct wc_door *door, int fd, int milliseconds)
{
	struct pollfd fds[] = {{.fd = door->closing, .events = POLLIN},
			       {.fd = fd, .events = POLLIN}};

	poll(fds, 2, milliseconds);
	return !fds[0].revents;
}

static void let_in(const struct wc_door *door, int fd, const struct sockaddr *address,
		   socklen_t length)
{
	struct wc_caller *caller;

	while (!(caller = wc_callers_enter(door->callers, fd, address,
					   wc_world_real.steady(NULL)))) {
		if (!wait_for(door, -1, AGAIN_MS)) {
			close(fd);
			return;
		}
	}
	if (!door->way(door->arg, fd, address, length))
		wc_callers_leave(door->callers, caller);
}

static void take_one(const struct wc_door *door)
{
	struct sockaddr_storage address = {0};
	socklen_t length = sizeof(address);
	int fd = accept4(door->listening, (struct sockaddr *)&address, &length,
			 SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0)
		let_in(door, fd, (const struct sockaddr *)&address, length);
	else if (errno != EAGAIN && errno != ECONNABORTED)
		wait_for(door, -1, SHORT_MS);
}

static void *stand(void *arg)
{
	const struct wc_door *door = arg;

	while (wait_for(door, door->listening, -1))
		take_one(door);
	return NULL;
}

static int fail(int reason, struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED, "http: nobody can be let in: %s", strerror(reason));
}

int wc_door_open(struct wc_door **door, int listening, struct wc_callers *callers, wc_door_way *way,
		 void *arg, struct wc_error *error)
{
	struct wc_door *made = calloc(1, sizeof(*made));
	int status;

	if (!made)
		return wc_error_no_memory(error, "for the door of http");
	*made = (struct wc_door){
		.listening = listening,
		.callers = callers,
		.way = way,
		.arg = arg,
		.closing = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};
	status = made->closing < 0 ? errno : wc_thread_start(&made->thread, stand, made);
	if (!status) {
		*door = made;
		return WC_OK;
	}
	if (made->closing >= 0)
		close(made->closing);
	free(made);
	return fail(status, error);
}

void wc_door_close(struct wc_door *door)
{
	if (!door)
		return;
	eventfd_write(door->closing, 1);
	pthread_join(door->thread, NULL);
	close(door->closing);
	free(door);
}

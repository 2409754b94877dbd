#include "control.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control_client.h"
#include "control_listen.h"
#include "control_peer.h"
#include "control_protocol.h"
#include "control_verbs.h"
#include "wirecensus/error.h"

#define NS_PER_MS UINT64_C(1000000)
#define IDLE_NS   (WC_CONTROL_IDLE_MS * NS_PER_MS)

/* Connections taken at once; those behind them wait for the next turn. */
#define ACCEPTS (2 * WC_CONTROL_CLIENTS)

/* While there is no descriptor for who waits outside, the door is left alone for so long. */
#define PAUSE_NS (1000 * NS_PER_MS)

/* While answers of so many bytes wait for clients that do not read, there are no large ones. */
#define QUEUED_MAX (16u << 20)

_Static_assert(WC_CONTROL_FDS == 1 + WC_CONTROL_CLIENTS, "the server itself and its clients");

struct wc_control {
	struct wc_control_socket socket;
	char *path, *group;
	gid_t group_id;
	const struct wc_board *board;
	const struct wc_control_actions *actions;
	struct wc_control_client clients[WC_CONTROL_CLIENTS];
	uint64_t paused_ns; /* until then nobody is let in; 0: now */
};

/* ---- opening and closing ---- */

static int find_group(struct wc_control *control, const char *name, struct wc_error *error)
{
	const struct group *group;

	control->group_id = WC_CONTROL_NOBODY;
	if (!name)
		return WC_OK;
	group = getgrnam(name);
	if (!group)
		return wc_error_set(
			error, WC_INVALID,
			"there is no group '%s' that could read through the control socket: "
			"make it with 'groupadd --system %s', or name another",
			name, name);
	control->group_id = group->gr_gid;
	control->group = strdup(name);
	return control->group ? WC_OK
			      : wc_error_set(error, WC_FAILED, "there is not enough memory");
}

static void free_control(struct wc_control *control)
{
	free(control->path);
	free(control->group);
	free(control);
}

int wc_control_open(struct wc_control **made, const char *path, const char *group,
		    const struct wc_board *board, const struct wc_control_actions *actions,
		    struct wc_error *error)
{
	struct wc_control *control = calloc(1, sizeof(*control));
	int status = WC_OK;

	if (control)
		control->path = strdup(path);
	if (!control || !control->path)
		status = wc_error_no_memory(error, "for the control socket");
	if (!status)
		status = find_group(control, group, error);
	if (!status)
		status = wc_control_listen(&control->socket, path, control->group_id, error);
	if (status) {
		if (control)
			free_control(control);
		return status;
	}
	control->board = board;
	control->actions = actions;
	for (size_t i = 0; i < WC_CONTROL_CLIENTS; i++)
		control->clients[i].fd = -1;
	*made = control;
	return WC_OK;
}

int wc_control_give(const struct wc_control *control, uid_t owner, struct wc_error *error)
{
	if (!lchown(control->path, owner, (gid_t)-1))
		return WC_OK;
	return wc_error_set(error, WC_FAILED, "cannot give the control socket '%s' to its user: %m",
			    control->path);
}

void wc_control_close(struct wc_control *control)
{
	if (!control)
		return;
	for (size_t i = 0; i < WC_CONTROL_CLIENTS; i++)
		if (control->clients[i].fd >= 0)
			wc_control_client_leave(&control->clients[i]);
	wc_control_unlisten(&control->socket, control->path);
	free_control(control);
}

/* ---- who comes in ---- */

/*
 * Returns a free place; or that of the client who waits for nothing and has been silent
 * for longest: whoever asks finds room, however many only sit there. Or that of one who
 * does not take his answer and may do less than the new one. NULL when there is none.
 */
static struct wc_control_client *find_place(struct wc_control *control,
					    enum wc_control_rights rights)
{
	struct wc_control_client *silent = NULL, *slow = NULL;

	for (size_t i = 0; i < WC_CONTROL_CLIENTS; i++) {
		struct wc_control_client *client = &control->clients[i];
		struct wc_control_client **kind =
			wc_control_client_queued(client) ? &slow : &silent;

		if (client->fd < 0)
			return client;
		if (wc_control_client_queued(client) && client->rights >= rights)
			continue;
		if (!*kind || client->active_ns < (*kind)->active_ns)
			*kind = client;
	}
	return silent ? silent : slow;
}

/* Says why somebody cannot come in, if that can be done at once. */
static void turn_away(int fd, const struct wc_error *reason)
{
	struct wc_answer answer = {{0}, {0}};

	wc_answer_refuse(&answer, WC_FAILED, reason);
	if (!answer.head.failed)
		send(fd, answer.head.data, answer.head.length, MSG_DONTWAIT | MSG_NOSIGNAL);
	wc_answer_free(&answer);
	close(fd);
}

static void let_in(struct wc_control *control, int fd, uint64_t now_ns)
{
	enum wc_control_rights rights = wc_control_peer_rights(fd, control->group_id);
	struct wc_control_client *place = find_place(control, rights);
	struct wc_error error;

	if (rights == WC_CONTROL_NONE) {
		wc_error_set(&error, WC_FAILED,
			     "only root, the daemon's own user%s%s are answered here",
			     control->group ? " and members of the group " : "",
			     control->group ? control->group : "");
		turn_away(fd, &error);
	} else if (!place) {
		wc_error_set(&error, WC_FAILED, "the daemon is busy with others: try again");
		turn_away(fd, &error);
	} else {
		if (place->fd >= 0)
			wc_control_client_leave(place);
		*place =
			(struct wc_control_client){.fd = fd, .rights = rights, .active_ns = now_ns};
	}
}

static void accept_some(struct wc_control *control, uint64_t now_ns)
{
	if (now_ns < control->paused_ns)
		return;
	control->paused_ns = 0;
	for (int i = 0; i < ACCEPTS; i++) {
		int fd = accept4(control->socket.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0)
			let_in(control, fd, now_ns);
		else if (errno != ECONNABORTED && errno != EINTR) {
			/* Who cannot be let in stays outside, and poll(2) would never wait. */
			if (errno != EAGAIN)
				control->paused_ns = now_ns + PAUSE_NS;
			return;
		}
	}
}

/* ---- one turn ---- */

static bool is_busy(const struct wc_control *control)
{
	size_t bytes = 0;

	for (size_t i = 0; i < WC_CONTROL_CLIENTS; i++)
		if (control->clients[i].fd >= 0)
			bytes += wc_control_client_queued(&control->clients[i]);
	return bytes > QUEUED_MAX;
}

/* One turn: at most one answer, so that nobody has the daemon for himself. */
static void serve(const struct wc_control *control, struct wc_control_client *client,
		  uint64_t now_ns)
{
	bool there = wc_control_client_write(client, now_ns);

	if (there && !wc_control_client_queued(client) && !client->leaving) {
		there = wc_control_client_read(client, now_ns);
		if (there) {
			wc_control_client_answer(client, is_busy(control), control->board,
						 control->actions);
			there = wc_control_client_write(client, now_ns);
		}
	}
	if (!there || (client->leaving && !wc_control_client_queued(client)) ||
	    now_ns >= client->active_ns + IDLE_NS)
		wc_control_client_leave(client);
}

/* ---- what the main thread calls ---- */

size_t wc_control_wait(struct wc_control *control, struct pollfd *fds, uint64_t *deadline_ns)
{
	size_t count = 0;

	*deadline_ns = UINT64_MAX;
	fds[count++] = (struct pollfd){.fd = control->socket.fd, .events = POLLIN};
	if (control->paused_ns) {
		fds[0].fd = -1;
		*deadline_ns = control->paused_ns;
	}
	for (size_t i = 0; i < WC_CONTROL_CLIENTS; i++) {
		const struct wc_control_client *client = &control->clients[i];
		uint64_t until = client->active_ns + IDLE_NS;

		if (client->fd < 0)
			continue;
		if (!wc_control_client_queued(client) && wc_control_client_asks(client))
			until = 0; /* the next of several requests waits for its turn */
		if (until < *deadline_ns)
			*deadline_ns = until;
		fds[count++] = (struct pollfd){.fd = client->fd,
					       .events = wc_control_client_queued(client) ? POLLOUT
											  : POLLIN};
	}
	return count;
}

void wc_control_work(struct wc_control *control, uint64_t now_ns)
{
	accept_some(control, now_ns);
	for (size_t i = 0; i < WC_CONTROL_CLIENTS; i++)
		if (control->clients[i].fd >= 0)
			serve(control, &control->clients[i], now_ns);
}

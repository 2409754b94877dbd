#include "control_client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "wirecensus/error.h"

size_t wc_control_client_queued(const struct wc_control_client *client)
{
	return client->answer.head.length + client->answer.body.length - client->sent;
}

static const char *line_end(const struct wc_control_client *client)
{
	return memchr(client->line, '\n', client->length);
}

bool wc_control_client_asks(const struct wc_control_client *client)
{
	return client->ended || line_end(client);
}

void wc_control_client_leave(struct wc_control_client *client)
{
	close(client->fd);
	client->fd = -1;
	wc_answer_free(&client->answer);
}

bool wc_control_client_write(struct wc_control_client *client, uint64_t now_ns)
{
	struct wc_buffer *head = &client->answer.head, *body = &client->answer.body;

	while (wc_control_client_queued(client)) {
		size_t of_head = client->sent < head->length ? head->length - client->sent : 0;
		size_t of_body = of_head ? 0 : client->sent - head->length;
		struct iovec parts[] = {
			{of_head ? head->data + client->sent : NULL, of_head},
			{body->length ? body->data + of_body : NULL, body->length - of_body},
		};
		struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
		ssize_t sent = sendmsg(client->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent < 0)
			return errno == EAGAIN || errno == EINTR;
		client->sent += (size_t)sent;
		client->active_ns = now_ns;
	}
	wc_answer_free(&client->answer);
	client->sent = 0;
	return true;
}

bool wc_control_client_read(struct wc_control_client *client, uint64_t now_ns)
{
	ssize_t got;

	if (client->ended || line_end(client) || client->length == sizeof(client->line))
		return true;
	got = recv(client->fd, client->line + client->length, sizeof(client->line) - client->length,
		   MSG_DONTWAIT);
	if (got < 0)
		return errno == EAGAIN || errno == EINTR;
	client->ended = got == 0;
	client->length += (size_t)got;
	if (got)
		client->active_ns = now_ns;
	return true;
}

static void refuse_long(struct wc_control_client *client)
{
	struct wc_error error;

	wc_error_set(&error, WC_INVALID, "a request is longer than %d bytes", WC_CONTROL_LINE);
	wc_answer_refuse(&client->answer, WC_INVALID, &error);
	client->length = 0;
	client->leaving = true;
}

void wc_control_client_answer(struct wc_control_client *client, bool busy,
			      const struct wc_board *board,
			      const struct wc_control_actions *actions)
{
	const struct wc_asker asker = {client->rights, busy};
	const char *end = line_end(client);
	size_t length;

	if (!end) {
		if (client->length == sizeof(client->line))
			refuse_long(client);
		else if (client->ended)
			client->leaving = true;
		return;
	}
	length = (size_t)(end - client->line);
	wc_answer_make(&client->answer, client->line, length, &asker, board, actions);
	client->length -= length + 1;
	memmove(client->line, end + 1, client->length);
	client->leaving |= client->answer.head.failed;
}

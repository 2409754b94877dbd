#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel.h"
#include "wirecensus/error.h"

int wc_channel_ended(struct wc_error *error, int number)
{
	if (!number)
		return wc_error_set(error, WC_FAILED,
				    "the collector closed the connection; see its log");
	return wc_error_set(error, WC_FAILED, "the connection ended: %s; check the collector",
			    strerror(number));
}

static int shake(struct wc_channel *channel, uint64_t now_ns, struct wc_error *error)
{
	(void)channel;
	(void)now_ns;
	(void)error;
	return 1;
}

static ssize_t put(struct wc_channel *channel, const void *bytes, size_t length,
		   struct wc_error *error)
{
	ssize_t sent;

	do
		sent = send(channel->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return errno == EAGAIN ? 0 : wc_channel_ended(error, errno);
	channel->written += (uint64_t)sent;
	return sent;
}

static ssize_t take(struct wc_channel *channel, void *bytes, size_t room, struct wc_error *error)
{
	ssize_t got;

	do
		got = recv(channel->fd, bytes, room, MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == EAGAIN ? 0 : wc_channel_ended(error, errno);
	channel->heard += (uint64_t)got;
	return got ? got : wc_channel_ended(error, 0);
}

static void bye(struct wc_channel *channel)
{
	shutdown(channel->fd, SHUT_WR);
}

static void plain_free(struct wc_channel *channel)
{
	close(channel->fd);
	free(channel);
}

static const struct wc_channel_ops plain = {
	.shake = shake, .put = put, .take = take, .bye = bye, .free = plain_free};

struct wc_channel *wc_channel_plain(int fd, struct wc_error *error)
{
	struct wc_channel *channel = calloc(1, sizeof(*channel));

	if (!channel) {
		close(fd);
		wc_error_set(error, WC_FAILED, "no memory for a connection");
		return NULL;
	}
	*channel = (struct wc_channel){.ops = &plain, .fd = fd, .events = POLLOUT};
	return channel;
}

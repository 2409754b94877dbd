#include "connection.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "channel.h"
#include "dial.h"
#include "kinds.h"
#include "place.h"
#include "wirecensus/error.h"

struct wc_connection {
	const struct wc_place *place;
	struct wc_tls_identity *identity;
	uint64_t patience_ns, now_ns;
	struct wc_dial *dial;       /* until it is connected */
	struct wc_channel *channel; /* from then on */
	uint64_t deadline_ns;       /* of the handshake */
};

struct wc_connection *wc_connection_new(const struct wc_place *place,
					struct wc_tls_identity *identity, uint64_t patience_ns,
					uint64_t now_ns)
{
	struct wc_dial_plan plan = {
		.place = place, .type = SOCK_STREAM, .patience_ns = patience_ns};
	struct wc_connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		return NULL;
	connection->place = place;
	connection->identity = identity;
	connection->patience_ns = patience_ns;
	connection->now_ns = now_ns;
	connection->dial = wc_dial_new(&plan, now_ns);
	if (connection->dial)
		return connection;
	free(connection);
	return NULL;
}

void wc_connection_free(struct wc_connection *connection)
{
	if (!connection)
		return;
	wc_dial_free(connection->dial);
	if (connection->channel)
		connection->channel->ops->free(connection->channel);
	free(connection);
}

static int dial(struct wc_connection *connection, struct wc_error *error)
{
	int fd, status = wc_dial_work(connection->dial, connection->now_ns, &fd, error);

	if (status != 1)
		return status;
	wc_dial_free(connection->dial);
	connection->dial = NULL;
	connection->deadline_ns = connection->now_ns + connection->patience_ns;
	connection->channel = connection->identity ? wc_channel_tls(fd, connection->identity, error)
						   : wc_channel_plain(fd, error);
	return connection->channel ? 1 : wc_delivery_failed(connection->place, error);
}

static int shake(struct wc_connection *connection, struct wc_error *error)
{
	struct wc_channel *channel = connection->channel;
	int status = channel->ops->shake(channel, connection->now_ns, error);

	if (status < 0)
		return wc_delivery_failed(connection->place, error);
	if (status == 0 && connection->now_ns >= connection->deadline_ns)
		return wc_error_set(error, WC_FAILED,
				    "%s: the handshake did not end in time; check that the "
				    "collector speaks TLS there",
				    connection->place->text);
	return status;
}

int wc_connection_work(struct wc_connection *connection, uint64_t now_ns,
		       struct wc_channel **channel, struct wc_error *error)
{
	int status = 1;

	connection->now_ns = now_ns;
	if (connection->dial)
		status = dial(connection, error);
	if (status == 1)
		status = shake(connection, error);
	if (status == 1) {
		*channel = connection->channel;
		connection->channel = NULL;
	}
	return status;
}

size_t wc_connection_wait(struct wc_connection *connection, struct pollfd *fds,
			  uint64_t *deadline_ns)
{
	const struct wc_channel *channel = connection->channel;

	if (connection->dial)
		return wc_dial_wait(connection->dial, fds, deadline_ns);
	*deadline_ns = connection->deadline_ns;
	if (channel->wake_ns && channel->wake_ns < *deadline_ns)
		*deadline_ns = channel->wake_ns;
	fds[0] = (struct pollfd){.fd = channel->fd, .events = channel->events};
	return 1;
}

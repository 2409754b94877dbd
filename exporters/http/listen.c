#include "listen.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wirecensus/address.h"
#include "wirecensus/error.h"

static int fail(const char *host, uint16_t port, int fd, struct wc_error *error)
{
	int reason = errno;

	if (fd >= 0)
		close(fd);
	return wc_error_set(error, WC_FAILED, "http: cannot listen at %s port %u: %s", host, port,
			    strerror(reason));
}

int wc_listen(const struct wc_address *address, uint16_t port, struct wc_error *error)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM,
	};
	char host[WC_ADDRESS_TEXT], service[8];
	struct addrinfo *found;
	int fd, on = 1;

	wc_address_format(address, host);
	snprintf(service, sizeof(service), "%u", port);
	if (getaddrinfo(host, service, &hints, &found))
		return wc_error_set(error, WC_FAILED, "http: '%s' is no address here", host);
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 &&
	    (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	     bind(fd, found->ai_addr, found->ai_addrlen) || listen(fd, WC_LISTEN_BACKLOG))) {
		freeaddrinfo(found);
		return fail(host, port, fd, error);
	}
	freeaddrinfo(found);
	return fd >= 0 ? fd : fail(host, port, fd, error);
}

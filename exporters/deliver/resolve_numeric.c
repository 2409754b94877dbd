/* The hosts of resolve.h that need no look-up. */
#include <netdb.h>
#include <string.h>
#include <strings.h>

#include "resolve.h"

static bool add(struct wc_resolved *resolved, const char *host, const char *port)
{
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *list;
	struct wc_resolved_address *item = &resolved->item[resolved->count];

	if (getaddrinfo(host, port, &hints, &list))
		return false;
	memcpy(&item->address, list->ai_addr, list->ai_addrlen);
	item->length = list->ai_addrlen;
	resolved->count++;
	freeaddrinfo(list);
	return true;
}

bool wc_resolve_numeric(struct wc_resolved *resolved, const char *host, const char *port)
{
	resolved->count = 0;
	if (strcasecmp(host, "localhost") != 0)
		return add(resolved, host, port);
	/* IPv4 first: who listens for IPv6 on all addresses listens for IPv4, too. */
	add(resolved, "127.0.0.1", port);
	add(resolved, "::1", port);
	return true;
}

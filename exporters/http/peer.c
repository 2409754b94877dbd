#include "peer.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static struct wc_address address_v6(const struct in6_addr *bytes)
{
	struct wc_address address = wc_address_v6(bytes->s6_addr);

	if (IN6_IS_ADDR_V4MAPPED(bytes))
		return wc_address_v4(bytes->s6_addr + 12);
	address.low = 0;
	return address;
}

struct wc_address wc_peer_address(const struct sockaddr *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		return wc_address_v4((const uint8_t *)&v4.sin_addr);
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&v6, address, sizeof(v6));
		return address_v6(&v6.sin6_addr);
	}
	return (struct wc_address){0};
}

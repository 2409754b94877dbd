#include "packet_socket.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdint.h>
#include <sys/socket.h>

static int bind_to(int fd, uint16_t protocol, unsigned index)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = (int)index,
	};

	return bind(fd, (const struct sockaddr *)&address, sizeof(address));
}

int wc_packet_socket_bind(int fd, unsigned index)
{
	return bind_to(fd, ETH_P_ALL, index);
}

void wc_packet_socket_silence(int fd)
{
	(void)bind_to(fd, WC_PACKET_ETHERTYPE_NONE, 0);
}

int wc_packet_socket_widen(int fd, unsigned index)
{
	const struct packet_mreq membership = {
		.mr_ifindex = (int)index,
		.mr_type = PACKET_MR_PROMISC,
	};

	return setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof(membership));
}

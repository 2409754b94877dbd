#include "dns_query.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <endian.h>
#include <poll.h>
#include <string.h>

#include "dns_servers.h"
#include "reverse_name.h"
#include "wirecensus/address.h"

static void arrived(void *arg, int status, int timeouts, unsigned char *bytes, int length)
{
	struct wc_dns_query *query = arg;

	(void)status;
	(void)timeouts;
	query->done = true;
	if (bytes && length > 0)
		query->verdict = wc_dns_answer_read(bytes, (size_t)length, query->answer);
}

static int set_server(ares_channel channel, const struct wc_dns_server *server)
{
	struct ares_addr_port_node node = {.udp_port = server->port, .tcp_port = server->port};
	uint64_t halves[2] = {htobe64(server->address.high), htobe64(server->address.low)};

	if (server->address.version == 4) {
		node.family = AF_INET;
		node.addr.addr4.s_addr = htonl((uint32_t)server->address.low);
	} else {
		node.family = AF_INET6;
		memcpy(&node.addr.addr6, halves, sizeof(halves));
	}
	return ares_set_servers_ports(channel, &node);
}

/*
 * One server, one try: repeats are the resolver's, which paces them. The flags
 * hand every message on, truncated ones and errors too. All that a channel would
 * else look up in the system's files is given, so that it opens none.
 */
static int open_channel(ares_channel *channel, const struct wc_dns_query_plan *plan)
{
	struct in_addr placeholder = {htonl(INADDR_LOOPBACK)};
	struct ares_options options = {
		.flags = ARES_FLAG_IGNTC | ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH |
			 ARES_FLAG_NOALIASES | (plan->tcp ? ARES_FLAG_USEVC : 0),
		.timeout = (int)plan->milliseconds,
		.tries = 1,
		.ndots = 1,
		.servers = &placeholder,
		.nservers = 1,
		.lookups = (char[]){"b"},
	};
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
		   ARES_OPT_SERVERS | ARES_OPT_DOMAINS | ARES_OPT_SORTLIST | ARES_OPT_LOOKUPS |
		   ARES_OPT_NOROTATE;
	int status = ares_init_options(channel, &options, mask);

	if (status) {
		*channel = NULL;
		return status;
	}
	return set_server(*channel, plan->server);
}

void wc_dns_query_start(struct wc_dns_query *query, const struct wc_dns_query_plan *plan,
			struct wc_dns_answer *answer)
{
	char name[WC_REVERSE_SIZE];

	*query = (struct wc_dns_query){.answer = answer, .verdict = WC_DNS_NONE};
	if (open_channel(&query->channel, plan))
		query->done = true;
	else
		ares_query(query->channel, wc_reverse_name(plan->address, name), ns_c_in, ns_t_ptr,
			   arrived, query);
}

size_t wc_dns_query_sockets(const struct wc_dns_query *query, struct pollfd *sockets)
{
	ares_socket_t open[WC_DNS_QUERY_SOCKETS];
	unsigned bits = (unsigned)ares_getsock(query->channel, open, WC_DNS_QUERY_SOCKETS);
	size_t count = 0;

	for (unsigned i = 0; i < WC_DNS_QUERY_SOCKETS; i++) {
		short events = (short)((ARES_GETSOCK_READABLE(bits, i) ? POLLIN : 0) |
				       (ARES_GETSOCK_WRITABLE(bits, i) ? POLLOUT : 0));

		if (events)
			sockets[count++] = (struct pollfd){.fd = open[i], .events = events};
	}
	return count;
}

int wc_dns_query_timeout(const struct wc_dns_query *query)
{
	struct timeval left, *known = ares_timeout(query->channel, NULL, &left);

	return known ? (int)(known->tv_sec * 1000 + (known->tv_usec + 999) / 1000) : 0;
}

void wc_dns_query_process(struct wc_dns_query *query, const struct pollfd *sockets, size_t count)
{
	for (size_t i = 0; i < count && !query->done; i++) {
		bool read = sockets[i].revents & ~POLLOUT, write = sockets[i].revents & POLLOUT;

		if (read || write)
			ares_process_fd(query->channel, read ? sockets[i].fd : ARES_SOCKET_BAD,
					write ? sockets[i].fd : ARES_SOCKET_BAD);
	}
	if (!query->done)
		ares_process_fd(query->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void wc_dns_query_stop(struct wc_dns_query *query)
{
	if (query->channel)
		ares_destroy(query->channel);
	query->channel = NULL;
}

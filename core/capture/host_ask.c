#include "host_ask.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <sys/socket.h>

/* rtnetlink fills the reader's buffer up to 32 KiB; one link of many functions may need it. */
#define BUFFER_SIZE 65536

#define SEQUENCE 1

struct asking {
	wc_host_each *each;
	void *user;
};

static int take(const struct nlmsghdr *message, void *user)
{
	const struct asking *asking = user;

	asking->each(message, asking->user);
	return message->nlmsg_flags & NLM_F_MULTI ? MNL_CB_OK : MNL_CB_STOP;
}

/* A process that we are loaded into may have handlers of signals that interrupt. */
static ssize_t say(const struct mnl_socket *socket, const struct nlmsghdr *message)
{
	ssize_t size;

	do
		size = mnl_socket_sendto(socket, message, message->nlmsg_len);
	while (size < 0 && errno == EINTR);
	return size;
}

static ssize_t hear(const struct mnl_socket *socket, char *buffer)
{
	ssize_t size;

	do
		size = mnl_socket_recvfrom(socket, buffer, BUFFER_SIZE);
	while (size < 0 && errno == EINTR);
	return size;
}

/* Sends the question in @buffer and reads the answer into it. */
static int converse(struct mnl_socket *socket, char *buffer, struct asking *asking)
{
	const struct nlmsghdr *message = (const struct nlmsghdr *)buffer;
	int more = MNL_CB_OK;

	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) || say(socket, message) < 0)
		return -1;
	while (more > MNL_CB_STOP) {
		ssize_t size = hear(socket, buffer);

		if (size < 0)
			return -1;
		more = mnl_cb_run(buffer, (size_t)size, SEQUENCE, mnl_socket_get_portid(socket),
				  take, asking);
	}
	return more;
}

static int ask(uint16_t type, uint16_t flags, unsigned index, struct asking *asking)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	_Alignas(struct nlmsghdr) char buffer[BUFFER_SIZE];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *body = mnl_nlmsg_put_extra_header(message, sizeof(*body));
	int failed, reason;

	if (!socket)
		return -1;
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = SEQUENCE;
	body->ifi_family = AF_UNSPEC;
	body->ifi_index = (int)index;
	failed = converse(socket, buffer, asking);
	reason = errno;
	mnl_socket_close(socket);
	errno = reason;
	return failed;
}

int wc_host_ask_all(uint16_t type, wc_host_each *each, void *user)
{
	return ask(type, NLM_F_DUMP, 0, &(struct asking){each, user});
}

int wc_host_ask_link(unsigned index, wc_host_each *each, void *user)
{
	return ask(RTM_GETLINK, 0, index, &(struct asking){each, user});
}

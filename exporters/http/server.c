/*
 * server.c - the library's daemon: its options, and what it calls
 */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>

#include "callers.h"
#include "listen.h"
#include "tls.h"
#include "web_config.h"
#include "wirecensus/error.h"

static void notify(void *arg, struct MHD_Connection *connection, void **place,
		   enum MHD_ConnectionNotificationCode code)
{
	const union MHD_ConnectionInfo *address;
	struct wc_http *http = arg;
	int fd;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		wc_callers_leave(http->callers, *place);
		return;
	}
	fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	address = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	*place = wc_callers_enter(http->callers, fd, address->client_addr);
	if (!*place)
		shutdown(fd, SHUT_RDWR);
}

/*
 * The first call for a request has its headers only; the last has all of it. What a client
 * sends behind its headers is of no use, and thrown away.
 */
static enum MHD_Result handle(void *arg, struct MHD_Connection *connection, const char *path,
			      const char *method, const char *version, const char *data,
			      size_t *length, void **seen)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct wc_http *http = arg;

	(void)version;
	(void)data;
	if (!*seen) {
		*seen = http;
		return MHD_YES;
	}
	if (*length) {
		*length = 0;
		return MHD_YES;
	}
	if (!info || !info->socket_context)
		return MHD_NO;
	wc_callers_heard(http->callers, info->socket_context);
	return (enum MHD_Result)wc_serve(http, connection, info->socket_context, path, method);
}

/* What the library is told of TLS. */
struct tls {
	char priorities[WC_TLS_PRIORITIES];
	struct MHD_OptionItem options[5];
};

/* NOLINTNEXTLINE(readability-non-const-parameter): the library takes it without const */
static void add(struct tls *tls, size_t *count, enum MHD_OPTION option, char *text)
{
	if (text)
		tls->options[(*count)++] = (struct MHD_OptionItem){option, 0, text};
}

static void fill(struct tls *tls, const struct wc_web_config *web)
{
	size_t count = 0;

	if (web && web->tls) {
		wc_tls_priorities(web, tls->priorities);
		add(tls, &count, MHD_OPTION_HTTPS_MEM_KEY, web->key.text);
		add(tls, &count, MHD_OPTION_HTTPS_MEM_CERT, web->certificate.text);
		add(tls, &count, MHD_OPTION_HTTPS_MEM_TRUST, web->client_ca.text);
		add(tls, &count, MHD_OPTION_HTTPS_PRIORITIES, tls->priorities);
	}
	tls->options[count] = (struct MHD_OptionItem){.option = MHD_OPTION_END};
}

int wc_server_start(struct wc_http *http, struct wc_error *error)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD;
	/* The library shares its bound out among threads; callers.c keeps ours. */
	size_t most = (http->clients + WC_CALLERS_SPARE) * WC_HTTP_THREADS;
	struct tls tls;
	int fd;

	/* The library shuts its copy down at the end, and with it ours, which then listens again.
	 */
	listen(http->listening, WC_LISTEN_BACKLOG);
	fd = fcntl(http->listening, F_DUPFD_CLOEXEC, 0);
	fill(&tls, http->web);
	if (http->web && http->web->tls)
		flags |= MHD_USE_TLS;
	http->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, handle, http, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_THREAD_POOL_SIZE, (unsigned)WC_HTTP_THREADS, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)most, MHD_OPTION_CONNECTION_TIMEOUT, http->timeout,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)WC_HTTP_REQUEST_MAX,
		MHD_OPTION_NOTIFY_CONNECTION, notify, http, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_ARRAY, tls.options, MHD_OPTION_END);
	if (http->daemon)
		return WC_OK;
	return wc_error_set(error, WC_FAILED, "http: the server cannot be started: %s",
			    strerror(errno));
}

void wc_server_stop(struct wc_http *http)
{
	if (!http->daemon)
		return;
	MHD_stop_daemon(http->daemon);
	http->daemon = NULL;
}

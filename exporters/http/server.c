/*
 * server.c - the library's threads: their options, what they call, and who gets which caller
 */
#include "server.h"

#include <errno.h>
#include <microhttpd.h>
#include <string.h>

#include "callers.h"
#include "door.h"
#include "tls.h"
#include "web_config.h"
#include "wirecensus/error.h"
#include "world.h"

static void notify(void *arg, struct MHD_Connection *connection, void **place,
		   enum MHD_ConnectionNotificationCode code)
{
	const union MHD_ConnectionInfo *socket =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct wc_callers *callers = arg;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED)
		wc_callers_leave(callers, *place);
	else
		*place = wc_callers_meet(callers, socket->connect_fd);
}

/* The thread is busy as long as this takes: the door gives new callers to others. */
static enum MHD_Result serve(struct wc_http_thread *thread, struct MHD_Connection *connection,
			     struct wc_caller *caller, const char *path, const char *method)
{
	struct wc_http *http = thread->http;
	int result;

	atomic_store(&thread->busy, true);
	wc_callers_heard(http->callers, caller);
	result = wc_serve(http, connection, caller, path, method);
	wc_callers_answered(http->callers, caller, wc_world_real.steady(NULL));
	atomic_store(&thread->busy, false);
	return (enum MHD_Result)result;
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

	(void)version;
	(void)data;
	if (!*seen) {
		*seen = arg;
		return MHD_YES;
	}
	if (*length) {
		*length = 0;
		return MHD_YES;
	}
	if (!info || !info->socket_context)
		return MHD_NO;
	return serve(arg, connection, info->socket_context, path, method);
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

/* One that waits for connections which the door gives it. NULL: see errno. */
static struct MHD_Daemon *start(struct wc_http_thread *thread)
{
	struct wc_http *http = thread->http;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC;
	/* Never reached: callers.c keeps the bound. */
	size_t most = http->clients + WC_CALLERS_SPARE + 1;
	struct tls tls;

	fill(&tls, http->web);
	if (http->web && http->web->tls)
		flags |= MHD_USE_TLS;
	return MHD_start_daemon(
		flags, 0, NULL, NULL, handle, thread, MHD_OPTION_CONNECTION_LIMIT, (unsigned)most,
		MHD_OPTION_CONNECTION_TIMEOUT, http->timeout, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)WC_HTTP_REQUEST_MAX, MHD_OPTION_NOTIFY_CONNECTION, notify, http->callers,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, tls.options, MHD_OPTION_END);
}

/* One after the other, but none that makes a page, unless all do. */
static struct wc_http_thread *next_thread(struct wc_http *http)
{
	for (int i = 0; i < WC_HTTP_THREADS; i++) {
		http->turn = (http->turn + 1) % WC_HTTP_THREADS;
		if (!atomic_load(&http->threads[http->turn].busy))
			break;
	}
	return &http->threads[http->turn];
}

static bool give(void *arg, int fd, const struct sockaddr *address, socklen_t length)
{
	return MHD_add_connection(next_thread(arg)->daemon, fd, address, length) == MHD_YES;
}

int wc_server_start(struct wc_http *http, struct wc_error *error)
{
	int status = WC_OK;

	for (int i = 0; i < WC_HTTP_THREADS && !status; i++) {
		struct wc_http_thread *thread = &http->threads[i];

		thread->http = http;
		thread->daemon = start(thread);
		if (!thread->daemon)
			status = wc_error_set(error, WC_FAILED,
					      "http: the server cannot be started: %s",
					      strerror(errno));
	}
	if (!status)
		status = wc_door_open(&http->door, http->listening, http->callers, give, http,
				      error);
	if (status)
		wc_server_stop(http);
	return status;
}

void wc_server_stop(struct wc_http *http)
{
	wc_door_close(http->door);
	http->door = NULL;
	for (int i = 0; i < WC_HTTP_THREADS; i++) {
		if (http->threads[i].daemon)
			MHD_stop_daemon(http->threads[i].daemon);
		http->threads[i].daemon = NULL;
	}
	wc_callers_clear(http->callers);
}

#include "daemon_ask.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wirecensus/error.h"

#define PATIENCE_MS 5000

/* The longest line of an answer, its newline included. */
#define LINE_SIZE 2048

struct asking {
	const char *path;
	int fd;
	int wake;
	struct wc_error *error;
};

static int fail(const struct asking *asking, const char *what)
{
	return wc_error_set(asking->error, WC_FAILED,
			    "the daemon at %s %s: is `wirecensus daemon` running, and its control "
			    "socket there?",
			    asking->path, what);
}

static int fail_by_errno(const struct asking *asking, const char *what)
{
	return wc_error_set(asking->error, WC_FAILED,
			    "the daemon at %s cannot be %s: %s; is `wirecensus daemon` running, "
			    "and may this user read its control socket?",
			    asking->path, what, strerror(errno));
}

/* Waits for @events. */
static int await(const struct asking *asking, short events)
{
	struct pollfd fds[] = {{.fd = asking->fd, .events = events},
			       {.fd = asking->wake, .events = POLLIN}};
	int ready = poll(fds, 2, PATIENCE_MS);

	if (ready < 0 && errno != EINTR)
		return fail_by_errno(asking, "waited for");
	if (ready == 0)
		return fail(asking, "does not answer");
	return fds[1].revents ? fail(asking, "is asked no more") : WC_OK;
}

static int open_connection(struct asking *asking)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	asking->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (asking->fd < 0)
		return fail_by_errno(asking, "asked");
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", asking->path);
	/* A full queue of connections is told by EAGAIN: another time. */
	if (connect(asking->fd, (const struct sockaddr *)&address, sizeof(address)))
		return fail_by_errno(asking, "asked");
	return WC_OK;
}

static int send_all(const struct asking *asking, const char *bytes, size_t size)
{
	while (size) {
		ssize_t sent = send(asking->fd, bytes, size, MSG_NOSIGNAL);
		int failed;

		if (sent >= 0) {
			bytes += sent;
			size -= (size_t)sent;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return fail_by_errno(asking, "asked");
		failed = await(asking, POLLOUT);
		if (failed)
			return failed;
	}
	return WC_OK;
}

/* Reads some bytes, at most @size. Returns how many, or a negative code. */
static ssize_t read_some(const struct asking *asking, void *bytes, size_t size)
{
	for (;;) {
		ssize_t got = recv(asking->fd, bytes, size, 0);
		int failed;

		if (got > 0)
			return got;
		if (got == 0)
			return fail(asking, "broke off its answer");
		if (errno != EAGAIN && errno != EINTR)
			return fail_by_errno(asking, "read");
		failed = await(asking, POLLIN);
		if (failed)
			return failed;
	}
}

static int read_all(const struct asking *asking, uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t got = read_some(asking, bytes, size);

		if (got < 0)
			return (int)got;
		bytes += got;
		size -= (size_t)got;
	}
	return WC_OK;
}

/* Byte by byte, so that nothing behind the line is taken: it is short. */
static int read_line(const struct asking *asking, char line[static LINE_SIZE])
{
	for (size_t length = 0; length < LINE_SIZE; length++) {
		ssize_t got = read_some(asking, line + length, 1);

		if (got < 0)
			return (int)got;
		if (line[length] == '\n') {
			line[length] = '\0';
			return WC_OK;
		}
	}
	return fail(asking, "gives no answer that is understood");
}

/* Writes `snapshot CAPTURE`, in which %HH stands for what is not plain. */
static int write_question(const struct asking *asking, const char *capture,
			  char line[static LINE_SIZE])
{
	size_t used = (size_t)snprintf(line, LINE_SIZE, "snapshot ");

	for (; *capture; capture++) {
		unsigned char c = (unsigned char)*capture;

		if (used + 5 > LINE_SIZE)
			return fail(asking, "cannot be asked for so long a name");
		used += (size_t)snprintf(line + used, LINE_SIZE - used,
					 isalnum(c) || strchr("-_.", c) ? "%c" : "%%%02X", c);
	}
	snprintf(line + used, LINE_SIZE - used, "\n");
	return WC_OK;
}

/* Reads the size out of `OK BYTES`; the sentence of an error becomes ours. */
static int read_size(const struct asking *asking, const char *line, size_t *size)
{
	const char *sentence = line + strlen("ERROR ");
	uint64_t bytes;
	char *end;

	if (!strncmp(line, "OK ", strlen("OK ")) && isdigit((unsigned char)line[3])) {
		bytes = strtoull(line + 3, &end, 10);
		*size = (size_t)bytes;
		if (*end)
			return fail(asking, "gives no answer that is understood");
		if (bytes <= WC_DAEMON_ANSWER)
			return WC_OK;
		return wc_error_set(asking->error, WC_FAILED,
				    "the daemon at %s answers with %" PRIu64
				    " bytes, and %d are taken: bound its conversations and hosts",
				    asking->path, bytes, WC_DAEMON_ANSWER);
	}
	if (strncmp(line, "ERROR ", strlen("ERROR ")) != 0)
		return fail(asking, "gives no answer that is understood");
	while (isdigit((unsigned char)*sentence) || *sentence == ' ')
		sentence++;
	return wc_error_set(asking->error, WC_FAILED, "the daemon at %s answers: %s", asking->path,
			    sentence);
}

static int converse(struct asking *asking, const char *capture, uint8_t **bytes, size_t *size)
{
	char line[LINE_SIZE];
	int failed = write_question(asking, capture, line);

	if (!failed)
		failed = open_connection(asking);
	if (!failed)
		failed = send_all(asking, line, strlen(line));
	if (!failed)
		failed = read_line(asking, line);
	if (!failed)
		failed = read_size(asking, line, size);
	if (failed)
		return failed;
	*bytes = malloc(*size + 1);
	if (!*bytes)
		return wc_error_set(asking->error, WC_FAILED,
				    "there is not enough memory for an answer of %zu bytes", *size);
	failed = read_all(asking, *bytes, *size);
	if (failed)
		free(*bytes);
	return failed;
}

int wc_daemon_ask(const char *path, const char *capture, int wake, uint8_t **bytes, size_t *size,
		  struct wc_error *error)
{
	struct asking asking = {.path = path, .fd = -1, .wake = wake, .error = error};
	int failed = converse(&asking, capture, bytes, size);

	if (asking.fd >= 0)
		close(asking.fd);
	return failed;
}

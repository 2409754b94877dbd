/*
 * Messages to this machine's systemd-journald by libsystemd, whose call may
 * block: over a line. A message is a list of fields in the journal's native form
 * (systemd.io/JOURNAL_NATIVE_PROTOCOL): FIELD=value and a newline; or FIELD, a
 * newline, the value's length in 8 bytes with the lowest first, the value, and a
 * newline.
 */
#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "delivery.h"
#include "kinds.h"
#include "line.h"
#include "lined.h"
#include "place.h"
#include "wirecensus/error.h"

#define MOST_FIELDS 128
#define LONGEST     65536

/* The fields of one message, each as sd_journal_sendv() takes it: FIELD=value. */
struct fields {
	struct iovec field[MOST_FIELDS];
	int count;
	char bytes[LONGEST]; /* with room for each '=': it stands where a newline stood */
};

static int missing(struct wc_error *error, int reason)
{
	return wc_error_set(error, WC_FAILED,
			    "systemd-journald is not there: %s; start it, or leave this exporter "
			    "out",
			    strerror(reason));
}

/* sd_journal_sendv() succeeds when nobody listens, so that is asked before. */
static int probe(struct wc_error *error)
{
	static const struct sockaddr_un journal = {AF_UNIX, "/run/systemd/journal/socket"};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), reason = 0;

	if (fd < 0 || connect(fd, (const struct sockaddr *)&journal, sizeof(journal)))
		reason = errno;
	if (fd >= 0)
		close(fd);
	return reason ? missing(error, reason) : WC_OK;
}

static void *connect_journal(const void *settings, struct wc_error *error)
{
	(void)settings;
	return probe(error) ? NULL : calloc(1, sizeof(struct fields));
}

static void add(struct fields *fields, char *start, size_t length)
{
	fields->field[fields->count++] = (struct iovec){.iov_base = start, .iov_len = length};
}

/* Moves the value behind its name and '='. Returns what follows it, or NULL when it is cut off. */
static const char *read_binary(struct fields *fields, char *start, size_t name, const char *end)
{
	const char *at = start + name + 1;
	uint64_t length;

	if ((size_t)(end - at) < sizeof(length))
		return NULL;
	memcpy(&length, at, sizeof(length));
	length = le64toh(length);
	at += sizeof(length);
	if (length >= (uint64_t)(end - at) || at[length] != '\n')
		return NULL;
	start[name] = '=';
	memmove(start + name + 1, at, length);
	add(fields, start, name + 1 + (size_t)length);
	return at + length + 1;
}

/* Takes the copy in @fields apart. Returns false when it is not in that form. */
static bool split(struct fields *fields, size_t length)
{
	char *at = fields->bytes, *end = fields->bytes + length;

	fields->count = 0;
	while (at < end) {
		char *line = memchr(at, '\n', (size_t)(end - at));

		if (!line || line == at || fields->count == MOST_FIELDS)
			return false;
		if (memchr(at, '=', (size_t)(line - at))) {
			add(fields, at, (size_t)(line - at));
			at = line + 1;
			continue;
		}
		at = (char *)(uintptr_t)read_binary(fields, at, (size_t)(line - at), end);
		if (!at)
			return false;
	}
	return fields->count > 0;
}

static int send_message(void *connection, const void *message, size_t length,
			struct wc_error *error)
{
	struct fields *fields = connection;
	int code;

	memcpy(fields->bytes, message, length);
	if (!split(fields, length))
		return wc_error_set(error, WC_FAILED, "a message is no list of journal fields");
	if (probe(error))
		return WC_FAILED;
	code = sd_journal_sendv(fields->field, fields->count);
	return code < 0 ? missing(error, -code) : WC_OK;
}

static void nothing(void *settings)
{
	(void)settings;
}

static const struct wc_line_calls calls = {
	.connect = connect_journal,
	.send = send_message,
	.disconnect = free,
	.free = nothing,
};

int wc_journald_new(struct wc_delivery **delivery, struct wc_place *place,
		    const struct wc_delivery_settings *settings, struct wc_error *error)
{
	struct wc_lined_settings lined = {
		.plan = wc_line_plan_new(&calls, NULL),
		.patience_ns = settings->patience_ns,
		.longest = LONGEST,
	};
	int status;

	if (!lined.plan)
		return wc_error_set(error, WC_FAILED, "%s: no memory for a delivery", place->text);
	status = wc_lined_new(delivery, place, &lined, error);
	if (status)
		wc_line_plan_free(lined.plan);
	return status;
}

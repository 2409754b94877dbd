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
#define SD_JOURNAL_SUPPRESS_LOCATION /* where in our source is of no use to who reads */
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
	struct fields *fields = NULL;

	(void)settings;
	if (!probe(error) && !(fields = calloc(1, sizeof(*fields))))
		wc_error_set(error, WC_FAILED, "no memory for journald");
	return fields;
}

/*
 * Reads the value of a field whose @name has that length, and moves it behind its
 * name and '='. Returns what follows it, or NULL when it is cut off.
 */
static char *read_binary(char *field, size_t name, const char *end, size_t *whole)
{
	uint64_t length;
	char *value;

	if ((size_t)(end - field) < name + 1 + sizeof(length))
		return NULL;
	memcpy(&length, field + name + 1, sizeof(length));
	value = field + name + 1 + sizeof(length);
	length = le64toh(length);
	if (length >= (uint64_t)(end - value) || value[length] != '\n')
		return NULL;
	field[name] = '=';
	memmove(field + name + 1, value, length);
	*whole = name + 1 + (size_t)length;
	return value + length + 1;
}

/* Takes a message apart, in place. Returns false when it is not in that form. */
static bool split(struct fields *fields, char *at, const char *end)
{
	for (fields->count = 0; at < end; fields->count++) {
		char *line = memchr(at, '\n', (size_t)(end - at)), *field = at;
		size_t length;

		if (!line || line == at || fields->count == MOST_FIELDS)
			return false;
		length = (size_t)(line - at);
		if (memchr(at, '=', length))
			at = line + 1;
		else
			at = read_binary(at, length, end, &length);
		if (!at)
			return false;
		fields->field[fields->count] = (struct iovec){field, length};
	}
	return fields->count > 0;
}

static int send_message(void *connection, void *message, size_t length, struct wc_error *error)
{
	struct fields *fields = connection;
	int code;

	if (!split(fields, message, (char *)message + length))
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

#include "ask_snapshots.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "ask.h"
#include "buffer.h"
#include "command.h"
#include "control_line.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/pack.h"
#include "wirecensus/snapshot.h"

/* One packed snapshot, unpacked, at most. */
#define SNAPSHOT_MAX ((size_t)1 << 30)

struct taker {
	wc_ask_snapshots_take *take;
	void *arg;
};

static int take_one(const struct taker *taker, const char *bytes, size_t size,
		    struct wc_error *error)
{
	const uint8_t *packed = (const uint8_t *)bytes;
	struct wc_pack_origin origin;
	struct wc_snapshot *snapshot;
	int status = wc_unpack(&snapshot, &origin, packed, size, SNAPSHOT_MAX, error);

	if (status)
		return WC_FAILED; /* the daemon's fault, and not the question's */
	status = taker->take(taker->arg, snapshot, origin.host, error);
	wc_snapshot_free(snapshot);
	return status;
}

/* Takes the snapshots of @body, each behind its length. */
static int take_all(const struct taker *taker, const struct wc_buffer *body, struct wc_error *error)
{
	const char *next = body->data;
	size_t left = body->length;
	int status = WC_OK;

	if (!left)
		return wc_error_set(error, WC_FAILED,
				    "no interval of any capture has ended yet: ask again");
	while (left && !status) {
		uint64_t length = 0;

		if (left >= sizeof(length)) {
			memcpy(&length, next, sizeof(length));
			length = le64toh(length);
		}
		if (!length || length > left - sizeof(length))
			return wc_error_set(error, WC_FAILED,
					    "the daemon's answer is cut short: ask again");
		status = take_one(taker, next + sizeof(length), length, error);
		next += sizeof(length) + length;
		left -= sizeof(length) + length;
	}
	return status;
}

int wc_ask_snapshots(const struct wc_options *options, wc_ask_snapshots_take *take, void *arg,
		     struct wc_error *error)
{
	const struct taker taker = {take, arg};
	struct wc_buffer line = {0}, body;
	int code, status;

	*error->text = '\0';
	wc_control_line_add(&line, "snapshot");
	wc_control_line_add(&line, options->capture ? options->capture : "*");
	code = wc_ask(options, &line, &body, error);
	if (code)
		status = code == WC_EXIT_USAGE ? WC_INVALID : WC_FAILED;
	else if (options->capture)
		status = take_one(&taker, body.data, body.length, error);
	else
		status = take_all(&taker, &body, error);
	wc_buffer_free(&line);
	wc_buffer_free(&body);
	return status;
}

/*
 * Messages appended to a file. What was taken is written at the next work(),
 * whole messages only: what a full disk cuts off is taken back. Confirmed means
 * on the disk. A file that was moved away, as logrotate does, is made anew, as a
 * connection would be: what a format has to say first stands at its beginning, too.
 * Writing waits for the disk; there is no other way.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "delivery.h"
#include "kinds.h"
#include "outbox.h"
#include "place.h"
#include "wirecensus/error.h"

#define MODE 0640

struct file {
	struct wc_delivery delivery;
	struct wc_place place;
	struct wc_outbox *outbox;
	bool opening;
	int fd; /* while open, else -1 */
	uint64_t now_ns;
	uint64_t written; /* bytes since it was opened */
};

static void stop(struct file *file)
{
	file->opening = false;
	if (file->fd >= 0)
		close(file->fd); /* with it goes the lock */
	file->fd = -1;
}

static int fail(const struct file *file, int reason, const char *verb, struct wc_error *error)
{
	const char *remedy = "check the folder, its permissions and the disk";

	if (reason == ENOSPC || reason == EDQUOT)
		remedy = "make room on the disk";
	else if (reason == ELOOP)
		remedy = "it is a symbolic link; give the file's own path";
	else if (reason == EWOULDBLOCK)
		remedy = "another program has it; give each its own file";
	return wc_error_set(error, WC_FAILED, "%s could not be %s: %s; %s", file->place.path, verb,
			    strerror(reason), remedy);
}

/* A named pipe or a device could make us wait for ever, so it must be a file. */
static int open_file(struct file *file, struct wc_error *error)
{
	struct stat status;

	file->fd = open(
		file->place.path,
		O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, MODE);
	if (file->fd < 0 || fstat(file->fd, &status))
		return fail(file, errno, "opened", error);
	/* Nor must it be a link that somebody planted to have another file written. */
	if (!S_ISREG(status.st_mode) || status.st_nlink > 1)
		return wc_error_set(error, WC_FAILED,
				    "%s is not a file of its own; give the path of one",
				    file->place.path);
	/* Two writers could take back each other's messages. */
	if (flock(file->fd, LOCK_EX | LOCK_NB))
		return fail(file, errno, "locked", error);
	file->opening = false;
	return WC_OK;
}

/* True if the path does not lead to the open file any more, or somebody has emptied that. */
static bool is_gone(const struct file *file)
{
	struct stat here, there;

	return fstat(file->fd, &here) || lstat(file->place.path, &there) ||
	       here.st_dev != there.st_dev || here.st_ino != there.st_ino ||
	       (uint64_t)here.st_size < file->written;
}

/* Writes until it is all there or fails. Returns 0 or an errno. */
static int write_all(int fd, const uint8_t *bytes, size_t length)
{
	while (length) {
		ssize_t done = write(fd, bytes, length);

		if (done < 0 && errno != EINTR)
			return errno;
		if (done > 0) {
			bytes += done;
			length -= (size_t)done;
		}
	}
	return 0;
}

/* Appends all that the outbox holds, or nothing. Returns 0 or an errno. */
static int append(struct file *file)
{
	struct stat before;
	const void *bytes;
	size_t length;
	int reason = fstat(file->fd, &before) ? errno : 0;

	while (!reason && (length = wc_outbox_next(file->outbox, &bytes))) {
		reason = write_all(file->fd, bytes, length);
		file->written += length;
		wc_outbox_sent(file->outbox, length, file->written);
	}
	/* No half message may stay, even where another failure follows. */
	if (reason && ftruncate(file->fd, before.st_size))
		reason = errno;
	return reason;
}

static bool has_more(const struct file *file)
{
	const void *unused;

	return file->fd >= 0 && wc_outbox_next(file->outbox, &unused);
}

static int store(struct file *file, struct wc_error *error)
{
	int reason = append(file);

	if (reason)
		return fail(file, reason, "written", error);
	if (fdatasync(file->fd))
		return fail(file, errno, "brought to the disk", error);
	wc_outbox_confirm(file->outbox, file->written);
	return WC_OK;
}

static void file_open(struct wc_delivery *delivery, uint64_t now_ns)
{
	struct file *file = (struct file *)delivery;

	file->opening = true;
	file->now_ns = now_ns;
	file->written = 0;
	wc_outbox_clear(file->outbox);
}

static enum wc_delivery_state file_work(struct wc_delivery *delivery, uint64_t now_ns,
					struct wc_error *error)
{
	struct file *file = (struct file *)delivery;

	file->now_ns = now_ns;
	if (file->opening && open_file(file, error))
		stop(file);
	if (has_more(file) && is_gone(file)) {
		stop(file);
		file_open(delivery, now_ns);
		return WC_DELIVERY_OPENING;
	}
	if (has_more(file) && store(file, error))
		stop(file);
	return file->fd >= 0 ? WC_DELIVERY_OPEN : WC_DELIVERY_CLOSED;
}

static int file_send(struct wc_delivery *delivery, const void *message, size_t length,
		     struct wc_error *error)
{
	struct file *file = (struct file *)delivery;

	if (file->fd < 0)
		return 0;
	if (length > delivery->longest) {
		stop(file);
		return wc_delivery_too_long(delivery, &file->place, length, error);
	}
	return wc_outbox_add(file->outbox, message, length);
}

static uint64_t file_confirmed(struct wc_delivery *delivery)
{
	return wc_outbox_confirmed(((struct file *)delivery)->outbox);
}

static size_t file_wait(struct wc_delivery *delivery, struct pollfd *fds, uint64_t *deadline_ns)
{
	struct file *file = (struct file *)delivery;

	(void)fds;
	*deadline_ns = file->opening || has_more(file) ? file->now_ns : WC_DELIVERY_NEVER;
	return 0;
}

static void file_close(struct wc_delivery *delivery)
{
	struct file *file = (struct file *)delivery;

	/* A new file is for the next connection to begin. */
	if (has_more(file) && !is_gone(file))
		store(file, NULL);
	stop(file);
}

static void file_free(struct wc_delivery *delivery)
{
	struct file *file = (struct file *)delivery;

	stop(file);
	wc_outbox_free(file->outbox);
	wc_place_free(&file->place);
	free(file);
}

static const struct wc_delivery_ops file_ops = {
	.open = file_open,
	.work = file_work,
	.send = file_send,
	.confirmed = file_confirmed,
	.wait = file_wait,
	.close = file_close,
	.free = file_free,
};

int wc_file_new(struct wc_delivery **delivery, struct wc_place *place,
		const struct wc_delivery_settings *settings, struct wc_error *error)
{
	struct file *file = calloc(1, sizeof(*file));
	struct wc_outbox *outbox = wc_outbox_new();

	(void)settings;
	if (!file || !outbox) {
		wc_outbox_free(outbox);
		free(file);
		return wc_error_set(error, WC_FAILED, "%s: no memory for a delivery", place->text);
	}
	file->delivery = (struct wc_delivery){&file_ops, WC_OUTBOX_LONGEST};
	file->place = *place;
	file->outbox = outbox;
	file->fd = -1;
	*delivery = &file->delivery;
	return WC_OK;
}

#include "lock.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "directory.h"
#include "wirecensus/error.h"

int wc_lock_take(const char *path, const struct wc_identity *owner, struct wc_error *error)
{
	int directory = wc_directory_open(path, owner, error);
	int reason;

	if (directory < 0 || !flock(directory, LOCK_EX | LOCK_NB))
		return directory;
	reason = errno;
	close(directory);
	if (reason == EWOULDBLOCK)
		return wc_error_set(
			error, WC_INVALID,
			"another daemon runs with the state directory %s: stop it, or give "
			"this one a 'state' of its own",
			path);
	return wc_error_set(error, WC_FAILED,
			    "cannot lock the state directory %s: %s; is it of a network's file "
			    "system?",
			    path, strerror(reason));
}

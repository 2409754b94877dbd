#include "control_listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control_peer.h"
#include "control_protocol.h"
#include "wirecensus/error.h"

#define MODE_GROUP 0660
#define MODE_OWNER 0600

static int make_address(struct sockaddr_un *address, const char *path, struct wc_error *error)
{
	size_t length = strlen(path);

	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (!length || length >= sizeof(address->sun_path))
		return wc_error_set(error, WC_INVALID,
				    "the control socket '%s' needs a path of 1 to %zu bytes", path,
				    sizeof(address->sun_path) - 1);
	memcpy(address->sun_path, path, length);
	return WC_OK;
}

static int make_socket(struct wc_error *error)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		wc_error_set(error, WC_FAILED, "cannot make a control socket: %m");
	return fd;
}

/* True unless it is known that nobody accepts at @address any more. */
static bool answers(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool dead;

	if (fd < 0)
		return true;
	dead = connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 &&
	       (errno == ECONNREFUSED || errno == ENOENT);
	close(fd);
	return !dead;
}

/* Removes a socket whose daemon has died, and nothing else. */
static int remove_stale(const struct sockaddr_un *address, struct wc_error *error)
{
	const char *path = address->sun_path;
	struct stat found;

	if (lstat(path, &found)) {
		if (errno == ENOENT)
			return WC_OK;
		return wc_error_set(error, WC_FAILED, "cannot look at the control socket '%s': %m",
				    path);
	}
	if (!S_ISSOCK(found.st_mode))
		return wc_error_set(
			error, WC_FAILED,
			"'%s' is not a socket: remove it, or name another control socket", path);
	if (answers(address))
		return wc_error_set(
			error, WC_INVALID,
			"another daemon listens at '%s': stop it, or name another control "
			"socket and state directory",
			path);
	if (unlink(path) && errno != ENOENT)
		return wc_error_set(error, WC_FAILED,
				    "cannot remove the old control socket '%s': %m", path);
	return WC_OK;
}

/* Binds under a umask that lets nobody else connect before the group and the mode are set. */
static int bind_alone(int fd, const struct sockaddr_un *address, struct wc_error *error)
{
	mode_t before = umask(0077);
	int failed = bind(fd, (const struct sockaddr *)address, sizeof(*address)), reason = errno;

	umask(before);
	errno = reason;
	if (!failed)
		return WC_OK;
	if (reason == EADDRINUSE)
		return wc_error_set(error, WC_INVALID, "another daemon listens at '%s'",
				    address->sun_path);
	return wc_error_set(error, WC_FAILED,
			    "cannot make the control socket '%s': %m; its directory must be there",
			    address->sun_path);
}

/* A service manager may forbid chown(2), and has chosen the group that files have from the start.
 */
static bool has_group(const char *path, gid_t group)
{
	struct stat found;

	return !lstat(path, &found) && found.st_gid == group;
}

static int open_to_group(const char *path, gid_t group, struct wc_error *error)
{
	if (group != WC_CONTROL_NOBODY && !has_group(path, group) && lchown(path, (uid_t)-1, group))
		return wc_error_set(error, WC_FAILED,
				    "cannot give the control socket '%s' to its group: %m", path);
	if (chmod(path, group == WC_CONTROL_NOBODY ? MODE_OWNER : MODE_GROUP))
		return wc_error_set(error, WC_FAILED,
				    "cannot set who may connect to the control socket '%s': %m",
				    path);
	return WC_OK;
}

static int publish(struct wc_control_socket *made, const struct sockaddr_un *address, gid_t group,
		   struct wc_error *error)
{
	struct stat found;
	int status = bind_alone(made->fd, address, error);

	if (status)
		return status;
	if (!lstat(address->sun_path, &found)) {
		made->device = found.st_dev;
		made->inode = found.st_ino;
	}
	status = open_to_group(address->sun_path, group, error);
	if (!status && listen(made->fd, WC_CONTROL_CLIENTS))
		status = wc_error_set(error, WC_FAILED, "cannot listen at '%s': %m",
				      address->sun_path);
	if (status)
		unlink(address->sun_path);
	return status;
}

int wc_control_listen(struct wc_control_socket *made, const char *path, gid_t group,
		      struct wc_error *error)
{
	struct sockaddr_un address;
	int status = make_address(&address, path, error);

	*made = (struct wc_control_socket){.fd = -1};
	if (!status)
		status = remove_stale(&address, error);
	if (status)
		return status;
	made->fd = make_socket(error);
	if (made->fd < 0)
		return WC_FAILED;
	status = publish(made, &address, group, error);
	if (status)
		close(made->fd);
	return status;
}

void wc_control_unlisten(const struct wc_control_socket *made, const char *path)
{
	struct stat found;

	if (!lstat(path, &found) && found.st_dev == made->device && found.st_ino == made->inode)
		unlink(path);
	close(made->fd);
}

#include "notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* The address in @name: a path, or an abstract one, written with @ in place of the NUL. */
static socklen_t address(struct sockaddr_un *where, const char *name)
{
	size_t length = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || length >= sizeof(where->sun_path))
		return 0;
	*where = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(where->sun_path, name, length);
	if (name[0] == '@')
		where->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

int wc_notify_open(void)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un where;
	socklen_t length = name ? address(&where, name) : 0;
	int fd = -1;

	if (length)
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&where, length)) {
		close(fd);
		fd = -1;
	}
	unsetenv("NOTIFY_SOCKET");
	return fd;
}

void wc_notify_send(int fd, const char *state)
{
	if (fd >= 0 && send(fd, state, strlen(state), MSG_NOSIGNAL) < 0)
		return;
}

void wc_notify_reloading(int fd)
{
	struct timespec now;
	char state[64];

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld",
		 (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	wc_notify_send(fd, state);
}

uint64_t wc_notify_watchdog(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	unsigned long long wanted;

	if (!usec || (pid && strtoll(pid, NULL, 10) != getpid()))
		return 0;
	errno = 0;
	wanted = strtoull(usec, NULL, 10);
	return errno || wanted > UINT64_MAX / 1000 ? 0 : wanted * 1000;
}

#include "short_io.h"

#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t __real_send(int fd, const void *bytes, size_t length, int flags);
ssize_t __real_recv(int fd, void *bytes, size_t room, int flags);
ssize_t __real_write(int fd, const void *bytes, size_t length);
ssize_t __wrap_send(int fd, const void *bytes, size_t length, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t room, int flags);
ssize_t __wrap_write(int fd, const void *bytes, size_t length);

unsigned short_io_cuts;

static unsigned next(unsigned below)
{
	static uint32_t seed = 1;

	seed = seed * 1664525 + 1013904223;
	return (seed >> 16) % below;
}

/* Returns how much of @length is done now, or 0 with errno set. */
static size_t cut(size_t length)
{
	unsigned draw = next(6);

	short_io_cuts++;
	if (draw > 3)
		errno = draw == 4 ? EINTR : EAGAIN;
	else if (length > draw % 3 + 1)
		length = draw % 3 + 1;
	return draw > 3 ? 0 : length;
}

ssize_t __wrap_send(int fd, const void *bytes, size_t length, int flags)
{
	if (flags & MSG_DONTWAIT)
		length = cut(length);
	return length ? __real_send(fd, bytes, length, flags) : -1;
}

ssize_t __wrap_recv(int fd, void *bytes, size_t room, int flags)
{
	if (flags & MSG_DONTWAIT)
		room = cut(room);
	return room ? __real_recv(fd, bytes, room, flags) : -1;
}

/* Files only. They never say that they would have to wait. */
ssize_t __wrap_write(int fd, const void *bytes, size_t length)
{
	struct stat status;

	if (!fstat(fd, &status) && S_ISREG(status.st_mode))
		length = cut(length);
	if (!length)
		errno = EINTR;
	return length ? __real_write(fd, bytes, length) : -1;
}

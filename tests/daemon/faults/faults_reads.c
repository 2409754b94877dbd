/* What reads, and waits. */
#include "faults.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

ssize_t read(int fd, void *bytes, size_t size)
{
	REAL(read);
	return faults_interrupt(fd) ? -1 : real(fd, bytes, faults_piece(fd, size));
}

#define PREAD(name, offset_type)                                                                   \
	ssize_t name(int fd, void *bytes, size_t size, offset_type offset)                         \
	{                                                                                          \
		REAL(name);                                                                        \
		return faults_interrupt(fd) ? -1                                                   \
					    : real(fd, bytes, faults_piece(fd, size), offset);     \
	}

PREAD(pread, off_t)
PREAD(pread64, off64_t)

ssize_t recv(int fd, void *bytes, size_t size, int flags)
{
	REAL(recv);
	return faults_interrupt(fd) ? -1 : real(fd, bytes, faults_piece(fd, size), flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	REAL(recvmsg);
	return faults_interrupt(fd) ? -1 : real(fd, message, flags);
}

/* One that does not wait cannot be interrupted. */
static bool wait_interrupted(void)
{
	if (!faults_in_pieces || atomic_fetch_add(&faults_turn, 1) % 3)
		return false;
	errno = EINTR;
	return true;
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
	REAL(poll);
	return timeout && wait_interrupted() ? -1 : real(fds, count, timeout);
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	REAL(ppoll);
	return (!timeout || timeout->tv_sec || timeout->tv_nsec) && wait_interrupted()
		       ? -1
		       : real(fds, count, timeout, mask);
}

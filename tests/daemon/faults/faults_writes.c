/* What writes, and changes files. */
#include "faults.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

ssize_t write(int fd, const void *bytes, size_t size)
{
	REAL(write);
	if (faults_last(fd)) {
		real(fd, bytes, size / 2);
		faults_die_at("write", fd);
	}
	return faults_full(fd) || faults_interrupt(fd) ? -1
						       : real(fd, bytes, faults_piece(fd, size));
}

#define PWRITE(name, offset_type)                                                                  \
	ssize_t name(int fd, const void *bytes, size_t size, offset_type offset)                   \
	{                                                                                          \
		REAL(name);                                                                        \
		if (faults_last(fd)) {                                                             \
			real(fd, bytes, size / 2, offset);                                         \
			faults_die_at("write", fd);                                                \
		}                                                                                  \
		return faults_full(fd) || faults_interrupt(fd)                                     \
			       ? -1                                                                \
			       : real(fd, bytes, faults_piece(fd, size), offset);                  \
	}

PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	REAL(writev);
	if (faults_full(fd) || faults_interrupt(fd))
		return -1;
	if (faults_in_pieces && faults_type(fd) != S_IFIFO && count > 0 && parts[0].iov_len)
		return write(fd, parts[0].iov_base, parts[0].iov_len);
	return real(fd, parts, count);
}

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
	REAL(send);
	return faults_full(fd) || faults_interrupt(fd)
		       ? -1
		       : real(fd, bytes, faults_piece(fd, size), flags);
}

ssize_t sendto(int fd, const void *bytes, size_t size, int flags, __CONST_SOCKADDR_ARG to,
	       socklen_t to_size)
{
	REAL(sendto);
	return faults_full(fd) || faults_interrupt(fd)
		       ? -1
		       : real(fd, bytes, faults_piece(fd, size), flags, to, to_size);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	REAL(sendmsg);
	if (faults_full(fd) || faults_interrupt(fd))
		return -1;
	if (faults_in_pieces && faults_stream(fd) && message->msg_iovlen &&
	    message->msg_iov[0].iov_len)
		return send(fd, message->msg_iov[0].iov_base,
			    faults_piece(fd, message->msg_iov[0].iov_len), flags);
	return real(fd, message, flags);
}

#define CHANGE(name, type)                                                                         \
	int name(int fd, type size)                                                                \
	{                                                                                          \
		REAL(name);                                                                        \
		if (faults_last(fd))                                                               \
			faults_die_at(#name, fd);                                                  \
		return faults_full(fd) ? -1 : real(fd, size);                                      \
	}

CHANGE(ftruncate, off_t)
CHANGE(ftruncate64, off64_t)

#define SYNC(name)                                                                                 \
	int name(int fd)                                                                           \
	{                                                                                          \
		REAL(name);                                                                        \
		faults_hang(fd);                                                                   \
		if (faults_last(fd))                                                               \
			faults_die_at(#name, fd);                                                  \
		return faults_full(fd) ? -1 : real(fd);                                            \
	}

SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path)
{
	REAL(unlink);
	if (faults_due(FAULTS_KILL))
		faults_die("unlink", path);
	return real(path);
}

int rename(const char *from, const char *to)
{
	REAL(rename);
	if (faults_due(FAULTS_KILL))
		faults_die("rename", from);
	return real(from, to);
}

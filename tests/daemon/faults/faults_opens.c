/* What makes descriptors. */
#include "faults.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

/* The mode is there when a file may be made. */
#define MODE(flags)                                                                                \
	mode_t mode = 0;                                                                           \
	va_list arguments;                                                                         \
	va_start(arguments, flags);                                                                \
	if ((flags) & (O_CREAT | O_TMPFILE))                                                       \
		mode = va_arg(arguments, mode_t);                                                  \
	va_end(arguments)

#define OPEN(name)                                                                                 \
	int name(const char *path, int flags, ...)                                                 \
	{                                                                                          \
		MODE(flags);                                                                       \
		REAL(name);                                                                        \
		return faults_fail(FAULTS_DESCRIPTOR, EMFILE) ? -1 : real(path, flags, mode);      \
	}

#define OPENAT(name)                                                                               \
	int name(int folder, const char *path, int flags, ...)                                     \
	{                                                                                          \
		MODE(flags);                                                                       \
		REAL(name);                                                                        \
		return faults_fail(FAULTS_DESCRIPTOR, EMFILE) ? -1                                 \
							      : real(folder, path, flags, mode);   \
	}

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

FILE *fopen(const char *path, const char *mode)
{
	REAL(fopen);
	return faults_fail(FAULTS_DESCRIPTOR, EMFILE) ? NULL : real(path, mode);
}

DIR *opendir(const char *path)
{
	REAL(opendir);
	return faults_fail(FAULTS_DESCRIPTOR, EMFILE) ? NULL : real(path);
}

int socket(int family, int type, int protocol)
{
	REAL(socket);
	return faults_fail(FAULTS_DESCRIPTOR, EMFILE) ? -1 : real(family, type, protocol);
}

int accept4(int fd, __SOCKADDR_ARG address, socklen_t *size, int flags)
{
	REAL(accept4);
	return faults_fail(FAULTS_DESCRIPTOR, EMFILE) ? -1 : real(fd, address, size, flags);
}

int eventfd(unsigned value, int flags)
{
	REAL(eventfd);
	return faults_fail(FAULTS_DESCRIPTOR, EMFILE) ? -1 : real(value, flags);
}

int timerfd_create(int clock, int flags)
{
	REAL(timerfd_create);
	return faults_fail(FAULTS_DESCRIPTOR, EMFILE) ? -1 : real((clockid_t)clock, flags);
}

int epoll_create1(int flags)
{
	REAL(epoll_create1);
	return faults_fail(FAULTS_DESCRIPTOR, EMFILE) ? -1 : real(flags);
}

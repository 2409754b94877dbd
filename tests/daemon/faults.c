/*
 * faults.c - to be preloaded: calls of the C library that fail, come short, or are the last
 *
 * WC_FAULTS in the environment has words: clock=PATH (the wall clock is ahead by the nanoseconds
 * in that file, an int64_t), pieces (streams in pieces of one to three bytes, files in halves,
 * and every other call interrupted), memory=N, write=N, descriptor=N (the Nth call fails;
 * N+P: every Pth behind it, too), kill=N (the process dies in its Nth change of a file, half-way)
 * counts=PATH, where the calls of each kind are counted, four uint64_t; while=PATH: nothing is
 * counted, and nothing fails, unless the first byte in that file is set.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* The function that this one stands in front of. */
#define REAL(name)                                                                                 \
	static __typeof__(&name) real;                                                             \
	if (!real)                                                                                 \
	*(void **)&real = dlsym(RTLD_NEXT, #name)

#define NS INT64_C(1000000000)

enum kind { MEMORY, WRITE, DESCRIPTOR, KILL, KINDS };

static const char *const words[KINDS] = {"memory", "write", "descriptor", "kill"};

static struct fault {
	uint64_t first, period; /* 0: never */
} faults[KINDS];

static _Atomic uint64_t own_counts[KINDS], *counts = own_counts;
static const _Atomic int64_t *ahead;
static const _Atomic uint8_t never = 0, always = 1, *wanted = &always, *active = &never;
static bool in_pieces;
static _Atomic unsigned turn;

/* ---- what to do ---- */

static void *map(const char *path, size_t size, int protection)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	void *at = fd < 0 ? MAP_FAILED : mmap(NULL, size, protection, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		abort();
	close(fd);
	return at;
}

static void take_word(char *word)
{
	char *value = strchr(word, '=');

	if (value)
		*value++ = '\0';
	if (!value) {
		in_pieces = !strcmp(word, "pieces");
	} else if (!strcmp(word, "clock")) {
		ahead = map(value, sizeof(*ahead), PROT_READ);
	} else if (!strcmp(word, "while")) {
		wanted = map(value, sizeof(*wanted), PROT_READ);
	} else if (!strcmp(word, "counts")) {
		counts = map(value, sizeof(own_counts), PROT_READ | PROT_WRITE);
	} else {
		for (int i = 0; i < KINDS; i++)
			if (!strcmp(word, words[i])) {
				faults[i].first = strtoull(value, &value, 10);
				faults[i].period = strtoull(value, NULL, 10);
			}
	}
}

__attribute__((constructor)) static void begin(void)
{
	static char text[1024];
	const char *given = getenv("WC_FAULTS");
	char *rest = text;

	if (!given)
		return;
	snprintf(text, sizeof(text), "%s", given);
	for (char *word; (word = strsep(&rest, " "));)
		take_word(word);
	/* What libraries did before, and this one here, does not count. */
	active = wanted;
}

/* Counts a call; true when its time has come. */
static bool is_due(enum kind kind)
{
	const struct fault *fault = &faults[kind];
	uint64_t number;

	if (!atomic_load(active))
		return false;
	number = atomic_fetch_add(&counts[kind], 1) + 1;
	if (!fault->first || number < fault->first)
		return false;
	return number == fault->first ||
	       (fault->period && (number - fault->first) % fault->period == 0);
}

static bool fails(enum kind kind, int reason)
{
	if (!is_due(kind))
		return false;
	errno = reason;
	return true;
}

/* ---- of descriptors ---- */

static mode_t type_of(int fd)
{
	int saved = errno;
	struct stat info;

	if (fstat(fd, &info))
		info.st_mode = 0;
	errno = saved;
	return info.st_mode & S_IFMT;
}

static bool is_stream(int fd)
{
	int saved = errno, type = 0;
	socklen_t size = sizeof(type);

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size))
		type = 0;
	errno = saved;
	return type == SOCK_STREAM;
}

/* True for every other call when calls are to be interrupted. */
static bool interrupted(int fd)
{
	mode_t type = in_pieces ? type_of(fd) : 0;

	if ((type != S_IFREG && type != S_IFSOCK) || atomic_fetch_add(&turn, 1) % 2)
		return false;
	errno = EINTR;
	return true;
}

/* How many of @size bytes are let through. */
static size_t piece(int fd, size_t size)
{
	size_t most = 1 + atomic_load(&turn) % 3;

	if (!in_pieces || !size)
		return size;
	if (type_of(fd) == S_IFREG)
		return size / 2 + 1 < size ? size / 2 + 1 : size;
	return is_stream(fd) && size > most ? most : size;
}

/* A file or a socket takes no more, when its time has come. */
static bool is_full(int fd)
{
	mode_t type = type_of(fd);

	if (type == S_IFREG)
		return fails(WRITE, ENOSPC);
	return type == S_IFSOCK && fails(WRITE, ENOBUFS);
}

static bool dies(int fd)
{
	return type_of(fd) == S_IFREG && is_due(KILL);
}

static void die(void)
{
	raise(SIGKILL);
}

/* ---- the wall clock ---- */

int clock_gettime(clockid_t clock, struct timespec *now)
{
	int result;
	int64_t ns;
	REAL(clock_gettime);

	result = real(clock, now);
	if (result || clock != CLOCK_REALTIME || !ahead)
		return result;
	ns = (int64_t)now->tv_sec * NS + now->tv_nsec + atomic_load(ahead);
	*now = (struct timespec){(time_t)(ns / NS), (long)(ns % NS)};
	return 0;
}

time_t time(time_t *out)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

/* ---- memory ---- */

void *malloc(size_t size)
{
	REAL(malloc);
	return fails(MEMORY, ENOMEM) ? NULL : real(size);
}

void *calloc(size_t count, size_t size)
{
	REAL(calloc);
	return fails(MEMORY, ENOMEM) ? NULL : real(count, size);
}

void *realloc(void *old, size_t size)
{
	REAL(realloc);
	return fails(MEMORY, ENOMEM) ? NULL : real(old, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	REAL(posix_memalign);
	return is_due(MEMORY) ? ENOMEM : real(out, alignment, size);
}

/* ---- what writes ---- */

ssize_t write(int fd, const void *bytes, size_t size)
{
	REAL(write);
	if (dies(fd)) {
		real(fd, bytes, size / 2);
		die();
	}
	return is_full(fd) || interrupted(fd) ? -1 : real(fd, bytes, piece(fd, size));
}

#define PWRITE(name, offset_type)                                                                  \
	ssize_t name(int fd, const void *bytes, size_t size, offset_type offset)                   \
	{                                                                                          \
		REAL(name);                                                                        \
		if (dies(fd)) {                                                                    \
			real(fd, bytes, size / 2, offset);                                         \
			die();                                                                     \
		}                                                                                  \
		return is_full(fd) || interrupted(fd) ? -1                                         \
						      : real(fd, bytes, piece(fd, size), offset);  \
	}

PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	REAL(writev);
	if (is_full(fd) || interrupted(fd))
		return -1;
	if (in_pieces && type_of(fd) != S_IFIFO && count > 0 && parts[0].iov_len)
		return write(fd, parts[0].iov_base, parts[0].iov_len);
	return real(fd, parts, count);
}

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
	REAL(send);
	return is_full(fd) || interrupted(fd) ? -1 : real(fd, bytes, piece(fd, size), flags);
}

ssize_t sendto(int fd, const void *bytes, size_t size, int flags, __CONST_SOCKADDR_ARG to,
	       socklen_t to_size)
{
	REAL(sendto);
	return is_full(fd) || interrupted(fd)
		       ? -1
		       : real(fd, bytes, piece(fd, size), flags, to, to_size);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	REAL(sendmsg);
	if (is_full(fd) || interrupted(fd))
		return -1;
	if (in_pieces && is_stream(fd) && message->msg_iovlen && message->msg_iov[0].iov_len)
		return send(fd, message->msg_iov[0].iov_base,
			    piece(fd, message->msg_iov[0].iov_len), flags);
	return real(fd, message, flags);
}

#define CHANGE(name, type)                                                                         \
	int name(int fd, type size)                                                                \
	{                                                                                          \
		REAL(name);                                                                        \
		if (dies(fd))                                                                      \
			die();                                                                     \
		return is_full(fd) ? -1 : real(fd, size);                                          \
	}

CHANGE(ftruncate, off_t)
CHANGE(ftruncate64, off64_t)

#define SYNC(name)                                                                                 \
	int name(int fd)                                                                           \
	{                                                                                          \
		REAL(name);                                                                        \
		if (dies(fd))                                                                      \
			die();                                                                     \
		return is_full(fd) ? -1 : real(fd);                                                \
	}

SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path)
{
	REAL(unlink);
	if (is_due(KILL))
		die();
	return real(path);
}

int rename(const char *from, const char *to)
{
	REAL(rename);
	if (is_due(KILL))
		die();
	return real(from, to);
}

/* ---- what reads, and waits ---- */

ssize_t read(int fd, void *bytes, size_t size)
{
	REAL(read);
	return interrupted(fd) ? -1 : real(fd, bytes, piece(fd, size));
}

#define PREAD(name, offset_type)                                                                   \
	ssize_t name(int fd, void *bytes, size_t size, offset_type offset)                         \
	{                                                                                          \
		REAL(name);                                                                        \
		return interrupted(fd) ? -1 : real(fd, bytes, piece(fd, size), offset);            \
	}

PREAD(pread, off_t)
PREAD(pread64, off64_t)

ssize_t recv(int fd, void *bytes, size_t size, int flags)
{
	REAL(recv);
	return interrupted(fd) ? -1 : real(fd, bytes, piece(fd, size), flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	REAL(recvmsg);
	return interrupted(fd) ? -1 : real(fd, message, flags);
}

/* One that does not wait cannot be interrupted. */
static bool wait_interrupted(void)
{
	if (!in_pieces || atomic_fetch_add(&turn, 1) % 3)
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

/* ---- descriptors ---- */

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
		return fails(DESCRIPTOR, EMFILE) ? -1 : real(path, flags, mode);                   \
	}

#define OPENAT(name)                                                                               \
	int name(int folder, const char *path, int flags, ...)                                     \
	{                                                                                          \
		MODE(flags);                                                                       \
		REAL(name);                                                                        \
		return fails(DESCRIPTOR, EMFILE) ? -1 : real(folder, path, flags, mode);           \
	}

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

FILE *fopen(const char *path, const char *mode)
{
	REAL(fopen);
	return fails(DESCRIPTOR, EMFILE) ? NULL : real(path, mode);
}

DIR *opendir(const char *path)
{
	REAL(opendir);
	return fails(DESCRIPTOR, EMFILE) ? NULL : real(path);
}

int socket(int family, int type, int protocol)
{
	REAL(socket);
	return fails(DESCRIPTOR, EMFILE) ? -1 : real(family, type, protocol);
}

int accept4(int fd, __SOCKADDR_ARG address, socklen_t *size, int flags)
{
	REAL(accept4);
	return fails(DESCRIPTOR, EMFILE) ? -1 : real(fd, address, size, flags);
}

int eventfd(unsigned value, int flags)
{
	REAL(eventfd);
	return fails(DESCRIPTOR, EMFILE) ? -1 : real(value, flags);
}

int timerfd_create(int clock, int flags)
{
	REAL(timerfd_create);
	return fails(DESCRIPTOR, EMFILE) ? -1 : real((clockid_t)clock, flags);
}

int epoll_create1(int flags)
{
	REAL(epoll_create1);
	return fails(DESCRIPTOR, EMFILE) ? -1 : real(flags);
}

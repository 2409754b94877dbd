/*
 * faults.c - to be preloaded: calls of the C library that fail, come short, or are the last
 *
 * WC_FAULTS in the environment has words: clock=PATH (the wall clock is ahead by the nanoseconds
 * in that file, an int64_t), pieces (streams in pieces of one to three bytes, files in halves,
 * and every other call interrupted), memory=N, write=N, descriptor=N (the Nth call fails;
 * N+P: every Pth behind it, too), kill=N (the process dies in its Nth change of a file, half-way),
 * counts=PATH, where the calls of each kind are counted, four uint64_t; while=PATH: nothing is
 * counted, and nothing fails, unless the first byte in that file is set; hang=PATH: what brings
 * a file to the disk waits for as long as the first byte in that file is set.
 */
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *const words[FAULTS_KINDS] = {"memory", "write", "descriptor", "kill"};

static struct fault {
	uint64_t first, period; /* 0: never */
} faults[FAULTS_KINDS];

static _Atomic uint64_t own_counts[FAULTS_KINDS], *counts = own_counts;
static const _Atomic uint8_t never = 0, always = 1, *wanted = &always, *active = &never;
static const _Atomic uint8_t *hanging = &never;
static uintptr_t spared_first, spared_end;

const _Atomic int64_t *faults_ahead;
bool faults_in_pieces;
_Atomic unsigned faults_turn;

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
		faults_in_pieces = !strcmp(word, "pieces");
	} else if (!strcmp(word, "clock")) {
		faults_ahead = map(value, sizeof(*faults_ahead), PROT_READ);
	} else if (!strcmp(word, "while")) {
		wanted = map(value, sizeof(*wanted), PROT_READ);
	} else if (!strcmp(word, "hang")) {
		hanging = map(value, sizeof(*hanging), PROT_READ);
	} else if (!strcmp(word, "counts")) {
		counts = map(value, sizeof(own_counts), PROT_READ | PROT_WRITE);
	} else {
		for (int i = 0; i < FAULTS_KINDS; i++)
			if (!strcmp(word, words[i])) {
				faults[i].first = strtoull(value, &value, 10);
				faults[i].period = strtoull(value, NULL, 10);
			}
	}
}

/* Notes where libseccomp's code is. */
static int note_spared(struct dl_phdr_info *library, size_t size, void *ignored)
{
	(void)size;
	(void)ignored;
	if (!strstr(library->dlpi_name, "/libseccomp."))
		return 0;
	for (int i = 0; i < library->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &library->dlpi_phdr[i];

		if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
			continue;
		spared_first = library->dlpi_addr + part->p_vaddr;
		spared_end = spared_first + part->p_memsz;
	}
	return 1;
}

__attribute__((constructor)) static void begin(void)
{
	static char text[1024];
	const char *given = getenv("WC_FAULTS");
	char *rest = text;

	if (!given)
		return;
	dl_iterate_phdr(note_spared, NULL);
	snprintf(text, sizeof(text), "%s", given);
	for (char *word; (word = strsep(&rest, " "));)
		take_word(word);
	/* What libraries did before, and this one here, does not count. */
	active = wanted;
}

bool faults_spared(const void *place)
{
	uintptr_t at = (uintptr_t)place;

	return at >= spared_first && at < spared_end;
}

bool faults_due(enum faults_kind kind)
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

bool faults_fail(enum faults_kind kind, int reason)
{
	if (!faults_due(kind))
		return false;
	errno = reason;
	return true;
}

mode_t faults_type(int fd)
{
	int saved = errno;
	struct stat info;

	if (fstat(fd, &info))
		info.st_mode = 0;
	errno = saved;
	return info.st_mode & S_IFMT;
}

bool faults_stream(int fd)
{
	int saved = errno, type = 0;
	socklen_t size = sizeof(type);

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size))
		type = 0;
	errno = saved;
	return type == SOCK_STREAM;
}

bool faults_interrupt(int fd)
{
	mode_t type = faults_in_pieces ? faults_type(fd) : 0;

	if ((type != S_IFREG && type != S_IFSOCK) || atomic_fetch_add(&faults_turn, 1) % 2)
		return false;
	errno = EINTR;
	return true;
}

size_t faults_piece(int fd, size_t size)
{
	size_t most = 1 + atomic_load(&faults_turn) % 3;

	if (!faults_in_pieces || !size)
		return size;
	if (faults_type(fd) == S_IFREG)
		return size / 2 + 1 < size ? size / 2 + 1 : size;
	return faults_stream(fd) && size > most ? most : size;
}

bool faults_full(int fd)
{
	mode_t type = faults_type(fd);

	if (type == S_IFREG)
		return faults_fail(FAULTS_WRITE, ENOSPC);
	return type == S_IFSOCK && faults_fail(FAULTS_WRITE, ENOBUFS);
}

bool faults_last(int fd)
{
	return faults_type(fd) == S_IFREG && faults_due(FAULTS_KILL);
}

void faults_hang(int fd)
{
	while (atomic_load(hanging) && faults_type(fd) == S_IFREG)
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}

void faults_die(const char *call, const char *path)
{
	const char *name = strrchr(path, '/');

	dprintf(STDERR_FILENO, "faults: dies in %s of %s\n", call, name ? name + 1 : path);
	raise(SIGKILL);
}

void faults_die_at(const char *call, int fd)
{
	char link[32], path[4096];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	path[length > 0 ? length : 0] = '\0';
	faults_die(call, path);
}

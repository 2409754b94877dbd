#include "sandbox.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/sockios.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "wirecensus/error.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#define FILTER_MEMORY (8u << 20) /* more than libseccomp takes to make the filter */

/* What needs no look at its arguments. */
static const int allowed[] = {
	/* Memory. */
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(msync),
	/* Threads, and their end. */
	SCMP_SYS(clone),
	SCMP_SYS(clone3),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(futex),
	SCMP_SYS(membarrier),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(tgkill),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	/* Time, and waiting. */
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(times),
	SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(select),
	SCMP_SYS(pselect6),
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_settime),
	SCMP_SYS(timerfd_gettime),
	SCMP_SYS(eventfd2),
	SCMP_SYS(signalfd4),
	/* Descriptors and files. */
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(preadv),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(pwrite64),
	SCMP_SYS(pwritev),
	SCMP_SYS(lseek),
	SCMP_SYS(close),
	SCMP_SYS(dup),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(pipe2),
	SCMP_SYS(fcntl),
	SCMP_SYS(flock),
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(stat),
	SCMP_SYS(fstat),
	SCMP_SYS(lstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getcwd),
	SCMP_SYS(getdents64),
	SCMP_SYS(statfs),
	SCMP_SYS(fstatfs),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(sync_file_range),
	SCMP_SYS(ftruncate),
	SCMP_SYS(fallocate),
	SCMP_SYS(fadvise64),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(fchmod),
	SCMP_SYS(fchown),
	SCMP_SYS(umask),
	/* Sockets that are open, and those of socket() below. */
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(getsockname),
	SCMP_SYS(getpeername),
	SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendmmsg),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(recvmmsg),
	SCMP_SYS(shutdown),
	/* Who and where we are. */
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(getgroups),
	SCMP_SYS(getrusage),
	SCMP_SYS(sysinfo),
	SCMP_SYS(uname),
	SCMP_SYS(getrandom),
	SCMP_SYS(capget),
};

/* What is refused without an end to the process: libraries try it, and so does the check. */
static const int refused[] = {
	SCMP_SYS(setuid),
	SCMP_SYS(setgid),
	SCMP_SYS(chown),
	SCMP_SYS(chmod),
	SCMP_SYS(sched_setscheduler),
	SCMP_SYS(mlock),
	SCMP_SYS(get_mempolicy),
};

static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

/* Of terminals, of sockets (bytes not yet sent or read), of links. */
static const unsigned long requests[] = {
	TCGETS,     TIOCGWINSZ,   FIONREAD,      FIONBIO,     TIOCOUTQ,    SIOCGIFFLAGS,
	SIOCGIFMTU, SIOCGIFINDEX, SIOCGIFHWADDR, SIOCETHTOOL, SIOCGIFNAME,
};

/* Of maps and programs that are open. */
static const int bpf_allowed[] = {
	BPF_PROG_TEST_RUN,
	BPF_MAP_LOOKUP_ELEM,
	BPF_MAP_UPDATE_ELEM,
	BPF_MAP_DELETE_ELEM,
	BPF_MAP_GET_NEXT_KEY,
	BPF_MAP_LOOKUP_BATCH,
	BPF_MAP_LOOKUP_AND_DELETE_BATCH,
	BPF_MAP_UPDATE_BATCH,
	BPF_MAP_DELETE_BATCH,
	BPF_MAP_LOOKUP_AND_DELETE_ELEM,
	BPF_OBJ_GET_INFO_BY_FD,
	BPF_LINK_CREATE, /* of programs that are loaded, to an interface that has come back */
};

/* Another filter for the kernel engine is tried, and not had. */
static const int bpf_refused[] = {BPF_PROG_LOAD, BPF_MAP_CREATE, BPF_BTF_LOAD};

static int add_lists(scmp_filter_ctx filter)
{
	int failed = 0;

	for (size_t i = 0; i < COUNT(allowed); i++)
		failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; i < COUNT(refused); i++)
		failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
	return failed;
}

/* Sockets of four families, and what is asked of those that are open, and of maps. */
static int add_sockets(scmp_filter_ctx filter)
{
	int failed = 0;

	for (size_t i = 0; i < COUNT(families); i++)
		failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
					   SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i], 0));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
				   SCMP_A0(SCMP_CMP_EQ, AF_PACKET, 0));
	for (size_t i = 0; i < COUNT(requests); i++)
		failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
					   SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, requests[i]));
	for (size_t i = 0; i < COUNT(bpf_allowed); i++)
		failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(bpf), 1,
					   SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)bpf_allowed[i], 0));
	for (size_t i = 0; i < COUNT(bpf_refused); i++)
		failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(bpf), 1,
					   SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)bpf_refused[i], 0));
	return failed;
}

/* No memory that can be executed, so no library either: those are loaded by now. */
static int add_memory(scmp_filter_ctx filter)
{
	static const int calls[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
	int failed = 0;

	for (size_t i = 0; i < COUNT(calls); i++) {
		failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 1,
					   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
		failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 1,
					   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
	}
	/* Limits can be read, not set. */
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
				   SCMP_A2(SCMP_CMP_EQ, 0, 0));
	return failed;
}

/* The names of threads, and what libcap-ng asks when /proc is not to be had. */
static int add_process(scmp_filter_ctx filter)
{
	static const int of_process[] = {PR_SET_NAME, PR_CAPBSET_READ};
	int failed = 0;

	for (size_t i = 0; i < COUNT(of_process); i++)
		failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
					   SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)of_process[i], 0));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 2,
				   SCMP_A0(SCMP_CMP_EQ, PR_CAP_AMBIENT, 0),
				   SCMP_A1(SCMP_CMP_EQ, PR_CAP_AMBIENT_IS_SET, 0));
	return failed;
}

/*
 * When memory is short, libseccomp follows NULL, or loses a rule in silence. So it is asked for
 * before, all that it takes and more.
 */
static bool memory_suffices(void)
{
	void *volatile memory = malloc(FILTER_MEMORY);

	free(memory);
	return memory != NULL;
}

int wc_sandbox_enter(enum wc_seccomp mode, struct wc_error *error)
{
	scmp_filter_ctx filter;
	int failed;

	if (mode == WC_SECCOMP_OFF)
		return WC_OK;
	if (!memory_suffices())
		return wc_error_no_memory(error, "to begin");
	filter = seccomp_init(mode == WC_SECCOMP_LOG ? SCMP_ACT_LOG : SCMP_ACT_KILL_PROCESS);
	/* A binary tree, so that the last call of the list costs as little as the first. */
	if (!filter || seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) || add_lists(filter) ||
	    add_sockets(filter) || add_memory(filter) || add_process(filter)) {
		seccomp_release(filter);
		return wc_error_no_memory(error, "to begin");
	}
	failed = seccomp_load(filter);
	seccomp_release(filter);
	if (failed)
		return wc_error_set(
			error, WC_FAILED,
			"the kernel does not take the list of allowed system calls: %s; "
			"--seccomp off leaves it out",
			strerror(-failed));
	return WC_OK;
}

const char *wc_sandbox_state(enum wc_seccomp mode)
{
	static const char *const states[] = {
		[WC_SECCOMP_ON] = "on",
		[WC_SECCOMP_LOG] = "only logging",
		[WC_SECCOMP_OFF] = "off, as asked for",
	};

	return states[mode];
}

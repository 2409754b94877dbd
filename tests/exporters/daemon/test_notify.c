/* What a service manager hears, on sockets of both kinds of names. */
#include "notify.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "suite.h"

static char heard[256];

/* Listens as @name says, @ in front of an abstract one. */
static int listen_at(const char *name)
{
	struct sockaddr_un where = {.sun_family = AF_UNIX};
	size_t length = strlen(name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	memcpy(where.sun_path, name, length);
	if (*name == '@')
		*where.sun_path = '\0';
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&where,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)),
			 0);
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

static const char *hear(int fd)
{
	ssize_t length = recv(fd, heard, sizeof(heard) - 1, 0);

	heard[length < 0 ? 0 : length] = '\0';
	return heard;
}

static void speak_at(const char *name)
{
	int manager = listen_at(name), fd = wc_notify_open();

	ck_assert_int_ge(fd, 0);
	ck_assert_ptr_null(getenv("NOTIFY_SOCKET"));
	wc_notify_send(fd, "READY=1");
	ck_assert_str_eq(hear(manager), "READY=1");
	wc_notify_reloading(fd);
	ck_assert_int_eq(strncmp(hear(manager), "RELOADING=1\nMONOTONIC_USEC=", 27), 0);
	ck_assert_uint_gt(strtoull(heard + 27, NULL, 10), 0);
	for (int i = 0; i < 10000; i++) /* more than it takes: nobody waits */
		wc_notify_send(fd, "WATCHDOG=1");
	close(manager);
	wc_notify_send(fd, "STOPPING=1");
	close(fd);
}

START_TEST(both_kinds_of_names)
{
	char name[64];

	snprintf(name, sizeof(name), "@test_notify.%d", (int)getpid());
	speak_at(name);
	snprintf(name, sizeof(name), "/tmp/test_notify.%d", (int)getpid());
	speak_at(name);
	unlink(name);
}
END_TEST

START_TEST(nobody_listens)
{
	unsetenv("NOTIFY_SOCKET");
	ck_assert_int_eq(wc_notify_open(), -1);
	setenv("NOTIFY_SOCKET", "relative", 1);
	ck_assert_int_eq(wc_notify_open(), -1);
	setenv("NOTIFY_SOCKET", "/tmp/nobody/listens", 1);
	ck_assert_int_eq(wc_notify_open(), -1);
	wc_notify_send(-1, "READY=1");
}
END_TEST

START_TEST(watchdog)
{
	char pid[32];

	unsetenv("WATCHDOG_PID");
	unsetenv("WATCHDOG_USEC");
	ck_assert_uint_eq(wc_notify_watchdog(), 0);
	setenv("WATCHDOG_USEC", "60000000", 1);
	ck_assert_uint_eq(wc_notify_watchdog(), UINT64_C(60000000000));
	setenv("WATCHDOG_PID", "1", 1);
	ck_assert_uint_eq(wc_notify_watchdog(), 0);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("WATCHDOG_PID", pid, 1);
	ck_assert_uint_eq(wc_notify_watchdog(), UINT64_C(60000000000));
	setenv("WATCHDOG_USEC", "99999999999999999999", 1);
	ck_assert_uint_eq(wc_notify_watchdog(), 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {both_kinds_of_names, nobody_listens, watchdog, NULL};

	return suite_run("notify", tests, 60);
}

/* In a mount namespace of its own, where /run is empty and a journald of the test's writes to it.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "courier.h"
#include "namespace.h"
#include "suite.h"

#define JOURNALD "/lib/systemd/systemd-journald"

static bool private_run(void)
{
	return !unshare(CLONE_NEWNS) && !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !mount("none", "/run", "tmpfs", 0, NULL) && !mkdir("/run/systemd", 0755) &&
	       !mkdir("/run/systemd/journal", 0755) && !mkdir("/run/log", 0755) &&
	       !mkdir("/run/log/journal", 0755);
}

static pid_t start_journald(void)
{
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execl(JOURNALD, JOURNALD, (char *)NULL);
		_exit(127);
	}
	return child;
}

static bool finds(const char *pattern)
{
	return namespace_run("journalctl --sync 2>/dev/null; journalctl -o json -t census-test "
			     "2>/dev/null | grep -q '%s'",
			     pattern);
}

START_TEST(fields_arrive)
{
	static const char message[] =
		"MESSAGE=one\nPRIORITY=5\nSYSLOG_IDENTIFIER=census-test\n"
		"WIRECENSUS_PORT=443\nWIRECENSUS_NAME\n\x05\0\0\0\0\0\0\0a\nb=c\n";
	struct courier courier;
	pid_t journald;

	ck_assert(private_run());
	courier_init(&courier, NULL, "journald://");
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ck_assert_ptr_nonnull(strstr(courier.error.text, "systemd-journald is not there"));

	journald = start_journald();
	while (access("/run/systemd/journal/socket", F_OK))
		usleep(10000);
	while (courier_open(&courier) != WC_DELIVERY_OPEN)
		usleep(10000);
	for (int i = 0; i < 3; i++)
		ck_assert(courier_send(&courier, message, sizeof(message) - 1));
	ck_assert_uint_eq(courier_confirm(&courier, 3), 3);
	while (!finds("\"WIRECENSUS_PORT\":\"443\""))
		usleep(100000);
	ck_assert(finds("\"MESSAGE\":\"one\""));
	ck_assert(finds("\"WIRECENSUS_NAME\":\"a.nb=c\""));

	/* What is no list of fields is not sent. */
	ck_assert(courier_send(&courier, "MESSAGE=x", 9));
	courier_end(&courier);
	ck_assert_ptr_nonnull(strstr(courier.error.text, "no list of journal fields"));

	kill(journald, SIGKILL);
	waitpid(journald, NULL, 0);
	courier_open(&courier);
	ck_assert(!courier_send(&courier, message, sizeof(message) - 1));
	ck_assert_uint_eq(courier_confirm(&courier, 1), 0);
	courier_free(&courier);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {fields_arrive, NULL};

	if (access(JOURNALD, X_OK) || !namespace_run("unshare -m true 2>/dev/null")) {
		puts("skipped: no systemd-journald (package systemd), or no mount namespace");
		return 77;
	}
	return suite_run("journald", tests, 120);
}

/* The control socket: who may come in, what they may send, and what nobody can do to others. */
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control_bed.h"
#include "control_protocol.h"
#include "sample.h"
#include "suite.h"

#define SECOND UINT64_C(1000000000)

/* A user that Debian has, and that nobody of the test is. */
#define STRANGER 65534

static struct bed bed;

/* Clients of the server, its own descriptor not counted. */
static size_t clients(void)
{
	struct pollfd fds[WC_CONTROL_FDS];
	uint64_t deadline;
	size_t count = wc_control_wait(bed.control, fds, &deadline), own = 0;

	for (size_t i = 0; i < count; i++) {
		int listens = 0;
		socklen_t length = sizeof(listens);

		getsockopt(fds[i].fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length);
		own += listens != 0 || fds[i].fd < 0;
	}
	return count - own;
}

/* Several requests on one connection are answered in order, a request in pieces as well. */
START_TEST(test_requests)
{
	static const char both[] = "ERROR 2 status takes no argument 'x'\n"
				   "ERROR 2 show has no option 'y'\n"
				   "ERROR 2 status takes no argument 'z'\n";
	int fd;
	size_t length;

	bed_open(&bed, NULL);
	fd = bed_connect(&bed);
	bed_send(fd, "status x\nshow ports y=1\nsta", 27);
	bed_turn(&bed, 5);
	bed_send(fd, "tus z\n", 6);
	ck_assert_str_eq(bed_receive(&bed, fd, strlen(both), &length), both);
	ck_assert_uint_eq(clients(), 1);
	close(fd);
	bed_turn(&bed, 1);
	ck_assert_uint_eq(clients(), 0);
	bed_close(&bed);
}
END_TEST

/* The next of several requests does not wait for a descriptor. */
START_TEST(test_deadlines)
{
	struct pollfd fds[WC_CONTROL_FDS];
	uint64_t deadline;
	int fd;

	bed_open(&bed, NULL);
	ck_assert_uint_eq(wc_control_wait(bed.control, fds, &deadline), 1);
	ck_assert_uint_eq(deadline, UINT64_MAX);
	fd = bed_connect(&bed);
	bed_turn(&bed, 1);
	ck_assert_uint_eq(wc_control_wait(bed.control, fds, &deadline), 2);
	ck_assert_uint_eq(deadline, bed.now_ns + 5 * SECOND);
	bed_send(fd, "a\nb\n", 4);
	bed_turn(&bed, 1);
	ck_assert_uint_eq(wc_control_wait(bed.control, fds, &deadline), 2);
	ck_assert_uint_eq(deadline, 0);
	bed_turn(&bed, 1);
	wc_control_wait(bed.control, fds, &deadline);
	ck_assert_uint_eq(deadline, bed.now_ns + 5 * SECOND);

	bed.now_ns += 5 * SECOND - 1;
	bed_turn(&bed, 1);
	ck_assert_uint_eq(clients(), 1);
	bed.now_ns++;
	bed_turn(&bed, 1);
	ck_assert_uint_eq(clients(), 0);
	close(fd);
	bed_close(&bed);
}
END_TEST

START_TEST(test_actions)
{
	bed_open(&bed, NULL);
	bed.done.said = "/var/lib/a.json\n";
	bed_expect(&bed, "dump", "OK 16\n/var/lib/a.json\n");
	bed_expect(&bed, "dump reset=yes", "OK 16\n/var/lib/a.json\n");
	ck_assert_int_eq(bed.done.dumps, 2);
	ck_assert_int_eq(bed.done.resets, 1);
	bed.done.said = NULL;
	bed_expect(&bed, "reload", "OK 0\n");
	bed.done = (struct bed_actions){
		.status = WC_INVALID, .said = "a.conf:3: no\n", .sentence = "nothing was changed"};
	bed_expect(&bed, "reload", "TROUBLE 2 33\na.conf:3: no\nnothing was changed\n");
	bed.done.said = NULL;
	bed_expect(&bed, "reload", "ERROR 2 nothing was changed\n");
	bed.done = (struct bed_actions){.status = WC_FAILED, .said = "engine needs a restart\n"};
	bed_expect(&bed, "reload", "TROUBLE 1 23\nengine needs a restart\n");
	bed_close(&bed);
}
END_TEST

/* ---- who ---- */

/* Asks as another user, in a child, and returns what that one got. */
static const char *ask_as(uid_t user, gid_t group, gid_t member, const char *line)
{
	static char got[4096];
	int report[2];
	ssize_t length;
	pid_t child;

	ck_assert_int_eq(pipe(report), 0);
	child = fork();
	if (!child) {
		int fd;

		if (setgroups(1, &member) || setresgid(group, group, group) ||
		    setresuid(user, user, user))
			_exit(1);
		fd = bed_connect(&bed);
		fcntl(fd, F_SETFL, 0);
		/* One who is sent away may have been before it could ask. */
		send(fd, line, strlen(line), MSG_NOSIGNAL);
		shutdown(fd, SHUT_WR);
		while ((length = recv(fd, got, sizeof(got), 0)) > 0)
			if (write(report[1], got, (size_t)length) != length)
				_exit(1);
		_exit(0);
	}
	close(report[1]);
	while (waitpid(child, NULL, WNOHANG) == 0) {
		bed_turn(&bed, 1);
		usleep(1000);
	}
	length = read(report[0], got, sizeof(got) - 1);
	got[length > 0 ? length : 0] = '\0';
	close(report[0]);
	return got;
}

/* Strangers are sent away, members of the group may only read, by either kind of membership. */
START_TEST(test_rights)
{
	static const char away[] = "ERROR 1 only root, the daemon's own user and members of the "
				   "group " BED_GROUP " are answered here\n";
	static const char not_you[] =
		"ERROR 1 dump is for root and the daemon's own user only: run "
		"it as root\n";
	const struct group *found = getgrnam(BED_GROUP);
	gid_t group = found ? found->gr_gid : 0;

	if (geteuid() != 0 || !found) {
		puts("who may ask is not tested: it needs root, and the group " BED_GROUP);
		return;
	}
	bed_open(&bed, BED_GROUP);
	/* What keeps strangers out at first is the file's mode. */
	ck_assert_int_eq(chmod(bed.folder, 0711), 0);
	ck_assert_int_eq(chmod(bed.path, 0666), 0);
	ck_assert_str_eq(ask_as(STRANGER, STRANGER, STRANGER, "show captures\n"), away);
	ck_assert_str_eq(ask_as(STRANGER, STRANGER, STRANGER, "dump\n"), away);
	ck_assert_uint_eq(clients(), 0);
	ck_assert(!strncmp(ask_as(STRANGER, group, STRANGER, "show captures\n"), "OK ", 3));
	ck_assert(!strncmp(ask_as(STRANGER, STRANGER, group, "show captures\n"), "OK ", 3));
	ck_assert(!strncmp(ask_as(STRANGER, STRANGER, group, "status\n"), "TROUBLE 1 ", 10));
	ck_assert_str_eq(ask_as(STRANGER, STRANGER, group, "dump\n"), not_you);
	ck_assert_ptr_nonnull(strstr(ask_as(STRANGER, group, group, "reload\n"), "reload is for"));
	ck_assert_int_eq(bed.done.dumps + bed.done.reloads, 0);
	ck_assert_str_eq(ask_as(0, STRANGER, STRANGER, "dump\n"), "OK 0\n");
	ck_assert_int_eq(bed.done.dumps, 1);
	bed_close(&bed);
}
END_TEST

/* Without a group only root and the daemon's own user are left. */
START_TEST(test_no_group)
{
	if (geteuid() != 0) {
		puts("who may ask without a group is not tested: it needs root");
		return;
	}
	bed_open(&bed, NULL);
	ck_assert_int_eq(chmod(bed.folder, 0711), 0);
	ck_assert_int_eq(chmod(bed.path, 0666), 0);
	ck_assert_str_eq(ask_as(STRANGER, STRANGER, (gid_t)-2, "status\n"),
			 "ERROR 1 only root, the daemon's own user are answered here\n");
	bed_close(&bed);
}
END_TEST

/* ---- those who mean harm ---- */

START_TEST(test_long_line)
{
	static char junk[5 * 1024];
	size_t length;
	int fd;

	bed_open(&bed, NULL);
	memset(junk, 'a', sizeof(junk));
	fd = bed_connect(&bed);
	bed_send(fd, junk, sizeof(junk));
	ck_assert_str_eq(bed_receive(&bed, fd, 0, &length),
			 "ERROR 2 a request is longer than 4096 bytes\n");
	ck_assert_uint_eq(clients(), 0);
	close(fd);

	/* The longest one that is taken. */
	junk[WC_CONTROL_LINE - 1] = '\n';
	fd = bed_connect(&bed);
	bed_send(fd, junk, WC_CONTROL_LINE);
	ck_assert(!strncmp(bed_receive(&bed, fd, 60, &length), "ERROR 2 there is no request 'aaaa",
			   33));
	close(fd);
	bed_close(&bed);
}
END_TEST

/* Bytes of every kind get a sentence that is text. */
START_TEST(test_junk)
{
	unsigned seed = 1;

	bed_open(&bed, NULL);
	for (int round = 0; round < 300; round++) {
		char junk[200];
		const char *text;
		size_t length;
		int fd = bed_connect(&bed);

		for (size_t i = 0; i < sizeof(junk); i++)
			junk[i] = (char)rand_r(&seed);
		junk[sizeof(junk) - 1] = '\n';
		bed_send(fd, junk, sizeof(junk));
		shutdown(fd, SHUT_WR);
		text = bed_receive(&bed, fd, 0, &length);
		ck_assert_msg(!strncmp(text, "ERROR 2 ", 8), "%s", text);
		for (size_t i = 0; i < length; i++)
			ck_assert((unsigned char)text[i] >= ' ' || text[i] == '\n');
		close(fd);
	}
	bed_turn(&bed, 1);
	ck_assert_uint_eq(clients(), 0);
	bed_close(&bed);
}
END_TEST

/* A thousand who connect and say nothing: memory is bounded, and who asks is answered. */
START_TEST(test_crowd)
{
	static int crowd[1000];

	bed_open(&bed, NULL);
	for (size_t i = 0; i < 1000; i++) {
		crowd[i] = bed_connect(&bed);
		bed_turn(&bed, 1);
		ck_assert_uint_le(clients(), WC_CONTROL_CLIENTS);
	}
	bed_expect(&bed, "status x", "ERROR 2 status takes no argument 'x'\n");
	bed.now_ns += 5 * SECOND;
	bed_turn(&bed, 1);
	ck_assert_uint_eq(clients(), 0);
	for (size_t i = 0; i < 1000; i++)
		close(crowd[i]);
	bed_close(&bed);
}
END_TEST

/* A client that asks for much and never reads holds up nobody, and is gone after a while. */
START_TEST(test_no_reader)
{
	static const char ask[] = "show ports format=json\n";
	struct wc_snapshot full = sample_full();
	struct pollfd fds[WC_CONTROL_FDS];
	int slow[WC_CONTROL_CLIENTS];
	uint64_t deadline;

	bed_open(&bed, NULL);
	bed.captures[0].last = &full;
	bed.board.capture_count = 1;
	slow[0] = bed_connect(&bed);
	bed_send(slow[0], ask, strlen(ask));
	bed_send(slow[0], ask, strlen(ask));
	bed_turn(&bed, 3);

	/* There are two such answers in the daemon at no time. */
	bed_expect(&bed, "show ports format=json",
		   "ERROR 1 others have not taken their answers yet: try again\n");
	bed_expect(&bed, "status x", "ERROR 2 status takes no argument 'x'\n");

	/* When all places are taken by such clients, nobody else comes in until they are gone. */
	full.port_rows = 5000;
	bed.now_ns += 5 * SECOND;
	bed_turn(&bed, 1);
	ck_assert_uint_eq(clients(), 0);
	close(slow[0]);
	for (size_t i = 0; i < WC_CONTROL_CLIENTS; i++) {
		slow[i] = bed_connect(&bed);
		bed_send(slow[i], ask, strlen(ask));
		bed_turn(&bed, 2);
	}
	ck_assert_uint_eq(clients(), WC_CONTROL_CLIENTS);
	bed_expect(&bed, "status x", "ERROR 1 the daemon is busy with others: try again\n");
	wc_control_wait(bed.control, fds, &deadline);
	ck_assert_uint_eq(deadline, bed.now_ns + 5 * SECOND);
	bed.now_ns += 5 * SECOND;
	bed_turn(&bed, 1);
	ck_assert_uint_eq(clients(), 0);
	ck_assert_uint_eq(wc_control_wait(bed.control, fds, &deadline), 1);
	for (size_t i = 0; i < WC_CONTROL_CLIENTS; i++)
		close(slow[i]);
	bed_close(&bed);
}
END_TEST

/* Without a descriptor for who waits outside, nothing turns in circles; later, he is let in. */
START_TEST(test_no_descriptor)
{
	struct pollfd fds[WC_CONTROL_FDS];
	struct rlimit before, none;
	uint64_t deadline;
	int fd;

	bed_open(&bed, NULL);
	fd = bed_connect(&bed);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){.rlim_cur = 3, .rlim_max = before.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	wc_control_wait(bed.control, fds, &deadline);
	ck_assert_int_eq(poll(fds, 1, 0), 1);
	bed_turn(&bed, 1);
	wc_control_wait(bed.control, fds, &deadline);
	ck_assert_int_eq(poll(fds, 1, 0), 0);
	ck_assert_uint_eq(deadline, bed.now_ns + SECOND);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	bed_turn(&bed, 1);
	ck_assert_uint_eq(clients(), 0);
	bed.now_ns += SECOND;
	bed_turn(&bed, 1);
	ck_assert_uint_eq(clients(), 1);
	close(fd);
	bed_close(&bed);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_requests,  test_deadlines,     test_actions, test_rights,
		test_no_group,  test_long_line,     test_junk,    test_crowd,
		test_no_reader, test_no_descriptor, NULL,
	};

	return suite_run("control", tests, 60);
}

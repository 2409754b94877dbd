/* A real collector: rsyslogd, in a network namespace of the test's own. */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "courier.h"
#include "credentials.h"
#include "namespace.h"
#include "suite.h"

#define MOST 2000

static const char *configuration;
static char out[96];
static struct courier courier;
static pid_t rsyslogd;
static unsigned times[MOST]; /* that each message is in the file */

/* True if something listens there. */
static bool listens(uint16_t port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool good = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;

	close(fd);
	return good;
}

static void start_rsyslogd(void)
{
	static const uint16_t ports[] = {5141, 5142, 5143, 5144};
	char file[100];

	snprintf(file, sizeof(file), "%s/rsyslog.conf", credentials.folder);
	rsyslogd = fork();
	if (rsyslogd == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		execlp("rsyslogd", "rsyslogd", "-n", "-f", file, "-iNONE", (char *)NULL);
		_exit(127);
	}
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		while (!listens(ports[i])) {
			ck_assert_int_eq(waitpid(rsyslogd, NULL, WNOHANG), 0);
			poll(NULL, 0, 20);
		}
}

static void stop_rsyslogd(int signal_number)
{
	kill(rsyslogd, signal_number);
	waitpid(rsyslogd, NULL, 0);
}

static void setup(void)
{
	ck_assert(namespace_enter());
	ck_assert(namespace_run("sed 's|@FOLDER@|%s|g' %s >%s/rsyslog.conf && rm -f %s",
				credentials.folder, configuration, credentials.folder, out));
	start_rsyslogd();
}

static void teardown(void)
{
	stop_rsyslogd(SIGKILL);
}

/* Reads the file. Returns how many different messages it has. */
static unsigned read_file(void)
{
	FILE *file = fopen(out, "re");
	unsigned different = 0, number;
	char line[200];

	memset(times, 0, sizeof(times));
	while (file && fgets(line, sizeof(line), file)) {
		ck_assert_msg(sscanf(line, "message %u end", &number) == 1 && number < MOST, "%s",
			      line);
		different += times[number]++ == 0;
	}
	if (file)
		fclose(file);
	return different;
}

/* Sends the message @number, with its length in front (RFC 6587 3.4.1) if @counted. */
static bool send_numbered(unsigned number, bool counted)
{
	char text[200], framed[220];
	int length =
		snprintf(text, sizeof(text), "<134>1 - host deliver - - - message %u end", number);

	if (!counted)
		return courier_send(&courier, text, (size_t)length);
	length = snprintf(framed, sizeof(framed), "%d %s", length, text);
	return courier_send(&courier, framed, (size_t)length);
}

static void open_to(const char *place)
{
	struct wc_delivery_settings settings = {
		.tls = {.ca = credentials.ca,
			.certificate = credentials.certificate,
			.key = credentials.key},
		.patience_ns = 60000000000,
	};

	courier_init(&courier, &settings, "%s", place);
	ck_assert_msg(courier_open(&courier) == WC_DELIVERY_OPEN, "%s", courier.error.text);
}

static const struct {
	const char *place;
	bool counted;
} ways[] = {
	{"udp://localhost:5140", false},      {"tcp://localhost:5141", true},
	{"tls://localhost:5142", true},       {"relp://localhost:5143", false},
	{"relp+tls://localhost:5144", false},
};

START_TEST(every_message_arrives_once)
{
	open_to(ways[_i].place);
	for (unsigned i = 0; i < MOST; i++) {
		ck_assert(send_numbered(i, ways[_i].counted));
		/* Datagrams are paced by who sends them: no more than a socket holds. */
		while (_i == 0 && i % 50 == 0 && read_file() <= i)
			poll(NULL, 0, 20);
	}
	ck_assert_uint_eq(courier_confirm(&courier, MOST), MOST);
	while (read_file() < MOST)
		poll(NULL, 0, 50);
	for (unsigned i = 0; i < MOST; i++)
		ck_assert_uint_eq(times[i], 1);
	courier_free(&courier);
}
END_TEST

/* Killed and started again at any time: all is there, since what is not confirmed is sent again. */
START_TEST(relp_loses_nothing)
{
	unsigned confirmed = 0, kills = 0;

	open_to(ways[_i].place);
	while (confirmed < MOST) {
		unsigned next = confirmed;

		while (next < MOST && send_numbered(next, false))
			if (++next % 300 == 0 && kills < 3) {
				kills++;
				stop_rsyslogd(SIGKILL);
				start_rsyslogd();
			}
		confirmed += (unsigned)courier_confirm(&courier, MOST - confirmed);
		if (courier.state == WC_DELIVERY_CLOSED)
			while (courier_open(&courier) != WC_DELIVERY_OPEN)
				poll(NULL, 0, 50);
	}
	ck_assert_uint_eq(read_file(), MOST);
	ck_assert_uint_ge(courier.ends, 1);
	courier_free(&courier);
}
END_TEST

static int run_all(void)
{
	Suite *suite = suite_create("rsyslog");
	TCase *group = tcase_create("rsyslog");
	SRunner *runner;
	int failed;

	tcase_set_timeout(group, 300);
	tcase_add_checked_fixture(group, setup, teardown);
	tcase_add_loop_test(group, every_message_arrives_once, 0, 5);
	tcase_add_loop_test(group, relp_loses_nothing, 3, 5);
	suite_add_tcase(suite, group);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	int result;

	if (argc < 3 || !namespace_run("command -v rsyslogd certtool >/dev/null && "
				       "test -e /usr/lib/*/rsyslog/imrelp.so && "
				       "test -e /usr/lib/*/rsyslog/lmnsd_gtls.so")) {
		puts("skipped: no collector to send to (packages rsyslog, rsyslog-gnutls, "
		     "rsyslog-relp, gnutls-bin)");
		return 77;
	}
	if (!namespace_possible()) {
		puts("skipped: no network namespace can be made here");
		return 77;
	}
	if (!credentials_make(argv[1]))
		return EXIT_FAILURE;
	configuration = argv[2];
	snprintf(out, sizeof(out), "%s/out", credentials.folder);
	result = run_all();
	credentials_remove();
	return result;
}

/*
 * An exporter in its thread, with a real journal and real TCP: an interval larger than what it
 * keeps of its messages, a peer that goes in the middle, one that never reads.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "batch.h"
#include "delivery.h"
#include "encode.h"
#include "exporter.h"
#include "exporter_options.h"
#include "format.h"
#include "journal.h"
#include "runner.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"
#include "world.h"

#define SECOND  UINT64_C(1000000000)
#define PATIENT (60 * SECOND) /* a watchdog */
#define PORTS   40000         /* rows of JSON for two windows */

/* What runs. */
struct bench {
	struct wc_journal *journal;
	struct wc_exporter *exporter;
	struct wc_runner *runner;
	struct wc_exporter_options options;
	struct wc_registry *registry;
	struct wc_context context;
	char address[64];
	int listener;
};

static uint64_t now(void)
{
	return wc_world_real.steady(NULL);
}

static void write_interval(struct bench *bench, uint64_t number, size_t ports)
{
	struct wc_port_row *rows = calloc(ports, sizeof(*rows));
	struct wc_snapshot snapshot = {
		.capture = "lo",
		.observer = "lo",
		.interval = number,
		.start_ns = (int64_t)((number - 1) * 10 * SECOND),
		.end_ns = (int64_t)(number * 10 * SECOND),
		.length_ns = 10 * SECOND,
		.complete = true,
		.ports = rows,
		.port_rows = ports,
	};
	const struct wc_snapshot *list[] = {&snapshot};
	struct wc_error error;

	ck_assert_ptr_nonnull(rows);
	for (size_t i = 0; i < ports; i++)
		rows[i] = (struct wc_port_row){
			.protocol = 6, .port = (uint16_t)i, .delta.all = {i + 1, 60 * (i + 1)}};
	ck_assert_int_eq(wc_journal_write(bench->journal, list, 1, &error), 0);
	free(rows);
}

static int listen_somewhere(char *address, size_t size)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(any);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(listener, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&any, sizeof(any)), 0);
	ck_assert_int_eq(listen(listener, 8), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&any, &length), 0);
	snprintf(address, size, "tcp://127.0.0.1:%u", (unsigned)ntohs(any.sin_port));
	return listener;
}

/* Makes an exporter as its options say. */
static void prepare(struct bench *bench, uint64_t encoding)
{
	const struct wc_exporter_settings settings = {
		.name = "json/test",
		.format = wc_format_find("json"),
		.options = &bench->options,
		.interval = 10,
		.encoding = encoding,
		.context = &bench->context,
		.journal = bench->journal,
		.world = &wc_world_real,
	};
	struct wc_error error;

	ck_assert_msg(!wc_exporter_new(&bench->exporter, &settings, &error), "%s", error.text);
}

/* The same, and starts it. */
static void launch(struct bench *bench, uint64_t encoding)
{
	struct wc_error error;

	prepare(bench, encoding);
	ck_assert_int_eq(wc_runner_start(&bench->runner, bench->exporter, &error), 0);
}

static void begin(struct bench *bench)
{
	const struct wc_journal_settings journal = {
		.size = UINT64_C(1) << 30,
		.undelivered = UINT64_C(1) << 30,
		.age = UINT64_C(1) << 40,
		.host = "test",
		.instance = "4f6f5c1e-0000-4000-8000-0123456789ab",
		.version = "0",
	};
	char notice[WC_ERROR_SIZE];
	struct wc_error error;

	*bench = (struct bench){.options = {.top = WC_ROWS_FITTING, .patience = 30}};
	bench->registry = wc_registry_new();
	ck_assert_ptr_nonnull(bench->registry);
	bench->context = (struct wc_context){.host = "test", .registry = bench->registry};
	bench->listener = listen_somewhere(bench->address, sizeof(bench->address));
	bench->options.address = bench->address;
	ck_assert_int_eq(wc_journal_open(&bench->journal, &journal, notice, &error), 0);
	launch(bench, 1);
}

static void finish(struct bench *bench)
{
	wc_exporter_free(bench->exporter);
	wc_journal_close(bench->journal);
	wc_registry_free(bench->registry);
	close(bench->listener);
}

/* Waits for the exporter to connect. */
static int take_connection(const struct bench *bench)
{
	struct pollfd fd = {.fd = bench->listener, .events = POLLIN};
	int connection;

	ck_assert_int_eq(poll(&fd, 1, (int)(PATIENT / 1000000)), 1);
	connection = accept(bench->listener, NULL, NULL);
	ck_assert_int_ge(connection, 0);
	return connection;
}

/* What a reader has seen, line by line. */
struct reader {
	char line[4096];
	size_t length;
	uint64_t last; /* row */
	uint64_t lines;
	uint8_t seen[PORTS + 2];
	uint64_t packets; /* of rows that came for the first time */
};

static uint64_t number_of(const char *line, const char *field)
{
	const char *at = strstr(line, field);

	ck_assert_msg(at != NULL, "%s is not in %s", field, line);
	return strtoull(at + strlen(field), NULL, 10);
}

static void take_line(struct reader *reader)
{
	uint64_t row = number_of(reader->line, "\"row\":");

	if (row > PORTS + 1 || (reader->last && row != reader->last + 1))
		ck_abort_msg("row %lu follows %lu", (unsigned long)row,
			     (unsigned long)reader->last);
	if (number_of(reader->line, "\"rows\":") != PORTS + 1)
		ck_abort_msg("%s", reader->line);
	reader->last = row;
	reader->lines++;
	if (!reader->seen[row] && row > 1)
		reader->packets += number_of(reader->line, "\"packets\":");
	reader->seen[row] = 1;
}

/* Reads until the last row, or about @bytes. */
static void read_some(struct reader *reader, int connection, size_t bytes)
{
	static char block[65536];

	reader->last = 0;
	reader->length = 0;
	for (size_t all = 0; all < bytes && reader->last != PORTS + 1;) {
		struct pollfd fd = {.fd = connection, .events = POLLIN};
		ssize_t got;

		ck_assert_int_eq(poll(&fd, 1, (int)(PATIENT / 1000000)), 1);
		got = read(connection, block, sizeof(block));
		ck_assert_int_gt(got, 0);
		all += (size_t)got;
		for (ssize_t i = 0; i < got; i++) {
			reader->line[reader->length++] = block[i];
			if (block[i] != '\n')
				continue;
			reader->line[reader->length - 1] = '\0';
			take_line(reader);
			reader->length = 0;
		}
	}
}

static void wait_until_idle(const struct bench *bench, struct wc_exporter_status *status)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	uint64_t watchdog = now() + PATIENT;

	do {
		ck_assert_uint_lt(now(), watchdog);
		nanosleep(&pause, NULL);
		wc_exporter_status(bench->exporter, status);
	} while (status->condition != WC_EXPORTER_IDLE || status->backlog);
}

/* The peer goes away in the middle; what it had not confirmed comes again, and nothing is missing.
 */
START_TEST(test_broken)
{
	static struct reader reader;
	const struct linger at_once = {.l_onoff = 1};
	struct wc_exporter_status status;
	struct bench bench;
	uint64_t lines;
	int connection;

	begin(&bench);
	write_interval(&bench, 1, PORTS);
	wc_runner_wake(bench.runner);
	connection = take_connection(&bench);
	read_some(&reader, connection, 3 << 20);
	lines = reader.lines;
	ck_assert_uint_gt(lines, 1000);
	ck_assert_uint_lt(lines, PORTS / 2);
	setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(connection);

	connection = take_connection(&bench);
	read_some(&reader, connection, SIZE_MAX);
	wait_until_idle(&bench, &status);
	ck_assert_uint_eq(status.connections, 2);
	ck_assert_uint_eq(status.failures, 1);
	ck_assert_uint_eq(status.messages, PORTS + 1);
	ck_assert_uint_eq(status.rows, PORTS + 1);
	ck_assert_uint_gt(status.bytes, WC_BATCH_WINDOW);
	ck_assert_uint_eq(status.lost_intervals, 0);
	ck_assert_uint_eq(status.unconfirmed, 0);
	ck_assert_str_eq(status.reason, "");
	ck_assert(status.last_ns != WC_TIME_UNKNOWN);

	wc_runner_ask(bench.runner, now() + SECOND);
	ck_assert(wc_runner_end(bench.runner, now() + PATIENT));
	close(connection);
	/* What its kernel had confirmed and it never read may be missing, and only that. */
	for (uint64_t row = 1; row <= lines; row++)
		ck_assert_uint_eq(reader.seen[row], 1);
	finish(&bench);
}
END_TEST

/* A peer that reads all, and an interval that comes while the exporter sleeps. */
START_TEST(test_woken)
{
	static struct reader reader;
	struct wc_exporter_status status;
	struct bench bench;
	int connection;

	begin(&bench);
	for (uint64_t interval = 1; interval <= 2; interval++) {
		reader = (struct reader){0};
		write_interval(&bench, interval, PORTS);
		wc_runner_wake(bench.runner);
		if (interval == 1)
			connection = take_connection(&bench);
		read_some(&reader, connection, SIZE_MAX);
		ck_assert_uint_eq(reader.lines, PORTS + 1);
		ck_assert_uint_eq(reader.packets, (uint64_t)PORTS * (PORTS + 1) / 2);
		wait_until_idle(&bench, &status);
		ck_assert_uint_eq(status.messages, interval * (PORTS + 1));
	}
	ck_assert_uint_eq(status.repeated, 0);
	ck_assert_uint_eq(status.connections, 1);
	wc_runner_ask(bench.runner, now() + PATIENT);
	ck_assert(wc_runner_end(bench.runner, now() + PATIENT));
	close(connection);
	finish(&bench);
}
END_TEST

/* A peer that never reads: the thread ends by the time it was given all the same. */
START_TEST(test_silent)
{
	struct wc_exporter_status status;
	struct bench bench;
	int connection;

	begin(&bench);
	write_interval(&bench, 1, PORTS);
	wc_runner_wake(bench.runner);
	connection = take_connection(&bench);
	wc_runner_ask(bench.runner, now() + SECOND / 5);
	ck_assert(wc_runner_end(bench.runner, now() + PATIENT));
	wc_exporter_status(bench.exporter, &status);
	ck_assert_uint_eq(status.backlog, 1);
	ck_assert_uint_lt(status.messages, PORTS + 1);
	close(connection);
	finish(&bench);
}
END_TEST

/* Ends the exporter with a part of an interval delivered. */
static void leave_part(struct bench *bench)
{
	static struct reader reader;
	struct wc_journal_position position;
	struct wc_error error;
	int connection;

	write_interval(bench, 1, PORTS);
	wc_runner_wake(bench->runner);
	connection = take_connection(bench);
	read_some(&reader, connection, 3 << 20);
	wc_runner_ask(bench->runner, now());
	ck_assert(wc_runner_end(bench->runner, now() + PATIENT));
	close(connection);
	wc_exporter_free(bench->exporter);
	ck_assert_int_eq(wc_journal_position(bench->journal, "json/test", &position, &error), 0);
	ck_assert_uint_eq(position.sequence, 1);
	ck_assert_uint_gt(position.messages, 1000);
	ck_assert_uint_le(position.messages, PORTS);
}

/* The messages that were delivered are no longer those that the interval becomes: none is left out.
 */
START_TEST(test_encoded_anew)
{
	static char total[] = "total";
	static char *rows[] = {total};
	struct wc_exporter_status status;
	struct bench bench;
	char block[4096] = "";
	struct pollfd fd = {.events = POLLIN};
	int connection;

	begin(&bench);
	leave_part(&bench);
	bench.options.rows = (struct wc_texts){rows, 1};
	launch(&bench, 2);
	connection = take_connection(&bench);
	fd.fd = connection;
	ck_assert_int_eq(poll(&fd, 1, (int)(PATIENT / 1000000)), 1);
	ck_assert_int_gt(read(connection, block, sizeof(block) - 1), 0);
	ck_assert_uint_eq(number_of(block, "\"interval\":"), 1);
	ck_assert_uint_eq(number_of(block, "\"rows\":"), 1);
	wait_until_idle(&bench, &status);
	ck_assert_uint_eq(status.messages, 1);
	wc_runner_ask(bench.runner, now());
	ck_assert(wc_runner_end(bench.runner, now() + PATIENT));
	close(connection);
	finish(&bench);
}
END_TEST

/* As it was encoded before, an interval goes on where it stopped. */
START_TEST(test_resumed)
{
	struct wc_exporter_status status;
	static struct reader reader;
	struct bench bench;
	int connection;

	begin(&bench);
	leave_part(&bench);
	launch(&bench, 1);
	connection = take_connection(&bench);
	read_some(&reader, connection, SIZE_MAX);
	wait_until_idle(&bench, &status);
	ck_assert_uint_lt(status.messages, PORTS - 1000);
	ck_assert_uint_eq(status.messages, reader.lines);
	wc_runner_ask(bench.runner, now());
	ck_assert(wc_runner_end(bench.runner, now() + PATIENT));
	close(connection);
	finish(&bench);
}
END_TEST

/* Ends the exporter at once, whatever it has to deliver. */
static void end_at_once(struct bench *bench)
{
	wc_runner_ask(bench->runner, now());
	ck_assert(wc_runner_end(bench->runner, now() + PATIENT));
	wc_exporter_free(bench->exporter);
	bench->exporter = NULL;
}

/* What the end itself brings to the disk is delivered, too, and not written again. */
START_TEST(test_ended_file)
{
	char path[] = "/tmp/wirecensus-runner-XXXXXX";
	struct wc_exporter_status status;
	struct pollfd fds[WC_DELIVERY_FDS];
	struct wc_journal_position part;
	static struct reader reader;
	uint64_t deadline_ns;
	struct wc_error error;
	struct bench bench;
	int file = mkstemp(path);

	ck_assert_int_ge(file, 0);
	begin(&bench);
	end_at_once(&bench);
	snprintf(bench.address, sizeof(bench.address), "file://%s", path);
	write_interval(&bench, 1, PORTS);
	prepare(&bench, 1);
	wc_exporter_step(bench.exporter, fds, &deadline_ns);
	wc_exporter_stop(bench.exporter);
	wc_exporter_free(bench.exporter);
	ck_assert_int_eq(wc_journal_position(bench.journal, "json/test", &part, &error), 0);
	ck_assert_uint_eq(part.sequence, 1);
	ck_assert_uint_gt(part.messages, 0);
	ck_assert_uint_le(part.messages, PORTS);
	launch(&bench, 1);
	wait_until_idle(&bench, &status);
	end_at_once(&bench);
	read_some(&reader, file, SIZE_MAX);
	ck_assert_uint_eq(reader.lines, PORTS + 1);
	ck_assert_int_eq(close(file), 0);
	ck_assert_int_eq(unlink(path), 0);
	finish(&bench);
}
END_TEST

static int make(struct bench *bench, struct wc_exporter_options *options, struct wc_error *error)
{
	const struct wc_exporter_settings settings = {
		.name = "json/test",
		.format = wc_format_find("json"),
		.options = options,
		.interval = 10,
		.context = &bench->context,
		.journal = bench->journal,
		.world = &wc_world_real,
	};
	struct wc_exporter *exporter;
	int status = wc_exporter_new(&exporter, &settings, error);

	ck_assert_ptr_null(exporter);
	return status;
}

/* What cannot work is refused with a sentence. */
START_TEST(test_refused)
{
	static char journald[] = "journald://", nowhere[] = "tcp:/nowhere", ports[] = "ports";
	static char *rows[] = {ports};
	struct wc_exporter_options options = {
		.top = WC_ROWS_FITTING, .interval = 15, .patience = 10};
	struct wc_error error;
	struct bench bench;

	begin(&bench);
	ck_assert_int_eq(make(&bench, &options, &error), WC_INVALID);
	ck_assert_str_eq(error.text,
			 "json/test: an interval of 15 s is no multiple of the daemon's, "
			 "which is 10 s");
	options = (struct wc_exporter_options){.address = journald, .patience = 10};
	ck_assert_int_eq(make(&bench, &options, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "json/test: json does not go to journald://");
	options.address = nowhere;
	ck_assert_int_eq(make(&bench, &options, &error), WC_INVALID);
	options = (struct wc_exporter_options){.rows = {rows, 1}, .patience = 10};
	ck_assert_int_eq(make(&bench, &options, &error), WC_INVALID);
	wc_runner_ask(bench.runner, now());
	ck_assert(wc_runner_end(bench.runner, now() + PATIENT));
	finish(&bench);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_broken,       test_woken,   test_silent,
				      test_encoded_anew, test_resumed, test_ended_file,
				      test_refused,      NULL};

	return suite_run("runner", tests, 600);
}

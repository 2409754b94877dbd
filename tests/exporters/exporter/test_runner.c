/*
 * An exporter in its thread, with a real journal and real TCP: an interval larger than what it
 * keeps of its messages, a peer that goes in the middle, one that never reads.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "batch.h"
#include "bench.h"
#include "exporter.h"
#include "format.h"
#include "runner.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"
#include "world.h"

/* The peer goes away in the middle; what it had not confirmed comes again, and nothing is missing.
 */
START_TEST(test_broken)
{
	static struct bench_reader reader;
	const struct linger at_once = {.l_onoff = 1};
	struct wc_exporter_status status;
	struct bench bench;
	uint64_t lines;
	int connection;

	bench_begin(&bench);
	bench_write(&bench, 1, BENCH_PORTS);
	wc_runner_wake(bench.runner);
	connection = bench_take(&bench);
	bench_read(&reader, connection, 3 << 20);
	lines = reader.lines;
	ck_assert_uint_gt(lines, 1000);
	ck_assert_uint_lt(lines, BENCH_PORTS / 2);
	setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(connection);

	connection = bench_take(&bench);
	bench_read(&reader, connection, SIZE_MAX);
	bench_wait(&bench, &status);
	ck_assert_uint_eq(status.connections, 2);
	ck_assert_uint_eq(status.failures, 1);
	ck_assert_uint_eq(status.messages, BENCH_PORTS + 1);
	ck_assert_uint_eq(status.rows, BENCH_PORTS + 1);
	ck_assert_uint_gt(status.bytes, WC_BATCH_WINDOW);
	ck_assert_uint_eq(status.lost_intervals, 0);
	ck_assert_uint_eq(status.unconfirmed, 0);
	ck_assert_str_eq(status.reason, "");
	ck_assert(status.last_ns != WC_TIME_UNKNOWN);

	wc_runner_ask(bench.runner, bench_now() + BENCH_SECOND);
	ck_assert(wc_runner_end(bench.runner, bench_now() + BENCH_PATIENT));
	close(connection);
	/* What its kernel had confirmed and it never read may be missing, and only that. */
	for (uint64_t row = 1; row <= lines; row++)
		ck_assert_uint_eq(reader.seen[row], 1);
	bench_finish(&bench);
}
END_TEST

/* A peer that reads all, and an interval that comes while the exporter sleeps. */
START_TEST(test_woken)
{
	static struct bench_reader reader;
	struct wc_exporter_status status;
	struct bench bench;
	int connection;

	bench_begin(&bench);
	for (uint64_t interval = 1; interval <= 2; interval++) {
		reader = (struct bench_reader){0};
		bench_write(&bench, interval, BENCH_PORTS);
		wc_runner_wake(bench.runner);
		if (interval == 1)
			connection = bench_take(&bench);
		bench_read(&reader, connection, SIZE_MAX);
		ck_assert_uint_eq(reader.lines, BENCH_PORTS + 1);
		ck_assert_uint_eq(reader.packets, (uint64_t)BENCH_PORTS * (BENCH_PORTS + 1) / 2);
		bench_wait(&bench, &status);
		ck_assert_uint_eq(status.messages, interval * (BENCH_PORTS + 1));
	}
	ck_assert_uint_eq(status.repeated, 0);
	ck_assert_uint_eq(status.connections, 1);
	wc_runner_ask(bench.runner, bench_now() + BENCH_PATIENT);
	ck_assert(wc_runner_end(bench.runner, bench_now() + BENCH_PATIENT));
	close(connection);
	bench_finish(&bench);
}
END_TEST

/* A peer that never reads: the thread ends by the time it was given all the same. */
START_TEST(test_silent)
{
	struct wc_exporter_status status;
	struct bench bench;
	int connection;

	bench_begin(&bench);
	bench_write(&bench, 1, BENCH_PORTS);
	wc_runner_wake(bench.runner);
	connection = bench_take(&bench);
	wc_runner_ask(bench.runner, bench_now() + BENCH_SECOND / 5);
	ck_assert(wc_runner_end(bench.runner, bench_now() + BENCH_PATIENT));
	wc_exporter_status(bench.exporter, &status);
	ck_assert_uint_eq(status.backlog, 1);
	ck_assert_uint_lt(status.messages, BENCH_PORTS + 1);
	close(connection);
	bench_finish(&bench);
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

	bench_begin(&bench);
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
	wc_runner_ask(bench.runner, bench_now());
	ck_assert(wc_runner_end(bench.runner, bench_now() + BENCH_PATIENT));
	bench_finish(&bench);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_broken, test_woken, test_silent, test_refused, NULL};

	return suite_run("runner", tests, 600);
}

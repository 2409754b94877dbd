/*
 * Where an exporter goes on that was ended within an interval: behind what was confirmed, or, where
 * that was encoded otherwise, at the start of it.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"
#include "delivery.h"
#include "exporter.h"
#include "journal.h"
#include "runner.h"
#include "suite.h"
#include "wirecensus/error.h"

/* Ends the exporter with a part of an interval delivered. */
static void leave_part(struct bench *bench)
{
	static struct bench_reader reader;
	struct wc_journal_position position;
	struct wc_error error;
	int connection;

	bench_write(bench, 1, BENCH_PORTS);
	wc_runner_wake(bench->runner);
	connection = bench_take(bench);
	bench_read(&reader, connection, 3 << 20);
	wc_runner_ask(bench->runner, bench_now());
	ck_assert(wc_runner_end(bench->runner, bench_now() + BENCH_PATIENT));
	close(connection);
	wc_exporter_free(bench->exporter);
	ck_assert_int_eq(wc_journal_position(bench->journal, "json/test", &position, &error), 0);
	ck_assert_uint_eq(position.sequence, 1);
	ck_assert_uint_gt(position.messages, 1000);
	ck_assert_uint_le(position.messages, BENCH_PORTS);
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

	bench_begin(&bench);
	leave_part(&bench);
	bench.options.rows = (struct wc_texts){rows, 1};
	bench_launch(&bench, 2);
	connection = bench_take(&bench);
	fd.fd = connection;
	ck_assert_int_eq(poll(&fd, 1, (int)(BENCH_PATIENT / 1000000)), 1);
	ck_assert_int_gt(read(connection, block, sizeof(block) - 1), 0);
	ck_assert_uint_eq(bench_number(block, "\"interval\":"), 1);
	ck_assert_uint_eq(bench_number(block, "\"rows\":"), 1);
	bench_wait(&bench, &status);
	ck_assert_uint_eq(status.messages, 1);
	wc_runner_ask(bench.runner, bench_now());
	ck_assert(wc_runner_end(bench.runner, bench_now() + BENCH_PATIENT));
	close(connection);
	bench_finish(&bench);
}
END_TEST

/* As it was encoded before, an interval goes on where it stopped. */
START_TEST(test_resumed)
{
	struct wc_exporter_status status;
	static struct bench_reader reader;
	struct bench bench;
	int connection;

	bench_begin(&bench);
	leave_part(&bench);
	bench_launch(&bench, 1);
	connection = bench_take(&bench);
	bench_read(&reader, connection, SIZE_MAX);
	bench_wait(&bench, &status);
	ck_assert_uint_lt(status.messages, BENCH_PORTS - 1000);
	ck_assert_uint_eq(status.messages, reader.lines);
	wc_runner_ask(bench.runner, bench_now());
	ck_assert(wc_runner_end(bench.runner, bench_now() + BENCH_PATIENT));
	close(connection);
	bench_finish(&bench);
}
END_TEST

/* Ends the exporter at once, whatever it has to deliver. */
static void end_at_once(struct bench *bench)
{
	wc_runner_ask(bench->runner, bench_now());
	ck_assert(wc_runner_end(bench->runner, bench_now() + BENCH_PATIENT));
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
	static struct bench_reader reader;
	uint64_t deadline_ns;
	struct wc_error error;
	struct bench bench;
	int file = mkstemp(path);

	ck_assert_int_ge(file, 0);
	bench_begin(&bench);
	end_at_once(&bench);
	snprintf(bench.address, sizeof(bench.address), "file://%s", path);
	bench_write(&bench, 1, BENCH_PORTS);
	bench_prepare(&bench, 1);
	wc_exporter_step(bench.exporter, fds, &deadline_ns);
	wc_exporter_stop(bench.exporter);
	wc_exporter_free(bench.exporter);
	ck_assert_int_eq(wc_journal_position(bench.journal, "json/test", &part, &error), 0);
	ck_assert_uint_eq(part.sequence, 1);
	ck_assert_uint_gt(part.messages, 0);
	ck_assert_uint_le(part.messages, BENCH_PORTS);
	bench_launch(&bench, 1);
	bench_wait(&bench, &status);
	end_at_once(&bench);
	bench_read(&reader, file, SIZE_MAX);
	ck_assert_uint_eq(reader.lines, BENCH_PORTS + 1);
	ck_assert_int_eq(close(file), 0);
	ck_assert_int_eq(unlink(path), 0);
	bench_finish(&bench);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_encoded_anew, test_resumed, test_ended_file, NULL};

	return suite_run("resumed", tests, 600);
}

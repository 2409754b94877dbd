#include "bench.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "exporter.h"
#include "format.h"
#include "journal.h"
#include "memory_journal.h"
#include "runner.h"
#include "wirecensus/error.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"
#include "world.h"

uint64_t bench_now(void)
{
	return wc_world_real.steady(NULL);
}

void bench_write(struct bench *bench, uint64_t number, size_t ports)
{
	struct wc_port_row *rows = calloc(ports, sizeof(*rows));
	struct wc_snapshot snapshot = {
		.capture = "lo",
		.observer = "lo",
		.interval = number,
		.start_ns = (int64_t)((number - 1) * 10 * BENCH_SECOND),
		.end_ns = (int64_t)(number * 10 * BENCH_SECOND),
		.length_ns = 10 * BENCH_SECOND,
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

void bench_prepare(struct bench *bench, uint64_t encoding)
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

void bench_launch(struct bench *bench, uint64_t encoding)
{
	struct wc_error error;

	bench_prepare(bench, encoding);
	ck_assert_int_eq(wc_runner_start(&bench->runner, bench->exporter, &error), 0);
}

void bench_begin(struct bench *bench)
{
	*bench = (struct bench){.options = {.top = WC_ROWS_FITTING, .patience = 30}};
	bench->registry = wc_registry_new();
	ck_assert_ptr_nonnull(bench->registry);
	bench->context = (struct wc_context){.host = "test", .registry = bench->registry};
	bench->listener = listen_somewhere(bench->address, sizeof(bench->address));
	bench->options.address = bench->address;
	bench->journal = memory_journal();
	bench_launch(bench, 1);
}

void bench_finish(struct bench *bench)
{
	wc_exporter_free(bench->exporter);
	wc_journal_close(bench->journal);
	wc_registry_free(bench->registry);
	close(bench->listener);
}

int bench_take(const struct bench *bench)
{
	struct pollfd fd = {.fd = bench->listener, .events = POLLIN};
	int connection;

	ck_assert_int_eq(poll(&fd, 1, (int)(BENCH_PATIENT / 1000000)), 1);
	connection = accept(bench->listener, NULL, NULL);
	ck_assert_int_ge(connection, 0);
	return connection;
}

uint64_t bench_number(const char *line, const char *field)
{
	const char *at = strstr(line, field);

	ck_assert_msg(at != NULL, "%s is not in %s", field, line);
	return strtoull(at + strlen(field), NULL, 10);
}

static void take_line(struct bench_reader *reader)
{
	uint64_t row = bench_number(reader->line, "\"row\":");

	if (row > BENCH_PORTS + 1 || (reader->last && row != reader->last + 1))
		ck_abort_msg("row %lu follows %lu", (unsigned long)row,
			     (unsigned long)reader->last);
	if (bench_number(reader->line, "\"rows\":") != BENCH_PORTS + 1)
		ck_abort_msg("%s", reader->line);
	reader->last = row;
	reader->lines++;
	if (!reader->seen[row] && row > 1)
		reader->packets += bench_number(reader->line, "\"packets\":");
	reader->seen[row] = 1;
}

void bench_read(struct bench_reader *reader, int connection, size_t bytes)
{
	static char block[65536];

	reader->last = 0;
	reader->length = 0;
	for (size_t all = 0; all < bytes && reader->last != BENCH_PORTS + 1;) {
		struct pollfd fd = {.fd = connection, .events = POLLIN};
		ssize_t got;

		ck_assert_int_eq(poll(&fd, 1, (int)(BENCH_PATIENT / 1000000)), 1);
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

void bench_wait(const struct bench *bench, struct wc_exporter_status *status)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	uint64_t watchdog = bench_now() + BENCH_PATIENT;

	do {
		ck_assert_uint_lt(bench_now(), watchdog);
		nanosleep(&pause, NULL);
		wc_exporter_status(bench->exporter, status);
	} while (status->condition != WC_EXPORTER_IDLE || status->backlog);
}

/*
 * bench_journal.c - what an interval costs the journal, and a question
 *
 * bench_journal DIRECTORY: processor time of commits, of usual intervals (2,000 rows) and of full
 * ones (every port of both transports), with what they take on disk; of loading one; and the time
 * of a week's questions. Fails only if something is not counted right.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "census.h"
#include "journal.h"
#include "wirecensus/error.h"

#define ROWS        2000 /* of a usual interval, over ports, conversations and hosts */
#define INTERVALS   400
#define FULL        40
#define WEEK_HOURS  168
#define WEEK_STEP_S 1800

static char path[512], instance[] = "4f6f5c1e-0000-4000-8000-000000000001";

static double now_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static void fail(const char *what, const char *why)
{
	printf("%s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

static struct wc_journal *open_journal(uint64_t size)
{
	struct wc_journal_settings settings = {
		.path = path,
		.size = size,
		.undelivered = size,
		.age = UINT64_C(1) << 40,
		.host = "bench",
		.instance = instance,
		.version = "bench",
	};
	struct wc_journal *journal;
	struct wc_error error;
	char notice[WC_ERROR_SIZE];

	if (wc_journal_open(&journal, &settings, notice, &error))
		fail("open", error.text);
	return journal;
}

static void clear(void)
{
	char command[640];

	snprintf(command, sizeof(command), "rm -f '%s'*", path);
	if (system(command))
		fail("rm", command);
}

static double write_one(struct wc_journal *journal, const struct wc_snapshot *snapshot)
{
	double before = now_ms(CLOCK_THREAD_CPUTIME_ID);
	struct wc_error error;

	if (wc_journal_write(journal, &snapshot, 1, &error))
		fail("write", error.text);
	return now_ms(CLOCK_THREAD_CPUTIME_ID) - before;
}

static void print_times(const char *what, double *ms, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += ms[i];
	qsort(ms, count, sizeof(*ms), compare);
	printf("%-34s processor %6.1f ms, mean; %6.1f median; %6.1f longest\n", what,
	       sum / (double)count, ms[count / 2], ms[count - 1]);
}

static int64_t ask(const char *sql, double *ms)
{
	sqlite3 *db;
	sqlite3_stmt *statement = NULL;
	double before = now_ms(CLOCK_MONOTONIC);
	int64_t number = 0;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) ||
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL))
		fail(sql, sqlite3_errmsg(db));
	if (sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_int64(statement, 0);
	while (sqlite3_step(statement) == SQLITE_ROW)
		;
	sqlite3_finalize(statement);
	sqlite3_close(db);
	if (ms)
		*ms = now_ms(CLOCK_MONOTONIC) - before;
	return number;
}

static void measure_load(struct wc_journal *journal, uint64_t sequence)
{
	struct wc_journal_reader *reader;
	struct wc_journal_interval *intervals;
	struct wc_error error;
	size_t count;
	double before;

	if (wc_journal_reader_open(&reader, journal, &error))
		fail("reader", error.text);
	before = now_ms(CLOCK_THREAD_CPUTIME_ID);
	if (wc_journal_load(reader, sequence, sequence, ~0U, &intervals, &count, &error))
		fail("load", error.text);
	printf("%-34s processor %6.1f ms\n",
	       "  loading one:", now_ms(CLOCK_THREAD_CPUTIME_ID) - before);
	wc_journal_intervals_free(intervals, count);
	wc_journal_reader_close(reader);
}

static size_t rows_of(const struct wc_snapshot *snapshot)
{
	return snapshot->port_rows + snapshot->conversation_rows + snapshot->host_rows;
}

/* Writes intervals, the last third of them with a size at which as many go as come. */
static void measure(const char *what, struct wc_snapshot *(*make)(uint64_t), size_t count)
{
	struct wc_journal *journal = open_journal(UINT64_C(1) << 40);
	double *ms = calloc(count, sizeof(*ms));
	size_t rows = 0, grown = count * 2 / 3;
	struct wc_journal_state state;

	for (size_t i = 0; i < count; i++) {
		struct wc_snapshot *snapshot = make(i % 7 + 1);

		if (i == grown) {
			printf("%-34s %.1f bytes a row, pages and all\n", what,
			       (double)ask("SELECT sum(disk_bytes) FROM interval", NULL) /
				       (double)rows);
			print_times("  growing:", ms, grown);
			measure_load(journal, wc_journal_last(journal));
			wc_journal_state(journal, &state);
			wc_journal_close(journal);
			journal = open_journal(state.bytes);
		}
		census_date(snapshot, i + 1, 10);
		rows += rows_of(snapshot);
		ms[i] = write_one(journal, snapshot);
		census_free(snapshot);
	}
	print_times("  at its bound:", ms + grown, count - grown);
	free(ms);
	wc_journal_close(journal);
	clear();
}

static struct wc_snapshot *usual(uint64_t seed)
{
	return census_usual(seed, ROWS / 3 + 1);
}

static void question(const char *what, const char *sql)
{
	double ms;

	ask(sql, &ms);
	ask(sql, &ms);
	printf("  %-32s %6.1f ms\n", what, ms);
}

/* A week of hours with 1,000 conversations and hosts each; minutes are made at every half hour. */
static void measure_week(void)
{
	struct wc_journal *journal = open_journal(UINT64_C(1) << 40);
	uint64_t frames = 0, steps = WEEK_HOURS * 3600 / WEEK_STEP_S;

	for (uint64_t i = 0; i < steps; i++) {
		struct wc_snapshot *snapshot = census_usual(i, 1200);

		census_date(snapshot, i + 1, WEEK_STEP_S);
		frames += snapshot->delta.frames;
		write_one(journal, snapshot);
		census_free(snapshot);
	}
	wc_journal_close(journal);
	if ((uint64_t)ask("SELECT sum(frames) FROM hours", NULL) != frames)
		fail("hours", "frames are missing");
	printf("a week of hours, %lld rows:\n",
	       (long long)ask("SELECT (SELECT count(*) FROM hour_ports) + (SELECT count(*) FROM "
			      "hour_hosts) + (SELECT count(*) FROM hour_conversations)",
			      NULL));
	question("bytes of each hour:", "SELECT hour, sum(bytes) FROM hours GROUP BY hour");
	question("what was lost:", "SELECT hour FROM hours WHERE NOT complete");
	question("one port, hour by hour:",
		 "SELECT hour, packets FROM hour_ports WHERE port = 443 AND transport = 'tcp'");
	question("the ten largest ports:",
		 "SELECT port, sum(bytes) FROM hour_ports GROUP BY transport, port "
		 "ORDER BY 2 DESC LIMIT 10");
	question("the ten largest hosts:",
		 "SELECT address, sum(sent_bytes + received_bytes) FROM hour_hosts "
		 "GROUP BY address ORDER BY 2 DESC LIMIT 10");
	clear();
}

int main(int argc, char **argv)
{
	if (argc != 2)
		fail("usage", "bench_journal DIRECTORY");
	snprintf(path, sizeof(path), "%s/bench-%ld.db", argv[1], (long)getpid());
	measure("usual interval, 2,000 rows:", usual, INTERVALS);
	measure("full interval, 131,072 rows:", census_full, FULL);
	measure_week();
	return EXIT_SUCCESS;
}

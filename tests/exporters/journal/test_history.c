/* Sums of any span of time, of intervals, minutes and hours, and what was counted step by step. */
#include <grp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "census.h"
#include "desk.h"
#include "history.h"
#include "suite.h"

#define KINDS UINT32_MAX

/* CENSUS_START_NS is 22:13:20: the first whole minute and hour behind it. */
#define MINUTE_NS (CENSUS_START_NS + 40 * CENSUS_SECOND_NS)
#define HOUR_NS   (CENSUS_START_NS + 2800 * CENSUS_SECOND_NS)

struct asked {
	struct wc_journal_interval *sums;
	size_t count;
	const struct wc_snapshot *first;
};

static struct asked ask(struct wc_history *history, int64_t from_ns, int64_t seconds,
			unsigned kinds)
{
	struct wc_history_span span = {from_ns, from_ns + seconds * CENSUS_SECOND_NS, NULL, kinds};
	struct asked asked;
	struct wc_error error = {.text = ""};

	ck_assert_msg(!wc_history_sum(history, &span, &asked.sums, &asked.count, &error), "%s",
		      error.text);
	asked.first = asked.count ? asked.sums[0].snapshot : NULL;
	return asked;
}

static void forget(struct asked *asked)
{
	wc_journal_intervals_free(asked->sums, asked->count);
}

static struct wc_counts all_ports(const struct wc_snapshot *snapshot)
{
	struct wc_counts sum = {0, 0};

	for (size_t i = 0; i < snapshot->port_rows; i++) {
		sum.packets += snapshot->ports[i].delta.all.packets;
		sum.bytes += snapshot->ports[i].delta.all.bytes;
	}
	return sum;
}

static uint64_t all_hosts(const struct wc_snapshot *snapshot)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < snapshot->host_rows; i++)
		bytes += snapshot->hosts[i].sent.bytes;
	return bytes;
}

/* Two hours of intervals of 10 s, 20 rows of each kind; in memory, where nothing waits for a disk.
 */
static void fill(struct desk *desk, bool on_disk)
{
	desk_begin(desk, on_disk);
	desk_fill(desk, 1, 720, 10, 20);
}

/* Asks the file as a stranger, and what is in memory as the process that writes it. */
static void open_history(struct desk *desk, struct wc_history **history)
{
	struct wc_error error = {.text = ""};
	int status = desk->settings.path ? wc_history_open(history, desk->folder, &error)
					 : wc_history_of(history, desk->journal, &error);

	ck_assert_msg(!status, "%s", error.text);
}

/* A span of intervals is what a reader's load of them is, to the byte. */
START_TEST(test_intervals)
{
	struct desk desk;
	struct wc_history *history;
	struct wc_journal_interval *loaded;
	struct wc_snapshot wanted;
	struct asked asked;
	char *left, *right;

	fill(&desk, false);
	open_history(&desk, &history);
	asked = ask(history, MINUTE_NS, 300, KINDS);
	ck_assert_uint_eq(asked.count, 1);
	loaded = desk_load(&desk, 5, 34);
	wanted = *loaded->snapshot;
	wanted.interval = 0;
	left = desk_json(&desk, asked.first);
	right = desk_json(&desk, &wanted);
	ck_assert_str_eq(left, right);
	free(left);
	free(right);
	wc_journal_intervals_free(loaded, 1);
	forget(&asked);
	wc_history_close(history);
	desk_clear(&desk);
}
END_TEST

/* What levels have in common is the same, whichever answers. */
static void check_same(struct desk *desk, const struct asked *asked, uint64_t first, uint64_t last)
{
	struct wc_journal_interval *loaded = desk_load(desk, first, last);
	const struct wc_snapshot *wanted = loaded->snapshot;
	struct wc_counts left = all_ports(asked->first), right = all_ports(wanted);

	ck_assert_uint_eq(asked->first->length_ns, wanted->length_ns);
	ck_assert_uint_eq(asked->first->delta.frames, wanted->delta.frames);
	ck_assert_uint_eq(asked->first->delta.classes[WC_CLASS_TCP].bytes,
			  wanted->delta.classes[WC_CLASS_TCP].bytes);
	ck_assert_uint_eq(asked->first->port_rows, wanted->port_rows);
	ck_assert_uint_eq(asked->first->protocol_rows, wanted->protocol_rows);
	ck_assert_uint_eq(asked->first->ethertype_rows, wanted->ethertype_rows);
	ck_assert_uint_eq(asked->first->scanner_rows, wanted->scanner_rows);
	ck_assert_uint_eq(left.packets, right.packets);
	ck_assert_uint_eq(left.bytes, right.bytes);
	ck_assert_uint_eq(all_hosts(asked->first), all_hosts(wanted));
	ck_assert_uint_gt(right.bytes, 0);
	wc_journal_intervals_free(loaded, 1);
}

START_TEST(test_minutes)
{
	struct desk desk;
	struct wc_history *history;
	struct asked asked;

	fill(&desk, false);
	open_history(&desk, &history);
	asked = ask(history, MINUTE_NS, 3600, KINDS);
	ck_assert_int_eq(asked.first->start_ns, MINUTE_NS);
	ck_assert_int_eq(asked.first->end_ns, MINUTE_NS + 3600 * CENSUS_SECOND_NS);
	ck_assert_uint_eq(asked.first->interval, 0);
	check_same(&desk, &asked, 5, 364);
	forget(&asked);
	/* Whole minutes, though a part of each end was asked for. */
	asked = ask(history, MINUTE_NS + 5 * CENSUS_SECOND_NS, 3590, KINDS);
	ck_assert_int_eq(asked.first->start_ns, MINUTE_NS);
	check_same(&desk, &asked, 5, 364);
	forget(&asked);
	wc_history_close(history);
	desk_clear(&desk);
}
END_TEST

/* More than is there: hours, with minutes at the ends, and the one that is not over. */
START_TEST(test_hours)
{
	struct desk desk;
	struct wc_history *history;
	struct asked asked;

	fill(&desk, false);
	open_history(&desk, &history);
	asked = ask(history, CENSUS_START_NS - 7200 * CENSUS_SECOND_NS, 6 * 3600, KINDS);
	check_same(&desk, &asked, 1, 720);
	ck_assert_int_eq(asked.first->end_ns, CENSUS_START_NS + 7200 * CENSUS_SECOND_NS);
	forget(&asked);
	/* Its beginning lies within an hour. */
	asked = ask(history, MINUTE_NS, 4 * 3600, KINDS);
	check_same(&desk, &asked, 5, 720);
	forget(&asked);
	asked = ask(history, HOUR_NS, 4 * 3600, KINDS);
	ck_assert_int_eq(asked.first->start_ns, HOUR_NS);
	check_same(&desk, &asked, 281, 720);
	forget(&asked);
	wc_history_close(history);
	desk_clear(&desk);
}
END_TEST

/* Intervals went, minutes are there; then only hours are. */
START_TEST(test_what_is_kept)
{
	struct desk desk;
	struct wc_history *history;
	struct asked asked;

	fill(&desk, true);
	desk_close(&desk);
	desk_ask(&desk, "DELETE FROM interval WHERE sequence < 500 RETURNING 1");
	open_history(&desk, &history);
	asked = ask(history, MINUTE_NS, 300, 0);
	ck_assert_uint_eq(asked.count, 1);
	ck_assert_uint_eq(asked.first->length_ns, 300 * (uint64_t)CENSUS_SECOND_NS);
	forget(&asked);
	desk_ask(&desk, "DELETE FROM span WHERE minute < '2023-11-15T00:00:00Z' RETURNING 1");
	asked = ask(history, HOUR_NS, 300, 0);
	ck_assert_uint_eq(asked.count, 1);
	ck_assert_uint_eq(asked.first->length_ns, 3600 * (uint64_t)CENSUS_SECOND_NS);
	forget(&asked);
	asked = ask(history, CENSUS_START_NS + 86400 * CENSUS_SECOND_NS, 3600, 0);
	ck_assert_uint_eq(asked.count, 0);
	forget(&asked);
	wc_history_close(history);
	desk_clear(&desk);
}
END_TEST

/* The writer's own process asks in the same way, in memory as well. */
START_TEST(test_own_journal)
{
	for (int on_disk = 0; on_disk < 2; on_disk++) {
		struct wc_history *history;
		struct wc_error error;
		struct asked asked;
		struct desk desk;

		desk_begin(&desk, on_disk);
		ck_assert_int_eq(wc_history_of(&history, desk.journal, &error), 0);
		desk_fill(&desk, 1, 120, 10, 20);
		asked = ask(history, MINUTE_NS, 900, KINDS);
		check_same(&desk, &asked, 5, 94);
		forget(&asked);
		/* It is not in the way of the next interval. */
		desk_fill(&desk, 121, 30, 10, 20);
		asked = ask(history, MINUTE_NS, 1200, KINDS);
		check_same(&desk, &asked, 5, 124);
		forget(&asked);
		wc_history_close(history);
		desk_clear(&desk);
	}
}
END_TEST

START_TEST(test_points)
{
	struct wc_history_span span = {MINUTE_NS, MINUTE_NS + 3600 * CENSUS_SECOND_NS, NULL, 0};
	struct wc_history_point points[60];
	struct wc_history *history;
	struct wc_error error;
	uint64_t packets = 0, length = 0;
	struct asked asked;
	struct desk desk;

	fill(&desk, false);
	open_history(&desk, &history);
	ck_assert_int_eq(
		wc_history_points(history, &span, 60 * CENSUS_SECOND_NS, points, 60, &error), 0);
	asked = ask(history, MINUTE_NS, 3600, 0);
	for (size_t i = 0; i < 60; i++) {
		ck_assert_int_eq(points[i].start_ns,
				 MINUTE_NS + (int64_t)i * 60 * CENSUS_SECOND_NS);
		packets += points[i].directions[WC_DIRECTION_IN].packets;
		length += points[i].length_ns;
	}
	ck_assert_uint_eq(packets, asked.first->delta.directions[WC_DIRECTION_IN].packets);
	ck_assert_uint_eq(length, asked.first->length_ns);
	/* By intervals: each stands alone, and behind the last nothing is known. */
	span.from_ns = CENSUS_START_NS + 7100 * CENSUS_SECOND_NS;
	span.to_ns = span.from_ns + 200 * CENSUS_SECOND_NS;
	ck_assert_int_eq(
		wc_history_points(history, &span, 10 * CENSUS_SECOND_NS, points, 20, &error), 0);
	for (size_t i = 0; i < 20; i++)
		ck_assert_uint_eq(points[i].length_ns,
				  i < 10 ? 10 * (uint64_t)CENSUS_SECOND_NS : 0);
	forget(&asked);
	wc_history_close(history);
	desk_clear(&desk);
}
END_TEST

START_TEST(test_one_capture)
{
	struct wc_history_span span = {CENSUS_START_NS, CENSUS_START_NS + 900 * CENSUS_SECOND_NS,
				       "none", 0};
	struct wc_journal_interval *sums;
	struct wc_history *history;
	struct wc_error error;
	struct desk desk;
	size_t count;

	fill(&desk, false);
	open_history(&desk, &history);
	ck_assert_int_eq(wc_history_sum(history, &span, &sums, &count, &error), 0);
	ck_assert_uint_eq(count, 0);
	wc_journal_intervals_free(sums, count);
	wc_history_close(history);
	desk_clear(&desk);
}
END_TEST

START_TEST(test_no_journal)
{
	struct wc_history *history;
	struct wc_error error;
	struct desk desk;
	char path[160];
	FILE *file;

	desk_set(&desk, true);
	ck_assert_int_eq(wc_history_open(&history, desk.folder, &error), WC_FAILED);
	ck_assert_ptr_nonnull(strstr(error.text, "there is no journal at"));
	snprintf(path, sizeof(path), "%s/text", desk.folder);
	file = fopen(path, "w");
	fputs("this is no database, though it is long enough to be one of something else", file);
	fclose(file);
	ck_assert_int_eq(wc_history_open(&history, path, &error), WC_FAILED);
	ck_assert_ptr_nonnull(strstr(error.text, "/text' is no journal of wirecensus"));
	unlink(path);
	ck_assert_int_eq(desk_open(&desk), 0);
	desk_clear(&desk);
}
END_TEST

/* Opens the file as nobody, who may not read it. */
static void is_not_for_nobody(const struct desk *desk)
{
	struct wc_history *history;
	struct wc_error error;
	int status;

	ck_assert_int_eq(setgroups(0, NULL), 0);
	ck_assert_int_eq(setegid(65534), 0);
	ck_assert_int_eq(seteuid(65534), 0);
	status = wc_history_open(&history, desk->path, &error);
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(setegid(0), 0);
	ck_assert_int_eq(status, WC_FAILED);
	ck_assert_msg(strstr(error.text, "its owner, its group, and root") != NULL, "%s",
		      error.text);
}

/* Who only asks is told what he can do about it, and not what a daemon could. */
START_TEST(test_no_reader)
{
	struct wc_history *history;
	struct wc_error error;
	struct desk desk;

	desk_begin(&desk, true);
	desk_fill(&desk, 1, 20, 10, 50);
	desk_close(&desk);
	if (geteuid() == 0) {
		is_not_for_nobody(&desk);
		ck_assert_int_eq(chmod(desk.folder, 0755), 0);
		is_not_for_nobody(&desk);
	}
	ck_assert_int_eq(truncate(desk.path, 8192), 0);
	ck_assert_int_eq(wc_history_open(&history, desk.path, &error), WC_FAILED);
	ck_assert_msg(strstr(error.text, "a daemon that writes it") != NULL, "%s", error.text);
	ck_assert_int_eq(desk_open(&desk), 0);
	desk_clear(&desk);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_intervals,   test_minutes, test_hours,       test_what_is_kept,
		test_own_journal, test_points,  test_one_capture, test_no_journal,
		test_no_reader,   NULL};

	return suite_run("history", tests, 120);
}

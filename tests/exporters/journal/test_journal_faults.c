/*
 * The journal on a disk that fails, or under a process that is killed, at every single operation:
 * whole intervals only, none twice, and no position ahead of what was noted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "census.h"
#include "desk.h"
#include "faulty.h"
#include "suite.h"

#define INTERVALS 3
#define ATTEMPTS  3

/* What the journal said that it has done. */
struct story {
	uint64_t written;  /* intervals that were taken */
	uint64_t noted;    /* the position that was noted last */
	unsigned failures; /* calls that failed, each with a sentence */
};

static struct wc_snapshot *snapshots[INTERVALS + 2]; /* by number, from 1 */

static void make_snapshots(void)
{
	for (uint64_t i = 1; i <= INTERVALS + 1; i++) {
		snapshots[i] = census_make(i, 9, true);
		census_date(snapshots[i], i, 30);
	}
}

static void free_snapshots(void)
{
	for (size_t i = 1; i <= INTERVALS + 1; i++)
		census_free(snapshots[i]);
}

static void start(struct desk *desk)
{
	desk_set(desk, true);
	desk->settings.vfs = "faulty";
}

/* Tries to write each interval, @attempts times. */
static void tell(struct desk *desk, unsigned attempts, struct story *story)
{
	struct wc_journal_position position;

	for (uint64_t i = 1; i <= INTERVALS; i++) {
		int status = -1;

		for (unsigned tries = 0; tries < attempts && status; tries++) {
			desk->error.text[0] = '\0';
			status = desk_write(desk, snapshots[i]);
			story->failures += status != 0;
			ck_assert(!status || desk->error.text[0]);
		}
		if (status)
			return;
		story->written = i;
		if (wc_journal_position(desk->journal, "json/a", &position, &desk->error))
			return;
		position = (struct wc_journal_position){i, i % 2 ? UINT64_MAX : i, 1};
		wc_journal_note(desk->journal, "json/a", &position);
		story->noted = i;
	}
	if (wc_journal_flush(desk->journal, &desk->error))
		story->failures++;
}

/* Each interval that stands there is one that was written, to the byte, and in its place. */
static void check_interval(struct desk *desk, uint64_t sequence, uint64_t number)
{
	struct wc_journal_interval *loaded = desk_load(desk, sequence, sequence);
	char *there, *here;

	strcpy(desk->instance, loaded->instance);
	there = desk_json(desk, loaded->snapshot);
	here = desk_json(desk, snapshots[number]);
	ck_assert_str_eq(there, here);
	free(there);
	free(here);
	wc_journal_intervals_free(loaded, 1);
}

static void check_whole(struct desk *desk, uint64_t least)
{
	uint64_t last = wc_journal_last(desk->journal);

	ck_assert_uint_ge(last, least);
	ck_assert_uint_le(last, least + 1);
	for (uint64_t i = 1; i <= last; i++)
		check_interval(desk, i, i);
}

/* Returns false when @number is behind the last operation. */
static bool fail_once(unsigned number)
{
	struct desk desk;
	struct story story = {0};
	bool struck;

	start(&desk);
	faulty_set(FAULTY_ONCE, number);
	ck_assert_msg(!desk_open(&desk), "%u: %s", number, desk.error.text);
	tell(&desk, ATTEMPTS, &story);
	struck = faulty_struck();
	faulty_set(FAULTY_NOT, 0);
	ck_assert_uint_eq(story.written, INTERVALS);
	ck_assert_uint_le(story.failures, 2);
	ck_assert_uint_eq(wc_journal_last(desk.journal), INTERVALS);
	check_whole(&desk, INTERVALS);
	ck_assert_uint_eq(desk_files(&desk, ".bad-"), 0);
	desk_clear(&desk);
	return struck;
}

START_TEST(test_fail_once)
{
	unsigned number = 1;

	make_snapshots();
	while (fail_once(number))
		number++;
	ck_assert_uint_gt(number, 50);
	printf("failed once at each of %u operations\n", number - 1);
	free_snapshots();
}
END_TEST

static bool kill_at(unsigned number)
{
	struct desk desk;
	struct story story = {0};
	struct wc_journal_position position;
	bool struck;

	start(&desk);
	faulty_set(FAULTY_SINCE, number);
	ck_assert_msg(!desk_open(&desk), "%u: %s", number, desk.error.text);
	tell(&desk, 1, &story);
	desk_close(&desk);
	struck = faulty_struck();
	faulty_set(FAULTY_NOT, 0);
	ck_assert_msg(!desk_open(&desk), "%u: %s", number, desk.error.text);
	ck_assert_str_eq(desk.notice, "");
	check_whole(&desk, story.written);
	ck_assert_int_eq(wc_journal_position(desk.journal, "json/a", &position, &desk.error), 0);
	/* One that did not get to the disk begins behind what is there. */
	ck_assert_uint_le(position.sequence, story.noted > wc_journal_last(desk.journal)
						     ? story.noted
						     : wc_journal_last(desk.journal));
	if (desk_ask(&desk, "SELECT count(*) FROM positions WHERE exporter = 'json/a'"))
		ck_assert_uint_le(position.sequence, story.noted);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM pragma_integrity_check "
					 "WHERE integrity_check <> 'ok'"),
			 0);
	ck_assert_int_eq(desk_write(&desk, snapshots[INTERVALS + 1]), 0);
	check_interval(&desk, wc_journal_last(desk.journal), INTERVALS + 1);
	desk_clear(&desk);
	return struck;
}

START_TEST(test_kill)
{
	unsigned number = 1;

	make_snapshots();
	while (kill_at(number))
		number++;
	ck_assert_uint_gt(number, 50);
	printf("killed at each of %u operations\n", number - 1);
	free_snapshots();
}
END_TEST

/* A disk that is full, or gone, from the second interval on, until it is back. */
static void suffer(enum faulty_mode mode, const char *sentence)
{
	struct desk desk;
	struct wc_journal_state state;

	start(&desk);
	faulty_set(FAULTY_NOT, 0);
	ck_assert_int_eq(desk_open(&desk), 0);
	ck_assert_int_eq(desk_write(&desk, snapshots[1]), 0);
	faulty_set(mode, 1);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(desk_write(&desk, snapshots[2]), WC_FAILED);
		ck_assert_msg(strstr(desk.error.text, sentence) != NULL, "%s", desk.error.text);
	}
	wc_journal_state(desk.journal, &state);
	ck_assert_uint_eq(state.failures, 4);
	faulty_set(FAULTY_NOT, 0);
	for (uint64_t i = 2; i <= INTERVALS; i++)
		ck_assert_msg(!desk_write(&desk, snapshots[i]), "%s", desk.error.text);
	check_whole(&desk, INTERVALS);
	ck_assert_uint_eq(desk_files(&desk, ".bad-"), 0);
	desk_clear(&desk);
}

START_TEST(test_full)
{
	make_snapshots();
	suffer(FAULTY_FULL, "full");
	suffer(FAULTY_SINCE, "SQLite");
	free_snapshots();
}
END_TEST

/* The disk is not there when the daemon starts: it is told, and goes by itself. */
START_TEST(test_late_disk)
{
	const char *const names[] = {"json/a"};
	struct desk desk;
	struct wc_journal_position position;
	struct wc_journal_group group;

	make_snapshots();
	start(&desk);
	faulty_set(FAULTY_NOT, 0);
	ck_assert_int_eq(desk_open(&desk), 0);
	ck_assert_int_eq(wc_journal_position(desk.journal, "json/a", &position, &desk.error), 0);
	ck_assert_int_eq(wc_journal_position(desk.journal, "json/gone", &position, &desk.error), 0);
	ck_assert_int_eq(desk_write(&desk, snapshots[1]), 0);
	desk_close(&desk);
	faulty_set(FAULTY_SINCE, 1);
	ck_assert_int_eq(desk_open(&desk), 0);
	ck_assert_ptr_nonnull(strstr(desk.notice, "tried again with each interval"));
	ck_assert_int_eq(desk_write(&desk, snapshots[2]), WC_FAILED);
	ck_assert_int_eq(wc_journal_position(desk.journal, "json/a", &position, &desk.error),
			 WC_FAILED);
	ck_assert_int_eq(wc_journal_next(desk.reader, 0, 0, &group, &desk.error), 0);
	wc_journal_forget_others(desk.journal, names, 1);
	faulty_set(FAULTY_NOT, 0);
	ck_assert_int_eq(desk_write(&desk, snapshots[2]), 0);
	ck_assert_int_eq(
		desk_ask(&desk, "SELECT sequence FROM positions WHERE exporter = 'json/a'"), 0);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM positions"), 1);
	ck_assert_uint_eq(wc_journal_last(desk.journal), 2);
	/* The first belongs to a run that has ended. */
	ck_assert_int_eq(wc_journal_next(desk.reader, 0, 3600 * (uint64_t)CENSUS_SECOND_NS, &group,
					 &desk.error),
			 1);
	ck_assert_uint_eq(group.last, 1);
	desk_clear(&desk);
	free_snapshots();
}
END_TEST

/* The disk is left alone by who has nothing to say, and hears of each change. */
START_TEST(test_idle_flush)
{
	const char *const names[] = {"json/a", "json/b"};
	struct wc_journal_position position;
	struct desk desk;

	start(&desk);
	faulty_set(FAULTY_NOT, 0);
	ck_assert_int_eq(desk_open(&desk), 0);
	desk_fill(&desk, 1, 1, 10, 3);
	for (size_t i = 0; i < 2; i++)
		ck_assert_int_eq(
			wc_journal_position(desk.journal, names[i], &position, &desk.error), 0);
	for (uint64_t i = 1; i <= 3; i++) {
		ck_assert_int_eq(wc_journal_flush(desk.journal, &desk.error), 0);
		faulty_set(FAULTY_NOT, 0);
		wc_journal_note(desk.journal, "json/a", &position);
		wc_journal_forget_others(desk.journal, names, 2);
		ck_assert_int_eq(wc_journal_flush(desk.journal, &desk.error), 0);
		ck_assert_uint_eq(faulty_count(), 0);
		position = (struct wc_journal_position){i, i, i};
		wc_journal_note(desk.journal, "json/a", &position);
		ck_assert_int_eq(wc_journal_flush(desk.journal, &desk.error), 0);
		ck_assert_uint_gt(faulty_count(), 0);
	}
	wc_journal_forget_others(desk.journal, names, 1);
	ck_assert_int_eq(wc_journal_flush(desk.journal, &desk.error), 0);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM positions"), 1);
	desk_clear(&desk);
}
END_TEST

/* Positions alone, for hours without an interval, do not let the WAL grow. */
START_TEST(test_flushed_often)
{
	struct wc_journal_position position;
	struct stat found;
	struct desk desk;
	char wal[128];

	start(&desk);
	faulty_set(FAULTY_NOT, 0);
	ck_assert_int_eq(desk_open(&desk), 0);
	desk_fill(&desk, 1, 1, 10, 3);
	ck_assert_int_eq(wc_journal_position(desk.journal, "json/a", &position, &desk.error), 0);
	for (uint64_t i = 1; i <= 5000; i++) {
		position = (struct wc_journal_position){1, i, 1};
		wc_journal_note(desk.journal, "json/a", &position);
		ck_assert_int_eq(wc_journal_flush(desk.journal, &desk.error), 0);
	}
	snprintf(wal, sizeof(wal), "%s-wal", desk.path);
	ck_assert_int_eq(stat(wal, &found), 0);
	ck_assert_int_lt(found.st_size, 5 << 20);
	desk_clear(&desk);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_fail_once,  test_kill,          test_full, test_late_disk,
		test_idle_flush, test_flushed_often, NULL};

	faulty_register();
	return suite_run("journal faults", tests, 600);
}

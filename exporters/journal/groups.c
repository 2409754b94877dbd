#include <sqlite3.h>
#include <stdbool.h>

#include "interval_writer.h"
#include "reader.h"
#include "store.h"
#include "wirecensus/snapshot.h"

/* An interval as far as groups depend on it. */
struct item {
	uint64_t sequence;
	int64_t run, middle_ns, end_ns, length_ns;
};

static int64_t time_at(struct sqlite3_stmt *statement, int column)
{
	if (sqlite3_column_type(statement, column) == SQLITE_NULL)
		return WC_TIME_UNKNOWN;
	return sqlite3_column_int64(statement, column);
}

static bool next_item(struct sqlite3_stmt *statement, struct item *item)
{
	if (sqlite3_step(statement) != SQLITE_ROW)
		return false;
	*item = (struct item){
		.sequence = (uint64_t)sqlite3_column_int64(statement, 0),
		.run = sqlite3_column_int64(statement, 1),
		.middle_ns = wc_interval_middle(time_at(statement, 2), time_at(statement, 3)),
		.end_ns = time_at(statement, 3),
		.length_ns = sqlite3_column_int64(statement, 4),
	};
	/* Only damage makes one negative; what is read from it must add up nevertheless. */
	if (item->length_ns < 0)
		item->length_ns = 0;
	return true;
}

/* Which multiple a time lies in, also before 1970. */
static int64_t slot(int64_t time_ns, int64_t multiple_ns)
{
	int64_t whole = time_ns / multiple_ns;

	return time_ns % multiple_ns < 0 ? whole - 1 : whole;
}

static bool belongs(const struct item *first, const struct item *last, const struct item *item,
		    int64_t multiple_ns)
{
	return item->run == first->run && item->sequence == last->sequence + 1 &&
	       slot(item->middle_ns, multiple_ns) == slot(first->middle_ns, multiple_ns);
}

/*
 * True if an interval as long as this one would lie behind the group. Then the group ends
 * here, even if a shorter one does follow, or the clock is set back: a group that has been
 * sent must be the same when it is looked for again.
 */
static bool is_last(const struct item *item, int64_t multiple_ns)
{
	int64_t ahead;

	if (item->end_ns == WC_TIME_UNKNOWN || item->end_ns > INT64_MAX - item->length_ns / 2)
		return true;
	ahead = item->end_ns + item->length_ns / 2;
	return slot(ahead, multiple_ns) != slot(item->middle_ns, multiple_ns);
}

/* True if no interval will follow it in its run. */
static bool is_over(const struct wc_journal *journal, const struct item *item)
{
	return item->sequence < atomic_load(&journal->run_first) || atomic_load(&journal->ended);
}

/* Returns 1 and a group, or 0. */
static int find(const struct wc_journal *journal, struct sqlite3_stmt *statement, uint64_t after,
		uint64_t multiple_ns, struct wc_journal_group *group)
{
	struct item first, last, item;
	bool complete;

	if (!next_item(statement, &first))
		return 0;
	last = first;
	complete = !multiple_ns || is_last(&first, (int64_t)multiple_ns);
	while (!complete && next_item(statement, &item)) {
		if (belongs(&first, &last, &item, (int64_t)multiple_ns)) {
			last = item;
			complete = is_last(&last, (int64_t)multiple_ns);
		} else {
			complete = true;
		}
	}
	if (!complete && !is_over(journal, &last))
		return 0;
	*group = (struct wc_journal_group){
		.first = first.sequence,
		.last = last.sequence,
		.missing = first.sequence - after - 1,
	};
	return 1;
}

int wc_journal_next(struct wc_journal_reader *reader, uint64_t after, uint64_t multiple_ns,
		    struct wc_journal_group *group, struct wc_error *error)
{
	struct sqlite3_stmt *statement;
	int status = wc_reader_begin(reader, error), code;

	if (status)
		return status > 0 ? 0 : status;
	statement = reader->own[WC_READER_NEXT];
	sqlite3_bind_int64(statement, 1, after > INT64_MAX ? INT64_MAX : (int64_t)after);
	if (multiple_ns > INT64_MAX)
		multiple_ns = INT64_MAX;
	status = find(reader->journal, statement, after, multiple_ns, group);
	code = sqlite3_reset(statement);
	wc_reader_end(reader);
	return code ? wc_reader_failed(reader, code, error) : status;
}

/* Minutes and hours: their sums, what is cut, and what documented questions answer. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "census.h"
#include "desk.h"
#include "suite.h"

#define HOUR_INTERVALS 360

static void same_sum(struct desk *desk, const char *column, const char *view, const char *other)
{
	char sql[256];
	int64_t here, there;

	snprintf(sql, sizeof(sql), "SELECT sum(%s) FROM %s", column, view);
	here = desk_ask(desk, sql);
	snprintf(sql, sizeof(sql), "SELECT sum(%s) FROM %s", column, other);
	there = desk_ask(desk, sql);
	ck_assert_msg(here == there, "%s of %s: %lld, of %s: %lld", column, view, (long long)here,
		      other, (long long)there);
	ck_assert_msg(here > 0, "%s of %s", column, view);
}

static void check_sums(struct desk *desk)
{
	static const char *const levels[] = {"minute", "hour"};

	for (size_t i = 0; i < 2; i++) {
		char view[64];

		snprintf(view, sizeof(view), "%ss", levels[i]);
		same_sum(desk, "frames", view, "intervals");
		same_sum(desk, "packets", view, "intervals");
		same_sum(desk, "tcp_bytes", view, "intervals");
		same_sum(desk, "seconds", view, "intervals");
		snprintf(view, sizeof(view), "%s_ports", levels[i]);
		same_sum(desk, "packets", view, "ports");
		same_sum(desk, "new", view, "ports");
		snprintf(view, sizeof(view), "%s_conversations", levels[i]);
		same_sum(desk, "bytes + reverse_bytes", view, "conversations");
		same_sum(desk, "packets + reverse_packets", view, "conversations");
		snprintf(view, sizeof(view), "%s_hosts", levels[i]);
		same_sum(desk, "sent_bytes", view, "hosts");
		same_sum(desk, "received_new", view, "hosts");
	}
}

START_TEST(test_sums)
{
	struct desk desk;

	desk_begin(&desk, true);
	desk_fill(&desk, 1, HOUR_INTERVALS + 57, 10, 20);
	check_sums(&desk);
	/* From 22:13:20 to 23:22:50: each minute once, and both hours. */
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM minutes"), 70);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(DISTINCT hour) FROM hours"), 2);
	ck_assert_int_eq(desk_ask(&desk, "SELECT intervals FROM minutes "
					 "WHERE minute = '2023-11-14T22:13:00Z'"),
			 4);
	ck_assert_int_eq(desk_ask(&desk, "SELECT sum(intervals) FROM hours "
					 "WHERE hour = '2023-11-14T22:00:00Z'"),
			 280);
	/* Another run within the same minute has a row of its own. */
	desk_close(&desk);
	ck_assert_int_eq(desk_open(&desk), 0);
	desk_fill(&desk, HOUR_INTERVALS + 58, 3, 10, 20);
	check_sums(&desk);
	desk_clear(&desk);
}
END_TEST

/* Random rows, `other` among them; protocols. */
START_TEST(test_random)
{
	struct desk desk;

	desk_begin(&desk, true);
	for (uint64_t i = 1; i <= 30; i++) {
		struct wc_snapshot *snapshot = census_make(i, 50, true);

		census_date(snapshot, i, 20);
		ck_assert_int_eq(desk_write(&desk, snapshot), 0);
		census_free(snapshot);
	}
	check_sums(&desk);
	same_sum(&desk, "bytes", "minute_protocols", "protocols");
	same_sum(&desk, "packets", "hour_protocols", "protocols");
	desk_clear(&desk);
}
END_TEST

/* Of many conversations and hosts the largest are left, with the rest in `other`. */
START_TEST(test_cut)
{
	struct desk desk;

	desk_begin(&desk, true);
	desk_fill(&desk, 1, 5, 30, 2500);
	check_sums(&desk);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM minute_hosts WHERE NOT other "
					 "AND minute = '2023-11-14T22:14:00Z'"),
			 1000);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM minute_conversations WHERE other "
					 "AND minute = '2023-11-14T22:14:00Z'"),
			 1);
	/* The smallest that was kept is no smaller than the largest that was not. */
	ck_assert_int_eq(
		desk_ask(&desk,
			 "SELECT min(b) >= (SELECT b FROM (SELECT address, sum(sent_bytes + "
			 "received_bytes) AS b FROM hosts WHERE \"end\" BETWEEN "
			 "'2023-11-14T22:14:05Z' AND '2023-11-14T22:15:05Z' GROUP BY address "
			 "ORDER BY b DESC LIMIT 1 OFFSET 1000)) FROM (SELECT sent_bytes + "
			 "received_bytes AS b FROM minute_hosts WHERE NOT other AND "
			 "minute = '2023-11-14T22:14:00Z')"),
		1);
	desk_clear(&desk);
}
END_TEST

/* Addresses, words and times as people read them. */
START_TEST(test_views)
{
	struct desk desk;
	struct wc_snapshot *snapshot = census_make(3, 60, true);

	desk_begin(&desk, true);
	ck_assert_int_eq(desk_write(&desk, snapshot), 0);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM hosts WHERE address = '10.0.0.5'"),
			 1);
	ck_assert_int_gt(
		desk_ask(&desk, "SELECT count(*) FROM hosts WHERE address = '255.255.255.244'"), 0);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM hosts WHERE address IN "
					 "('2001:db8::a:0:0', '::a:0:0')"),
			 1);
	ck_assert_int_gt(
		desk_ask(&desk, "SELECT count(*) FROM hosts WHERE address LIKE '::ffff:10.0.0.%'"),
		0);
	ck_assert_int_gt(
		desk_ask(&desk, "SELECT count(*) FROM conversations WHERE client = 'internet'"), 0);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM intervals WHERE "
					 "start = '2023-11-14T22:13:20.000Z' AND "
					 "\"end\" = '2023-11-14T22:13:30.000Z'"),
			 1);
	ck_assert_int_eq(desk_ask(&desk,
				  "SELECT count(*) FROM ports WHERE direction IS NULL OR transport "
				  "NOT IN ('tcp', 'udp')"),
			 0);
	census_free(snapshot);
	desk_clear(&desk);
}
END_TEST

/* Runs one statement, which must be good; returns where the next begins. */
static const char *run_one(sqlite3 *db, const char *sql, size_t *run)
{
	sqlite3_stmt *statement;
	const char *rest;

	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &statement, &rest) == SQLITE_OK, "%s: %s",
		      sql, sqlite3_errmsg(db));
	if (!statement)
		return NULL;
	while (sqlite3_step(statement) == SQLITE_ROW)
		;
	ck_assert_int_eq(sqlite3_finalize(statement), SQLITE_OK);
	++*run;
	return rest;
}

/* The questions that the head of schema.sql shows. */
START_TEST(test_examples)
{
	struct desk desk;
	char line[512], sql[4096] = "";
	const char *next = sql;
	sqlite3 *db;
	size_t run = 0;
	FILE *schema = fopen(SCHEMA, "r");

	ck_assert_ptr_nonnull(schema);
	while (fgets(line, sizeof(line), schema) && !strncmp(line, "--", 2))
		if (!strncmp(line, "--     SELECT", 13) || sql[0] || strstr(line, "     WHERE"))
			if (!strncmp(line, "--     ", 7))
				strncat(sql, line + 7, sizeof(sql) - strlen(sql) - 1);
	fclose(schema);
	desk_begin(&desk, true);
	desk_fill(&desk, 1, 10, 10, 30);
	ck_assert_int_eq(sqlite3_open(desk.path, &db), SQLITE_OK);
	while (next)
		next = run_one(db, next, &run);
	ck_assert_uint_eq(run, 3);
	sqlite3_close(db);
	desk_clear(&desk);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_sums,  test_random,   test_cut,
				      test_views, test_examples, NULL};

	return suite_run("journal rollups", tests, 120);
}

/* One line a message, whatever bytes are in it, and not too many of them. */
#include "log.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"

static int reader, saved;
static char heard[65536];

/* Standard error becomes a pipe that nobody reads yet. */
static void begin(void)
{
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
	saved = dup(STDERR_FILENO);
	ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
	close(ends[1]);
	reader = ends[0];
}

static const char *end(void)
{
	ssize_t length;
	size_t all = 0;

	dup2(saved, STDERR_FILENO);
	close(saved);
	while ((length = read(reader, heard + all, sizeof(heard) - 1 - all)) > 0)
		all += (size_t)length;
	heard[all] = '\0';
	close(reader);
	return heard;
}

START_TEST(a_line_is_a_line)
{
	begin();
	wc_log_begin();
	wc_log(WC_LOG_NOTICE, "interface %s, %d", "a\nb\x1b[2J\xff", 7);
	ck_assert_str_eq(end(), "wirecensus: interface a\\x0ab\\x1b[2J\\xff, 7\n");
}
END_TEST

START_TEST(several_lines)
{
	begin();
	wc_log_lines(WC_LOG_INFO, "capture x: ", "one\ntwo\n\nthree");
	ck_assert_str_eq(end(), "wirecensus: capture x: one\nwirecensus: capture x: two\n"
				"wirecensus: capture x: \nwirecensus: capture x: three\n");
}
END_TEST

START_TEST(the_systems_journal_gets_levels)
{
	char stream[64];
	struct stat err;

	begin();
	ck_assert_int_eq(fstat(STDERR_FILENO, &err), 0);
	snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)err.st_dev,
		 (unsigned long long)err.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	wc_log_begin();
	wc_log(WC_LOG_WARNING, "careful");
	setenv("JOURNAL_STREAM", "1:1", 1);
	wc_log_begin();
	wc_log(WC_LOG_WARNING, "no journal");
	ck_assert_str_eq(end(), "<4>wirecensus: careful\nwirecensus: no journal\n");
}
END_TEST

START_TEST(one_place_is_not_all)
{
	const char *text;
	int lines = 0;

	begin();
	for (int i = 0; i < 1000; i++)
		wc_log(WC_LOG_INFO, "again %d", i);
	wc_log(WC_LOG_INFO, "another place");
	text = end();
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	ck_assert_int_eq(lines, 6);
	ck_assert_ptr_nonnull(strstr(text, "again 4\n"));
	ck_assert_ptr_null(strstr(text, "again 5\n"));
	ck_assert_ptr_nonnull(strstr(text, "another place\n"));
}
END_TEST

/* More than a pipe holds: what found no room is gone, and nobody waited. */
START_TEST(a_reader_that_does_not_read)
{
	static char much[1000];

	memset(much, 'x', sizeof(much) - 1);
	begin();
	fcntl(STDERR_FILENO, F_SETPIPE_SZ, 4096);
	fcntl(STDERR_FILENO, F_SETFL, 0); /* a write without room would block */
	for (int i = 0; i < 100; i++)
		wc_log_lines(WC_LOG_INFO, "", much);
	ck_assert_uint_le(strlen(end()), 4096);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_line_is_a_line,
		several_lines,
		the_systems_journal_gets_levels,
		one_place_is_not_all,
		a_reader_that_does_not_read,
		NULL,
	};

	return suite_run("log", tests, 60);
}

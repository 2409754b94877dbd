/* A line over a library of the test's own, which blocks as long as it is told to. */
#include "line.h"

#include <poll.h>
#include <semaphore.h>
#include <string.h>

#include "suite.h"
#include "wirecensus/error.h"

/* What the library is allowed to do, and what it did. */
struct library {
	sem_t connects, sends, ends, frees;
	bool refuses;
};

static void *connect_library(const void *settings, struct wc_error *error)
{
	struct library *library = *(struct library *const *)settings;

	sem_wait(&library->connects);
	if (!library->refuses)
		return library;
	wc_error_set(error, WC_FAILED, "it refuses");
	return NULL;
}

static int send_library(void *connection, void *message, size_t length, struct wc_error *error)
{
	struct library *library = connection;

	sem_wait(&library->sends);
	if (length == 3 && memcmp(message, "bad", 3) == 0)
		return wc_error_set(error, WC_FAILED, "a bad message");
	return WC_OK;
}

static void disconnect_library(void *connection)
{
	sem_post(&((struct library *)connection)->ends);
}

static void free_library(void *settings)
{
	struct library *library = *(struct library **)settings;

	free(settings);
	sem_post(&library->frees);
}

static const struct wc_line_calls calls = {
	.connect = connect_library,
	.send = send_library,
	.disconnect = disconnect_library,
	.free = free_library,
};

static struct library library;
static struct wc_line_plan *plan;

static void setup(void)
{
	struct library **settings = malloc(sizeof(struct library *));

	*settings = &library;
	sem_init(&library.connects, 0, 0);
	sem_init(&library.sends, 0, 0);
	sem_init(&library.ends, 0, 0);
	sem_init(&library.frees, 0, 0);
	library.refuses = false;
	plan = wc_line_plan_new(&calls, settings);
	ck_assert_ptr_nonnull(plan);
}

static void allow(sem_t *what, int times)
{
	while (times--)
		sem_post(what);
}

/* Waits until @line is as wanted. */
static void becomes(struct wc_line *line, enum wc_line_state state, uint64_t sent,
		    struct wc_error *error)
{
	uint64_t have = 0;

	while (wc_line_look(line, &have, error) != state || have != sent) {
		struct pollfd told = {.fd = wc_line_fd(line), .events = POLLIN};

		poll(&told, 1, -1);
	}
}

START_TEST(messages_are_sent_in_the_thread)
{
	struct wc_line *line = wc_line_new(plan, NULL);
	struct wc_error error = {""};

	becomes(line, WC_LINE_CONNECTING, 0, &error);
	allow(&library.connects, 1);
	becomes(line, WC_LINE_UP, 0, &error);
	for (int i = 0; i < 3; i++)
		ck_assert(wc_line_add(line, "good", 4));
	ck_assert(wc_line_add(line, "bad", 3));
	allow(&library.sends, 2);
	becomes(line, WC_LINE_UP, 2, &error);
	allow(&library.sends, 2);
	becomes(line, WC_LINE_DOWN, 3, &error);
	ck_assert_str_eq(error.text, "a bad message");
	wc_line_leave(line);
	sem_wait(&library.ends);
	wc_line_plan_free(plan);
	sem_wait(&library.frees);
}
END_TEST

START_TEST(a_refusal_is_told)
{
	struct wc_line *line = wc_line_new(plan, NULL);
	struct wc_error error = {""};

	library.refuses = true;
	allow(&library.connects, 1);
	becomes(line, WC_LINE_DOWN, 0, &error);
	ck_assert_str_eq(error.text, "it refuses");
	wc_line_leave(line);
	wc_line_plan_free(plan);
	sem_wait(&library.frees);
}
END_TEST

START_TEST(room_is_bounded)
{
	static char big[WC_LINE_BYTES];
	struct wc_line *line = wc_line_new(plan, NULL);
	unsigned taken = 0;

	while (wc_line_add(line, "good", 4))
		taken++;
	ck_assert_uint_eq(taken, WC_LINE_MESSAGES);
	allow(&library.connects, 1);
	allow(&library.sends, WC_LINE_MESSAGES);
	becomes(line, WC_LINE_UP, WC_LINE_MESSAGES, NULL);
	ck_assert(wc_line_add(line, big, sizeof(big)));
	allow(&library.sends, 1);
	becomes(line, WC_LINE_UP, WC_LINE_MESSAGES + 1, NULL);
	wc_line_leave(line);
	wc_line_plan_free(plan);
	sem_wait(&library.frees);
}
END_TEST

/* Their user is gone before they are; what they hold goes with the last. */
START_TEST(lines_left_behind_are_bounded)
{
	struct wc_error error = {""};

	for (int i = 0; i < WC_LINE_MOST; i++) {
		struct wc_line *line = wc_line_new(plan, &error);

		ck_assert_msg(line != NULL, "%s", error.text);
		ck_assert(wc_line_add(line, "good", 4));
		wc_line_leave(line);
	}
	ck_assert_ptr_null(wc_line_new(plan, &error));
	ck_assert_ptr_nonnull(strstr(error.text, "still hang"));
	wc_line_plan_free(plan);
	ck_assert_int_ne(sem_trywait(&library.frees), 0);
	allow(&library.connects, WC_LINE_MOST);
	for (int i = 0; i < WC_LINE_MOST; i++)
		sem_wait(&library.ends);
	sem_wait(&library.frees);
}
END_TEST

int main(void)
{
	SRunner *runner;
	Suite *suite = suite_create("line");
	TCase *group = tcase_create("line");
	int failed;

	tcase_set_timeout(group, 60);
	tcase_add_checked_fixture(group, setup, NULL);
	tcase_add_test(group, messages_are_sent_in_the_thread);
	tcase_add_test(group, a_refusal_is_told);
	tcase_add_test(group, room_is_bounded);
	tcase_add_test(group, lines_left_behind_are_bounded);
	suite_add_tcase(suite, group);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

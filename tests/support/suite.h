/*
 * suite.h - runs the tests of one program
 */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>
#include <stdlib.h>

/* Runs @tests, ended by NULL, each with @seconds as its watchdog. Returns main()'s exit code. */
static inline int suite_run(const char *name, const TTest *const *tests, double seconds)
{
	Suite *suite = suite_create(name);
	TCase *group = tcase_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	for (; *tests; tests++)
		tcase_add_test(group, *tests);
	tcase_set_timeout(group, seconds);
	suite_add_tcase(suite, group);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif /* TESTS_SUITE_H */

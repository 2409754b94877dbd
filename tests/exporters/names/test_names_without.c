/* A build without c-ares says so. */
#include <string.h>

#include "names.h"
#include "suite.h"
#include "wirecensus/error.h"

START_TEST(names_are_refused)
{
	struct wc_names_settings settings = {0};
	struct wc_names *names;
	struct wc_error error;

	ck_assert_int_eq(wc_names_open(&names, &settings, &error), WC_INVALID);
	ck_assert_ptr_null(names);
	ck_assert_ptr_nonnull(strstr(error.text, "not in this build"));
	wc_names_free(names);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {names_are_refused, NULL};

	return suite_run("names_without", tests, 60);
}

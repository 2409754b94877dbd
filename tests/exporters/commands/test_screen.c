/* What a terminal gets when a text is drawn in place. */
#include <string.h>

#include "buffer.h"
#include "screen.h"
#include "suite.h"

static void drawn(const char *text, size_t height, const char *expected)
{
	struct wc_buffer out = {0}, in = {0};

	wc_buffer_text(&in, text);
	wc_screen_draw(&out, &in, height);
	wc_buffer_add(&out, "", 1);
	ck_assert_str_eq(out.data, expected);
	wc_buffer_free(&out);
	wc_buffer_free(&in);
}

START_TEST(test_fits)
{
	drawn("one\n\nthree\n", 24, "\033[H\033[?7lone\033[K\n\033[K\nthree\033[K\n\033[J\033[?7h");
}
END_TEST

/* The last line is told what is missing, and a terminal of any height is not scrolled. */
START_TEST(test_cut)
{
	drawn("1\n2\n3\n4\n", 4,
	      "\033[H\033[?7l1\033[K\n2\033[K\n3\033[K\n\033[J"
	      "... lines not shown: 1 (a higher window or a smaller --top helps)\033[?7h");
	drawn("1\n2\n3\n", 4, "\033[H\033[?7l1\033[K\n2\033[K\n3\033[K\n\033[J\033[?7h");
	drawn("1\n2\n", 1,
	      "\033[H\033[?7l\033[J"
	      "... lines not shown: 2 (a higher window or a smaller --top helps)\033[?7h");
}
END_TEST

START_TEST(test_empty)
{
	struct wc_buffer out = {0}, in = {0};

	wc_screen_draw(&out, &in, 24);
	wc_buffer_add(&out, "", 1);
	ck_assert_str_eq(out.data, "\033[H\033[?7l\033[J\033[?7h");
	wc_buffer_free(&out);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_fits, test_cut, test_empty, NULL};

	return suite_run("screen", tests, 60);
}

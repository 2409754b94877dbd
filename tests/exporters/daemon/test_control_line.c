/* Requests as lines of words. */
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "control_line.h"
#include "suite.h"
#include "wirecensus/error.h"

static struct wc_control_line line;
static struct wc_error error;

static int read_line(const char *text)
{
	return wc_control_line_read(&line, text, strlen(text), &error);
}

static void refused(const char *text, const char *sentence)
{
	ck_assert_int_eq(read_line(text), WC_INVALID);
	ck_assert_str_eq(error.text, sentence);
}

START_TEST(test_words)
{
	ck_assert_int_eq(read_line("  show   ports top=5 capture=my%20lan "), WC_OK);
	ck_assert_uint_eq(line.word_count, 2);
	ck_assert_str_eq(line.words[0], "show");
	ck_assert_str_eq(line.words[1], "ports");
	ck_assert_uint_eq(line.setting_count, 2);
	ck_assert_str_eq(line.settings[0].name, "top");
	ck_assert_str_eq(line.settings[0].value, "5");
	ck_assert_str_eq(line.settings[1].name, "capture");
	ck_assert_str_eq(line.settings[1].value, "my lan");
	ck_assert_int_eq(read_line("a %41%3d%3D x= =y"), WC_OK);
	ck_assert_str_eq(line.words[1], "A==");
	ck_assert_str_eq(line.settings[0].value, "");
	ck_assert_str_eq(line.settings[1].name, "");
}
END_TEST

START_TEST(test_refused)
{
	static const char escape[] =
		"a request has a % without the two hexadecimal digits of a byte";
	char longest[WC_CONTROL_LINE + 1];

	refused("", "a request begins with a verb");
	refused("   ", "a request begins with a verb");
	refused("top=5", "a request begins with a verb");
	refused("a b c", "a request has at most 2 words");
	refused("a 1=1 2=2 3=3 4=4 5=5 6=6 7=7 8=8 9=9", "a request has at most 8 settings");
	refused("a\tb", "a request is a line of text, and this has control characters");
	refused("a\r", "a request is a line of text, and this has control characters");
	refused("a %", escape);
	refused("a %2", escape);
	refused("a %2g", escape);
	refused("a x=%g0", escape);
	refused("a %00", escape);
	ck_assert_int_eq(wc_control_line_read(&line, "a\0b", 3, &error), WC_INVALID);
	memset(longest, 'a', sizeof(longest));
	ck_assert_int_eq(wc_control_line_read(&line, longest, WC_CONTROL_LINE, &error), WC_INVALID);
	ck_assert_int_eq(wc_control_line_read(&line, longest, WC_CONTROL_LINE - 1, &error), WC_OK);
	ck_assert_uint_eq(strlen(line.words[0]), WC_CONTROL_LINE - 1);
}
END_TEST

/* What is written is read again, whatever the bytes. */
START_TEST(test_round)
{
	char every[256];
	struct wc_buffer text = {0};

	for (int i = 0; i < 255; i++)
		every[i] = (char)(i + 1);
	every[255] = '\0';
	wc_control_line_add(&text, "show");
	wc_control_line_add(&text, every);
	wc_control_line_set(&text, "capture", every);
	ck_assert_int_eq(wc_control_line_read(&line, text.data, text.length, &error), WC_OK);
	ck_assert_str_eq(line.words[0], "show");
	ck_assert_str_eq(line.words[1], every);
	ck_assert_str_eq(line.settings[0].name, "capture");
	ck_assert_str_eq(line.settings[0].value, every);
	wc_buffer_free(&text);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_words, test_refused, test_round, NULL};

	return suite_run("control_line", tests, 60);
}

/* --help has every option of its command, and no other. */
#include <string.h>

#include "buffer.h"
#include "command.h"
#include "help.h"
#include "suite.h"
#include "wirecensus/options.h"

/* The help of @command as a string, to be freed. */
static char *help_of(const struct wc_command *command)
{
	struct wc_buffer text = {0};

	wc_help_command(&text, command);
	wc_buffer_add(&text, "", 1);
	ck_assert(!text.failed);
	return text.data;
}

/* Finds the line of @option: its dashed name with a blank or a line's end behind it. */
static const char *find(const char *text, const struct wc_option *option)
{
	char name[WC_OPTION_NAME], dashed[WC_OPTION_NAME + 4] = "--";
	size_t length;

	strcat(dashed, wc_option_spell(option, WC_SPELLING_DASHED, name));
	length = strlen(dashed);
	while ((text = strstr(text, dashed)) && text[length] != ' ' && text[length] != '\n')
		text += length;
	return text;
}

START_TEST(test_options)
{
	for (const struct wc_command *command = wc_command_table; command->name; command++) {
		char *text = help_of(command);

		for (const struct wc_option *row = wc_option_table; row->name; row++) {
			const char *line = find(text, row);

			ck_assert_msg(!line == !(row->scope & command->scope), "%s %s",
				      command->name, row->name);
			if (line && row->argument)
				ck_assert_ptr_nonnull(strstr(line, row->argument));
			if (line && row->letter)
				ck_assert_msg(line[-4] == '-' && line[-3] == row->letter, "%s",
					      row->name);
		}
		ck_assert_ptr_nonnull(strstr(text, "-h, --help"));
		free(text);
	}
}
END_TEST

/* Fits a terminal of 80 columns, without blanks at the ends of lines. */
START_TEST(test_lines)
{
	for (const struct wc_command *command = wc_command_table; command->name; command++) {
		char *text = help_of(command), *rest = text;

		for (char *line; (line = strsep(&rest, "\n"));) {
			size_t length = strlen(line);

			ck_assert_msg(length < 80, "%s", line);
			ck_assert_msg(!length || line[length - 1] != ' ', "'%s'", line);
		}
		free(text);
	}
}
END_TEST

START_TEST(test_defaults)
{
	char *text = help_of(&wc_command_table[1]);

	ck_assert_str_eq(wc_command_table[1].name, "live");
	ck_assert_ptr_nonnull(strstr(text, "Usage: wirecensus live [OPTION]...\n"));
	ck_assert_ptr_nonnull(strstr(text, "from one census to the next [10s]\n"));
	ck_assert_ptr_nonnull(strstr(text, "libpcap: auto, "));
	free(text);
}
END_TEST

/* What the manual has of times, the help has, too. */
START_TEST(test_times)
{
	const struct wc_command *command = wc_command_table;
	char *text;

	while (strcmp(command->name, "history") != 0)
		command++;
	text = help_of(command);
	ck_assert_ptr_nonnull(strstr(text, "@ and seconds since"));
	ck_assert_ptr_nonnull(strstr(text, "of traffic and loss"));
	free(text);
}
END_TEST

START_TEST(test_overview)
{
	struct wc_buffer text = {0};

	wc_help_overview(&text);
	wc_buffer_add(&text, "", 1);
	for (const struct wc_command *command = wc_command_table; command->name; command++) {
		ck_assert_ptr_nonnull(strstr(text.data, command->name));
		ck_assert_ptr_nonnull(strstr(text.data, command->summary));
	}
	wc_buffer_free(&text);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_options, test_lines,    test_defaults,
				      test_times,   test_overview, NULL};

	return suite_run("help", tests, 60);
}

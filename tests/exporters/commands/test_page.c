/* wirecensus(1) has every command, and every option with its default and who takes it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "command.h"
#include "suite.h"
#include "wirecensus/options.h"

/* Returns the page, to be freed. */
static char *load(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = fopen(PAGE, "r");

	ck_assert_msg(file, "%s", PAGE);
	ck_assert_int_gt(getdelim(&text, &size, '\0', file), 0);
	fclose(file);
	return text;
}

/* Cuts out what stands between two marks; to be freed. */
static char *part(const char *page, const char *from, const char *to)
{
	const char *begin = strstr(page, from), *end;

	ck_assert_msg(begin, "the page has no '%s'", from);
	end = strstr(begin + strlen(from), to);
	return strndup(begin, end ? (size_t)(end - begin) : strlen(begin));
}

START_TEST(test_commands)
{
	char *page = load();
	char *synopsis = part(page, ".Sh SYNOPSIS", ".Sh DESCRIPTION");
	char *commands = part(page, ".Ss Commands", "\n.Sh ");
	char text[64];

	for (const struct wc_command *command = wc_command_table; command->name; command++) {
		snprintf(text, sizeof(text), "\n.Cm %s\n", command->name);
		ck_assert_msg(strstr(synopsis, text), "the synopsis has no %s", command->name);
		snprintf(text, sizeof(text), "\n.It Cm %s%s", command->name,
			 command->scope || command->operands ? " O" : "\n");
		ck_assert_msg(strstr(commands, text), "the commands have no %s", command->name);
	}
	free(commands);
	free(synopsis);
	free(page);
}
END_TEST

/* Writes the item that begins an option's entry; returns false if no command takes it. */
static bool write_item(const struct wc_option *option, struct wc_buffer *item,
		       struct wc_buffer *takers)
{
	char name[WC_OPTION_NAME];

	wc_buffer_clear(item);
	wc_buffer_clear(takers);
	wc_buffer_text(item, "\n.It ");
	if (option->letter)
		wc_buffer_format(item, "Fl %c , ", option->letter);
	wc_buffer_format(item, "Fl Fl %s", wc_option_spell(option, WC_SPELLING_DASHED, name));
	wc_buffer_text(item, option->argument ? " Ar " : "\n");
	wc_buffer_add(item, "", 1);
	for (const struct wc_command *command = wc_command_table; command->name; command++)
		if (option->scope & command->scope)
			wc_buffer_format(takers, "%s%s", takers->length ? " , " : "\n.Pq ",
					 command->name);
	wc_buffer_add(takers, "", 1);
	return takers->length > 1;
}

static void check_entry(const char *options, const struct wc_option *option, const char *item,
			const char *takers)
{
	char *entry = part(options, item, "\n.It ");
	char text[128];

	ck_assert_msg(strstr(entry, takers), "%s is not taken by%s", option->name, takers + 4);
	snprintf(text, sizeof(text), "\nDefault: %s.", option->fallback);
	if (option->fallback)
		ck_assert_msg(strstr(entry, text), "%s has no '%s'", option->name, text + 1);
	for (const char *const *choice = option->choices; choice && *choice; choice++) {
		snprintf(text, sizeof(text), "\n.Ql %s", *choice);
		ck_assert_msg(strstr(entry, text), "%s has no '%s'", option->name, text + 1);
	}
	free(entry);
}

START_TEST(test_options)
{
	char *page = load();
	char *options = part(page, ".Sh OPTIONS", "\n.Sh ");
	struct wc_buffer item = {0}, takers = {0};
	size_t told = 0, taken = 1; /* --help is nobody's row */

	for (const struct wc_option *option = wc_option_table; option->name; option++) {
		if (!write_item(option, &item, &takers))
			continue;
		check_entry(options, option, item.data, takers.data);
		taken++;
	}
	for (const char *at = options; (at = strstr(at, "\n.It Fl ")); at++)
		told++;
	ck_assert_msg(told == taken, "%zu entries for %zu options", told, taken);
	wc_buffer_free(&item);
	wc_buffer_free(&takers);
	free(options);
	free(page);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_commands, test_options, NULL};

	return suite_run("page", tests, 60);
}

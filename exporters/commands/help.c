#include "help.h"

#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "command.h"
#include "wirecensus/options.h"

#define LINE_WIDTH  79
#define TEXT_COLUMN 30

static const char *const headings[WC_GROUPS] = {
	[WC_GROUP_CAPTURE] = "What is captured", [WC_GROUP_COUNT] = "How it is counted",
	[WC_GROUP_RUN] = "How it runs",          [WC_GROUP_ASK] = "What is asked",
	[WC_GROUP_SHOW] = "How it is shown",
};

/* Adds @length bytes of @text from @column on, in a line that began at @start, and wraps it. */
static void add_wrapped(struct wc_buffer *buffer, size_t start, size_t column, const char *text,
			size_t length)
{
	const char *end = text + length;

	wc_buffer_pad(buffer, start, column);
	while (text < end) {
		const char *blank = memchr(text, ' ', (size_t)(end - text));
		size_t word = (size_t)((blank ? blank : end) - text);
		size_t used = buffer->length - start;

		if (used > column && used + 1 + word > LINE_WIDTH) {
			wc_buffer_text(buffer, "\n");
			start = buffer->length;
			wc_buffer_pad(buffer, start, column);
		} else if (used > column) {
			wc_buffer_text(buffer, " ");
		}
		wc_buffer_add(buffer, text, word);
		text += word + (blank != NULL);
	}
	wc_buffer_text(buffer, "\n");
}

static void add_line(struct wc_buffer *buffer, size_t start, const char *text)
{
	size_t used = buffer->length - start;

	if (used + 2 > TEXT_COLUMN) {
		wc_buffer_text(buffer, "\n");
		start = buffer->length;
	}
	add_wrapped(buffer, start, TEXT_COLUMN, text, strlen(text));
}

/* Adds what may stand for the value, and the default. */
static void add_values(struct wc_buffer *text, const struct wc_option *option)
{
	for (const char *const *choice = option->choices; choice && *choice; choice++) {
		wc_buffer_text(text, choice == option->choices ? ": " : ", ");
		wc_buffer_text(text, *choice);
	}
	if (option->fallback)
		wc_buffer_format(text, " [%s]", option->fallback);
	wc_buffer_add(text, "", 1);
}

static void add_option(struct wc_buffer *buffer, const struct wc_option *option)
{
	struct wc_buffer text = {0};
	size_t start = buffer->length;
	char name[WC_OPTION_NAME];

	if (option->letter)
		wc_buffer_format(buffer, "  -%c, ", option->letter);
	else
		wc_buffer_text(buffer, "      ");
	wc_buffer_format(buffer, "--%s", wc_option_spell(option, WC_SPELLING_DASHED, name));
	if (option->argument)
		wc_buffer_format(buffer, " %s", option->argument);
	wc_buffer_text(&text, option->help);
	add_values(&text, option);
	if (text.failed)
		buffer->failed = true;
	else
		add_line(buffer, start, text.data);
	wc_buffer_free(&text);
}

static void add_group(struct wc_buffer *buffer, enum wc_option_group group, unsigned scope)
{
	bool any = false;

	for (const struct wc_option *option = wc_option_table; option->name; option++) {
		if (option->group != group || !(option->scope & scope))
			continue;
		if (!any)
			wc_buffer_format(buffer, "\n%s:\n", headings[group]);
		any = true;
		add_option(buffer, option);
	}
}

void wc_help_command(struct wc_buffer *buffer, const struct wc_command *command)
{
	size_t start;

	wc_buffer_format(buffer, "Usage: wirecensus %s%s%s%s\n\n", command->name,
			 command->scope ? " [OPTION]..." : "", command->operands ? " " : "",
			 command->operands ? command->operands : "");
	add_wrapped(buffer, buffer->length, 0, command->description, strlen(command->description));
	for (int group = 0; group < WC_GROUPS; group++)
		add_group(buffer, (enum wc_option_group)group, command->scope);
	wc_buffer_text(buffer, "\n");
	start = buffer->length;
	wc_buffer_text(buffer, "  -h, --help");
	add_line(buffer, start, "this text");
}

void wc_help_overview(struct wc_buffer *buffer)
{
	wc_buffer_text(buffer, "wirecensus " WC_VERSION ", a census of the wire\n\n"
			       "Usage: wirecensus COMMAND [OPTION]... [ARGUMENT]...\n\n");
	for (const struct wc_command *command = wc_command_table; command->name; command++)
		wc_buffer_format(buffer, "  %-8s%s\n", command->name, command->summary);
	wc_buffer_text(buffer, "\n'wirecensus COMMAND --help' lists the options of a command.\n");
}

/* wirecensus-json(5) names every field that rows have, below the heading of their type. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "dump_json.h"
#include "json.h"
#include "json_lines.h"
#include "sample.h"
#include "suite.h"
#include "wirecensus/options.h"

static char *page;
static char seen[65536]; /* "type field\n" of every field of every row */

static void load(void)
{
	size_t size = 0;
	FILE *file = fopen(PAGE, "r");

	ck_assert_msg(file, "%s", PAGE);
	ck_assert_int_gt(getdelim(&page, &size, '\0', file), 0);
	fclose(file);
}

/* True if the words of @line, from @from on, have @word. */
static bool has_word(const char *line, size_t length, size_t from, const char *word)
{
	size_t wanted = strlen(word);

	for (size_t i = from; i + wanted <= length; i++) {
		bool begins = line[i - 1] == ' ';
		bool ends = i + wanted == length || strchr(" ,", line[i + wanted]);

		if (begins && ends && !strncmp(line + i, word, wanted))
			return true;
	}
	return false;
}

/* Returns what stands below the heading that names @type, or NULL. */
static const char *below(const char *type)
{
	for (const char *at = page; (at = strstr(at, "\n.Ss ")); at++)
		if (has_word(at + 1, strcspn(at + 1, "\n"), 4, type))
			return at + 1;
	return NULL;
}

/* Does an item below the heading at @from name @field? */
static bool names(const char *from, const char *field)
{
	const char *end = strstr(from, "\n.S");

	for (const char *at = from; (at = strstr(at, "\n.It Cm ")) && (!end || at < end); at++)
		if (has_word(at + 1, strcspn(at + 1, "\n"), 7, field))
			return true;
	return false;
}

/* Every field of @row is on the page, below its type or below "All rows". */
static void check_row(const json_t *row)
{
	const char *type = json_line_text(row, "type"), *field;
	const char *heading = below(type);
	json_t *value;

	ck_assert_msg(heading, "the page has no type %s", type);
	json_object_foreach((json_t *)row, field, value)
	{
		char line[128];
		bool common = names(below("All"), field);

		ck_assert_msg(common || !strcmp(field, "other") || names(heading, field),
			      "the page has no %s of %s", field, type);
		snprintf(line, sizeof(line), "\n%s %s\n", common ? "All" : type, field);
		if (!strstr(seen, line)) {
			ck_assert_uint_lt(strlen(seen) + strlen(line), sizeof(seen));
			strcat(seen, line);
		}
	}
}

static void check_lines(const struct wc_context *context, const struct wc_snapshot *snapshot)
{
	json_t *rows = json_lines_of(context, snapshot);
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row) check_row(row);
	json_decref(rows);
}

static void check_dump(const struct wc_snapshot *snapshot)
{
	struct wc_options options = {.filter = (char *)"not port 22"};
	struct wc_dump_facts facts = {.snapshot = snapshot, .options = &options};
	struct wc_buffer text = {0};
	char *rest, *line;

	wc_dump_json_encode(&text, &sample_named_context, &facts);
	wc_buffer_add(&text, "", 1);
	rest = text.data;
	while ((line = strsep(&rest, "\n")) && *line) {
		json_t *row = json_loads(line, 0, NULL);

		ck_assert_msg(row, "%s", line);
		check_row(row);
		json_decref(row);
	}
	wc_buffer_free(&text);
}

/* What the page says of a type, its rows have; samples have no unsupported frames. */
static void check_heading(const char *type)
{
	const char *from = below(type), *end = strstr(from, "\n.S");

	for (const char *at = from; (at = strstr(at, "\n.It Cm ")) && (!end || at < end); at++) {
		char item[256], line[160], *rest = item, *field;

		snprintf(item, sizeof(item), "%.*s", (int)strcspn(at + 8, "\n"), at + 8);
		while ((field = strsep(&rest, " ,")))
			if (*field) {
				snprintf(line, sizeof(line), "\n%s %s\n", type, field);
				ck_assert_msg(strstr(seen, line), "no row %s has %s", type, field);
			}
	}
}

START_TEST(test_page)
{
	static const char *const types[] = {"All",      "total",     "port", "protocol",
					    "fragment", "ethertype", "llc",  "malformed",
					    "host",     "scanner",   "dump", "conversation"};
	struct wc_snapshot busy = sample_busy(), quiet = sample_quiet(), damaged = sample_damaged();

	load();
	check_lines(&sample_named_context, &busy);
	check_lines(&sample_context, &quiet);
	check_lines(&sample_context, &damaged);
	busy.five_tuple = true;
	check_lines(&sample_context, &busy);
	check_dump(&busy);
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		check_heading(types[i]);
	free(page);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_page, NULL};

	return suite_run("json_page", tests, 60);
}

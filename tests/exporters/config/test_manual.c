/* Option tables, manual and sample name the same options, with the same defaults. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "conf.h"
#include "config.h"
#include "config_print.h"
#include "config_sections.h"
#include "exporter_options.h"
#include "format.h"
#include "suite.h"

/* Returns the text of a file, to be freed. */
static char *load(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = fopen(path, "r");

	ck_assert_msg(file, "%s", path);
	ck_assert_int_gt(getdelim(&text, &size, '\0', file), 0);
	fclose(file);
	return text;
}

/* ---- the manual ---- */

/* Cuts the text of one heading out of the manual; to be freed. */
static char *subsection(const char *manual, const char *heading)
{
	const char *begin = strstr(manual, heading), *end;

	ck_assert_msg(begin, "the manual has no '%s'", heading);
	end = strstr(begin + 1, "\n.S");
	return strndup(begin, end ? (size_t)(end - begin) : strlen(begin));
}

/* Returns what the manual says of an option, to be freed. */
static char *entry(const char *part, const char *name)
{
	const char *begin = part, *end;
	char item[64];

	snprintf(item, sizeof(item), "\n.It Cm %s", name);
	do {
		begin = strstr(begin + 1, item);
		ck_assert_msg(begin, "the manual does not name %s", name);
	} while (!strchr(" \n", begin[strlen(item)]));
	end = strstr(begin + 1, "\n.It Cm ");
	return strndup(begin, end ? (size_t)(end - begin) : strlen(begin));
}

static void check_entry(const char *part, const struct wc_option *option)
{
	char *told = entry(part, option->name);
	char text[64];

	if (option->fallback) {
		snprintf(text, sizeof(text), "\nDefault: %s", option->fallback);
		ck_assert_msg(strstr(told, text), "the manual has no '%s' at %s", text + 1,
			      option->name);
	}
	for (const char *const *choice = option->choices; choice && *choice; choice++)
		ck_assert_msg(strstr(told, *choice), "the manual has no %s at %s", *choice,
			      option->name);
	free(told);
}

/* Each option stands below its heading, and no other does. */
static void check_heading(const char *manual, const char *heading, const struct wc_option *table,
			  unsigned scope)
{
	char *part = subsection(manual, heading);
	size_t told = 0, options = 0;

	for (const struct wc_option *option = table; option->name; option++) {
		if (!(option->scope & scope))
			continue;
		check_entry(part, option);
		options++;
	}
	for (const char *at = part; (at = strstr(at, "\n.It Cm ")); at++)
		told++;
	ck_assert_msg(told == options, "%zu entries for %zu options: %s", told, options, heading);
	free(part);
}

START_TEST(test_manual)
{
	static const char *const headings[] = {".Ss Outside of sections", ".Ss Section journal",
					       ".Ss Section dump", ".Ss Section http",
					       ".Ss Sections capture"};
	char *manual = load(MANUAL);
	struct wc_section section;

	for (size_t i = 0; i < sizeof(headings) / sizeof(*headings); i++) {
		ck_assert(wc_section_get(i, &section));
		check_heading(manual, headings[i], section.table, section.scope);
	}
	check_heading(manual, ".Ss Sections of exporters", wc_exporter_option_table, ~0u);
	free(manual);
}
END_TEST

/* Every kind of section is named. */
START_TEST(test_manual_formats)
{
	char *manual = load(MANUAL);
	char text[64];

	for (const struct wc_format *const *format = wc_format_list; *format; format++) {
		snprintf(text, sizeof(text), "\n.It Ic %s Ar title", (*format)->name);
		ck_assert_msg(strstr(manual, text), "the manual has no '%s'", text + 1);
	}
	free(manual);
}
END_TEST

/* ---- the sample ---- */

/* Takes the marks away that comment an option out; sentences keep theirs. */
static void uncomment(char *text)
{
	char *to = text;

	for (const char *from = text; *from;) {
		bool begins = from == text || from[-1] == '\n';

		from += begins && from[0] == '#' && from[1] != ' ' && from[1] != '\n';
		*to++ = *from++;
	}
	*to = '\0';
}

/* Removes the sections of formats that this build has not. */
static void remove_missing(char *text)
{
	if (!wc_format_find("ipfix")) {
		char *begin = strstr(text, "\nipfix "), *end = strstr(begin, "\n}\n");

		memmove(begin, end + 2, strlen(end + 2) + 1);
	}
}

START_TEST(test_sample_as_shipped)
{
	struct wc_config *config;
	char *sample = load(SAMPLE);

	conf_begin();
	config = conf_right(sample);
	ck_assert_str_eq(config->daemon.user, "wirecensus");
	ck_assert_str_eq(config->daemon.group, "wirecensus");
	ck_assert_str_eq(config->daemon.control, "/run/wirecensus/control.sock");
	ck_assert_str_eq(config->daemon.journal_path, "/var/lib/wirecensus/census.db");
	ck_assert_ptr_null(config->daemon.trigger);
	ck_assert_uint_eq(config->capture_count, 1);
	ck_assert_uint_eq(config->captures[0].options.interface.count, 0);
	ck_assert_uint_eq(config->exporter_count, 0);
	wc_config_free(config);
	free(sample);
	conf_end();
}
END_TEST

/* True if some line of the sample's sections @name gives @option. */
static bool sample_has(const char *sample, const char *name, const char *option)
{
	char begin[64], line[64];

	snprintf(begin, sizeof(begin), "\n%s%s", name, *name ? " " : "");
	snprintf(line, sizeof(line), "\n%s%s = ", *name ? "\t" : "", option);
	for (const char *at = sample; (at = strstr(at, begin)); at++) {
		const char *found = strstr(at, line);
		const char *end = *name ? strstr(at, "\n}\n") : sample + strlen(sample);

		if (found && end && found < end)
			return true;
	}
	return false;
}

static void check_value(const struct wc_section *section, const struct wc_option *option,
			struct wc_config *a, struct wc_config *b)
{
	struct wc_buffer left = {0}, right = {0};

	wc_config_print_value(&left, option, wc_section_fields(section, a, 0));
	wc_config_print_value(&right, option, wc_section_fields(section, b, 0));
	ck_assert_msg(left.length == right.length && !memcmp(left.data, right.data, left.length),
		      "%s: the sample has %.*s, the default is %.*s", option->name,
		      (int)left.length, left.data, (int)right.length, right.data);
	wc_buffer_free(&left);
	wc_buffer_free(&right);
}

/* One option of the sample: it is there, and what is its default is its value. */
static void check_option(const char *sample, const struct wc_section *section,
			 const struct wc_option *option, struct wc_config *full,
			 struct wc_config *defaults)
{
	bool shared = section->format && (option->scope & WC_EXPORTER_JSON);

	/* What all exporters share is shown with json. */
	ck_assert_msg(sample_has(sample, shared ? "json" : section->name, option->name),
		      "the sample has no %s in %s", option->name, section->name);
	if (option->fallback && !section->format)
		check_value(section, option, full, defaults);
}

/* Uncommented as a whole it is right, names every option, and has the defaults. */
START_TEST(test_sample_in_full)
{
	char *sample = load(SAMPLE);
	struct wc_config *full, *defaults;
	struct wc_section section;

	conf_begin();
	uncomment(sample);
	remove_missing(sample);
	full = conf_right(sample);
	defaults = conf_right("");
	for (size_t i = 0; wc_section_get(i, &section); i++)
		for (const struct wc_option *option = section.table; option->name; option++)
			if (option->scope & section.scope)
				check_option(sample, &section, option, full, defaults);
	wc_config_free(full);
	wc_config_free(defaults);
	free(sample);
	conf_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_manual, test_manual_formats, test_sample_as_shipped,
				      test_sample_in_full, NULL};

	return suite_run("manual", tests, 60);
}

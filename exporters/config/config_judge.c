/*
 * config_judge.c - may this name stand here?
 */
#include "config_judge.h"

#include <stdio.h>
#include <string.h>

#include "config_lexer.h"
#include "exporter_options.h"
#include "nearest.h"
#include "outline.h"
#include "wirecensus/options.h"

/* The longest title: names of captures and exporters are shown in tables. */
#define TITLE_MAX 63

/* What is told of a name at most. */
#define SHOWN 64
#define HINT  128

static int shown(const struct wc_word *word)
{
	return word->length < SHOWN ? (int)word->length : SHOWN;
}

static struct wc_outline_part *current(const struct wc_judge *judge)
{
	return &judge->outline->parts[judge->part];
}

static struct wc_mark mark_of(const struct wc_judge *judge, const struct wc_word *word)
{
	return (struct wc_mark){judge->file, word->line};
}

bool wc_judge_begin(struct wc_judge *judge)
{
	struct wc_section top;

	wc_section_get(0, &top);
	judge->top = true;
	judge->part = judge->outline->count;
	return wc_outline_add(judge->outline, &top, NULL, 0, (struct wc_mark){judge->file, 1});
}

/* Writes where we are, as a sentence ends with it. */
static const char *here(const struct wc_judge *judge, char text[static SHOWN])
{
	if (judge->top)
		return "outside of sections";
	snprintf(text, SHOWN, "in a section %s", current(judge)->section.name);
	return text;
}

static void offer_options(struct wc_nearest *nearest, const struct wc_section *section)
{
	for (const struct wc_option *option = section->table; option->name; option++)
		if (option->scope & section->scope)
			wc_nearest_offer(nearest, option->name);
}

static void offer_sections(struct wc_nearest *nearest)
{
	struct wc_section section;

	for (size_t i = 1; wc_section_get(i, &section); i++)
		wc_nearest_offer(nearest, section.name);
}

/* Finds a section that knows the option which is unknown here. */
static bool find_home(const struct wc_word *name, struct wc_section *section)
{
	for (size_t i = 0; wc_section_get(i, section); i++)
		if (wc_section_option(section, name->text, name->length))
			return true;
	return false;
}

/* Fills in what was probably meant by a name that is unknown here. */
static void make_hint(const struct wc_judge *judge, const struct wc_word *name,
		      char hint[static HINT])
{
	struct wc_nearest nearest = wc_nearest_begin(name->text, name->length);
	struct wc_section home;

	offer_options(&nearest, &current(judge)->section);
	if (judge->top)
		offer_sections(&nearest);
	if (nearest.name)
		snprintf(hint, HINT, "did you mean %s?", nearest.name);
	else if (!find_home(name, &home))
		snprintf(hint, HINT, "wirecensus.conf(5) has them all");
	else if (home.kind == WC_SECTION_TOP)
		snprintf(hint, HINT, "it is one outside of sections");
	else
		snprintf(hint, HINT, "it is one of a section %s", home.name);
}

static bool refuse_unknown_option(struct wc_judge *judge, const struct wc_word *name)
{
	struct wc_section section;
	char text[SHOWN], hint[HINT];

	make_hint(judge, name, hint);
	if (judge->top && wc_section_find(&section, name->text, name->length))
		wc_complain(judge->complaints, mark_of(judge, name),
			    "%s is a section: write %s%s { ... }", section.name, section.name,
			    section.titled ? " TITLE" : "");
	else
		wc_complain(judge->complaints, mark_of(judge, name),
			    "there is no option '%.*s' %s; %s", shown(name), name->text,
			    here(judge, text), hint);
	current(judge)->wrong = true;
	return false;
}

bool wc_judge_option(struct wc_judge *judge, const struct wc_word *name, bool append)
{
	struct wc_outline_part *part = current(judge);
	const struct wc_option *option =
		wc_section_option(&part->section, name->text, name->length);
	struct wc_mark first;

	if (!option)
		return refuse_unknown_option(judge, name);
	if (append)
		wc_complain(judge->complaints, mark_of(judge, name),
			    "%s: += is not known here; give all values in one list: %s = "
			    "{\"A\", \"B\"}",
			    option->name, option->name);
	else if (wc_outline_given(judge->outline, part, option, &first))
		wc_complain(judge->complaints, mark_of(judge, name),
			    "%s is given a second time; the first is at %s:%u", option->name,
			    first.file->path, first.line);
	else {
		wc_outline_note(judge->outline, part, option, name->line, judge->doubt);
		judge->doubt = false;
		return true;
	}
	part->wrong = true;
	return false;
}

/* The title without quotes; escapes are not undone, as what needs them is refused. */
static struct wc_word bare(const struct wc_word *title)
{
	struct wc_word inner = *title;

	if (title->kind == WC_WORD_QUOTED) {
		inner.text++;
		inner.length -= 2;
	}
	return inner;
}

/* Titles become names in tables, journals and files. */
static bool is_title(const struct wc_word *title)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.";

	if (!title->length || title->length > TITLE_MAX || strchr("-.", title->text[0]))
		return false;
	return strspn(title->text, allowed) >= title->length;
}

/* Tells what is wrong with the title of a section that is known. */
static bool check_title(struct wc_judge *judge, const struct wc_section *section,
			const struct wc_word *name, const struct wc_word *title)
{
	struct wc_word inner;

	if (!section->titled == !title) {
		inner = title ? bare(title) : (struct wc_word){.length = 0};
		if (!title || is_title(&inner))
			return true;
		wc_complain(judge->complaints, mark_of(judge, title),
			    "'%.*s' cannot be a title: it takes 1 to %d letters, digits, '_', '-' "
			    "or '.', and begins with one of the first three",
			    shown(&inner), inner.text, TITLE_MAX);
	} else if (title)
		wc_complain(judge->complaints, mark_of(judge, title),
			    "there is one %s only, without a title: write %s { ... }",
			    section->name, section->name);
	else
		wc_complain(judge->complaints, mark_of(judge, name),
			    "%s needs a title: write %s TITLE { ... }", section->name,
			    section->name);
	return false;
}

/* Tells when the section is there already, or is one too many. */
static bool check_single(struct wc_judge *judge, const struct wc_section *section,
			 const struct wc_word *name, const struct wc_word *title)
{
	const struct wc_outline_part *first =
		wc_outline_find(judge->outline, section->name, title->text, title->length);

	if (first)
		wc_complain(judge->complaints, mark_of(judge, name),
			    "there is a section %s%s%.*s already, at %s:%u", section->name,
			    title->text ? " " : "", (int)title->length,
			    title->text ? title->text : "", first->mark.file->path,
			    first->mark.line);
	else if (judge->outline->count >= WC_CONFIG_PARTS)
		wc_complain(judge->complaints, mark_of(judge, name),
			    "this section is one too many: there can be %d", WC_CONFIG_PARTS - 1);
	else
		return true;
	return false;
}

static bool refuse_unknown_section(struct wc_judge *judge, const struct wc_word *name)
{
	const struct wc_option *option =
		wc_section_option(&current(judge)->section, name->text, name->length);
	char text[SHOWN], hint[HINT], format[SHOWN];

	make_hint(judge, name, hint);
	snprintf(format, sizeof(format), "%.*s", (int)name->length, name->text);
	if (wc_exporter_scope(format))
		snprintf(hint, sizeof(hint), "this build was made without the format");
	if (option)
		wc_complain(judge->complaints, mark_of(judge, name),
			    "%s is an option: write %s = %s", option->name, option->name,
			    option->argument ? option->argument : "yes");
	else if (judge->top)
		wc_complain(judge->complaints, mark_of(judge, name),
			    "there is no section '%.*s'; %s", shown(name), name->text, hint);
	else
		wc_complain(judge->complaints, mark_of(judge, name),
			    "'%.*s' cannot be a section %s; perhaps a } is missing before it",
			    shown(name), name->text, here(judge, text));
	current(judge)->wrong = true;
	return false;
}

bool wc_judge_section(struct wc_judge *judge, const struct wc_word *name,
		      const struct wc_word *title)
{
	struct wc_section section;
	struct wc_word inner = {.text = NULL};

	if (!judge->top || !wc_section_find(&section, name->text, name->length))
		return refuse_unknown_section(judge, name);
	if (!check_title(judge, &section, name, title))
		return false;
	if (title)
		inner = bare(title);
	if (!check_single(judge, &section, name, &inner) ||
	    !wc_outline_add(judge->outline, &section, inner.text, inner.length,
			    mark_of(judge, name)))
		return false;
	judge->part = judge->outline->count - 1;
	judge->top = false;
	return true;
}

void wc_judge_leave(struct wc_judge *judge)
{
	while (current(judge)->section.kind != WC_SECTION_TOP)
		judge->part--;
	judge->top = true;
}

void wc_judge_variable(struct wc_judge *judge, const struct wc_word *word, const char *name,
		       size_t length)
{
	int shorter = length < SHOWN ? (int)length : SHOWN;

	wc_complain(judge->complaints, mark_of(judge, word),
		    "the environment has no variable %.*s: set it, or write ${%.*s:-TEXT} for what "
		    "stands in its place; in single quotes it means itself",
		    shorter, name, shorter, name);
	current(judge)->wrong = true;
	judge->doubt = true;
}

bool wc_judge_call(struct wc_judge *judge, const struct wc_word *name)
{
	static const char include[] = "include";

	if (name->length != strlen(include) || memcmp(name->text, include, name->length) != 0)
		wc_complain(judge->complaints, mark_of(judge, name),
			    "'%.*s' cannot be called; only include(\"FILE\") can", shown(name),
			    name->text);
	else if (!judge->top)
		wc_complain(judge->complaints, mark_of(judge, name),
			    "include cannot stand in a section; perhaps a } is missing before it");
	else
		return true;
	current(judge)->wrong = true;
	return false;
}

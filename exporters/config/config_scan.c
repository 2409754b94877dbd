/*
 * config_scan.c - the outline of a file, before libconfuse reads its values
 *
 *	statement = NAME "=" value | NAME [ TITLE ] "{" statement... "}" | NAME "(" TEXT ")"
 *	value     = TEXT | "{" [ TEXT { "," TEXT } ] "}"
 */
#include "config_scan.h"

#include <stdbool.h>
#include <stddef.h>

#include "complaints.h"
#include "config_judge.h"
#include "config_lexer.h"

struct scan {
	struct wc_lexer lexer;
	struct wc_word word; /* the one that is looked at */
	char *passed;        /* the end of the one before */
	struct wc_judge *judge;
	bool told; /* there is a complaint about where it ended */
};

static bool is_text(const struct wc_word *word)
{
	return word->kind == WC_WORD_NAME || word->kind == WC_WORD_QUOTED;
}

static void advance(struct scan *scan)
{
	scan->passed = scan->word.text + scan->word.length;
	scan->word = wc_lexer_next(&scan->lexer);
	if (scan->lexer.unset)
		wc_judge_variable(scan->judge, &scan->word, scan->lexer.unset,
				  scan->lexer.unset_length);
	if (scan->word.kind != WC_WORD_WRONG)
		return;
	wc_complain(scan->judge->complaints, (struct wc_mark){scan->judge->file, scan->word.line},
		    "%s; what follows in this file was not looked at", scan->lexer.reason);
	scan->told = true;
}

/* Replaces what begins with @from and has been passed, but for the ends of lines. */
static void blank(struct scan *scan, char *from)
{
	for (char *c = from; c < scan->passed; c++)
		if (*c != '\n')
			*c = ' ';
}

/* Passes words up to the one that closes what has just been opened. */
static bool skip(struct scan *scan, enum wc_word_kind open, enum wc_word_kind close)
{
	for (size_t depth = 1; depth;) {
		if (scan->word.kind == WC_WORD_END || scan->word.kind == WC_WORD_WRONG)
			return false;
		depth += scan->word.kind == open;
		depth -= scan->word.kind == close;
		advance(scan);
	}
	return true;
}

/* A list, behind its brace: its order is libconfuse's business. */
static bool list(struct scan *scan)
{
	while (is_text(&scan->word) || scan->word.kind == WC_WORD_COMMA)
		advance(scan);
	if (scan->word.kind != WC_WORD_CLOSE)
		return false;
	advance(scan);
	return true;
}

static bool assignment(struct scan *scan, const struct wc_word *name)
{
	bool append = scan->word.kind == WC_WORD_APPEND;
	bool is_list;

	advance(scan);
	is_list = scan->word.kind == WC_WORD_OPEN;
	if (!is_list && !is_text(&scan->word))
		return false;
	advance(scan);
	if (is_list && !list(scan))
		return false;
	if (!wc_judge_option(scan->judge, name, append))
		blank(scan, name->text);
	return true;
}

/* Inside of parentheses: one text. What is not so is refused here, with all of it. */
static bool call(struct scan *scan, const struct wc_word *name)
{
	bool allowed = wc_judge_call(scan->judge, name);
	struct wc_word text;

	advance(scan);
	text = scan->word;
	if (allowed && is_text(&text)) {
		advance(scan);
		if (scan->word.kind == WC_WORD_RIGHT) {
			advance(scan);
			return true;
		}
	}
	if (allowed && scan->word.kind != WC_WORD_WRONG)
		wc_complain(scan->judge->complaints,
			    (struct wc_mark){scan->judge->file, name->line},
			    "include takes the name of one file: write include(\"FILE\")");
	skip(scan, WC_WORD_LEFT, WC_WORD_RIGHT);
	blank(scan, name->text);
	return !scan->told;
}

static bool statements(struct scan *scan);

static bool section(struct scan *scan, const struct wc_word *name, const struct wc_word *title)
{
	if (scan->word.kind != WC_WORD_OPEN)
		return false;
	advance(scan);
	if (!wc_judge_section(scan->judge, name, title)) {
		bool closed = skip(scan, WC_WORD_OPEN, WC_WORD_CLOSE);

		blank(scan, name->text);
		return closed;
	}
	if (!statements(scan) || scan->word.kind != WC_WORD_CLOSE)
		return false;
	advance(scan);
	wc_judge_leave(scan->judge);
	return true;
}

static bool statement(struct scan *scan)
{
	struct wc_word name = scan->word, title;

	advance(scan);
	switch (scan->word.kind) {
	case WC_WORD_EQUALS:
	case WC_WORD_APPEND:
		return assignment(scan, &name);
	case WC_WORD_LEFT:
		return call(scan, &name);
	case WC_WORD_OPEN:
		return section(scan, &name, NULL);
	case WC_WORD_NAME:
	case WC_WORD_QUOTED:
		title = scan->word;
		advance(scan);
		return section(scan, &name, &title);
	default:
		return false;
	}
}

/* Returns true in front of what cannot begin a statement; sections are one deep. */
static bool statements(struct scan *scan)
{
	while (scan->word.kind == WC_WORD_NAME)
		if (!statement(scan))
			return false;
	return true;
}

enum wc_scan_end wc_config_scan(char *text, struct wc_judge *judge, unsigned *line)
{
	struct scan scan = {.lexer = {.at = text, .line = 1}, .judge = judge};
	bool whole;

	scan.word.text = text;
	advance(&scan);
	whole = statements(&scan) && scan.word.kind == WC_WORD_END;
	*line = scan.word.line;
	if (scan.told)
		return WC_SCAN_TOLD;
	return whole ? WC_SCAN_WHOLE : WC_SCAN_STOPPED;
}

/*
 * config_lexer.c - the words of a configuration file, with their lines
 *
 * Stricter than libconfuse where that would go on in silence: it drops characters
 * that fit nowhere, and ends a text at a NUL that was written as \x00.
 */
#include "config_lexer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void step(struct wc_lexer *lexer)
{
	if (*lexer->at++ == '\n')
		lexer->line++;
}

static void blank_step(struct wc_lexer *lexer)
{
	if (*lexer->at != '\n')
		*lexer->at = ' ';
	step(lexer);
}

/* Blanks a comment that ends with the line. */
static void pass_line(struct wc_lexer *lexer)
{
	while (*lexer->at && *lexer->at != '\n')
		blank_step(lexer);
}

/* Blanks a comment that ends with its mark. Returns false when there is none. */
static bool pass_block(struct wc_lexer *lexer)
{
	const char *end = strstr(lexer->at + 2, "*/");

	if (!end) {
		lexer->reason = "the comment that begins here does not end: */ is missing";
		return false;
	}
	while (lexer->at < end + 2)
		blank_step(lexer);
	return true;
}

/* Goes on to the next word. Returns false, with the reason, when a comment does not end. */
static bool pass_blanks(struct wc_lexer *lexer)
{
	for (;;) {
		const char *at = lexer->at;

		if (is_blank(*at))
			blank_step(lexer);
		else if (*at == '#' || (at[0] == '/' && at[1] == '/'))
			pass_line(lexer);
		else if (at[0] == '/' && at[1] == '*') {
			if (!pass_block(lexer))
				return false;
		} else
			return true;
	}
}

/* Longer names are of no variable. */
#define VARIABLE_MAX 256

/* Notes the variable of @length bytes, which libconfuse would take for an empty text. */
static void note_unset(struct wc_lexer *lexer, const char *variable, size_t length)
{
	char name[VARIABLE_MAX] = "";

	if (length < sizeof(name))
		memcpy(name, variable, length);
	if (lexer->unset || strstr(name, ":-") || getenv(name))
		return;
	lexer->unset = variable;
	lexer->unset_length = length;
}

/* Passes ${NAME} or ${NAME:-TEXT}, which libconfuse takes from the environment. */
static bool pass_variable(struct wc_lexer *lexer)
{
	size_t length = strcspn(lexer->at, "}\"\\\n");

	if (lexer->at[length] != '}') {
		lexer->reason = "${ begins the name of an environment variable, which must end "
				"with }; write it in single quotes to mean itself";
		return false;
	}
	note_unset(lexer, lexer->at + 2, length - 2);
	lexer->at += length + 1;
	return true;
}

/* True if the escape behind the backslash at @at stands for a NUL: \0, \00, \000, \x0, \x00. */
static bool is_nul(const char *at)
{
	const char *digits = at[1] == 'x' ? at + 2 : at + 1;
	const char *allowed = at[1] == 'x' ? "0123456789abcdefABCDEF" : "01234567";
	size_t most = at[1] == 'x' ? 2 : 3;
	size_t count = strspn(digits, allowed);

	if (count > most)
		count = most;
	return count && strspn(digits, "0") >= count;
}

/* Passes what follows a backslash in double quotes. */
static bool pass_escape(struct wc_lexer *lexer)
{
	if (is_nul(lexer->at)) {
		lexer->reason = "a NUL would end the text here; where \\x00 is meant for match or "
				"no_match, write the text in single quotes";
		return false;
	}
	step(lexer);
	if (*lexer->at)
		step(lexer);
	return true;
}

static bool pass_double(struct wc_lexer *lexer)
{
	while (*lexer->at && *lexer->at != '"') {
		if (*lexer->at == '\\') {
			if (!pass_escape(lexer))
				return false;
		} else if (lexer->at[0] == '$' && lexer->at[1] == '{') {
			if (!pass_variable(lexer))
				return false;
		} else
			step(lexer);
	}
	return true;
}

static bool pass_single(struct wc_lexer *lexer)
{
	while (*lexer->at && *lexer->at != '\'') {
		if (*lexer->at == '\\')
			step(lexer);
		if (*lexer->at)
			step(lexer);
	}
	return true;
}

static enum wc_word_kind pass_quoted(struct wc_lexer *lexer)
{
	struct wc_lexer begin = *lexer;
	char quote = *lexer->at;

	step(lexer);
	if (!(quote == '"' ? pass_double : pass_single)(lexer))
		return WC_WORD_WRONG;
	if (!*lexer->at) {
		*lexer = begin;
		lexer->reason = "the text that begins here does not end: a quote is missing";
		return WC_WORD_WRONG;
	}
	step(lexer);
	return WC_WORD_QUOTED;
}

static enum wc_word_kind pass_name(struct wc_lexer *lexer)
{
	size_t length = strcspn(lexer->at, " \t\r\n#\"'={}()+,*");

	if (!length) {
		lexer->reason = *lexer->at == '*' ? "'*' can stand in quotes only"
						  : "'+' can stand in quotes only";
		return WC_WORD_WRONG;
	}
	lexer->at += length;
	if (lexer->at[-1] == '$' && *lexer->at == '{') {
		lexer->reason = "'${' can stand in quotes only";
		return WC_WORD_WRONG;
	}
	return WC_WORD_NAME;
}

/* Passes one of the marks that stand for themselves, or another word. */
static enum wc_word_kind pass_word(struct wc_lexer *lexer)
{
	static const char marks[] = "{}()=,";
	static const enum wc_word_kind kinds[] = {WC_WORD_OPEN,  WC_WORD_CLOSE,  WC_WORD_LEFT,
						  WC_WORD_RIGHT, WC_WORD_EQUALS, WC_WORD_COMMA};
	const char *mark;

	if (!*lexer->at)
		return WC_WORD_END;
	mark = strchr(marks, *lexer->at);
	if (mark) {
		lexer->at++;
		return kinds[mark - marks];
	}
	if (lexer->at[0] == '+' && lexer->at[1] == '=') {
		lexer->at += 2;
		return WC_WORD_APPEND;
	}
	if (*lexer->at == '"' || *lexer->at == '\'')
		return pass_quoted(lexer);
	return pass_name(lexer);
}

struct wc_word wc_lexer_next(struct wc_lexer *lexer)
{
	struct wc_word word = {.kind = WC_WORD_WRONG};

	lexer->unset = NULL;
	if (pass_blanks(lexer)) {
		word.text = lexer->at;
		word.line = lexer->line;
		word.kind = pass_word(lexer);
	}
	if (word.kind == WC_WORD_WRONG) {
		word.text = lexer->at;
		word.line = lexer->line;
	}
	word.length = (size_t)(lexer->at - word.text);
	return word;
}

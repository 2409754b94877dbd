/*
 * config_lexer.h - the words of a configuration file, with their lines
 *
 * Tells words apart exactly as libconfuse does, in a text of our own. Comments are
 * replaced by blanks as they are passed, as libconfuse counts a line too many behind
 * one of several lines.
 */
#ifndef WC_CONFIG_LEXER_H
#define WC_CONFIG_LEXER_H

#include <stddef.h>

enum wc_word_kind {
	WC_WORD_END,
	WC_WORD_NAME,   /* without quotes */
	WC_WORD_QUOTED, /* in double or single quotes, which belong to it */
	WC_WORD_OPEN,   /* { */
	WC_WORD_CLOSE,  /* } */
	WC_WORD_LEFT,   /* ( */
	WC_WORD_RIGHT,  /* ) */
	WC_WORD_EQUALS, /* = */
	WC_WORD_APPEND, /* += */
	WC_WORD_COMMA,  /* , */
	WC_WORD_WRONG,  /* lexer->reason says why */
};

struct wc_word {
	enum wc_word_kind kind;
	char *text;
	size_t length;
	unsigned line; /* where it begins */
};

struct wc_lexer {
	char *at; /* in a text that ends with a NUL */
	unsigned line;
	const char *reason;

	/* The first variable of the word just read that the environment has not; NULL: none. */
	const char *unset;
	size_t unset_length;
};

/* Reads the next word. Behind WC_WORD_END and WC_WORD_WRONG there is none. */
struct wc_word wc_lexer_next(struct wc_lexer *lexer);

#endif /* WC_CONFIG_LEXER_H */

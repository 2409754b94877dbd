/*
 * config_judge.h - may this name stand here?
 *
 * What may is noted in the outline; about what may not there is a complaint.
 */
#ifndef WC_CONFIG_JUDGE_H
#define WC_CONFIG_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

struct wc_complaints;
struct wc_config_file; /* complaints.h */
struct wc_outline;     /* outline.h */
struct wc_word;        /* config_lexer.h */

struct wc_judge {
	struct wc_outline *outline;
	struct wc_complaints *complaints;
	const struct wc_config_file *file;
	size_t part; /* the section whose names are judged, as an index of the outline */
	bool top;    /* it is the top of the file */
	bool doubt;  /* a variable that there is none of stands in the value to be judged next */
};

/* Sections of all files together, the tops of files among them. */
#define WC_CONFIG_PARTS 512

/* Begins with the top of @judge's file. Returns false when memory is short. */
bool wc_judge_begin(struct wc_judge *judge);

/* `name = value`; @append: with += in place of =. Returns false when it must not stand here. */
bool wc_judge_option(struct wc_judge *judge, const struct wc_word *name, bool append);

/*
 * `name title {`; @title is NULL when there is none. Returns true, and the section is the
 * one that is judged; false when it must not stand here.
 */
bool wc_judge_section(struct wc_judge *judge, const struct wc_word *name,
		      const struct wc_word *title);

/* The section has ended. */
void wc_judge_leave(struct wc_judge *judge);

/* The text @word has a variable, called @name of @length bytes, that there is none of. */
void wc_judge_variable(struct wc_judge *judge, const struct wc_word *word, const char *name,
		       size_t length);

/* `name(`: only include can be called, and only at the top. */
bool wc_judge_call(struct wc_judge *judge, const struct wc_word *name);

#endif /* WC_CONFIG_JUDGE_H */

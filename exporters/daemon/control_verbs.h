/*
 * control_verbs.h - from a line that a client sent to the answer it gets
 */
#ifndef WC_CONTROL_VERBS_H
#define WC_CONTROL_VERBS_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "control_peer.h"

struct wc_board;           /* board.h */
struct wc_control_actions; /* control.h */
struct wc_error;           /* wirecensus/error.h */
struct wc_options;         /* wirecensus/options.h */

/* What is asked, as far as the verb's own file needs to know. */
struct wc_question {
	const struct wc_board *board;
	const struct wc_control_actions *actions;
	const char *operand;              /* "" for a verb without one */
	const struct wc_options *options; /* those of its scope; the others have their defaults */
};

struct wc_verb {
	const char *name;             /* NULL ends the table */
	const char *operand;          /* what it needs; NULL: nothing */
	unsigned scope;               /* of its options: WC_SCOPE_SHOW ... */
	bool large;                   /* its answer can be */
	enum wc_control_rights needs; /* of the one who asks */

	/*
	 * Adds the answer to @body. Returns 0, or a negative code: with a sentence in @error
	 * when it cannot answer, or with none when @body has the bad news.
	 */
	int (*run)(const struct wc_question *question, struct wc_buffer *body,
		   struct wc_error *error);
};

extern const struct wc_verb wc_verb_table[];

/* An answer by control_protocol.h: its first line, and what follows. Begins as all zeros. */
struct wc_answer {
	struct wc_buffer head, body;
};

/* Who asks. */
struct wc_asker {
	enum wc_control_rights rights;
	bool busy; /* others have not taken large answers yet: there is none now */
};

/*
 * Answers the line of @length bytes, without a newline, that @asker has sent. Memory that is short
 * shows in head.failed: there is then no answer.
 */
void wc_answer_make(struct wc_answer *answer, const char *line, size_t length,
		    const struct wc_asker *asker, const struct wc_board *board,
		    const struct wc_control_actions *actions);

/* Makes it an error by @status, a negative code, and its sentence. */
void wc_answer_refuse(struct wc_answer *answer, int status, const struct wc_error *error);

void wc_answer_free(struct wc_answer *answer);

#endif /* WC_CONTROL_VERBS_H */

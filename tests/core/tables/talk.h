/*
 * talk.h - frames of conversations in few words, and what rows say in as many
 *
 * Frames are "WAY HEADER", with the transport's header and what follows as a recipe has it. WAY
 * is a word for where from and where to, such as "in" or "back": talk.c has the list.
 */
#ifndef TESTS_TALK_H
#define TESTS_TALK_H

#include <stddef.h>

#include "flows.h"

/* Returns "SOURCE DESTINATION" of the way that is the @length characters of @word. */
const char *talk_ends(const char *word, size_t length, int version);

/* Counts a frame of IP @version, 4 or 6. */
void talk_frame(struct flows *flows, int version, const char *text);

/* Counts frames, with ", " between them. */
void talk_frames(struct flows *flows, int version, const char *text);

/*
 * Returns "CLIENT > SERVER tcp PORT FORWARD+REVERSE DIRECTION SCOPE; ..." for all rows of the
 * last snapshot, until the next call.
 */
const char *talk_said(const struct flows *flows);

/* Flows of a file, where what is learned takes effect at once. */
struct flows talk_in_a_file(void);

#endif /* TESTS_TALK_H */

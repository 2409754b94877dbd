/*
 * hostile.h - answers that a lying or broken server gives, and what must come of them
 */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#include <stddef.h>

#include "dns_message.h"
#include "names.h"

struct hostile {
	const char *what;
	/* Adds to @message, which is an answer without records. */
	void (*build)(struct dns_message *message);
	size_t count; /* of the names that must come of it */
	const char *name[WC_NAMES_MAX];
};

extern const struct hostile hostile_answers[];
extern const size_t hostile_count;

/* Asserts that @list is what must come of it, and has no byte that a name has not. */
void hostile_expect(const struct hostile *hostile, const struct wc_name_list *list);

/* The longest name there is: 253 characters. */
extern const char hostile_longest[];

#endif /* TESTS_HOSTILE_H */

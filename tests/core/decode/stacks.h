/*
 * stacks.h - one frame for each way in which headers can stand on each other
 *
 * Tests cut them at every byte and count them many times; the fuzzer starts from them.
 */
#ifndef TESTS_STACKS_H
#define TESTS_STACKS_H

#include <stddef.h>
#include <stdint.h>

struct stack {
	const char *name;   /* of a file, too */
	uint8_t link;       /* enum wc_link */
	const char *recipe; /* recipe.h */
	uint8_t class;      /* enum wc_class, when enough is there */
	uint16_t key;
	uint16_t need;  /* bytes without which it is malformed */
	uint16_t event; /* bytes without which it says nothing of an attempt; 0: it never does */
};

extern const struct stack stacks[];
extern const size_t stack_count;

#endif /* TESTS_STACKS_H */

/*
 * shortage.h - memory that is short when a test wants it to be
 *
 * The linker leads a program's calls of the allocator to shortage.c: --wrap of ld(1).
 */
#ifndef TESTS_SHORTAGE_H
#define TESTS_SHORTAGE_H

/* After so many more allocations each one fails; -1: none does. */
extern long shortage_left;

#endif /* TESTS_SHORTAGE_H */

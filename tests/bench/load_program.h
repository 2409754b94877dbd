/*
 * load_program.h - the XDP program that makes each frame of a batch another one
 */
#ifndef TESTS_LOAD_PROGRAM_H
#define TESTS_LOAD_PROGRAM_H

#include <stdint.h>

/* Where a frame of TCP over IPv4 has what is varied. */
#define LOAD_CLIENT_AT 26
#define LOAD_PORT_AT   36

/*
 * Loads the program: with clients of 10/8, as many as @conversations, and port 80; with 0,
 * clients from anywhere and any port. Returns a descriptor, or -1 with errno.
 */
int load_program(uint32_t conversations);

#endif /* TESTS_LOAD_PROGRAM_H */

/*
 * faults.h - what the functions that stand before those of the C library have in common
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The function that this one stands in front of. */
#define REAL(name)                                                                                 \
	static __typeof__(&name) real;                                                             \
	if (!real)                                                                                 \
	*(void **)&real = dlsym(RTLD_NEXT, #name)

enum faults_kind { FAULTS_MEMORY, FAULTS_WRITE, FAULTS_DESCRIPTOR, FAULTS_KILL, FAULTS_KINDS };

extern const _Atomic int64_t *faults_ahead; /* ns that the wall clock is; NULL: it is right */
extern bool faults_in_pieces;
extern _Atomic unsigned faults_turn; /* counts what may be interrupted */

/* Counts a call; true when its time has come. */
bool faults_due(enum faults_kind kind);

/* The same, with errno set to @reason. */
bool faults_fail(enum faults_kind kind, int reason);

/*
 * True for a place in libseccomp: it follows NULL, or loses a rule in silence, and so is asked for
 * only once there is enough.
 */
bool faults_spared(const void *place);

/* Returns the type of a file, of S_IFMT; 0 for one of none. */
mode_t faults_type(int fd);

bool faults_stream(int fd);

/* True, with errno set, for every other call on a file or socket when calls are interrupted. */
bool faults_interrupt(int fd);

/* Returns how many of @size bytes are let through. */
size_t faults_piece(int fd, size_t size);

/* True, with errno set, when its time has come: a file or a socket takes no more. */
bool faults_full(int fd);

/* True when this change of a file is to be the last. */
bool faults_last(int fd);

/* Waits for as long as the disk stands still. */
void faults_hang(int fd);

/* Ends the process at once, and says on standard error in which call, on which file. */
void faults_die(const char *call, const char *path);
void faults_die_at(const char *call, int fd);

#endif /* FAULTS_H */

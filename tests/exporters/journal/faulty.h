/*
 * faulty.h - a disk for SQLite that fails when it is told to
 *
 * The VFS `faulty` stands before the system's. It counts what would change or sync
 * a file, or open one, and fails by number. Nothing is really synced, which is slow and tells
 * nothing where no power is cut.
 */
#ifndef FAULTY_H
#define FAULTY_H

#include <stdbool.h>

enum faulty_mode {
	FAULTY_NOT,
	FAULTY_ONCE,  /* one operation fails, half of a write is there */
	FAULTY_SINCE, /* all from one on, reads included: a disk that went, or a killed process */
	FAULTY_FULL,  /* nothing more can be written from one on */
};

/* Registers the VFS. */
void faulty_register(void);

/* Begins to count from 1; operation @number fails. */
void faulty_set(enum faulty_mode mode, unsigned number);

/* Returns how many there were since. */
unsigned faulty_count(void);

/* True if one has failed. */
bool faulty_struck(void);

#endif /* FAULTY_H */

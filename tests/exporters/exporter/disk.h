/*
 * disk.h - a disk that is full, or gone, when a test says so
 *
 * A VFS of SQLite over the system's. Nothing is synced: what is tested is the death of
 * the program, not of the machine.
 */
#ifndef DISK_H
#define DISK_H

#include <stdbool.h>
#include <stdint.h>

#define DISK_VFS "test-disk"

struct disk {
	bool dead;       /* the program was killed: no write reaches the disk any more */
	bool full;       /* writes fail, but for the next ones: */
	uint64_t room;   /* so many succeed */
	uint64_t failed; /* writes that did not */
};

/* The one disk. */
extern struct disk disk;

/* Makes the VFS known to SQLite; may be called again. */
void disk_register(void);

#endif /* DISK_H */

#include "disk.h"

#include <sqlite3.h>
#include <stddef.h>

struct disk disk;

static sqlite3_vfs *real;

/* Of databases, which have locks, and of all other files: the system's VFS has a table for each. */
static struct kind {
	const sqlite3_io_methods *real;
	sqlite3_io_methods own;
} kinds[2];

static const sqlite3_io_methods *real_methods(const sqlite3_file *file)
{
	return kinds[file->pMethods == &kinds[1].own].real;
}

static int disk_write(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 offset)
{
	bool fits = !disk.full || disk.room;

	if (disk.full && disk.room)
		disk.room--;
	if (!disk.dead && fits)
		return real_methods(file)->xWrite(file, bytes, amount, offset);
	disk.failed++;
	return disk.dead ? SQLITE_IOERR_WRITE : SQLITE_FULL;
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return disk.dead ? SQLITE_IOERR_TRUNCATE : real_methods(file)->xTruncate(file, size);
}

static int disk_sync(sqlite3_file *file, int flags)
{
	(void)file;
	(void)flags;
	return disk.dead ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

/* The system's VFS opens the file; of its methods a few are replaced. */
static int disk_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
		     int *out_flags)
{
	struct kind *kind = &kinds[(flags & SQLITE_OPEN_MAIN_DB) != 0];
	int code = real->xOpen(real, name, file, flags, out_flags);

	(void)vfs;
	if (code || !file->pMethods)
		return code;
	if (!kind->real) {
		kind->real = file->pMethods;
		kind->own = *file->pMethods;
		kind->own.xWrite = disk_write;
		kind->own.xTruncate = disk_truncate;
		kind->own.xSync = disk_sync;
	}
	file->pMethods = &kind->own;
	return code;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	(void)sync;
	return disk.dead ? SQLITE_IOERR_DELETE : real->xDelete(real, name, 0);
}

void disk_register(void)
{
	static sqlite3_vfs vfs;

	if (real)
		return;
	real = sqlite3_vfs_find(NULL);
	vfs = *real;
	vfs.pNext = NULL;
	vfs.zName = DISK_VFS;
	vfs.xOpen = disk_open;
	vfs.xDelete = disk_delete;
	sqlite3_vfs_register(&vfs, 0);
}

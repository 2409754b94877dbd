#include "faulty.h"

#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

struct file {
	sqlite3_file base;
	sqlite3_file *real; /* behind it */
};

static sqlite3_vfs *system_vfs;
static sqlite3_vfs vfs;
static enum faulty_mode mode;
static unsigned at, count;
static bool struck;

void faulty_set(enum faulty_mode new_mode, unsigned number)
{
	mode = new_mode;
	at = number;
	count = 0;
	struck = false;
}

unsigned faulty_count(void)
{
	return count;
}

bool faulty_struck(void)
{
	return struck;
}

/* An operation that counts. */
static bool strikes(void)
{
	bool fails = false;

	count++;
	if (mode == FAULTY_ONCE)
		fails = count == at;
	else if (mode != FAULTY_NOT)
		fails = count >= at;
	struck |= fails;
	return fails;
}

static bool is_gone(void)
{
	return mode == FAULTY_SINCE && count >= at;
}

static sqlite3_file *real(sqlite3_file *file)
{
	return ((struct file *)file)->real;
}

static int do_close(sqlite3_file *file)
{
	return real(file)->pMethods->xClose(real(file));
}

static int do_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
	if (is_gone())
		return SQLITE_IOERR_READ;
	return real(file)->pMethods->xRead(real(file), bytes, length, offset);
}

static int do_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
	bool before = struck;

	if (!strikes())
		return real(file)->pMethods->xWrite(real(file), bytes, length, offset);
	if (!before && mode != FAULTY_FULL)
		real(file)->pMethods->xWrite(real(file), bytes, length / 2, offset);
	return mode == FAULTY_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	if (strikes() && mode != FAULTY_FULL)
		return SQLITE_IOERR_TRUNCATE;
	return real(file)->pMethods->xTruncate(real(file), size);
}

static int do_sync(sqlite3_file *file, int flags)
{
	(void)file;
	(void)flags;
	return strikes() && mode != FAULTY_FULL ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int do_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real(file)->pMethods->xFileSize(real(file), size);
}

static int do_lock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xLock(real(file), level);
}

static int do_unlock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xUnlock(real(file), level);
}

static int do_check_lock(sqlite3_file *file, int *held)
{
	return real(file)->pMethods->xCheckReservedLock(real(file), held);
}

static int do_control(sqlite3_file *file, int verb, void *arg)
{
	return real(file)->pMethods->xFileControl(real(file), verb, arg);
}

static int do_sector(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int do_traits(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int do_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
	if (extend && strikes())
		return mode == FAULTY_FULL ? SQLITE_FULL : SQLITE_IOERR_SHMMAP;
	return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}

static int do_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}

static void do_shm_barrier(sqlite3_file *file)
{
	real(file)->pMethods->xShmBarrier(real(file));
}

/* A killed process removes nothing. */
static int do_shm_unmap(sqlite3_file *file, int and_delete)
{
	return real(file)->pMethods->xShmUnmap(real(file), and_delete && !is_gone());
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = do_close,
	.xRead = do_read,
	.xWrite = do_write,
	.xTruncate = do_truncate,
	.xSync = do_sync,
	.xFileSize = do_size,
	.xLock = do_lock,
	.xUnlock = do_unlock,
	.xCheckReservedLock = do_check_lock,
	.xFileControl = do_control,
	.xSectorSize = do_sector,
	.xDeviceCharacteristics = do_traits,
	.xShmMap = do_shm_map,
	.xShmLock = do_shm_lock,
	.xShmBarrier = do_shm_barrier,
	.xShmUnmap = do_shm_unmap,
};

static int do_open(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *got)
{
	struct file *own = (struct file *)file;
	int code;

	(void)self;
	memset(own, 0, sizeof(*own));
	if (strikes() && mode != FAULTY_FULL)
		return SQLITE_CANTOPEN;
	own->real = (sqlite3_file *)(own + 1);
	code = system_vfs->xOpen(system_vfs, name, own->real, flags, got);
	if (!code)
		own->base.pMethods = &methods;
	return code;
}

static int do_delete(sqlite3_vfs *self, const char *name, int sync)
{
	(void)self;
	if (strikes() && mode != FAULTY_FULL)
		return SQLITE_IOERR_DELETE;
	return system_vfs->xDelete(system_vfs, name, sync);
}

void faulty_register(void)
{
	system_vfs = sqlite3_vfs_find(NULL);
	vfs = *system_vfs;
	vfs.pNext = NULL;
	vfs.zName = "faulty";
	vfs.szOsFile = (int)sizeof(struct file) + system_vfs->szOsFile;
	vfs.xOpen = do_open;
	vfs.xDelete = do_delete;
	sqlite3_vfs_register(&vfs, 0);
}

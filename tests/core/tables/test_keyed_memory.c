/* Rows by key when memory is short, and how much they take. */
#include <check.h>
#include <sys/mman.h>

#include "keyed_rows.h"
#include "suite.h"
#include "wirecensus/error.h"

/* The linker leads calls of mmap(2) here: after so many more there is no memory; -1: never. */
static long maps_left = -1;
static uint64_t mapped, mapped_most;

void *__real_mmap(void *address, size_t size, int protection, int flags, int file, off_t offset);
int __real_munmap(void *address, size_t size);
void *__wrap_mmap(void *address, size_t size, int protection, int flags, int file, off_t offset);
int __wrap_munmap(void *address, size_t size);

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int file, off_t offset)
{
	if (maps_left == 0)
		return MAP_FAILED;
	if (maps_left > 0)
		maps_left--;
	mapped += size;
	if (mapped > mapped_most)
		mapped_most = mapped;
	return __real_mmap(address, size, protection, flags, file, offset);
}

int __wrap_munmap(void *address, size_t size)
{
	mapped -= size;
	return __real_munmap(address, size);
}

/* A table whose index cannot grow goes on with what it has, and grows when there is memory again.
 */
START_TEST(no_memory_to_grow)
{
	const uint32_t room = KEYED_CELLS / 2;
	struct wc_keyed table;

	keyed_open(&table, 5000);
	maps_left = 0;
	for (uint32_t key = 0; key < 2 * room; key++) {
		wc_keyed_make_room(&table, 32);
		ck_assert(!keyed_get(&table, key, key * 77) == (key >= room));
	}
	ck_assert_uint_eq(table.used, room);
	for (uint32_t key = 0; key < room; key++)
		ck_assert_uint_eq(keyed_number(&table, keyed_get(&table, key, key * 77)), key);
	maps_left = -1;
	wc_keyed_make_room(&table, 32);
	ck_assert_uint_eq(keyed_number(&table, keyed_get(&table, room, room * 77)), room);
	wc_keyed_close(&table);
}
END_TEST

START_TEST(no_memory_to_open)
{
	struct wc_keyed table;
	long maps;

	for (maps = 0;; maps++) {
		int status;

		maps_left = maps;
		status = wc_keyed_open(&table, 100, sizeof(struct keyed_row), keyed_sides);
		maps_left = -1;
		wc_keyed_close(&table);
		ck_assert_uint_eq(mapped, 0);
		if (!status)
			break;
		ck_assert_int_eq(status, WC_FAILED);
	}
	ck_assert_int_ge(maps, 4); /* index, rows, and two sides */
}
END_TEST

/* What a table says it takes at most is what it has reserved when it took the most. */
START_TEST(stated_size)
{
	static const uint32_t bounds[] = {1, 16, 1000, 1024, 1025, 65536, 1 << 20};

	for (size_t i = 0; i < sizeof(bounds) / sizeof(*bounds); i++) {
		struct wc_keyed table;
		uint64_t stated;

		mapped_most = 0;
		keyed_open(&table, bounds[i]);
		stated = wc_keyed_size(&table);
		for (uint32_t key = 0; key < bounds[i] + 100; key++) {
			wc_keyed_make_room(&table, 1);
			ck_assert(!keyed_get(&table, key, key) == (key >= bounds[i]));
		}
		ck_assert_uint_eq(wc_keyed_size(&table), stated);
		ck_assert_uint_eq(mapped_most, stated);
		wc_keyed_close(&table);
		ck_assert_uint_eq(mapped, 0);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		no_memory_to_grow,
		no_memory_to_open,
		stated_size,
		NULL,
	};

	return suite_run("keyed_memory", tests, 60);
}

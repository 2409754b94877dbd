/*
 * Frames wait in the kernel until some have come, wherever they are counted. Whatever comes
 * then, a frame, the reader, or both, they are counted once.
 */
#include <bpf/bpf.h>
#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"
#include "program.h"
#include "recipe.h"
#include "suite.h"
#include "twins.h"

#define MAPS_MAX 32

static struct twins twins;
static struct recipe first, second;

static void at_each_place(void (*test)(enum wc_attach place))
{
	test(WC_ATTACH_SOCKET);
	test(WC_ATTACH_TCX);
	test(WC_ATTACH_XDP);
}

static void begin(enum wc_attach place)
{
	twins = (struct twins){.rules = {.conversations = 64, .hosts = 64}, .attach = place};
	recipe_build(&first, "eth 0800 / ip4 198.51.100.9 192.0.2.1 6 / tcp 40000 22 S 100");
	recipe_build(&second, "eth 0800 / ip4 198.51.100.9 192.0.2.1 6 / tcp 40001 23 S 100");
	twins_open(&twins, WC_LINK_ETHERNET, NULL, 0);
}

static void feed(const struct recipe *recipe)
{
	twins_feed(&twins, recipe->frame.bytes, recipe->captured, WC_ORIGIN_RECEIVED);
}

static const struct wc_kernel_maps *maps_of(void)
{
	return wc_kernel_program_maps(twins.program);
}

/* Frames that have been counted into a generation, and not been read yet. */
static uint64_t counted(uint32_t generation)
{
	uint64_t frames = 0;

	for (uint32_t i = 0; i < WC_KERNEL_SLICES; i++)
		frames += maps_of()->slices[generation * WC_KERNEL_SLICES + i].frames;
	return frames;
}

static void counted_when_some_have_come_at(enum wc_attach place)
{
	begin(place);
	for (unsigned i = 1; i < WC_KERNEL_WAITING; i++)
		feed(i % 2 ? &first : &second);
	ck_assert_uint_eq(counted(0), 0);
	feed(&second);
	ck_assert_uint_eq(counted(0), WC_KERNEL_WAITING);
	feed(&first);
	ck_assert_uint_eq(counted(0), WC_KERNEL_WAITING);
	twins_compare(&twins, "all", 10);
	twins_close(&twins);
}

START_TEST(counted_when_some_have_come)
{
	at_each_place(counted_when_some_have_come_at);
}
END_TEST

/* What is on no row by a hash, has nothing to wait for. */
static void counted_at_once_at(enum wc_attach place)
{
	struct recipe arp;

	begin(place);
	recipe_build(&arp, "eth 0806 / zeros 46");
	feed(&first);
	feed(&arp);
	ck_assert_uint_eq(counted(0), 1);
	twins_compare(&twins, "both", 10);
	twins_close(&twins);
}

START_TEST(counted_at_once)
{
	at_each_place(counted_at_once_at);
}
END_TEST

static void counted_when_none_comes_at(enum wc_attach place)
{
	begin(place);
	feed(&first);
	twins_compare(&twins, "the first", 10);
	twins_compare(&twins, "nothing", 10);
	feed(&second);
	feed(&first);
	twins_compare(&twins, "two more", 10);
	twins_close(&twins);
}

START_TEST(counted_when_none_comes)
{
	at_each_place(counted_when_none_comes_at);
}
END_TEST

/* The generations are turned, and before the reader looks the next frame comes. */
static void counted_into_the_generation_in_which_it_came_at(enum wc_attach place)
{
	begin(place);
	feed(&first);
	maps_of()->control->generation ^= 1;
	feed(&second);
	ck_assert_uint_eq(counted(0), 1);
	ck_assert_uint_eq(counted(1), 0);
	for (uint64_t left = 2; left; left--)
		ck_assert_uint_eq(twins_counted(&twins), 1);
	ck_assert_uint_eq(twins_counted(&twins), 0);
	twins_close(&twins);
}

START_TEST(counted_into_the_generation_in_which_it_came)
{
	at_each_place(counted_into_the_generation_in_which_it_came_at);
}
END_TEST

/* Returns the map of what waits, by the name that it has in the kernel; to be closed. */
static int open_waiting(void)
{
	uint32_t ids[MAPS_MAX] = {0};
	struct bpf_prog_info program = {.map_ids = (uintptr_t)ids, .nr_map_ids = MAPS_MAX};
	uint32_t size = sizeof(program);
	int fd = wc_kernel_program_fd(twins.program, twins.attach == WC_ATTACH_SOCKET
							     ? WC_KERNEL_AT_SOCKET
							     : WC_KERNEL_AT_SENT);

	ck_assert_int_eq(bpf_obj_get_info_by_fd(fd, &program, &size), 0);
	for (uint32_t i = 0; i < program.nr_map_ids; i++) {
		struct bpf_map_info map = {0};
		int found = bpf_map_get_fd_by_id(ids[i]);

		size = sizeof(map);
		ck_assert_int_eq(bpf_obj_get_info_by_fd(found, &map, &size), 0);
		if (strcmp(map.name, "waiting_room") == 0)
			return found;
		close(found);
	}
	ck_abort_msg("there is no map of frames that wait");
}

/* Sets what waits of each processor. */
static void set_waits(uint32_t waits)
{
	struct bpf_map_info info = {0};
	uint32_t size = sizeof(info);
	int map = open_waiting();
	void *value;

	ck_assert_int_eq(bpf_obj_get_info_by_fd(map, &info, &size), 0);
	value = calloc(1, info.value_size);
	ck_assert_ptr_nonnull(value);
	for (uint32_t i = 0; i < info.max_entries; i++) {
		ck_assert_int_eq(bpf_map_lookup_elem(map, &i, value), 0);
		memcpy(value, &waits, sizeof(waits));
		ck_assert_int_eq(bpf_map_update_elem(map, &i, value, BPF_ANY), 0);
	}
	free(value);
	close(map);
}

START_TEST(handed_over_while_the_reader_counts)
{
	begin(WC_ATTACH_SOCKET);
	set_waits(WC_KERNEL_WAITS_READER);
	feed(&first);
	ck_assert_uint_eq(twins.handed_over, 1);
	set_waits(WC_KERNEL_WAITS_NOBODY);
	feed(&second);
	ck_assert_uint_eq(twins.handed_over, 1);
	twins_compare(&twins, "both", 10);
	twins_close(&twins);
}
END_TEST

static void counted_beside(enum wc_attach place, enum wc_origin origin)
{
	begin(place);
	feed(&first);
	set_waits(WC_KERNEL_WAITS_READER);
	twins_feed(&twins, second.frame.bytes, second.captured, origin);
	ck_assert_uint_eq(counted(0), 1);
	set_waits(WC_KERNEL_WAITS_SINCE);
	feed(&second);
	ck_assert_uint_eq(counted(0), 1);
	twins_compare(&twins, "all", 10);
	twins_close(&twins);
}

/* Where no frame can be handed over. */
START_TEST(counted_beside_the_reader)
{
	counted_beside(WC_ATTACH_TCX, WC_ORIGIN_RECEIVED);
	counted_beside(WC_ATTACH_TCX, WC_ORIGIN_SENT);
	counted_beside(WC_ATTACH_XDP, WC_ORIGIN_RECEIVED);
	counted_beside(WC_ATTACH_XDP, WC_ORIGIN_SENT);
}
END_TEST

/* Moves to another processor, if there is one. */
static void move(void)
{
	int left = sched_getcpu();
	cpu_set_t others;

	CPU_ZERO(&others);
	for (size_t i = 0; i < CPU_SETSIZE; i++)
		if (i != (size_t)left)
			CPU_SET(i, &others);
	sched_setaffinity(0, sizeof(others), &others);
}

static void counted_from_another_processor_at(enum wc_attach place)
{
	begin(place);
	feed(&first);
	move();
	twins_compare(&twins, "the first", 10);
	feed(&first); /* to the same port: changes of it are told apart by processor */
	twins_compare(&twins, "once more", 10);
	twins_close(&twins);
}

START_TEST(counted_from_another_processor)
{
	at_each_place(counted_from_another_processor_at);
}
END_TEST

#define MANY 2000000

static void *feed_many(void *unused)
{
	(void)unused;
	move();
	for (unsigned i = 0; i < 10; i++) {
		const struct recipe *recipe = i % 2 ? &first : &second;

		twins_repeat(&twins, recipe->frame.bytes, recipe->captured, MANY / 10);
	}
	return NULL;
}

static void counted_while_the_reader_reads(enum wc_attach place)
{
	uint64_t frames = 0;
	pthread_t feeder;

	begin(place);
	ck_assert_int_eq(pthread_create(&feeder, NULL, feed_many, NULL), 0);
	while (frames < MANY)
		frames += twins_counted(&twins);
	ck_assert_int_eq(pthread_join(feeder, NULL), 0);
	ck_assert_uint_eq(frames, MANY);
	twins_compare(&twins, "all", 10);
	twins_close(&twins);
}

/* One processor reads, again and again, what another one counts. */
START_TEST(each_counted_once_while_the_reader_reads)
{
	counted_while_the_reader_reads(WC_ATTACH_TCX);
	counted_while_the_reader_reads(WC_ATTACH_XDP);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {counted_when_some_have_come,
				      counted_at_once,
				      counted_when_none_comes,
				      counted_into_the_generation_in_which_it_came,
				      handed_over_while_the_reader_counts,
				      counted_beside_the_reader,
				      counted_from_another_processor,
				      each_counted_once_while_the_reader_reads,
				      NULL};

	twins_need();
	return suite_run("wait", tests, 60);
}

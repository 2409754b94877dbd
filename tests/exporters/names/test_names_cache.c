/* Bounds, order, and one question at a time. Times are given, so nothing here waits. */
#include "names_cache.h"

#include <stdio.h>
#include <string.h>

#include "names.h"
#include "suite.h"
#include "wirecensus/address.h"

static struct wc_name_list list;
static struct wc_names_stats stats;

static struct wc_address host(uint32_t number)
{
	return wc_address_v4((uint8_t[]){192, 0, (uint8_t)(number >> 8), (uint8_t)number});
}

static bool ask(struct wc_names_cache *cache, uint32_t number, int64_t now)
{
	struct wc_address address = host(number);

	return wc_names_cache_ask(cache, &address, now);
}

/* The number of the host that comes out of the queue; 0 for none. */
static uint32_t next(struct wc_names_cache *cache)
{
	struct wc_address address;

	return wc_names_cache_next(cache, &address) ? address.low & 0xffff : 0;
}

/* Stores one name for @number, or none if @name is empty. */
static void store(struct wc_names_cache *cache, uint32_t number, const char *name, int64_t until)
{
	struct wc_address address = host(number);

	list.count = *name != '\0';
	snprintf(list.name[0], WC_NAME_SIZE, "%s", name);
	wc_names_cache_store(cache, &address, &list, until);
}

/* The first name of @number; "" for none. */
static const char *find(struct wc_names_cache *cache, uint32_t number)
{
	struct wc_address address = host(number);

	return wc_names_cache_find(cache, &address, &list) ? list.name[0] : "";
}

/* From unknown to known until @until. */
static void learn(struct wc_names_cache *cache, uint32_t number, const char *name, int64_t until)
{
	ck_assert(ask(cache, number, 0));
	ck_assert_uint_eq(next(cache), number);
	store(cache, number, name, until);
}

START_TEST(one_question_at_a_time)
{
	struct wc_names_cache *cache = wc_names_cache_new(8, 1000, 8);

	ck_assert(ask(cache, 1, 0));
	ck_assert(!ask(cache, 1, 0));
	ck_assert(ask(cache, 2, 0));
	ck_assert(wc_names_cache_waiting(cache));
	ck_assert_uint_eq(next(cache), 1);
	ck_assert(!ask(cache, 1, 0));
	ck_assert_uint_eq(next(cache), 2);
	ck_assert_uint_eq(next(cache), 0);
	ck_assert(!wc_names_cache_waiting(cache));
	ck_assert(!wc_names_cache_settle(cache, 0));
	store(cache, 1, "one.example", 1000);
	ck_assert(!wc_names_cache_settle(cache, 0));
	store(cache, 2, "two.example", 1000);
	ck_assert(wc_names_cache_settle(cache, 0));
	wc_names_cache_free(cache);
}
END_TEST

START_TEST(names_hold_until_their_time)
{
	struct wc_names_cache *cache = wc_names_cache_new(8, 1000, 8);

	learn(cache, 1, "one.example", 900000);
	ck_assert(!ask(cache, 1, 899999));
	ck_assert(ask(cache, 1, 900000));
	/* Old names stay until an answer replaces them. */
	ck_assert_str_eq(find(cache, 1), "one.example");
	ck_assert_uint_eq(next(cache), 1);
	ck_assert_str_eq(find(cache, 1), "one.example");
	store(cache, 1, "new.example", 1000000);
	ck_assert_str_eq(find(cache, 1), "new.example");
	wc_names_cache_free(cache);
}
END_TEST

START_TEST(silence_keeps_what_was_known)
{
	struct wc_names_cache *cache = wc_names_cache_new(8, 1000, 8);
	struct wc_address one = host(1);

	learn(cache, 1, "one.example", 10);
	ck_assert(ask(cache, 1, 10));
	ck_assert_uint_eq(next(cache), 1);
	wc_names_cache_store(cache, &one, NULL, 20);
	ck_assert_str_eq(find(cache, 1), "one.example");
	ck_assert(!ask(cache, 1, 19));
	ck_assert(ask(cache, 1, 20));
	ck_assert_uint_eq(next(cache), 1);
	/* An answer without names is one. */
	store(cache, 1, "", 30);
	ck_assert_str_eq(find(cache, 1), "");
	wc_names_cache_stats(cache, &stats);
	ck_assert_uint_eq(stats.bytes, 0);
	wc_names_cache_free(cache);
}
END_TEST

START_TEST(all_names_come_back)
{
	struct wc_names_cache *cache = wc_names_cache_new(8, 100000, 8);
	struct wc_name_list names = {.count = WC_NAMES_MAX}, found;
	struct wc_address one = host(1);

	for (size_t i = 0; i < WC_NAMES_MAX; i++)
		snprintf(names.name[i], WC_NAME_SIZE, "%zu%0*d", i, 252, 0);
	ck_assert(ask(cache, 1, 0));
	ck_assert_uint_eq(next(cache), 1);
	wc_names_cache_store(cache, &one, &names, 1000);
	ck_assert_uint_eq(wc_names_cache_find(cache, &one, &found), WC_NAMES_MAX);
	for (size_t i = 0; i < WC_NAMES_MAX; i++)
		ck_assert_str_eq(found.name[i], names.name[i]);
	wc_names_cache_stats(cache, &stats);
	ck_assert_uint_eq(stats.bytes, WC_NAMES_MAX * 254);
	wc_names_cache_free(cache);
}
END_TEST

START_TEST(a_full_queue_turns_away)
{
	struct wc_names_cache *cache = wc_names_cache_new(100, 1000, 3);

	learn(cache, 9, "nine.example", 10);
	for (uint32_t number = 1; number <= 5; number++)
		ck_assert(ask(cache, number, 0) == (number <= 3));
	/* Too old, but there is no room to ask: it stays as it was. */
	ck_assert(!ask(cache, 9, 10));
	ck_assert_str_eq(find(cache, 9), "nine.example");
	wc_names_cache_stats(cache, &stats);
	ck_assert_uint_eq(stats.turned, 3);
	ck_assert_uint_eq(stats.entries, 4);
	ck_assert_uint_eq(next(cache), 1);
	ck_assert(ask(cache, 9, 10));
	wc_names_cache_free(cache);
}
END_TEST

START_TEST(the_one_not_asked_for_longest_goes)
{
	struct wc_names_cache *cache = wc_names_cache_new(3, 1000, 8);

	for (uint32_t number = 1; number <= 3; number++)
		learn(cache, number, "x.example", 1000);
	ck_assert(!ask(cache, 1, 0));
	learn(cache, 4, "four.example", 1000);
	ck_assert_str_eq(find(cache, 1), "x.example");
	ck_assert_str_eq(find(cache, 2), "");
	ck_assert_str_eq(find(cache, 3), "x.example");
	ck_assert_str_eq(find(cache, 4), "four.example");
	wc_names_cache_stats(cache, &stats);
	ck_assert_uint_eq(stats.evicted, 1);
	ck_assert_uint_eq(stats.entries, 3);
	wc_names_cache_free(cache);
}
END_TEST

START_TEST(what_is_asked_for_is_not_forgotten)
{
	struct wc_names_cache *cache = wc_names_cache_new(2, 1000, 8);

	ck_assert(ask(cache, 1, 0));
	ck_assert_uint_eq(next(cache), 1);
	ck_assert(ask(cache, 2, 0));
	/* One is out, one waits: nothing can go. */
	ck_assert(!ask(cache, 3, 0));
	wc_names_cache_stats(cache, &stats);
	ck_assert_uint_eq(stats.turned, 1);
	ck_assert_uint_eq(stats.entries, 2);
	store(cache, 1, "one.example", 1000);
	ck_assert(ask(cache, 3, 0));
	ck_assert_str_eq(find(cache, 1), "");
	wc_names_cache_free(cache);
}
END_TEST

START_TEST(bytes_are_bounded)
{
	/* Room for three names of eleven characters and a NUL. */
	struct wc_names_cache *cache = wc_names_cache_new(100, 36, 8);

	for (uint32_t number = 1; number <= 3; number++)
		learn(cache, number, "abc.example", 1000);
	learn(cache, 4, "abc.example", 1000);
	ck_assert_str_eq(find(cache, 1), "");
	ck_assert_str_eq(find(cache, 2), "abc.example");
	learn(cache, 5, "a-name-that-never.fits.in-36-bytes.example", 1000);
	ck_assert_str_eq(find(cache, 5), "");
	wc_names_cache_stats(cache, &stats);
	ck_assert_uint_eq(stats.bytes, 0);
	ck_assert_uint_eq(stats.entries, 1);
	ck_assert_uint_eq(stats.evicted, 4);
	wc_names_cache_free(cache);
}
END_TEST

START_TEST(thousands_keep_their_own_names)
{
	struct wc_names_cache *cache = wc_names_cache_new(5000, 1 << 20, 8);
	char name[32];

	for (uint32_t number = 1; number <= 20000; number++) {
		snprintf(name, sizeof(name), "n%u.example", number);
		learn(cache, number, name, 1000);
	}
	for (uint32_t number = 1; number <= 20000; number++) {
		snprintf(name, sizeof(name), "n%u.example", number);
		ck_assert_str_eq(find(cache, number), number > 15000 ? name : "");
	}
	wc_names_cache_stats(cache, &stats);
	ck_assert_uint_eq(stats.entries, 5000);
	ck_assert_uint_eq(stats.evicted, 15000);
	/* "n", five digits, ".example", and a NUL. */
	ck_assert_uint_eq(stats.bytes, 5000 * 15);
	wc_names_cache_free(cache);
}
END_TEST

START_TEST(families_are_apart)
{
	struct wc_names_cache *cache = wc_names_cache_new(8, 1000, 8);
	uint8_t bytes[16] = {[12] = 192, [15] = 1};
	struct wc_address twin = wc_address_v6(bytes);

	learn(cache, 1, "four.example", 1000);
	ck_assert_uint_eq(wc_names_cache_find(cache, &twin, &list), 0);
	ck_assert(wc_names_cache_ask(cache, &twin, 0));
	wc_names_cache_free(cache);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		one_question_at_a_time,
		names_hold_until_their_time,
		silence_keeps_what_was_known,
		all_names_come_back,
		a_full_queue_turns_away,
		the_one_not_asked_for_longest_goes,
		what_is_asked_for_is_not_forgotten,
		bytes_are_bounded,
		thousands_keep_their_own_names,
		families_are_apart,
		NULL,
	};

	return suite_run("names_cache", tests, 60);
}

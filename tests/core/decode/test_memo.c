/* The memo: it changes no result, whatever was seen before. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "cases.h"
#include "memo.h"
#include "recipe.h"
#include "suite.h"

static const struct wc_hash_seed seed = {{1, 2, 3, 4}};
static struct wc_memo memo;
static struct wc_local *local;
static unsigned look;

static struct wc_address random_address(void)
{
	struct wc_address address = {.low = (uint64_t)(rand() % 4096), .version = 4};

	if (rand() % 2)
		address = (struct wc_address){.high = UINT64_C(0xfe80) << 48,
					      .low = (uint64_t)(rand() % 4096),
					      .version = 6};
	return address;
}

static uint64_t hash_of(const struct wc_address *address)
{
	return wc_memo_hash(&memo, local, address, &look);
}

START_TEST(it_changes_no_result)
{
	local = wc_local_new();
	for (uint64_t i = 0; i < 4096; i += 3)
		ck_assert_int_eq(wc_local_add(local, &(struct wc_address){.low = i, .version = 4}),
				 0);
	srand(1);
	wc_memo_begin(&memo, &seed, true);
	for (int i = 0; i < 100000; i++) {
		struct wc_address address = random_address();

		ck_assert_uint_eq(hash_of(&address), wc_hash_address(&seed, &address));
		ck_assert_uint_eq(look, wc_local_look(local, &address));
	}
	wc_local_free(local);
}
END_TEST

/* The host's addresses have changed, at the same place in memory or at another. */
START_TEST(it_forgets)
{
	struct wc_address address = {.low = 0x05060708, .version = 4};
	struct wc_local *other = wc_local_new();

	local = wc_local_new();
	wc_memo_begin(&memo, &seed, true);
	hash_of(&address);
	ck_assert_uint_eq(look, 0);
	ck_assert_int_eq(wc_local_add(local, &address), 0);
	hash_of(&address);
	ck_assert_uint_eq(look, 0);
	wc_memo_forget(&memo);
	hash_of(&address);
	ck_assert_uint_eq(look, WC_LOCAL_OWN | WC_LOCAL_INSIDE);
	wc_memo_hash(&memo, other, &address, &look);
	ck_assert_uint_eq(look, 0);
	hash_of(&address);
	ck_assert_uint_eq(look, WC_LOCAL_OWN | WC_LOCAL_INSIDE);
	wc_local_free(other);
	wc_local_free(local);
}
END_TEST

START_TEST(versions_are_apart)
{
	struct wc_address v4 = {.low = 1, .version = 4}, v6 = {.low = 1, .version = 6};

	local = wc_local_new();
	wc_memo_begin(&memo, &seed, true);
	ck_assert_uint_eq(hash_of(&v4), wc_hash_address(&seed, &v4));
	ck_assert_uint_eq(hash_of(&v6), wc_hash_address(&seed, &v6));
	ck_assert_uint_eq(hash_of(&v4), wc_hash_address(&seed, &v4));
	ck_assert_uint_ne(wc_hash_address(&seed, &v4), wc_hash_address(&seed, &v6));
	wc_local_free(local);
}
END_TEST

START_TEST(it_can_be_idle)
{
	struct wc_address address = {.low = 1, .version = 4};

	local = wc_local_new();
	ck_assert_int_eq(wc_local_add(local, &address), 0);
	wc_memo_begin(&memo, &seed, false);
	ck_assert_uint_eq(hash_of(&address), 0);
	ck_assert_uint_eq(look, WC_LOCAL_OWN | WC_LOCAL_INSIDE);
	wc_local_free(local);
}
END_TEST

/* Decodes a frame from one address to another, as long as @local is. */
static struct wc_packet between(const char *ends, enum wc_origin origin)
{
	struct recipe recipe;
	char text[100];

	snprintf(text, sizeof(text), "eth 0800 / ip4 %s 17 / udp 9 9", ends);
	recipe_build(&recipe, text);
	return cases_decode_by(&memo, local, WC_LINK_ETHERNET, origin, &recipe);
}

START_TEST(pairs_are_numbered)
{
	struct wc_packet first, again, back, sent;

	local = cases_host();
	wc_memo_begin(&memo, &seed, true);
	first = between("198.51.100.9 192.0.2.1", WC_ORIGIN_RECEIVED);
	back = between("192.0.2.1 198.51.100.9", WC_ORIGIN_RECEIVED);
	sent = between("198.51.100.9 192.0.2.1", WC_ORIGIN_SENT);
	again = between("192.0.2.1 198.51.100.9", WC_ORIGIN_RECEIVED);
	ck_assert_uint_ne(first.ends, 0);
	ck_assert_uint_ne(first.ends, back.ends);
	ck_assert_uint_ne(first.ends, sent.ends);
	ck_assert_uint_eq(back.ends, again.ends);
	ck_assert_uint_eq(back.ends_slot, again.ends_slot);
	ck_assert_uint_lt(back.ends_slot, WC_ENDS_SLOTS);
	wc_memo_forget(&memo);
	again = between("192.0.2.1 198.51.100.9", WC_ORIGIN_RECEIVED);
	ck_assert_uint_ne(back.ends, again.ends);
	wc_local_free(local);
}
END_TEST

/* What is known of a pair is what looking at its ends says, in either direction. */
START_TEST(pairs_change_no_result)
{
	local = cases_host();
	wc_memo_begin(&memo, &seed, true);
	srand(2);
	for (int i = 0; i < 20000; i++) {
		char ends[60];
		struct wc_packet packet;

		snprintf(ends, sizeof(ends), "192.0.2.%d 192.0.%d.%d", rand() % 8, 1 + rand() % 3,
			 rand() % 256);
		packet = between(ends, WC_ORIGIN_SENT);
		ck_assert_uint_eq(packet.source_hash, wc_hash_address(&seed, &packet.source));
		ck_assert_uint_eq(packet.destination_hash,
				  wc_hash_address(&seed, &packet.destination));
		ck_assert_uint_eq((packet.inside & WC_INSIDE_SOURCE) != 0,
				  (wc_local_look(local, &packet.source) & WC_LOCAL_INSIDE) != 0);
	}
	wc_local_free(local);
}
END_TEST

/* Not those of frames without addresses, and none where nobody asks. */
START_TEST(some_are_not_numbered)
{
	struct recipe recipe;

	local = cases_host();
	recipe_build(&recipe, "eth 0806 / zeros 28");
	wc_memo_begin(&memo, &seed, true);
	ck_assert_uint_eq(
		cases_decode_by(&memo, local, WC_LINK_ETHERNET, WC_ORIGIN_FILE, &recipe).ends, 0);
	wc_memo_begin(&memo, &seed, false);
	ck_assert_uint_eq(between("198.51.100.9 192.0.2.1", WC_ORIGIN_FILE).ends, 0);
	wc_local_free(local);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {it_changes_no_result,  it_forgets,
				      versions_are_apart,    it_can_be_idle,
				      pairs_are_numbered,    pairs_change_no_result,
				      some_are_not_numbered, NULL};

	return suite_run("memo", tests, 60);
}

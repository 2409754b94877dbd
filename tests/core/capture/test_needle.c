/* Strings of bytes: what is written, and where it is found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "needle.h"
#include "suite.h"
#include "wirecensus/error.h"

static struct wc_needle needle;
static struct wc_error error;

static void compiles(const char *text, const char *bytes, size_t size)
{
	ck_assert_msg(wc_needle_compile(&needle, text, &error) == WC_OK, "%s", error.text);
	ck_assert_uint_eq(needle.size, size);
	ck_assert_mem_eq(needle.bytes, bytes, size);
}

START_TEST(test_escapes)
{
	compiles("abc", "abc", 3);
	compiles("SomeDomain", "somedomain", 10);
	compiles("\\x41\\x00\\xfF\\x0a", "a\0\xff\n", 4);
	compiles("a\\x5cx41", "a\\x41", 5);
	compiles("\xc3\x84", "\xc3\x84", 2); /* only letters of ASCII have two cases */
	compiles("@[`{", "@[`{", 4);
}
END_TEST

START_TEST(test_wrong_texts)
{
	static const char *const wrong[] = {"\\",    "a\\", "\\x",  "\\x4",  "\\xg0",
					    "\\x0g", "\\n", "\\\\", "\\X41", "\\x 1"};
	char text[WC_NEEDLE_MAX + 2];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char sentence[256];

		snprintf(sentence, sizeof(sentence),
			 "'%s' has a backslash that is not followed by x and two hexadecimal "
			 "digits: write a backslash itself as \\x5c",
			 wrong[i]);
		ck_assert_int_eq(wc_needle_compile(&needle, wrong[i], &error), WC_INVALID);
		ck_assert_str_eq(error.text, sentence);
	}
	ck_assert_int_eq(wc_needle_compile(&needle, "", &error), WC_INVALID);
	ck_assert_str_eq(error.text, "'' is in every frame: write at least one byte");
	memset(text, 'a', sizeof(text));
	text[WC_NEEDLE_MAX] = '\0';
	ck_assert_int_eq(wc_needle_compile(&needle, text, &error), WC_OK);
	text[WC_NEEDLE_MAX] = 'a';
	text[WC_NEEDLE_MAX + 1] = '\0';
	ck_assert_int_eq(wc_needle_compile(&needle, text, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...' is too long: "
				     "write 255 bytes at most");
	ck_assert_int_eq(wc_needle_compile(&needle, text, NULL), WC_INVALID);
}
END_TEST

START_TEST(test_case)
{
	/* The neighbours of the letters differ from them by the same bit, and are no letters. */
	ck_assert_int_eq(wc_needle_compile(&needle, "@Az[", &error), WC_OK);
	ck_assert(wc_needle_is_in(&needle, (const uint8_t *)"@aZ[", 4));
	ck_assert(!wc_needle_is_in(&needle, (const uint8_t *)"`aZ[", 4));
	ck_assert(!wc_needle_is_in(&needle, (const uint8_t *)"@aZ{", 4));
	ck_assert_int_eq(wc_needle_compile(&needle, "\\xe1", &error), WC_OK);
	ck_assert(!wc_needle_is_in(&needle, (const uint8_t *)"\xc1", 1));
}
END_TEST

START_TEST(test_edges)
{
	static const uint8_t written[] = {'N', 'e', 'e', 'd', 'L', 'E'};
	uint8_t bytes[40] = {0};

	ck_assert_int_eq(wc_needle_compile(&needle, "needle", &error), WC_OK);
	for (size_t at = 0; at + 6 <= sizeof(bytes); at++) {
		memset(bytes, 'e', sizeof(bytes));
		memcpy(bytes + at, written, sizeof(written));
		for (size_t size = 0; size <= sizeof(bytes); size++)
			ck_assert(wc_needle_is_in(&needle, bytes, size) == (size >= at + 6));
	}
	ck_assert(!wc_needle_is_in(&needle, NULL, 0));
}
END_TEST

static uint8_t small(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

static bool naive(const uint8_t *find, size_t size, const uint8_t *bytes, size_t count)
{
	for (size_t at = 0; at + size <= count; at++) {
		size_t i = 0;

		while (i < size && small(bytes[at + i]) == small(find[i]))
			i++;
		if (i == size)
			return true;
	}
	return false;
}

/* Few different bytes, so that much nearly fits: letters of both cases, NULs, all values. */
static void fill(uint8_t *bytes, size_t size, const char *alphabet, size_t letters)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] =
			letters ? (uint8_t)alphabet[(size_t)random() % letters] : (uint8_t)random();
}

static void compile_bytes(const uint8_t *bytes, size_t size)
{
	char text[4 * WC_NEEDLE_MAX + 1];

	for (size_t i = 0; i < size; i++)
		snprintf(text + 4 * i, 5, "\\x%02x", bytes[i]);
	ck_assert_int_eq(wc_needle_compile(&needle, text, &error), WC_OK);
}

START_TEST(test_random)
{
	static const struct {
		const char *alphabet;
		size_t letters;
	} kinds[] = {{"aA", 2}, {"aB\0", 3}, {"xyzXYZ\0\xff", 8}, {NULL, 0}};
	int found = 0, rounds = 20000;

	srandom(3);
	for (int round = 0; round < rounds; round++) {
		const char *alphabet = kinds[round % 4].alphabet;
		size_t letters = kinds[round % 4].letters;
		size_t size = 1 + (size_t)random() % (round % 8 < 4 ? 6 : WC_NEEDLE_MAX);
		size_t count = (size_t)random() % 600;
		uint8_t find[WC_NEEDLE_MAX];
		/* Of its very size, so that a sanitizer sees any byte read beyond it. */
		uint8_t *bytes = malloc(count + !count);
		bool expected;

		ck_assert_ptr_nonnull(bytes);
		fill(find, size, alphabet, letters);
		fill(bytes, count, alphabet, letters);
		if (random() % 2 && count >= size)
			memcpy(bytes + (size_t)random() % (count - size + 1), find, size);
		compile_bytes(find, size);
		expected = naive(find, size, bytes, count);
		ck_assert(wc_needle_is_in(&needle, bytes, count) == expected);
		found += expected;
		free(bytes);
	}
	ck_assert_int_gt(found, rounds / 4);
	ck_assert_int_lt(found, rounds * 3 / 4);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_escapes, test_wrong_texts, test_case,
				      test_edges,   test_random,      NULL};

	return suite_run("needle", tests, 60);
}

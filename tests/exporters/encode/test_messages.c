/* Bytes cut into messages, and windows on them. */
#include "messages.h"
#include "suite.h"

static void check(const struct wc_messages *messages, size_t number, const char *text,
		  uint32_t records)
{
	const struct wc_message *message = &messages->items[number];

	ck_assert_uint_lt(number, messages->count);
	ck_assert_uint_eq(message->length, strlen(text));
	ck_assert_mem_eq(messages->bytes.data + message->offset, text, message->length);
	ck_assert_uint_eq(message->records, records);
}

static void add(struct wc_messages *messages, const char *text, uint32_t records)
{
	wc_buffer_text(&messages->bytes, text);
	wc_messages_end(messages, records);
}

START_TEST(test_all)
{
	struct wc_messages messages = {0};

	add(&messages, "one", 1);
	add(&messages, "", 0);
	wc_buffer_text(&messages.bytes, "threefour");
	ck_assert_uint_eq(wc_messages_open(&messages), 9);
	wc_messages_end_before(&messages, 4, 3);
	ck_assert_uint_eq(wc_messages_open(&messages), 4);
	wc_messages_end(&messages, 4);
	ck_assert_uint_eq(messages.count, 4);
	ck_assert_uint_eq(messages.ended, 4);
	check(&messages, 0, "one", 1);
	check(&messages, 1, "", 0);
	check(&messages, 2, "three", 3);
	check(&messages, 3, "four", 4);
	wc_messages_free(&messages);
}
END_TEST

/* A window of one byte holds one message; together they are all. */
START_TEST(test_windows)
{
	static const char *const texts[] = {"zero", "one", "two", "three"};
	struct wc_messages messages = {.limit = 1};

	for (uint64_t skip = 0; skip < 4; skip++) {
		wc_messages_clear(&messages, skip);
		for (uint32_t i = 0; i < 3; i++)
			add(&messages, texts[i], i);
		/* One that ends before bytes of the next. */
		wc_buffer_text(&messages.bytes, "three.four");
		wc_messages_end_before(&messages, 5, 3);
		ck_assert_uint_eq(wc_messages_open(&messages), 5);
		wc_messages_end(&messages, 4);
		ck_assert_uint_eq(messages.ended, 5);
		ck_assert_uint_eq(messages.count, 1);
		check(&messages, 0, texts[skip], (uint32_t)skip);
	}
	wc_messages_clear(&messages, 5);
	for (uint32_t i = 0; i < 4; i++)
		add(&messages, texts[i], i);
	ck_assert_uint_eq(messages.count, 0);
	ck_assert_uint_eq(messages.ended, 4);
	wc_messages_free(&messages);
}
END_TEST

/* A message begins as long as the limit is not reached, and then is whole. */
START_TEST(test_limit)
{
	struct wc_messages messages = {.limit = 8};

	for (uint32_t i = 0; i < 10; i++)
		add(&messages, "seven..", i);
	ck_assert_uint_eq(messages.count, 2);
	ck_assert_uint_eq(messages.bytes.length, 14);
	ck_assert_uint_eq(messages.ended, 10);
	wc_messages_free(&messages);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_all, test_windows, test_limit, NULL};

	return suite_run("messages", tests, 60);
}

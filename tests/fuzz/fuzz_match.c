/* fuzz_match.c - any text, looked for in any frame: found where a plain search finds it */
#undef NDEBUG
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "frame.h"
#include "link.h"
#include "match.h"
#include "needle.h"
#include "wirecensus/options.h"

/* The first two bytes choose the link type and the offset; then comes the text, up to a NUL. */
#define CHOICES 2

#define CAPTURED_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(uint8_t a, uint8_t b)
{
	bool letters = (a | 0x20) >= 'a' && (a | 0x20) <= 'z' && (a ^ b) == 0x20;

	return a == b || letters;
}

static bool is_in(const struct wc_needle *needle, const uint8_t *bytes, size_t size, size_t at)
{
	for (; at + needle->size <= size; at++) {
		size_t i = 0;

		while (i < needle->size && same(bytes[at + i], needle->bytes[i]))
			i++;
		if (i == needle->size)
			return true;
	}
	return false;
}

/* What is expected, by a copy of the whole frame. */
static bool expected(const char *text, const struct wc_frame *frame, size_t offset)
{
	static uint8_t copy[CAPTURED_MAX];
	struct wc_needle needle;
	size_t tags = wc_link_untag(copy, frame->bytes, frame->captured, frame->link);

	assert(wc_needle_compile(&needle, text, NULL) == 0);
	return is_in(&needle, tags ? copy : frame->bytes, frame->captured - tags, offset);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *text = data + CHOICES;
	const uint8_t *end = size > CHOICES ? memchr(text, 0, size - CHOICES) : NULL;
	struct wc_options options = {0};
	struct wc_match *wanted, *avoided;
	char copy[CAPTURED_MAX];

	if (!end || size > CAPTURED_MAX)
		return 0;

	struct wc_frame frame = {
		.bytes = end + 1,
		.captured = (uint32_t)(size - (size_t)(end + 1 - data)),
		.link = data[0] % (WC_LINK_NULL + 1),
	};

	options.payload_offset = data[1] % 64;
	memcpy(copy, text, (size_t)(end + 1 - text));
	options.match = copy;
	if (wc_match_open(&wanted, &options, NULL))
		return 0;
	options.no_match = options.match;
	options.match = NULL;
	assert(wc_match_open(&avoided, &options, NULL) == 0);
	assert(wc_match_pass(wanted, &frame) ==
	       expected(options.no_match, &frame, options.payload_offset));
	assert(wc_match_pass(avoided, &frame) != wc_match_pass(wanted, &frame));
	wc_match_free(wanted);
	wc_match_free(avoided);
	return 0;
}

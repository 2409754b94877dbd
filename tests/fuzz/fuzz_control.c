/*
 * fuzz_control.c - any bytes, as a request to the control socket and as a datagram to the trigger
 *
 * The answer is one line by the protocol, of text, whose length is that of the body.
 */
#undef NDEBUG
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "control_bed.h"
#include "control_protocol.h"
#include "control_verbs.h"
#include "trigger.h"

/* Checks the first line of an answer, a text. */
static void check_head(const char *head, size_t body)
{
	size_t bytes = 0;
	int code = 0;

	for (const char *c = head; c[1]; c++)
		assert((unsigned char)*c >= ' ' && *c != 0x7f);
	assert(head[strlen(head) - 1] == '\n');
	if (sscanf(head, "ERROR %d", &code) == 1)
		assert(!body && (code == 1 || code == 2));
	else if (sscanf(head, "TROUBLE %d %zu", &code, &bytes) == 2)
		assert(bytes == body && (code == 1 || code == 2));
	else
		assert(sscanf(head, "OK %zu", &bytes) == 1 && bytes == body);
}

static void ask(const char *line, size_t length, enum wc_control_rights rights)
{
	const struct wc_asker asker = {rights, length % 7 == 0};
	struct wc_answer answer = {{0}, {0}};
	static struct bed bed;

	if (!bed.now_ns)
		bed_make(&bed);
	wc_answer_make(&answer, line, length, &asker, &bed.board, &bed.actions);
	assert(!answer.head.failed);
	wc_buffer_add(&answer.head, "", 1);
	check_head(answer.head.data, answer.body.length);
	assert(rights == WC_CONTROL_EVERYTHING || !bed.done.dumps);
	bed.done.dumps = 0;
	wc_answer_free(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool asks = wc_trigger_asks(data, size);

	assert(asks == (size >= 4 && !memcmp(data, "dump", 4)));
	if (size > WC_CONTROL_LINE)
		size = WC_CONTROL_LINE;
	ask((const char *)data, size, WC_CONTROL_READING);
	ask((const char *)data, size, WC_CONTROL_EVERYTHING);
	return 0;
}

/*
 * fuzz_relp.c - any bytes as what a RELP server answers, in pieces of any size
 *
 * Whatever it says, no more is answered than was sent, and answers are never taken back.
 */
#undef NDEBUG
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "relp.h"
#include "wirecensus/error.h"

/* The first two bytes: how many bytes come at once, and how many messages are sent in between. */
#define CHOICES 2

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t send_some(struct wc_relp *relp, unsigned most)
{
	const char *frame;
	uint64_t sent = 0;

	for (; sent < most && wc_relp_ready(relp); sent++) {
		assert(wc_relp_is_open(relp));
		assert(wc_relp_message(relp, "message", 7, &frame) <= 7 + WC_RELP_FRAME);
	}
	return sent;
}

/* Returns false once the session has failed. */
static bool hear(struct wc_relp *relp, const char *bytes, size_t length, uint64_t sent)
{
	uint64_t before = wc_relp_answered(relp);
	struct wc_error error = {""};
	int status = wc_relp_hear(relp, bytes, length, sent, &error);

	assert(!status || error.text[0]);
	assert(wc_relp_answered(relp) >= before);
	assert(wc_relp_answered(relp) <= sent);
	return !status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *frame, *bytes = (const char *)data + CHOICES;
	struct wc_relp *relp;
	uint64_t sent = 1; /* "open" */
	size_t piece, left;

	if (size < CHOICES)
		return 0;
	relp = wc_relp_new();
	assert(relp);
	/* A session that fails is used again for the next connection. */
	for (int connection = 0; connection < 2; connection++) {
		wc_relp_clear(relp);
		assert(wc_relp_open(relp, &frame) && !wc_relp_is_open(relp));
		sent = 1;
		for (size_t at = 0; at < size - CHOICES; at += piece) {
			left = size - CHOICES - at;
			piece = 1U + data[0] < left ? 1U + data[0] : left;
			if (!hear(relp, bytes + at, piece, sent))
				break;
			sent += send_some(relp, data[1]);
		}
	}
	assert(wc_relp_close(relp, &frame));
	wc_relp_free(relp);
	return 0;
}

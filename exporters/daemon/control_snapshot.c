#include "control_snapshot.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "buffer.h"
#include "control_verbs.h"
#include "encode.h"
#include "wirecensus/error.h"
#include "wirecensus/pack.h"
#include "wirecensus/snapshot.h"

static int add_packed(struct wc_buffer *body, const struct wc_question *question,
		      const struct wc_snapshot *snapshot, bool counted, struct wc_error *error)
{
	const struct wc_context *context = question->board->context;
	const struct wc_pack_origin origin = {context->instance, context->host};
	uint8_t *bytes;
	uint64_t length;
	size_t size;
	int status = wc_pack(snapshot, &origin, &bytes, &size, error);

	if (status)
		return status;
	length = htole64(size);
	if (body->length + size > WC_CONTROL_SNAPSHOT_MAX) {
		wc_buffer_free(body);
		free(bytes);
		return wc_error_set(
			error, WC_FAILED,
			"the last intervals take more than the %u MB of one answer: ask for "
			"one capture, or lower the bounds of conversations and hosts",
			WC_CONTROL_SNAPSHOT_MAX >> 20);
	}
	if (counted)
		wc_buffer_add(body, &length, sizeof(length));
	wc_buffer_add(body, bytes, size);
	free(bytes);
	return WC_OK;
}

static int add_all(struct wc_buffer *body, const struct wc_question *question,
		   struct wc_error *error)
{
	const struct wc_board *board = question->board;
	int status = WC_OK;

	for (size_t i = 0; i < board->capture_count && !status; i++)
		if (board->captures[i].last)
			status = add_packed(body, question, board->captures[i].last, true, error);
	return status;
}

int wc_control_snapshot_run(const struct wc_question *question, struct wc_buffer *body,
			    struct wc_error *error)
{
	const struct wc_board *board = question->board;

	if (!strcmp(question->operand, "*"))
		return add_all(body, question, error);
	for (size_t i = 0; i < board->capture_count; i++) {
		const struct wc_board_capture *capture = &board->captures[i];

		if (strcmp(capture->name, question->operand) != 0)
			continue;
		if (capture->last)
			return add_packed(body, question, capture->last, false, error);
		return wc_error_set(error, WC_FAILED,
				    "no interval of the capture '%.64s' has ended yet: ask again",
				    capture->name);
	}
	return wc_error_set(error, WC_INVALID,
			    "there is no capture '%.64s': 'wirecensus show captures' lists them",
			    question->operand);
}

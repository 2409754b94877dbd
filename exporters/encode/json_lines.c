#include "json_lines.h"

#include <stdlib.h>

#include "exporter_options.h"
#include "format.h"
#include "json.h"
#include "messages.h"
#include "place.h"
#include "rows.h"
#include "wirecensus/error.h"

struct lines {
	struct wc_framing framing;
	struct wc_selection selection;
};

static int check(const struct wc_selection *selection, const struct wc_framing *framing,
		 struct wc_error *error)
{
	(void)framing;
	if (selection->kinds & WC_ROWS_LOSS)
		return wc_error_set(error, WC_INVALID,
				    "json has no rows loss: its rows total tell what was lost");
	return WC_OK;
}

static int begin(void **state, const struct wc_exporter_options *options,
		 const struct wc_framing *framing, struct wc_error *error)
{
	struct lines *lines = malloc(sizeof(*lines));

	if (!lines)
		return wc_error_no_memory(error, "for JSON");
	lines->framing = *framing;
	*state = lines;
	return wc_format_selection(&lines->selection, &wc_format_json, options, error);
}

/* Rows on their way into messages. */
struct packing {
	struct wc_messages *messages;
	const struct wc_framing *framing;
	size_t whole;  /* bytes of whole lines in the open message */
	uint32_t rows; /* how many these are */
};

static void end_line(void *arg)
{
	struct packing *packing = arg;
	struct wc_messages *messages = packing->messages;

	if (!packing->framing->datagrams) {
		wc_messages_end(messages, 1);
		return;
	}
	if (packing->rows && wc_messages_open(messages) > packing->framing->longest) {
		size_t line = wc_messages_open(messages) - packing->whole;

		wc_messages_end_before(messages, line, packing->rows);
		packing->rows = 0;
	}
	packing->rows++;
	packing->whole = wc_messages_open(messages);
}

static int encode(void *state, const struct wc_context *context, const struct wc_snapshot *snapshot,
		  struct wc_messages *messages, struct wc_error *error)
{
	const struct lines *lines = state;
	struct packing packing = {.messages = messages, .framing = &lines->framing};
	const struct wc_json_cutting cutting = {&lines->selection, end_line, &packing};

	wc_json_encode_cut(&messages->bytes, context, snapshot, &cutting);
	if (packing.rows)
		wc_messages_end(messages, packing.rows);
	if (messages->bytes.failed)
		return wc_error_no_memory(error, "for JSON");
	return 0;
}

const struct wc_format wc_format_json = {
	.name = "json",
	.summary = "rows as lines of JSON, for Fluentd, Logstash, rsyslog and programs",
	.places = 1U << WC_PLACE_UDP | 1U << WC_PLACE_TCP | 1U << WC_PLACE_TLS |
		  1U << WC_PLACE_UNIX | 1U << WC_PLACE_UNIXGRAM | 1U << WC_PLACE_FILE,
	.rows = WC_ROWS_ALL,
	.top = WC_TOP_ALL,
	.fallback = "tcp://localhost:3334",
	.check = check,
	.open = begin,
	.encode = encode,
	.close = free,
};

#include <inttypes.h>
#include <stdio.h>

#include "ask.h"
#include "buffer.h"
#include "command.h"
#include "control_line.h"
#include "output.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

int wc_show_run(const struct wc_options *options, const struct wc_texts *operands)
{
	struct wc_buffer line = {0};
	char number[24];

	if (operands->count > 1) {
		struct wc_error error;

		wc_error_set(&error, WC_INVALID, "show takes one argument, and '%s' is a second",
			     operands->items[1]);
		wc_output_complain(&error);
		return WC_EXIT_USAGE;
	}
	snprintf(number, sizeof(number), "%" PRIu64, options->top);
	wc_control_line_add(&line, "show");
	wc_control_line_add(&line, operands->items[0]);
	wc_control_line_set(&line, "top", number);
	if (options->format == WC_FORMAT_JSON)
		wc_control_line_set(&line, "format", "json");
	if (options->total)
		wc_control_line_set(&line, "total", "yes");
	if (options->capture)
		wc_control_line_set(&line, "capture", options->capture);
	return wc_ask_and_print(options, &line);
}

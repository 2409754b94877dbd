#include "ask.h"
#include "buffer.h"
#include "command.h"
#include "control_line.h"
#include "wirecensus/options.h"

int wc_status_run(const struct wc_options *options, const struct wc_texts *operands)
{
	struct wc_buffer line = {0};

	(void)operands;
	wc_control_line_add(&line, "status");
	if (options->format == WC_FORMAT_JSON)
		wc_control_line_set(&line, "format", "json");
	return wc_ask_and_print(options, &line);
}

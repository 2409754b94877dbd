#include "ask.h"
#include "buffer.h"
#include "command.h"
#include "control_line.h"

int wc_reload_run(const struct wc_options *options, const struct wc_texts *operands)
{
	struct wc_buffer line = {0};

	(void)operands;
	wc_control_line_add(&line, "reload");
	return wc_ask_and_tell(options, &line);
}

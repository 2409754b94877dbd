#include "section.h"

#include <string.h>

#include "buffer.h"
#include "config.h"
#include "config_print.h"

/* Writes all that an exporter's section says. */
static void print(struct wc_buffer *text, const struct wc_config_exporter *section)
{
	for (const struct wc_option *option = wc_exporter_option_table; option->name; option++) {
		wc_config_print_value(text, option, &section->options);
		wc_buffer_text(text, "\n");
	}
}

bool wc_section_same(const struct wc_config_exporter *a, const struct wc_config_exporter *b)
{
	struct wc_buffer left = {0}, right = {0};
	bool same = a->format == b->format && !strcmp(a->name, b->name);

	if (same) {
		print(&left, a);
		print(&right, b);
		same = !left.failed && !right.failed && left.data && right.data &&
		       left.length == right.length && !memcmp(left.data, right.data, left.length);
	}
	wc_buffer_free(&left);
	wc_buffer_free(&right);
	return same;
}

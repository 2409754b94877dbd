#include "section.h"

#include <string.h>
#include <sys/stat.h>

#include "buffer.h"
#include "config.h"
#include "config_print.h"
#include "format.h"

/* Writes all that an exporter's section says. */
static void print(struct wc_buffer *text, const struct wc_config_exporter *section)
{
	for (const struct wc_option *option = wc_exporter_option_table; option->name; option++) {
		wc_config_print_value(text, option, &section->options);
		wc_buffer_text(text, "\n");
	}
}

/* FNV-1a, of 64 bits: nobody gains by a collision. */
static uint64_t digest(const struct wc_buffer *text)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < text->length; i++)
		sum = (sum ^ (uint8_t)text->data[i]) * UINT64_C(0x100000001b3);
	return sum;
}

uint64_t wc_section_digest(const struct wc_config_exporter *section, uint64_t interval)
{
	struct wc_buffer text = {0};
	uint64_t sum;

	wc_buffer_format(&text, "%s\n%s\n", WC_VERSION, section->format->name);
	wc_buffer_number(&text, interval);
	wc_buffer_text(&text, "\n");
	print(&text, section);
	sum = text.failed ? 0 : digest(&text);
	wc_buffer_free(&text);
	return sum;
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

void wc_section_look(struct wc_section_files *files, const struct wc_config_exporter *section)
{
	const struct wc_exporter_options *options = &section->options;
	const char *const paths[WC_SECTION_FILES] = {options->ca, options->certificate,
						     options->key};
	struct stat found;

	*files = (struct wc_section_files){0};
	for (size_t i = 0; i < WC_SECTION_FILES; i++)
		if (paths[i] && !stat(paths[i], &found))
			files->file[i] = (struct wc_section_file){found.st_dev, found.st_ino,
								  found.st_size, found.st_ctim};
}

bool wc_section_files_same(const struct wc_section_files *a, const struct wc_section_files *b)
{
	bool same = true;

	for (size_t i = 0; i < WC_SECTION_FILES; i++) {
		const struct wc_section_file *left = &a->file[i], *right = &b->file[i];

		same &= left->device == right->device && left->number == right->number &&
			left->size == right->size &&
			left->changed.tv_sec == right->changed.tv_sec &&
			left->changed.tv_nsec == right->changed.tv_nsec;
	}
	return same;
}

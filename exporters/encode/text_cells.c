#include "text_cells.h"

#include "buffer.h"

size_t wc_text_width(uint64_t number)
{
	size_t digits = 1;

	while (number >= 10) {
		number /= 10;
		digits++;
	}
	return digits + (digits - 1) / 3;
}

void wc_text_number(struct wc_buffer *buffer, uint64_t number, size_t width)
{
	size_t taken = wc_text_width(number);

	wc_buffer_pad(buffer, buffer->length, width > taken ? width - taken : 0);
	wc_buffer_grouped(buffer, number);
}

void wc_text_word(struct wc_buffer *buffer, const char *word, size_t width)
{
	wc_buffer_format(buffer, "%*s", (int)width, word);
}

void wc_text_event(struct wc_buffer *buffer, uint64_t number, size_t width)
{
	if (number)
		wc_text_number(buffer, number, width);
	else
		wc_text_word(buffer, "-", width);
}

void wc_text_share(struct wc_buffer *buffer, uint64_t part, uint64_t whole)
{
	unsigned tenths = 0;

	/* A part is no more than the whole, but for the rows of a damaged journal. */
	if (part > whole)
		part = whole;
	if (whole)
		tenths = (unsigned)((double)part * 1000.0 / (double)whole + 0.5);
	if (tenths)
		wc_buffer_format(buffer, "%*u.%u%%", WC_TEXT_SHARE_WIDTH - 3, tenths / 10,
				 tenths % 10);
	else
		wc_text_word(buffer, part ? "<0.1%" : "-", WC_TEXT_SHARE_WIDTH);
}

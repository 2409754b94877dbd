#include "ipfix_style.h"

#include "ipfix_stream.h"

unsigned wc_ipfix_style_bits(const struct wc_ipfix_style *style)
{
	return (style->private ? WC_IPFIX_PRIVATE : 0U) | (style->frames ? WC_IPFIX_FRAMES : 0U);
}

void wc_ipfix_style_layout(struct wc_ipfix_layout *layout, enum wc_ipfix_kind kind,
			   const struct wc_ipfix_style *style)
{
	static const unsigned versions[] = {WC_IPFIX_V4, WC_IPFIX_V6};
	static const unsigned ways[] = {WC_IPFIX_SENT, WC_IPFIX_RECEIVED};
	static const unsigned directions[] = {0, WC_IPFIX_DIRECTED};
	unsigned bits = wc_ipfix_style_bits(style);

	layout->kind = kind;
	layout->count = 0;
	layout->options = style->options;
	layout->types = style->types;
	for (unsigned i = 0; i < 4; i++) {
		unsigned low = i & 1, high = i >> 1, *next = &layout->bits[layout->count];

		switch (kind) {
		case WC_IPFIX_CONVERSATIONS:
			*next = versions[low] | directions[high] |
				(style->biflow ? WC_IPFIX_BIFLOW : 0U);
			break;
		case WC_IPFIX_HOSTS:
			*next = versions[low] | ways[high] | bits;
			break;
		case WC_IPFIX_SCANNERS:
			*next = versions[low] | bits;
			break;
		default:
			*next = directions[low] | bits;
		}
		/* Two are enough where the higher bit of the count says nothing. */
		if (!high || kind == WC_IPFIX_CONVERSATIONS || kind == WC_IPFIX_HOSTS)
			layout->count++;
	}
}

#include "escape.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

struct range {
	uint32_t first, last;
};

/*
 * Characters of Unicode that are invisible or change how others are shown:
 * controls, joiners and marks, line separators, embeddings and isolates, the
 * byte order mark, interlinear annotation, tags.
 */
static const struct range unprintable[] = {
	{0x0000, 0x001f}, {0x007f, 0x009f}, {0x00ad, 0x00ad},   {0x061c, 0x061c},
	{0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f},
	{0xfeff, 0xfeff}, {0xfff0, 0xfffb}, {0xe0000, 0xe0fff},
};

static bool printable(uint32_t character)
{
	for (size_t i = 0; i < sizeof(unprintable) / sizeof(*unprintable); i++)
		if (character >= unprintable[i].first && character <= unprintable[i].last)
			return false;
	return true;
}

/*
 * Reads one character of UTF-8 (RFC 3629): no overlong form, no surrogate, none
 * above U+10FFFF. Returns how many bytes it takes, or 0 when they are none.
 */
static size_t decode(const unsigned char *text, uint32_t *character)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = text[0] < 0x80   ? 1
			: text[0] < 0xc0 ? 0
			: text[0] < 0xe0 ? 2
			: text[0] < 0xf0 ? 3
			: text[0] < 0xf8 ? 4
					 : 0;
	uint32_t value = length == 1 ? text[0] : text[0] & (0x7fu >> length);

	/* A NUL is not a continuation, so this never reads past the end. */
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (text[i] & 0x3f);
	}
	if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*character = value;
	return length;
}

static bool plain_json(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

static void add_json_character(struct wc_buffer *buffer, const char *bytes, size_t length,
			       uint32_t character)
{
	if (character == '"' || character == '\\') {
		wc_buffer_add(buffer, "\\", 1);
		wc_buffer_add(buffer, bytes, 1);
	} else if (printable(character) || character > 0xffff) {
		wc_buffer_add(buffer, bytes, length);
	} else {
		wc_buffer_format(buffer, "\\u%04x", (unsigned)character);
	}
}

void wc_escape_json(struct wc_buffer *buffer, const char *text)
{
	wc_buffer_add(buffer, "\"", 1);
	while (*text) {
		size_t length = 0;
		uint32_t character;

		while (plain_json((unsigned char)text[length]))
			length++;
		wc_buffer_add(buffer, text, length);
		text += length;
		if (!*text)
			break;
		length = decode((const unsigned char *)text, &character);
		if (length)
			add_json_character(buffer, text, length, character);
		else
			wc_buffer_text(buffer, "\\ufffd");
		text += length ? length : 1;
	}
	wc_buffer_add(buffer, "\"", 1);
}

void wc_escape_terminal(struct wc_buffer *buffer, const char *text)
{
	while (*text) {
		uint32_t character;
		size_t length = decode((const unsigned char *)text, &character);

		if (length && printable(character)) {
			wc_buffer_add(buffer, text, length);
			text += length;
			continue;
		}
		for (length = length ? length : 1; length; length--)
			wc_buffer_format(buffer, "\\x%02x", (unsigned char)*text++);
	}
}

void wc_escape_label(struct wc_buffer *buffer, const char *text)
{
	while (*text) {
		uint32_t character;
		size_t length = decode((const unsigned char *)text, &character);

		if (length && printable(character)) {
			if (character == '"' || character == '\\')
				wc_buffer_add(buffer, "\\", 1);
			wc_buffer_add(buffer, text, length);
			text += length;
			continue;
		}
		for (length = length ? length : 1; length; length--)
			wc_buffer_format(buffer, "\\\\x%02x", (unsigned char)*text++);
	}
}

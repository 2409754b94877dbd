#include "control_line.h"

#include <stdbool.h>
#include <string.h>

#include "buffer.h"
#include "wirecensus/error.h"

static bool is_plain(unsigned char byte)
{
	return byte > ' ' && byte < 0x7f && byte != '%' && byte != '=';
}

static void add_escaped(struct wc_buffer *line, const char *text)
{
	for (; *text; text++)
		if (is_plain((unsigned char)*text))
			wc_buffer_add(line, text, 1);
		else
			wc_buffer_format(line, "%%%02x", (unsigned char)*text);
}

static void begin_word(struct wc_buffer *line)
{
	if (line->length)
		wc_buffer_add(line, " ", 1);
}

void wc_control_line_add(struct wc_buffer *line, const char *word)
{
	begin_word(line);
	add_escaped(line, word);
}

void wc_control_line_set(struct wc_buffer *line, const char *name, const char *value)
{
	begin_word(line);
	wc_buffer_text(line, name);
	wc_buffer_add(line, "=", 1);
	add_escaped(line, value);
}

/* Returns the value of a hexadecimal digit, or -1. */
static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Replaces each %HH in @text, which never grows by it. Returns false for any other %, and for %00.
 */
static bool unescape(char *text)
{
	char *to = text;

	while (*text) {
		int high, low;

		if (*text != '%') {
			*to++ = *text++;
			continue;
		}
		high = digit(text[1]);
		low = high < 0 ? -1 : digit(text[2]);
		if (low < 0 || !(high | low))
			return false;
		*to++ = (char)(high << 4 | low);
		text += 3;
	}
	*to = '\0';
	return true;
}

static int bad_escape(struct wc_error *error)
{
	return wc_error_set(error, WC_INVALID,
			    "a request has a %% without the two hexadecimal digits of a byte");
}

static int take_setting(struct wc_control_line *line, char *word, char *equals,
			struct wc_error *error)
{
	size_t number = line->setting_count;

	if (number == WC_CONTROL_SETTINGS)
		return wc_error_set(error, WC_INVALID, "a request has at most %d settings",
				    WC_CONTROL_SETTINGS);
	*equals = '\0';
	if (!unescape(word) || !unescape(equals + 1))
		return bad_escape(error);
	line->settings[number].name = word;
	line->settings[number].value = equals + 1;
	line->setting_count++;
	return WC_OK;
}

static int take_word(struct wc_control_line *line, char *word, struct wc_error *error)
{
	char *equals = strchr(word, '=');

	if (equals)
		return take_setting(line, word, equals, error);
	if (line->word_count == WC_CONTROL_WORDS)
		return wc_error_set(error, WC_INVALID, "a request has at most %d words",
				    WC_CONTROL_WORDS);
	if (!unescape(word))
		return bad_escape(error);
	line->words[line->word_count++] = word;
	return WC_OK;
}

static bool is_text(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)bytes[i] < ' ' || bytes[i] == 0x7f)
			return false;
	return true;
}

int wc_control_line_read(struct wc_control_line *line, const char *bytes, size_t length,
			 struct wc_error *error)
{
	char *rest = line->text, *word;
	int status = WC_OK;

	line->word_count = line->setting_count = 0;
	if (length >= sizeof(line->text))
		return wc_error_set(error, WC_INVALID, "a request is longer than %d bytes",
				    WC_CONTROL_LINE);
	if (!is_text(bytes, length))
		return wc_error_set(error, WC_INVALID,
				    "a request is a line of text, and this has "
				    "control characters");
	memcpy(line->text, bytes, length);
	line->text[length] = '\0';
	while (!status && (word = strsep(&rest, " ")))
		if (*word)
			status = take_word(line, word, error);
	if (!status && !line->word_count)
		return wc_error_set(error, WC_INVALID, "a request begins with a verb");
	return status;
}

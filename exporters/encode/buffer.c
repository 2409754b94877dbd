#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define SIZE_MIN_BYTES 4096

void wc_buffer_free(struct wc_buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct wc_buffer){0};
}

void wc_buffer_clear(struct wc_buffer *buffer)
{
	buffer->length = 0;
	buffer->failed = false;
}

bool wc_buffer_grow(struct wc_buffer *buffer, size_t more)
{
	size_t size = buffer->size ? buffer->size : SIZE_MIN_BYTES;
	char *data;

	if (buffer->failed)
		return false;
	while (size - buffer->length <= more && size <= SIZE_MAX / 2)
		size *= 2;
	data = size - buffer->length <= more ? NULL : realloc(buffer->data, size);
	if (!data) {
		buffer->failed = true;
		return false;
	}
	buffer->data = data;
	buffer->size = size;
	return true;
}

/* Writes digits from the end of @text backwards; returns where they begin. */
static char *digits(char text[static WC_NUMBER_MAX], uint64_t number)
{
	char *at = text + WC_NUMBER_MAX;

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	return at;
}

void wc_buffer_number(struct wc_buffer *buffer, uint64_t number)
{
	char text[WC_NUMBER_MAX];
	const char *at = digits(text, number);

	wc_buffer_add(buffer, at, (size_t)(text + WC_NUMBER_MAX - at));
}

void wc_buffer_grouped(struct wc_buffer *buffer, uint64_t number)
{
	char text[WC_NUMBER_MAX];
	const char *at = digits(text, number);
	size_t left = (size_t)(text + WC_NUMBER_MAX - at);

	while (left) {
		size_t group = left % 3 ? left % 3 : 3;

		wc_buffer_add(buffer, at, group);
		at += group;
		left -= group;
		if (left)
			wc_buffer_add(buffer, ",", 1);
	}
}

void wc_buffer_count(struct wc_buffer *buffer, const char *label, uint64_t count)
{
	wc_buffer_text(buffer, label);
	wc_buffer_grouped(buffer, count);
}

static void add_thousandths(struct wc_buffer *buffer, uint64_t thousandths)
{
	const char decimals[] = {'.', (char)('0' + thousandths / 100 % 10),
				 (char)('0' + thousandths / 10 % 10),
				 (char)('0' + thousandths % 10)};

	wc_buffer_number(buffer, thousandths / 1000);
	wc_buffer_add(buffer, decimals, sizeof(decimals));
}

void wc_buffer_seconds(struct wc_buffer *buffer, int64_t ns)
{
	uint64_t ms = (ns < 0 ? -(uint64_t)ns : (uint64_t)ns) / 1000000;

	if (ns < 0 && ms)
		wc_buffer_add(buffer, "-", 1);
	add_thousandths(buffer, ms);
}

void wc_buffer_tenths(struct wc_buffer *buffer, double number)
{
	uint64_t tenths = wc_rounded(number * 10);

	wc_buffer_grouped(buffer, tenths / 10);
	wc_buffer_format(buffer, ".%u", (unsigned)(tenths % 10));
}

void wc_buffer_decimal(struct wc_buffer *buffer, double number)
{
	add_thousandths(buffer, wc_rounded(number * 1000));
}

void wc_buffer_format(struct wc_buffer *buffer, const char *format, ...)
{
	va_list arguments;
	char *text = NULL;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0) {
		buffer->failed = true;
		return;
	}
	wc_buffer_add(buffer, text, (size_t)length);
	free(text);
}

void wc_buffer_pad(struct wc_buffer *buffer, size_t start, size_t width)
{
	while (!buffer->failed && buffer->length - start < width)
		wc_buffer_add(buffer, " ", 1);
}

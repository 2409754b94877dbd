/*
 * complaints.c - what is wrong with the configuration, each with file and line
 */
#include "complaints.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "buffer.h"

/* The longest sentence, its NUL included; a longer one is cut. */
#define SENTENCE 1024

/* What was written by hand may hold anything; a line of a terminal or a log must not. */
static void make_plain(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == '\177')
			*text = '?';
}

/* Makes room for one more. Returns it, or NULL when memory is short. */
static struct wc_complaint *add(struct wc_complaints *complaints)
{
	struct wc_complaint *items =
		realloc(complaints->items, (complaints->count + 1) * sizeof(*items));
	char *sentence = items ? malloc(SENTENCE) : NULL;

	if (items)
		complaints->items = items;
	if (!sentence) {
		complaints->failed = true;
		return NULL;
	}
	items[complaints->count].sentence = sentence;
	return &items[complaints->count++];
}

void wc_complain(struct wc_complaints *complaints, struct wc_mark mark, const char *format, ...)
{
	struct wc_complaint *complaint;
	va_list ap;

	if (complaints->count == WC_COMPLAINTS_MAX) {
		complaints->more++;
		return;
	}
	complaint = add(complaints);
	if (!complaint)
		return;
	complaint->mark = mark;
	va_start(ap, format);
	vsnprintf(complaint->sentence, SENTENCE, format, ap);
	va_end(ap);
	make_plain(complaint->sentence);
}

/* True if @a is to be told before @b. */
static bool before(const struct wc_mark *a, const struct wc_mark *b)
{
	return a->file != b->file ? a->file->number < b->file->number : a->line < b->line;
}

/* By insertion, which keeps the order of what stands on one line. */
static void sort(struct wc_complaints *complaints)
{
	struct wc_complaint *items = complaints->items;

	for (size_t i = 1; i < complaints->count; i++) {
		struct wc_complaint moved = items[i];
		size_t to = i;

		for (; to > 0 && before(&moved.mark, &items[to - 1].mark); to--)
			items[to] = items[to - 1];
		items[to] = moved;
	}
}

void wc_complaints_write(struct wc_complaints *complaints, struct wc_buffer *out)
{
	sort(complaints);
	for (size_t i = 0; i < complaints->count; i++) {
		const struct wc_complaint *complaint = &complaints->items[i];

		wc_buffer_format(out, "%s:%u: %s\n", complaint->mark.file->path,
				 complaint->mark.line, complaint->sentence);
	}
	if (complaints->more)
		wc_buffer_format(out, "%zu more are not shown\n", complaints->more);
}

void wc_complaints_free(struct wc_complaints *complaints)
{
	for (size_t i = 0; i < complaints->count; i++)
		free(complaints->items[i].sentence);
	free(complaints->items);
	*complaints = (struct wc_complaints){0};
}

#include "meter.h"

#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "escape.h"

#define FIRST_NS       1000000000 /* a shorter reading needs no bar */
#define AGAIN_NS       200000000
#define BAR_WIDTH      20
#define NAME_MAX_WIDTH 30 /* a longer name is left out: the line must fit a terminal */

#define ERASE "\r\033[K"

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Progress is no result: where it cannot be written, it is not. */
static void draw(const struct wc_buffer *line)
{
	ssize_t written = line->failed ? 0 : write(STDERR_FILENO, line->data, line->length);

	(void)written;
}

void wc_meter_begin(struct wc_meter *meter, const char *name)
{
	*meter = (struct wc_meter){
		.name = name,
		.next_ns = now_ns() + FIRST_NS,
		.terminal = isatty(STDERR_FILENO),
	};
}

static void add_megabytes(struct wc_buffer *line, uint64_t bytes)
{
	wc_buffer_grouped(line, bytes / 1000000);
	wc_buffer_text(line, " MB");
}

static void add_bar(struct wc_buffer *line, uint64_t done, uint64_t all)
{
	unsigned per_cent = (unsigned)((double)done * 100 / (double)all);

	wc_buffer_format(line, "%3u %% [", per_cent);
	for (unsigned i = 0; i < BAR_WIDTH; i++)
		wc_buffer_text(line, i * 100 < per_cent * BAR_WIDTH ? "#" : " ");
	wc_buffer_text(line, "] ");
}

void wc_meter_update(struct wc_meter *meter, uint64_t done, uint64_t all)
{
	struct wc_buffer line = {0};
	size_t length;

	if (!meter->terminal || now_ns() < meter->next_ns)
		return;
	meter->next_ns = now_ns() + AGAIN_NS;
	wc_buffer_text(&line, ERASE);
	if (all)
		add_bar(&line, done < all ? done : all, all);
	add_megabytes(&line, done);
	if (all) {
		wc_buffer_text(&line, " of ");
		add_megabytes(&line, all);
	}
	length = line.length;
	wc_buffer_text(&line, " ");
	wc_escape_terminal(&line, meter->name);
	if (line.length - length > NAME_MAX_WIDTH)
		line.length = length;
	draw(&line);
	wc_buffer_free(&line);
	meter->drawn = true;
}

void wc_meter_say(struct wc_meter *meter, const char *text)
{
	struct wc_buffer line = {0};

	if (!meter->terminal)
		return;
	wc_buffer_text(&line, ERASE);
	wc_escape_terminal(&line, text);
	draw(&line);
	wc_buffer_free(&line);
	meter->drawn = true;
}

void wc_meter_end(struct wc_meter *meter)
{
	struct wc_buffer line = {0};

	if (!meter->drawn)
		return;
	wc_buffer_text(&line, ERASE);
	draw(&line);
	wc_buffer_free(&line);
	meter->drawn = false;
}

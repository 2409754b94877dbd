#include "log.h"

#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "escape.h"

#define PLACES   128 /* more of them share the last one's allowance */
#define LINES    5   /* of one place in a span */
#define SPAN_S   10
#define TEXT_MAX 2048

struct place {
	const char *format;
	time_t began; /* the span, by CLOCK_MONOTONIC */
	unsigned said, left_out;
};

/* One for the process, as standard error is. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct place places[PLACES];
static bool levels; /* standard error is the system's journal */

/* $JOURNAL_STREAM is DEVICE:INODE of the stream that leads there, as in systemd.exec(5). */
void wc_log_begin(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	struct stat err;
	char *inode;

	if (!stream || fstat(STDERR_FILENO, &err))
		return;
	levels = strtoull(stream, &inode, 10) == err.st_dev && *inode == ':' &&
		 strtoull(inode + 1, NULL, 10) == err.st_ino;
}

static struct place *find(const char *format)
{
	struct place *place = places;

	while (place->format && place->format != format && place < &places[PLACES - 1])
		place++;
	if (!place->format)
		place->format = format;
	return place;
}

/* Counts a line of @place. Returns false when it is to be left out. */
static bool allowed(struct place *place, unsigned *left_out)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	*left_out = 0;
	if (!place->said || now.tv_sec - place->began >= SPAN_S) {
		*left_out = place->left_out;
		*place = (struct place){.format = place->format, .began = now.tv_sec};
	}
	if (place->said >= LINES) {
		place->left_out++;
		return false;
	}
	place->said++;
	return true;
}

/* Waits for nobody. A pipe that has room at all has room for PIPE_BUF bytes. */
static void put(const struct wc_buffer *line)
{
	struct pollfd fd = {.fd = STDERR_FILENO, .events = POLLOUT};

	if (poll(&fd, 1, 0) > 0 && (fd.revents & POLLOUT) &&
	    write(STDERR_FILENO, line->data, line->length) < 0)
		return; /* there is nowhere to tell */
}

static void write_line(enum wc_log_level level, const char *text, unsigned left_out)
{
	struct wc_buffer line = {0};

	if (levels)
		wc_buffer_format(&line, "<%d>", (int)level);
	wc_buffer_text(&line, "wirecensus: ");
	wc_escape_terminal(&line, text);
	if (left_out)
		wc_buffer_format(&line, " (%u more of these were left out)", left_out);
	wc_buffer_text(&line, "\n");
	put(&line);
	wc_buffer_free(&line);
}

void wc_log(enum wc_log_level level, const char *format, ...)
{
	char text[TEXT_MAX];
	unsigned left_out;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	pthread_mutex_lock(&lock);
	if (allowed(find(format), &left_out))
		write_line(level, text, left_out);
	pthread_mutex_unlock(&lock);
}

void wc_log_lines(enum wc_log_level level, const char *prefix, const char *text)
{
	pthread_mutex_lock(&lock);
	while (*text) {
		int length = (int)strcspn(text, "\n");
		char line[TEXT_MAX];

		snprintf(line, sizeof(line), "%s%.*s", prefix, length, text);
		write_line(level, line, 0);
		text += length + (text[length] == '\n');
	}
	pthread_mutex_unlock(&lock);
}

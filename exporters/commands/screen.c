#include "screen.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "buffer.h"

#define HOME         "\033[H"
#define CLEAR_LINE   "\033[K" /* to its end */
#define CLEAR_BELOW  "\033[J"
#define WRAP_OFF     "\033[?7l" /* a line that is too long is cut by the terminal */
#define WRAP_ON      "\033[?7h"
#define HEIGHT_USUAL 24

bool wc_screen_possible(void)
{
	const char *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && terminal && *terminal && strcmp(terminal, "dumb") != 0;
}

size_t wc_screen_height(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row)
		return HEIGHT_USUAL;
	return size.ws_row;
}

static size_t count_lines(const char *at, const char *end)
{
	size_t lines = 0;

	for (; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
		lines++;
	return lines;
}

/* Lines are overwritten one by one, and cleared behind their end, so that nothing flickers. */
void wc_screen_draw(struct wc_buffer *out, const struct wc_buffer *text, size_t height)
{
	const char *at = text->data;
	const char *end = at + text->length;
	size_t lines = count_lines(at, end);
	size_t shown = lines < height ? lines : height - 1; /* one is for the cursor */

	wc_buffer_text(out, HOME WRAP_OFF);
	for (size_t i = 0; i < shown && at < end; i++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		if (!newline)
			break;
		wc_buffer_add(out, at, (size_t)(newline - at));
		wc_buffer_text(out, CLEAR_LINE "\n");
		at = newline + 1;
	}
	wc_buffer_text(out, CLEAR_BELOW);
	if (shown < lines)
		wc_buffer_format(
			out, "... lines not shown: %zu (a higher window or a smaller --top helps)",
			lines - shown);
	wc_buffer_text(out, WRAP_ON);
}

void wc_screen_leave(struct wc_buffer *out)
{
	wc_buffer_text(out, "\r" CLEAR_LINE);
}

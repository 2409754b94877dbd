#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "escape.h"
#include "wirecensus/error.h"

void wc_output_prepare(void)
{
	/* Opened the wrong way round; open(2) takes the lowest free number. */
	static const int modes[] = {
		[STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_RDONLY};

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", modes[fd]);
}

/* Writes @length bytes, also to a descriptor that does not block. Returns 0 or an errno. */
static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(fd, bytes, length);

		if (written >= 0) {
			bytes += written;
			length -= (size_t)written;
		} else if (errno == EAGAIN) {
			poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
		} else if (errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

int wc_output_write(const struct wc_buffer *buffer, struct wc_error *error)
{
	int reason;

	if (buffer->failed)
		return wc_error_no_memory(error, "to print the census");
	reason = write_all(STDOUT_FILENO, buffer->data, buffer->length);
	if (reason == EPIPE)
		return wc_error_set(error, WC_FAILED, "%s", "");
	if (reason)
		return wc_error_set(error, WC_FAILED,
				    "cannot write to standard output, which is incomplete: %s",
				    strerror(reason));
	return WC_OK;
}

void wc_output_complain(const struct wc_error *error)
{
	struct wc_buffer line = {0};

	if (!*error->text)
		return;
	wc_buffer_text(&line, "wirecensus: ");
	wc_escape_terminal(&line, error->text);
	wc_buffer_text(&line, "\n");
	write_all(STDERR_FILENO, line.data, line.length);
	wc_buffer_free(&line);
}

void wc_output_explain(const char *text)
{
	struct wc_buffer lines = {0};

	while (*text) {
		size_t length = strcspn(text, "\n");
		char *line = strndup(text, length);

		if (line) {
			wc_escape_terminal(&lines, line);
			wc_buffer_text(&lines, "\n");
		}
		free(line);
		text += length + (text[length] == '\n');
	}
	write_all(STDERR_FILENO, lines.data, lines.length);
	wc_buffer_free(&lines);
}

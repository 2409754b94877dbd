#include "ask.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "buffer.h"
#include "command.h"
#include "output.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* How long the daemon may be silent: dump files take a while to be written. */
#define PATIENCE_MS 60000

/* The longest first line of an answer: a sentence, each byte of it escaped. */
#define HEAD_MAX (4 * WC_ERROR_SIZE + 64)

#define PIECE 65536

static int no_daemon(const char *path, struct wc_error *error)
{
	if (errno == EACCES || errno == EPERM)
		return wc_error_set(error, WC_FAILED,
				    "you may not ask the daemon at '%s': run this as root, or as a "
				    "member of its group",
				    path);
	return wc_error_set(
		error, WC_FAILED,
		"no daemon answers at '%s' (%m): start it with 'wirecensus daemon', or name "
		"its socket by --control",
		path);
}

/* Returns a connected socket, or -1. */
static int dial(const char *path, struct wc_error *error)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = -1;

	if (strlen(path) >= sizeof(address.sun_path)) {
		wc_error_set(error, WC_INVALID,
			     "--control: '%s' is longer than a socket's path, %zu", path,
			     sizeof(address.sun_path) - 1);
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	no_daemon(path, error);
	if (fd >= 0)
		close(fd);
	return -1;
}

static int send_line(int fd, const struct wc_buffer *line, struct wc_error *error)
{
	struct wc_buffer text = {0};
	size_t at = 0;

	wc_buffer_add(&text, line->data, line->length);
	wc_buffer_text(&text, "\n");
	if (line->failed || text.failed) {
		wc_buffer_free(&text);
		return wc_error_no_memory(error, "to ask the daemon");
	}
	while (at < text.length) {
		ssize_t sent = send(fd, text.data + at, text.length - at, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			break; /* it may have answered already why it wants no more */
		at += sent > 0 ? (size_t)sent : 0;
	}
	wc_buffer_free(&text);
	return WC_OK;
}

/* Appends what comes next. Returns false, with @error filled in, when nothing more does. */
static bool receive(int fd, struct wc_buffer *answer, struct wc_error *error)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	char piece[PIECE];
	ssize_t got;
	int ready;

	do
		ready = poll(&wait, 1, PATIENCE_MS);
	while (ready < 0 && errno == EINTR);
	if (!ready) {
		wc_error_set(error, WC_FAILED, "the daemon has not answered for %d s",
			     PATIENCE_MS / 1000);
		return false;
	}
	got = recv(fd, piece, sizeof(piece), 0);
	if (got <= 0) {
		wc_error_set(error, WC_FAILED, "the daemon broke off its answer: ask again");
		return false;
	}
	wc_buffer_add(answer, piece, (size_t)got);
	if (answer->failed)
		wc_error_no_memory(error, "for the answer");
	return !answer->failed;
}

/* What the first line of an answer says. */
struct head {
	int code;
	unsigned long long bytes; /* that follow */
	const char *sentence;     /* NULL: none */
};

/* Steps over @word and a blank. */
static bool skip_word(const char **line, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*line, word, length) != 0 || (*line)[length] != ' ')
		return false;
	*line += length + 1;
	return true;
}

/* Reads a number, and steps over it and the blank behind it. */
static bool take_number(const char **line, unsigned long long most, unsigned long long *number)
{
	char *end;

	if (!isdigit((unsigned char)**line))
		return false;
	*number = strtoull(*line, &end, 10);
	if (*number > most || (*end && *end != ' '))
		return false;
	*line = *end ? end + 1 : end;
	return true;
}

static bool read_head(struct head *head, const char *line)
{
	unsigned long long code = 0;
	bool error;

	*head = (struct head){0};
	if (skip_word(&line, "OK"))
		return take_number(&line, SIZE_MAX, &head->bytes);
	error = skip_word(&line, "ERROR");
	if (!error && !skip_word(&line, "TROUBLE"))
		return false;
	if (!take_number(&line, UINT8_MAX, &code))
		return false;
	head->code = (int)code;
	if (!error)
		return take_number(&line, SIZE_MAX, &head->bytes);
	head->sentence = line;
	return *line != '\0';
}

/* Receives the first line; what came behind it is left in @rest. */
static int receive_head(int fd, struct head *head, struct wc_buffer *line, struct wc_buffer *rest,
			struct wc_error *error)
{
	char *end = NULL;

	while (!end) {
		if (line->length > HEAD_MAX)
			return wc_error_set(error, WC_FAILED,
					    "what answers is not a daemon of ours");
		if (!receive(fd, line, error))
			return WC_FAILED;
		end = memchr(line->data, '\n', line->length);
	}
	*end = '\0';
	if (!read_head(head, line->data))
		return wc_error_set(error, WC_FAILED, "what answers is not a daemon of ours");
	wc_buffer_add(rest, end + 1, line->length - (size_t)(end + 1 - line->data));
	return WC_OK;
}

/* Receives the whole answer. Returns the exit code. */
static int receive_answer(int fd, struct wc_buffer *body, struct wc_error *error)
{
	struct wc_buffer line = {0};
	struct head head = {0};
	int code = WC_EXIT_FAILED;

	if (!receive_head(fd, &head, &line, body, error)) {
		code = head.code;
		if (head.sentence)
			wc_error_set(error, WC_FAILED, "%s", head.sentence);
		else
			*error->text = '\0';
	}
	while (!*error->text && body->length < head.bytes && !body->failed)
		if (!receive(fd, body, error))
			code = WC_EXIT_FAILED;
	wc_buffer_free(&line);
	return code;
}

int wc_ask(const struct wc_options *options, const struct wc_buffer *line, struct wc_buffer *body,
	   struct wc_error *error)
{
	int fd = dial(options->control, error), code = WC_EXIT_FAILED;

	*body = (struct wc_buffer){0};
	if (fd < 0)
		return strlen(options->control) < sizeof(((struct sockaddr_un *)0)->sun_path)
			       ? WC_EXIT_FAILED
			       : WC_EXIT_USAGE;
	if (!send_line(fd, line, error)) {
		*error->text = '\0';
		code = receive_answer(fd, body, error);
	}
	close(fd);
	return code;
}

/* Asks and prints; bad news to standard error if @aside. */
static int ask(const struct wc_options *options, struct wc_buffer *line, bool aside)
{
	struct wc_buffer body = {0};
	struct wc_error error = {.text = ""};
	int code = wc_ask(options, line, &body, &error);

	if (*error.text) {
		wc_output_complain(&error);
	} else if (code && aside) {
		wc_buffer_add(&body, "", 1);
		if (!body.failed)
			wc_output_explain(body.data);
	} else if (wc_output_write(&body, &error)) {
		wc_output_complain(&error);
		code = WC_EXIT_FAILED;
	}
	wc_buffer_free(line);
	wc_buffer_free(&body);
	return code;
}

int wc_ask_and_print(const struct wc_options *options, struct wc_buffer *line)
{
	return ask(options, line, false);
}

int wc_ask_and_tell(const struct wc_options *options, struct wc_buffer *line)
{
	return ask(options, line, true);
}

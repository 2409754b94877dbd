/*
 * fuzz_answer.c - any bytes as what a daemon answers on its control socket, to both who ask
 *
 * What is taken for an answer is not longer than what came.
 */
#undef NDEBUG
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ask.h"
#include "buffer.h"
#include "daemon_ask.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/fuzz-answer-XXXXXX";
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static int listener;

/* The bytes of the answer that is given next: set before who asks connects. */
static const uint8_t *answer;
static size_t answer_size;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Reads the question, a line, and answers. */
static void answer_one(int connection)
{
	char byte = 0;
	size_t sent = 0;
	ssize_t now = 1;

	while (byte != '\n' && recv(connection, &byte, 1, 0) == 1)
		;
	pthread_mutex_lock(&lock);
	for (; sent < answer_size && now > 0; sent += now > 0 ? (size_t)now : 0)
		now = send(connection, answer + sent, answer_size - sent, MSG_NOSIGNAL);
	pthread_mutex_unlock(&lock);
}

static void *serve(void *unused)
{
	for (;;) {
		int connection = accept(listener, NULL, NULL);

		if (connection < 0)
			return unused;
		answer_one(connection);
		close(connection);
	}
}

static void remove_socket(void)
{
	unlink(address.sun_path);
	rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	pthread_t thread;

	(void)argc;
	(void)argv;
	assert(mkdtemp(folder));
	atexit(remove_socket);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/s", folder);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert(!bind(listener, (const struct sockaddr *)&address, sizeof(address)));
	assert(!listen(listener, 8));
	assert(!pthread_create(&thread, NULL, serve, NULL));
	pthread_detach(thread);
	return 0;
}

static void ask_for_plugin(size_t size)
{
	struct wc_error error = {""};
	uint8_t *bytes;
	size_t got;

	if (wc_daemon_ask(address.sun_path, "wan", -1, &bytes, &got, &error)) {
		assert(error.text[0]);
		return;
	}
	assert(got <= size);
	free(bytes);
}

static void ask_for_command(size_t size)
{
	struct wc_options options = {.control = address.sun_path};
	struct wc_buffer line = {0}, body = {0};
	struct wc_error error = {""};

	wc_buffer_text(&line, "status");
	assert(wc_ask(&options, &line, &body, &error) <= UINT8_MAX);
	assert(body.length <= size);
	wc_buffer_free(&line);
	wc_buffer_free(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pthread_mutex_lock(&lock);
	answer = data;
	answer_size = size;
	pthread_mutex_unlock(&lock);
	ask_for_plugin(size);
	ask_for_command(size);
	/* Nobody looks at the bytes any more. */
	pthread_mutex_lock(&lock);
	answer_size = 0;
	pthread_mutex_unlock(&lock);
	return 0;
}

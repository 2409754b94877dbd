#include "line.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "wirecensus/error.h"
#include "wirecensus/thread.h"

struct wc_line_plan {
	const struct wc_line_calls *calls;
	void *settings;
	atomic_uint holders; /* its owner, and each line */
};

struct message {
	struct message *next;
	size_t length;
	char bytes[];
};

struct wc_line {
	struct wc_line_plan *plan;
	int event;
	atomic_uint holders; /* the thread and its user */
	pthread_mutex_t lock;
	pthread_cond_t changed;

	/* Under the lock: */
	enum wc_line_state state;
	bool left;
	struct message *first, **last;
	size_t messages, bytes; /* that wait */
	uint64_t sent;
	struct wc_error error; /* why it is down */
};

struct wc_line_plan *wc_line_plan_new(const struct wc_line_calls *calls, void *settings)
{
	struct wc_line_plan *plan = calloc(1, sizeof(*plan));

	if (!plan)
		return NULL;
	plan->calls = calls;
	plan->settings = settings;
	atomic_init(&plan->holders, 1);
	return plan;
}

void wc_line_plan_free(struct wc_line_plan *plan)
{
	if (!plan || atomic_fetch_sub(&plan->holders, 1) != 1)
		return;
	plan->calls->free(plan->settings);
	free(plan);
}

/* Frees @line when the thread and the user have both let it go. */
static void let_go(struct wc_line *line)
{
	if (atomic_fetch_sub(&line->holders, 1) != 1)
		return;
	while (line->first) {
		struct message *next = line->first->next;

		free(line->first);
		line->first = next;
	}
	pthread_cond_destroy(&line->changed);
	pthread_mutex_destroy(&line->lock);
	close(line->event);
	free(line);
}

/* With the lock held. Waits for a message; NULL: the line was left. */
static struct message *next_message(struct wc_line *line)
{
	struct message *message;

	while (!line->left && !line->first)
		pthread_cond_wait(&line->changed, &line->lock);
	if (line->left)
		return NULL;
	message = line->first;
	line->first = message->next;
	if (!line->first)
		line->last = &line->first;
	line->messages--;
	line->bytes -= message->length;
	return message;
}

/* Tells the user. Fails only when so much is untold that one more does not matter. */
static void tell(const struct wc_line *line)
{
	eventfd_write(line->event, 1);
}

/* Takes the lock only for what is under it, never during a call. */
static void send_all(struct wc_line *line, void *connection)
{
	struct message *message;
	struct wc_error error = {""};
	int status = WC_OK;

	pthread_mutex_lock(&line->lock);
	line->state = WC_LINE_UP;
	tell(line);
	while (!status && (message = next_message(line))) {
		pthread_mutex_unlock(&line->lock);
		status = line->plan->calls->send(connection, message->bytes, message->length,
						 &error);
		free(message);
		pthread_mutex_lock(&line->lock);
		line->sent += !status;
		tell(line);
	}
	line->state = WC_LINE_DOWN;
	line->error = error;
	tell(line);
	pthread_mutex_unlock(&line->lock);
}

static void *run(void *arg)
{
	struct wc_line *line = arg;
	struct wc_line_plan *plan = line->plan;
	struct wc_error error = {""};
	void *connection = plan->calls->connect(plan->settings, &error);

	if (connection) {
		send_all(line, connection);
		plan->calls->disconnect(connection);
	} else {
		pthread_mutex_lock(&line->lock);
		line->state = WC_LINE_DOWN;
		line->error = error;
		tell(line);
		pthread_mutex_unlock(&line->lock);
	}
	let_go(line);
	wc_line_plan_free(plan);
	return NULL;
}

/* Nobody ever waits for the thread, in which SIGPIPE stays blocked. */
static int start(struct wc_line *line)
{
	pthread_t thread;
	int status = wc_thread_start(&thread, run, line);

	if (!status)
		pthread_detach(thread);
	return status;
}

static struct wc_line *make(struct wc_line_plan *plan)
{
	struct wc_line *line = calloc(1, sizeof(*line));

	if (!line)
		return NULL;
	line->plan = plan;
	line->last = &line->first;
	line->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (line->event < 0) {
		free(line);
		return NULL;
	}
	pthread_mutex_init(&line->lock, NULL);
	pthread_cond_init(&line->changed, NULL);
	atomic_init(&line->holders, 2);
	return line;
}

struct wc_line *wc_line_new(struct wc_line_plan *plan, struct wc_error *error)
{
	struct wc_line *line;
	int status;

	if (atomic_load(&plan->holders) > WC_LINE_MOST) {
		wc_error_set(error, WC_FAILED,
			     "earlier connections still hang in the library; check the collector");
		return NULL;
	}
	line = make(plan);
	status = errno;
	if (line) {
		atomic_fetch_add(&plan->holders, 1);
		status = start(line);
	}
	if (line && !status)
		return line;
	if (line) {
		let_go(line);
		let_go(line);
		wc_line_plan_free(plan);
	}
	wc_error_set(error, WC_FAILED,
		     "a thread for the connection could not be started: %s; give the program more "
		     "memory and descriptors",
		     strerror(status));
	return NULL;
}

void wc_line_leave(struct wc_line *line)
{
	if (!line)
		return;
	pthread_mutex_lock(&line->lock);
	line->left = true;
	pthread_cond_signal(&line->changed);
	pthread_mutex_unlock(&line->lock);
	let_go(line);
}

int wc_line_fd(const struct wc_line *line)
{
	return line->event;
}

bool wc_line_add(struct wc_line *line, const void *message, size_t length)
{
	struct message *copy = NULL;

	pthread_mutex_lock(&line->lock);
	if (line->messages < WC_LINE_MESSAGES && length <= WC_LINE_BYTES - line->bytes)
		copy = malloc(sizeof(*copy) + length);
	if (copy) {
		copy->next = NULL;
		copy->length = length;
		memcpy(copy->bytes, message, length);
		*line->last = copy;
		line->last = &copy->next;
		line->messages++;
		line->bytes += length;
		pthread_cond_signal(&line->changed);
	}
	pthread_mutex_unlock(&line->lock);
	return copy != NULL;
}

enum wc_line_state wc_line_look(struct wc_line *line, uint64_t *sent, struct wc_error *error)
{
	enum wc_line_state state;
	eventfd_t told;

	eventfd_read(line->event, &told);
	pthread_mutex_lock(&line->lock);
	state = line->state;
	*sent = line->sent;
	if (state == WC_LINE_DOWN && error)
		*error = line->error;
	pthread_mutex_unlock(&line->lock);
	return state;
}

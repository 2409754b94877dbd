/*
 * The thread sleeps in ppoll(2) for what the exporter waits for and for an eventfd, by
 * which others wake it. A second eventfd says that it has ended: a join would wait
 * for as long as a library hangs.
 */
#include "runner.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "delivery.h"
#include "exporter.h"
#include "wirecensus/error.h"
#include "wirecensus/thread.h"
#include "world.h"

#define NS UINT64_C(1000000000)

struct wc_runner {
	struct wc_exporter *exporter;
	pthread_t thread;
	int wake, ended;        /* eventfds */
	_Atomic uint64_t until; /* steady ns: asked to end by then; 0: not asked */
};

static uint64_t now(void)
{
	return wc_world_real.steady(NULL);
}

static void signal_event(int event)
{
	const uint64_t one = 1;

	/* Fails only when the counter is full: then it is signalled already. */
	if (write(event, &one, sizeof(one)) < 0)
		return;
}

/* Polls until @deadline_ns at the latest. */
static void wait_for(struct pollfd *fds, size_t count, uint64_t deadline_ns)
{
	uint64_t now_ns = now(), left_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
	struct timespec left = {(time_t)(left_ns / NS), (long)(left_ns % NS)};

	ppoll(fds, count, deadline_ns == UINT64_MAX ? NULL : &left, NULL);
}

/* True when nothing more can be delivered before @until. */
static bool is_over(struct wc_exporter *exporter, uint64_t until, uint64_t next_ns)
{
	struct wc_exporter_status status;

	wc_exporter_status(exporter, &status);
	return now() >= until || status.condition == WC_EXPORTER_IDLE ||
	       (status.condition == WC_EXPORTER_WAITING && next_ns >= until);
}

static void *run(void *arg)
{
	struct wc_runner *runner = arg;
	struct pollfd fds[WC_DELIVERY_FDS + 1];
	uint64_t events, deadline_ns, until;

	for (;;) {
		/* Asked first, so that an end comes after a step that saw all there was. */
		until = atomic_load(&runner->until);
		size_t count = wc_exporter_step(runner->exporter, fds, &deadline_ns);

		if (until && is_over(runner->exporter, until, deadline_ns))
			break;
		if (until && until < deadline_ns)
			deadline_ns = until;
		fds[count] = (struct pollfd){.fd = runner->wake, .events = POLLIN};
		wait_for(fds, count + 1, deadline_ns);
		if (fds[count].revents && read(runner->wake, &events, sizeof(events)) < 0)
			continue;
	}
	wc_exporter_stop(runner->exporter);
	signal_event(runner->ended);
	return NULL;
}

static void free_runner(struct wc_runner *runner)
{
	if (runner->wake >= 0)
		close(runner->wake);
	if (runner->ended >= 0)
		close(runner->ended);
	free(runner);
}

int wc_runner_start(struct wc_runner **out, struct wc_exporter *exporter, struct wc_error *error)
{
	struct wc_runner *runner = calloc(1, sizeof(*runner));
	int reason;

	*out = NULL;
	if (!runner)
		return wc_error_no_memory(error, "for an exporter");
	runner->exporter = exporter;
	runner->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	runner->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (runner->wake < 0 || runner->ended < 0) {
		free_runner(runner);
		return wc_error_set(error, WC_FAILED,
				    "there are too many open files for another exporter: "
				    "raise the limit (LimitNOFILE=)");
	}
	reason = wc_thread_start(&runner->thread, run, runner);
	if (reason) {
		free_runner(runner);
		return wc_error_set(error, WC_FAILED, "a thread for an exporter cannot be made: %s",
				    strerror(reason));
	}
	*out = runner;
	return 0;
}

void wc_runner_wake(struct wc_runner *runner)
{
	signal_event(runner->wake);
}

void wc_runner_ask(struct wc_runner *runner, uint64_t deadline_ns)
{
	atomic_store(&runner->until, deadline_ns ? deadline_ns : 1);
	signal_event(runner->wake);
}

bool wc_runner_end(struct wc_runner *runner, uint64_t deadline_ns)
{
	struct pollfd ended = {.fd = runner->ended, .events = POLLIN};

	do
		wait_for(&ended, 1, deadline_ns);
	while (!ended.revents && now() < deadline_ns);
	if (!ended.revents)
		return false;
	pthread_join(runner->thread, NULL);
	free_runner(runner);
	return true;
}

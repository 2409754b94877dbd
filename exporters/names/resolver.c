#include "resolver.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lookups.h"
#include "names_clock.h"
#include "wirecensus/error.h"
#include "wirecensus/thread.h"

/* Milliseconds between two messages; one more, as the clock cuts fractions off. */
#define PACE (1000 / WC_NAMES_PER_SECOND + 1)

struct wc_resolver {
	struct wc_lookups *lookups;
	int wake; /* eventfd */
	atomic_bool stopping;
	pthread_t thread;
};

/* Sends one message if it is time. Returns ms until there is one more to send; -1: none. */
static int send_due(struct wc_lookups *lookups, int64_t *next)
{
	int64_t now = wc_names_clock();

	if (now >= *next && wc_lookups_send(lookups))
		*next = now + PACE;
	if (!wc_lookups_due(lookups))
		return -1;
	now = wc_names_clock();
	return *next > now ? (int)(*next - now) : 0;
}

static void *run(void *arg)
{
	struct wc_resolver *resolver = arg;
	struct pollfd polled[1 + WC_LOOKUPS_SOCKETS];
	int64_t next = 0;
	eventfd_t wakes;

	while (!atomic_load(&resolver->stopping)) {
		int timeout = send_due(resolver->lookups, &next);
		size_t sockets = wc_lookups_gather(resolver->lookups, polled + 1, &timeout);

		polled[0] = (struct pollfd){.fd = resolver->wake, .events = POLLIN};
		if (poll(polled, 1 + sockets, timeout) < 0)
			continue;
		if (polled[0].revents)
			eventfd_read(resolver->wake, &wakes);
		wc_lookups_process(resolver->lookups, polled + 1);
	}
	return NULL;
}

int wc_resolver_start(struct wc_resolver **resolver, struct wc_lookups *lookups,
		      struct wc_error *error)
{
	struct wc_resolver *made = calloc(1, sizeof(*made));
	int status = ENOMEM;

	if (made) {
		made->lookups = lookups;
		made->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		status = made->wake < 0 ? errno : wc_thread_start(&made->thread, run, made);
	}
	if (status) {
		if (made && made->wake >= 0)
			close(made->wake);
		free(made);
		return wc_error_set(error, WC_FAILED,
				    "the thread for reverse names could not be started: %s; give "
				    "the program more memory and descriptors, or leave names out",
				    strerror(status));
	}
	*resolver = made;
	return WC_OK;
}

void wc_resolver_stop(struct wc_resolver *resolver)
{
	if (!resolver)
		return;
	atomic_store(&resolver->stopping, true);
	wc_resolver_wake(resolver);
	pthread_join(resolver->thread, NULL);
	close(resolver->wake);
	free(resolver);
}

void wc_resolver_wake(struct wc_resolver *resolver)
{
	/* Fails only when so many wake-ups are pending that one more does not matter. */
	eventfd_write(resolver->wake, 1);
}

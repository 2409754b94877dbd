/*
 * daemon_loop.c - what the main thread waits for, and what it does then
 *
 * Nothing here blocks, but for the answer of the capture threads at the end of an
 * interval: should one hang, the service manager's watchdog is not fed any more.
 */
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "captures.h"
#include "control.h"
#include "daemon_parts.h"
#include "dump.h"
#include "exhibition.h"
#include "fleet.h"
#include "interval.h"
#include "keeper.h"
#include "log.h"
#include "notify.h"
#include "steady.h"
#include "trigger.h"
#include "world.h"

enum { SIGNALS, TIMER, KEEPER, TRIGGER, OWN_FDS };

static void feed_watchdog(struct wc_daemon *daemon)
{
	daemon->fed_ns = wc_steady_now();
	wc_notify_send(daemon->notify, "WATCHDOG=1");
}

/* Between the ends of long intervals, too, every capture must answer for it. */
static void answer_watchdog(struct wc_daemon *daemon)
{
	wc_captures_answer(daemon->captures);
	feed_watchdog(daemon);
}

void wc_daemon_interval(struct wc_daemon *daemon)
{
	struct wc_interval *interval = wc_captures_take(daemon->captures);

	for (size_t i = 0; interval && i < interval->count; i++)
		wc_dump_count(daemon->dump, interval->snapshots[i]);
	if (interval)
		memcpy(interval->instance, daemon->instance, sizeof(interval->instance));
	if (interval && daemon->exhibition)
		wc_exhibition_take(daemon->exhibition, interval);
	if (interval)
		wc_keeper_hand(daemon->keeper, interval);
	else
		wc_log(WC_LOG_ERROR, "there is no memory for this interval, which goes on");
	if (daemon->watchdog_ns)
		feed_watchdog(daemon); /* every capture has answered */
}

static void end_interval(struct wc_daemon *daemon)
{
	if (wc_steady_now() > daemon->clock.end_ns + daemon->clock.interval_ns / 10) {
		daemon->board.late_intervals++;
		wc_log(WC_LOG_WARNING, "an interval ends %.1f s late",
		       (double)(wc_steady_now() - daemon->clock.end_ns) / 1e9);
	}
	wc_daemon_interval(daemon);
	wc_clock_next(&daemon->clock, wc_steady_now(), wc_world_real.wall(NULL));
	wc_fleet_watch(daemon->fleet);
	wc_daemon_show(daemon);
}

static void take_signal(struct wc_daemon *daemon)
{
	struct signalfd_siginfo signal;

	if (read(daemon->signals, &signal, sizeof(signal)) != sizeof(signal))
		return;
	if (signal.ssi_signo == SIGHUP)
		wc_daemon_reload_logged(daemon);
	else if (signal.ssi_signo == SIGUSR1)
		wc_daemon_dump_logged(daemon);
	else
		daemon->stopping = true;
}

/* Fills in what to wait for; returns how many descriptors, and until when. */
static size_t prepare(struct wc_daemon *daemon, struct pollfd *fds, uint64_t *deadline_ns)
{
	uint64_t deadline = UINT64_MAX, asked = UINT64_MAX;
	size_t count = OWN_FDS;

	fds[SIGNALS] = (struct pollfd){.fd = daemon->signals, .events = POLLIN};
	fds[TIMER] = (struct pollfd){.fd = daemon->timer, .events = POLLIN};
	fds[KEEPER] = (struct pollfd){.fd = wc_keeper_fd(daemon->keeper), .events = POLLIN};
	fds[TRIGGER] = (struct pollfd){.fd = -1};
	if (daemon->trigger)
		wc_trigger_wait(daemon->trigger, &fds[TRIGGER], &deadline);
	if (daemon->control)
		count += wc_control_wait(daemon->control, fds + OWN_FDS, &asked);
	if (asked < deadline)
		deadline = asked;
	if (daemon->clock.end_ns < deadline)
		deadline = daemon->clock.end_ns;
	if (daemon->watchdog_ns && daemon->fed_ns + daemon->watchdog_ns / 3 < deadline)
		deadline = daemon->fed_ns + daemon->watchdog_ns / 3;
	*deadline_ns = deadline;
	return count;
}

/* A timer of the steady clock: poll(2)'s own would sleep through a suspend and go on after it. */
static void set_timer(int timer, uint64_t deadline_ns)
{
	uint64_t due_ns = deadline_ns + 1; /* at 0 it would be stopped */
	struct itimerspec when = {
		.it_value = {(time_t)(due_ns / WC_SECOND_NS), (long)(due_ns % WC_SECOND_NS)},
	};

	timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

/* Those who ask from outside. */
static void answer(struct wc_daemon *daemon)
{
	uint64_t now = wc_steady_now();

	if (daemon->control) {
		wc_daemon_post(daemon);
		wc_control_work(daemon->control, now);
	}
	if (daemon->trigger &&
	    wc_trigger_work(daemon->trigger, now, wc_world_real.wall(NULL) / (int64_t)WC_SECOND_NS))
		wc_daemon_dump_logged(daemon);
}

/* What is due by the clock. */
static void keep_time(struct wc_daemon *daemon)
{
	uint64_t now = wc_steady_now();

	if (now >= daemon->clock.end_ns)
		end_interval(daemon);
	else if (daemon->watchdog_ns && now - daemon->fed_ns >= daemon->watchdog_ns / 3)
		answer_watchdog(daemon);
}

void wc_daemon_loop(struct wc_daemon *daemon)
{
	struct pollfd fds[OWN_FDS + WC_CONTROL_FDS];
	uint64_t deadline_ns;

	while (!daemon->stopping) {
		size_t count = prepare(daemon, fds, &deadline_ns);

		set_timer(daemon->timer, deadline_ns);
		if (poll(fds, count, -1) < 0)
			continue;
		if (fds[SIGNALS].revents)
			take_signal(daemon);
		if (fds[KEEPER].revents) {
			wc_keeper_heard(daemon->keeper);
			wc_fleet_wake(daemon->fleet);
		}
		keep_time(daemon);
		answer(daemon);
	}
}

#include "stop.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

static const int asking[] = {SIGINT, SIGTERM, SIGHUP};

static volatile sig_atomic_t asked;
static volatile sig_atomic_t resized;

static void note(int number)
{
	if (number == SIGWINCH)
		resized = 1;
	else
		asked = 1;
}

void wc_stop_catch(void)
{
	/* Restarts a read; what sleeps in ppoll(2) wakes all the same. */
	struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
	struct sigaction old;

	sigaction(SIGWINCH, &action, NULL);
	/* Without SA_RESTART, so that a read that waits for input ends, too. */
	action.sa_flags = (int)SA_RESETHAND;
	for (size_t i = 0; i < sizeof(asking) / sizeof(*asking); i++)
		if (asking[i] != SIGHUP || sigaction(SIGHUP, NULL, &old) ||
		    old.sa_handler != SIG_IGN)
			sigaction(asking[i], &action, NULL);
}

bool wc_stop_asked(void)
{
	return asked;
}

static void change_mask(int how, sigset_t *old)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGWINCH);
	for (size_t i = 0; i < sizeof(asking) / sizeof(*asking); i++)
		sigaddset(&signals, asking[i]);
	pthread_sigmask(how, &signals, old);
}

void wc_stop_hide(void)
{
	change_mask(SIG_BLOCK, NULL);
}

void wc_stop_show(void)
{
	change_mask(SIG_UNBLOCK, NULL);
}

/* Returns what is left until @deadline; false when it is reached. */
static bool time_left(const struct timespec *deadline, struct timespec *left)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left->tv_sec = deadline->tv_sec - now.tv_sec;
	left->tv_nsec = deadline->tv_nsec - now.tv_nsec;
	if (left->tv_nsec < 0) {
		left->tv_nsec += 1000000000;
		left->tv_sec--;
	}
	return left->tv_sec >= 0 && (left->tv_sec || left->tv_nsec);
}

enum wc_stop_event wc_stop_sleep(const struct timespec *deadline)
{
	enum wc_stop_event event = WC_STOP_REACHED;
	struct timespec left;
	sigset_t open;

	/* Signals come only while ppoll(2) sleeps, so that none is missed before it does. */
	change_mask(SIG_BLOCK, &open);
	while (!asked && !resized && time_left(deadline, &left))
		ppoll(NULL, 0, &left, &open);
	if (asked)
		event = WC_STOP_ASKED;
	else if (resized)
		event = WC_STOP_RESIZED;
	resized = 0;
	pthread_sigmask(SIG_SETMASK, &open, NULL);
	return event;
}

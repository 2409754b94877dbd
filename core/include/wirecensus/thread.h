/*
 * thread.h - threads that take no signals
 *
 * Signals are for the program's main thread, or for whoever loaded the plugin.
 */
#ifndef WC_THREAD_H
#define WC_THREAD_H

#include <pthread.h>

/*
 * Starts @run with @arg in a thread in which every signal is blocked, as pthread_create(3)
 * does. Returns 0 and fills @thread in, to be joined or detached; or an errno.
 */
int wc_thread_start(pthread_t *thread, void *(*run)(void *), void *arg);

#endif /* WC_THREAD_H */

/*
 * stop.h - signals that end a run, and nothing done inside their handlers
 *
 * SIGINT, SIGTERM and SIGHUP ask the run to end; the second of a kind ends it at
 * once. SIGWINCH tells that the terminal has another size.
 */
#ifndef WC_STOP_H
#define WC_STOP_H

#include <stdbool.h>

struct timespec; /* time.h */

/* From here on the signals ask. A SIGHUP that is ignored, as by nohup(1), stays so. */
void wc_stop_catch(void);

/* True once the run was asked to end. */
bool wc_stop_asked(void);

/* Keeps the signals from threads that are started in between. */
void wc_stop_hide(void);
void wc_stop_show(void);

enum wc_stop_event { WC_STOP_ASKED, WC_STOP_RESIZED, WC_STOP_REACHED };

/* Sleeps until CLOCK_MONOTONIC reaches @deadline, and less when a signal comes; says which. */
enum wc_stop_event wc_stop_sleep(const struct timespec *deadline);

#endif /* WC_STOP_H */

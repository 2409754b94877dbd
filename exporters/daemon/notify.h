/*
 * notify.h - what the service manager hears, as in sd_notify(3)
 */
#ifndef WC_NOTIFY_H
#define WC_NOTIFY_H

#include <stdint.h>

/*
 * Opens the socket that $NOTIFY_SOCKET names and hides it from whatever is started;
 * returns its descriptor, or -1 when nobody wants to hear.
 */
int wc_notify_open(void);

/* Sends @state, such as "READY=1"; what fails is nobody's business. Never waits. */
void wc_notify_send(int fd, const char *state);

/* Tells that a reload begins, with the time that the manager asks for. */
void wc_notify_reloading(int fd);

/* Returns how often the watchdog wants to be fed, by $WATCHDOG_USEC, in ns; 0: never. */
uint64_t wc_notify_watchdog(void);

#endif /* WC_NOTIFY_H */

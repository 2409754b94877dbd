/*
 * daemon.h - counts, keeps and exports until it is told to stop
 */
#ifndef WC_DAEMON_H
#define WC_DAEMON_H

#include "wirecensus/options.h"

struct wc_buffer; /* buffer.h */
struct wc_error;  /* wirecensus/error.h */

struct wc_daemon_settings {
	const char *config; /* the path of the configuration */
	enum wc_seccomp seccomp;
};

/*
 * Runs in the foreground until SIGTERM or SIGINT, and logs to standard error. Returns 0 when
 * it was told to stop; or, when it could not start, WC_INVALID (the configuration is wrong,
 * or another daemon runs on its state) or WC_FAILED, with @error filled in; @complaints then
 * has what is wrong with the configuration, a line each.
 */
int wc_daemon_serve(const struct wc_daemon_settings *settings, struct wc_buffer *complaints,
		    struct wc_error *error);

#endif /* WC_DAEMON_H */

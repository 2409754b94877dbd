/*
 * dispatch.h - values and events, as collectd wants them
 *
 * The only place that fills in collectd's value lists and notifications.
 */
#ifndef WC_DISPATCH_H
#define WC_DISPATCH_H

#include <stdint.h>

#include "value.h"

struct wc_event; /* watch.h */

/* The plugin's name in identifiers, in <Plugin> and in the log. */
#define WC_PLUGIN_NAME "wirecensus"

/* What all values of one read of one interface have in common. */
struct wc_dispatch {
	const char *instance; /* the plugin instance */
	uint64_t time;        /* cdtime_t: the same in all, so that they can be added up */
};

/* A wc_value_sink: hands @value to the daemon. @user is a struct wc_dispatch. */
void wc_dispatch_value(void *user, const struct wc_value *value);

/* Sends a notification. */
void wc_dispatch_event(const struct wc_dispatch *dispatch, const struct wc_event *event);

#endif /* WC_DISPATCH_H */

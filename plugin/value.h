/*
 * value.h - one value on its way to collectd
 *
 * Plain data: a stock type of types.db(5), what is measured, and the number. The
 * two together name the series within its interface.
 */
#ifndef WC_VALUE_H
#define WC_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/* Room for what is measured, its NUL included. */
#define WC_VALUE_WHAT 64

struct wc_value {
	const char *type; /* "packets"; a type of one data source */
	const char *what; /* "tcp-443-in" */
	uint64_t number;
	bool level; /* goes up and down: GAUGE. Otherwise it only grows: DERIVE */
};

/* Takes one value; its texts are gone when the call returns. */
typedef void wc_value_sink(void *user, const struct wc_value *value);

#endif /* WC_VALUE_H */

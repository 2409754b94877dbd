/*
 * stub.h - the part of collectd that the plugin calls, without a collectd
 *
 * Keeps what was registered, and what was dispatched and logged, for a test to
 * look at; and makes the configuration trees that collectd's parser would make.
 */
#ifndef TESTS_STUB_H
#define TESTS_STUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <collectd/core/daemon/collectd.h>
#include <collectd/core/daemon/plugin.h>

struct stub_value {
	char id[4 * DATA_MAX_NAME_LEN]; /* "wan/packets-tcp-443-in" */
	value_t value;
};

/* What module_register() registered; NULL before that. */
extern struct stub_callbacks {
	int (*config)(oconfig_item_t *);
	plugin_init_cb init;
	int (*read)(void);
	plugin_shutdown_cb shutdown;
} stub_callbacks;

/* Forgets all but the callbacks. */
void stub_reset(void);

/* The values dispatched since the last reset. */
size_t stub_values(void);
const struct stub_value *stub_value(size_t index);

/* Of these, the last one of this name, which must be there. */
uint64_t stub_number(const char *id);
double stub_gauge(const char *id);
bool stub_has(const char *id);

/* Notifications and log lines since the last reset; NULL behind the last. */
const notification_t *stub_notification(size_t index);
const char *stub_line(size_t index);

/*
 * Makes an item of a configuration below @parent, which may be NULL, with one
 * value; numbers and booleans are written as text, and told as collectd's parser
 * tells them: 10, true. Quotes make a string of them: '10'. NULL: no value.
 * The tree is freed with stub_free().
 */
oconfig_item_t *stub_item(oconfig_item_t *parent, const char *key, const char *value);

/* Adds one more value to @item. */
void stub_more(oconfig_item_t *item, const char *value);

void stub_free(oconfig_item_t *item);

#endif /* TESTS_STUB_H */

#include "stub.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <collectd/core/utils/common/common.h>

#define VALUES        20000
#define LINES         100
#define NOTIFICATIONS 100

struct stub_callbacks stub_callbacks;

static char hostname[] = "host";
char *hostname_g = hostname;

static struct stub_value values[VALUES];
static size_t value_count;
static char lines[LINES][2048];
static size_t line_count;
static notification_t notifications[NOTIFICATIONS];
static size_t notification_count;

void stub_reset(void)
{
	value_count = line_count = notification_count = 0;
}

size_t stub_values(void)
{
	return value_count;
}

const struct stub_value *stub_value(size_t index)
{
	return &values[index];
}

/* Not of check, so that a benchmark can be linked, too. */
static void must(bool condition, const char *what, const char *detail)
{
	if (condition)
		return;
	fprintf(stderr, "%s: %s\n", what, detail);
	abort();
}

static const struct stub_value *find(const char *id)
{
	for (size_t i = value_count; i > 0; i--)
		if (!strcmp(values[i - 1].id, id))
			return &values[i - 1];
	return NULL;
}

static const struct stub_value *get(const char *id)
{
	const struct stub_value *value = find(id);

	must(value, "not dispatched", id);
	return value;
}

uint64_t stub_number(const char *id)
{
	return (uint64_t)get(id)->value.derive;
}

double stub_gauge(const char *id)
{
	return get(id)->value.gauge;
}

bool stub_has(const char *id)
{
	return find(id) != NULL;
}

const notification_t *stub_notification(size_t index)
{
	return index < notification_count ? &notifications[index] : NULL;
}

const char *stub_line(size_t index)
{
	return index < line_count ? lines[index] : NULL;
}

static void add_value(oconfig_item_t *item, const char *text)
{
	oconfig_value_t *value;
	char *end;
	double number = strtod(text, &end);

	item->values = realloc(item->values, (size_t)++item->values_num * sizeof(*item->values));
	value = &item->values[item->values_num - 1];
	if (!strcmp(text, "true") || !strcmp(text, "false")) {
		value->type = OCONFIG_TYPE_BOOLEAN;
		value->value.boolean = *text == 't';
	} else if (*text && !*end) {
		value->type = OCONFIG_TYPE_NUMBER;
		value->value.number = number;
	} else {
		size_t length = strlen(text);
		bool quoted = length > 1 && *text == '\'' && text[length - 1] == '\'';

		value->type = OCONFIG_TYPE_STRING;
		value->value.string = quoted ? strndup(text + 1, length - 2) : strdup(text);
	}
}

oconfig_item_t *stub_item(oconfig_item_t *parent, const char *key, const char *value)
{
	oconfig_item_t *item;

	if (parent) {
		parent->children = realloc(parent->children, (size_t)++parent->children_num *
								     sizeof(*parent->children));
		item = &parent->children[parent->children_num - 1];
	} else {
		item = malloc(sizeof(*item));
	}
	*item = (oconfig_item_t){.key = strdup(key)};
	if (value)
		add_value(item, value);
	return item;
}

void stub_more(oconfig_item_t *item, const char *value)
{
	add_value(item, value);
}

static void free_contents(oconfig_item_t *item)
{
	for (int i = 0; i < item->values_num; i++)
		if (item->values[i].type == OCONFIG_TYPE_STRING)
			free(item->values[i].value.string);
	for (int i = 0; i < item->children_num; i++)
		free_contents(&item->children[i]);
	free(item->values);
	free(item->children);
	free(item->key);
}

void stub_free(oconfig_item_t *item)
{
	free_contents(item);
	free(item);
}

/* From here on, what collectd exports. */

int plugin_register_complex_config(const char *type, int (*callback)(oconfig_item_t *))
{
	must(!strcmp(type, "wirecensus"), "registered as", type);
	stub_callbacks.config = callback;
	return 0;
}

int plugin_register_init(const char *name, plugin_init_cb callback)
{
	must(!strcmp(name, "wirecensus"), "registered as", name);
	stub_callbacks.init = callback;
	return 0;
}

int plugin_register_read(const char *name, int (*callback)(void))
{
	must(!strcmp(name, "wirecensus"), "registered as", name);
	stub_callbacks.read = callback;
	return 0;
}

int plugin_register_shutdown(const char *name, plugin_shutdown_cb callback)
{
	must(!strcmp(name, "wirecensus"), "registered as", name);
	stub_callbacks.shutdown = callback;
	return 0;
}

/* The daemon would refuse what is asserted here. */
int plugin_dispatch_values(value_list_t const *list)
{
	struct stub_value *value = &values[value_count];

	must(value_count < VALUES, "too many values", list->type_instance);
	must(!strcmp(list->plugin, "wirecensus"), "dispatched as", list->plugin);
	must(list->values_len == 1, "not one value", list->type_instance);
	must(list->time, "no time", list->type_instance);
	must(!strchr(list->plugin_instance, '/'), "split by a slash", list->plugin_instance);
	snprintf(value->id, sizeof(value->id), "%s/%s-%s", list->plugin_instance, list->type,
		 list->type_instance);
	value->value = list->values[0];
	value_count++;
	return 0;
}

int plugin_dispatch_notification(const notification_t *notification)
{
	must(notification_count < NOTIFICATIONS, "too many notifications", notification->message);
	notifications[notification_count++] = *notification;
	return 0;
}

void daemon_log(int level, const char *format, ...)
{
	va_list arguments;

	(void)level;
	must(line_count < LINES, "too many lines", format);
	va_start(arguments, format);
	vsnprintf(lines[line_count++], sizeof(lines[0]), format, arguments);
	va_end(arguments);
}

char *sstrncpy(char *to, const char *from, size_t size)
{
	strncpy(to, from, size);
	to[size - 1] = '\0';
	return to;
}

cdtime_t cdtime(void)
{
	return (cdtime_t)time(NULL) << 30;
}

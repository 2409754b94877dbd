#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <collectd/core/daemon/collectd.h>
#include <collectd/core/daemon/plugin.h>

#include "wirecensus/error.h"

/* The most values behind one option. */
#define VALUES_MAX 256

/* Room for any number as text, its NUL included. */
#define NUMBER_TEXT 32

/* The option of a <Capture> that is the plugin's own. */
#define SOCKET_OPTION "Socket"

/* The values of an option as text, as the options' parsers want them. */
struct texts {
	const char *items[VALUES_MAX];
	char numbers[VALUES_MAX][NUMBER_TEXT];
	size_t count;
};

void wc_config_init(struct wc_config *config)
{
	*config = (struct wc_config){0};
	wc_report_init(&config->report);
}

void wc_config_free(struct wc_config *config)
{
	for (size_t i = 0; i < config->count; i++)
		wc_options_free(&config->captures[i].options);
	free(config->captures);
	wc_config_init(config);
}

/* collectd has told numbers and booleans from strings already; 15 digits are exact in a double. */
static const char *text_of(const oconfig_value_t *value, char number[static NUMBER_TEXT])
{
	if (value->type == OCONFIG_TYPE_STRING)
		return value->value.string;
	if (value->type == OCONFIG_TYPE_BOOLEAN)
		return value->value.boolean ? "true" : "false";
	snprintf(number, NUMBER_TEXT, "%.15g", value->value.number);
	return number;
}

static int read_values(struct texts *texts, const oconfig_item_t *item, struct wc_error *error)
{
	if (item->values_num > VALUES_MAX)
		return wc_error_set(error, WC_INVALID,
				    "%s: there are more than %d values in one line", item->key,
				    VALUES_MAX);
	texts->count = (size_t)item->values_num;
	for (size_t i = 0; i < texts->count; i++)
		texts->items[i] = text_of(&item->values[i], texts->numbers[i]);
	return WC_OK;
}

/* Finds an option of a <Capture>; as everywhere in collectd, case does not matter. */
static const struct wc_option *find_option(const char *key, char name[static WC_OPTION_NAME])
{
	/* The short form that is told in the manual. */
	if (!strcasecmp(key, "Local"))
		key = "LocalAddress";
	for (const struct wc_option *option = wc_option_table; option->name; option++)
		if ((option->scope & WC_SCOPE_PLUGIN) &&
		    !strcasecmp(key, wc_option_spell(option, WC_SPELLING_CAMEL, name)))
			return option;
	return NULL;
}

static int unknown_option(const char *key, struct wc_error *error)
{
	char list[512] = "", name[WC_OPTION_NAME];
	size_t used = 0;

	for (const struct wc_option *option = wc_option_table; option->name; option++)
		if ((option->scope & WC_SCOPE_PLUGIN) && used < sizeof(list))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s, ",
						 wc_option_spell(option, WC_SPELLING_CAMEL, name));
	return wc_error_set(error, WC_INVALID, "%s is not one of its options: %s%s", key, list,
			    SOCKET_OPTION);
}

static bool is_list(const struct wc_option *option)
{
	switch (option->type) {
	case WC_OPTION_TEXTS:
	case WC_OPTION_ADDRESSES:
	case WC_OPTION_NETWORKS:
	case WC_OPTION_SERVICES:
		return true;
	default:
		return false;
	}
}

static int set_option(struct wc_options *options, const oconfig_item_t *item,
		      struct wc_error *error)
{
	char name[WC_OPTION_NAME];
	const struct wc_option *option = find_option(item->key, name);
	struct texts texts = {0};
	int status = read_values(&texts, item, error);

	if (status)
		return status;
	if (!option)
		return unknown_option(item->key, error);
	if (item->children_num || (texts.count > 1 && !is_list(option)))
		return wc_error_set(error, WC_INVALID, "%s takes one value", name);
	if (!texts.count)
		return wc_options_set(options, option, name, NULL, error);
	for (size_t i = 0; i < texts.count && !status; i++)
		status = wc_options_set(options, option, name, texts.items[i], error);
	return status;
}

static int check_name(const struct wc_config *config, const oconfig_item_t *block,
		      struct wc_error *error)
{
	const char *name;

	if (block->values_num != 1 || block->values[0].type != OCONFIG_TYPE_STRING)
		return wc_error_set(error, WC_INVALID, "it needs one name, in quotes");
	name = block->values[0].value.string;
	if (!*name || strlen(name) >= WC_CAPTURE_NAME)
		return wc_error_set(error, WC_INVALID, "its name must have 1 to %d characters",
				    WC_CAPTURE_NAME - 1);
	for (size_t i = 0; i < config->count; i++)
		if (!strcmp(config->captures[i].name, name))
			return wc_error_set(error, WC_INVALID,
					    "there is one of this name already, which stays");
	return WC_OK;
}

/* What the daemon counts, and how, is up to its own configuration. */
static int set_socket(struct wc_capture *capture, const oconfig_item_t *block,
		      const oconfig_item_t *item, struct wc_error *error)
{
	struct texts texts = {0};
	int status = read_values(&texts, item, error);

	if (status)
		return status;
	if (item->children_num || texts.count != 1 || texts.items[0][0] != '/' ||
	    strlen(texts.items[0]) >= sizeof(capture->socket))
		return wc_error_set(error, WC_INVALID,
				    "%s takes one path, which begins with a slash and has at most "
				    "%zu characters",
				    SOCKET_OPTION, sizeof(capture->socket) - 1);
	if (block->children_num != 1)
		return wc_error_set(error, WC_INVALID,
				    "%s stands alone: what the daemon counts, and how, is up to "
				    "its own configuration",
				    SOCKET_OPTION);
	snprintf(capture->socket, sizeof(capture->socket), "%s", texts.items[0]);
	return WC_OK;
}

static int fill_capture(struct wc_capture *capture, const oconfig_item_t *block,
			struct wc_error *error)
{
	int status = wc_options_init(&capture->options, error);

	if (status)
		return status;
	capture->options.spelling = WC_SPELLING_CAMEL;
	snprintf(capture->name, sizeof(capture->name), "%s", block->values[0].value.string);
	capture->socket[0] = '\0';
	for (int i = 0; i < block->children_num && !status; i++) {
		const oconfig_item_t *item = &block->children[i];

		status = strcasecmp(item->key, SOCKET_OPTION)
				 ? set_option(&capture->options, item, error)
				 : set_socket(capture, block, item, error);
	}
	if (status)
		wc_options_free(&capture->options);
	return status;
}

static int add_capture(struct wc_config *config, const oconfig_item_t *block,
		       struct wc_error *error)
{
	struct wc_capture *captures;
	int status = check_name(config, block, error);

	config->asked = true;
	if (status)
		return status;
	captures = realloc(config->captures, (config->count + 1) * sizeof(*captures));
	if (!captures)
		return wc_error_set(error, WC_FAILED, "there is no memory left for it");
	config->captures = captures;
	status = fill_capture(&captures[config->count], block, error);
	config->count += !status;
	return status;
}

static void capture_block(struct wc_config *config, const oconfig_item_t *block)
{
	struct wc_error error;
	bool named = block->values_num > 0 && block->values[0].type == OCONFIG_TYPE_STRING;

	if (add_capture(config, block, &error))
		P_ERROR("<Capture \"%s\"> is left out: %s",
			named ? block->values[0].value.string : "", error.text);
}

static bool is_report_option(const char *key)
{
	for (size_t i = 0; wc_report_name(i); i++)
		if (!strcasecmp(wc_report_name(i), key))
			return true;
	return false;
}

static int report_option(struct wc_report *report, const oconfig_item_t *item,
			 struct wc_error *error)
{
	char list[512] = "Capture";
	size_t used = strlen(list);
	struct texts texts = {0};
	int status;

	if (is_report_option(item->key)) {
		status = read_values(&texts, item, error);
		return status ? status
			      : wc_report_set(report, item->key, texts.items, texts.count, error);
	}
	for (size_t i = 0; wc_report_name(i) && used < sizeof(list); i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, ", %s",
					 wc_report_name(i));
	return wc_error_set(error, WC_INVALID, "%s is not one of its options: %s", item->key, list);
}

void wc_config_block(struct wc_config *config, const oconfig_item_t *block)
{
	struct wc_error error;

	for (int i = 0; i < block->children_num; i++) {
		const oconfig_item_t *item = &block->children[i];

		if (!strcasecmp(item->key, "Capture"))
			capture_block(config, item);
		else if (report_option(&config->report, item, &error))
			P_ERROR("<Plugin wirecensus>: an option is left out: %s", error.text);
	}
}

/*
 * option_values.c - from the text of an option to its value
 *
 * Strict: what does not fit as a whole is refused, with a sentence that says
 * what is allowed.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* What one row's text is parsed with. */
struct request {
	const struct wc_option *option;
	const char *as; /* the name, as the user wrote it */
	const char *text;
	struct wc_error *error;
};

struct unit {
	char letter;
	uint64_t factor;
};

static const struct unit no_units[] = {{0}};
static const struct unit sizes[] = {
	{'K', 1u << 10},
	{'k', 1u << 10},
	{'M', 1u << 20},
	{'m', 1u << 20},
	{'G', 1u << 30},
	{'g', 1u << 30},
	{0},
};
static const struct unit times[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {0}};

/* Multiplies and adds; returns false where 64 bits do not hold the result. */
static bool grow(uint64_t *value, uint64_t factor, uint64_t more)
{
	return !__builtin_mul_overflow(*value, factor, value) &&
	       !__builtin_add_overflow(*value, more, value);
}

/* Reads digits and at most one unit, and nothing else. */
static bool read_number(uint64_t *value, const char *text, const struct unit *units)
{
	const char *c = text;

	*value = 0;
	for (; *c >= '0' && *c <= '9'; c++)
		if (!grow(value, 10, (uint64_t)(*c - '0')))
			return false;
	if (c == text)
		return false;
	if (!*c)
		return true;
	for (; units->letter; units++)
		if (*c == units->letter)
			return !c[1] && grow(value, units->factor, 0);
	return false;
}

static bool within(const struct request *request, uint64_t value)
{
	return value >= request->option->min && value <= request->option->max;
}

static int set_number(const struct request *request, void *field)
{
	const struct wc_option *option = request->option;
	uint64_t value;

	if (!read_number(&value, request->text, no_units) || !within(request, value))
		return wc_error_set(request->error, WC_INVALID,
				    "%s: '%s' is not a whole number from %" PRIu64 " to %" PRIu64,
				    request->as, request->text, option->min, option->max);
	*(uint64_t *)field = value;
	return WC_OK;
}

static int set_size(const struct request *request, void *field)
{
	const struct wc_option *option = request->option;
	uint64_t value;

	if (!read_number(&value, request->text, sizes) || !within(request, value))
		return wc_error_set(request->error, WC_INVALID,
				    "%s: '%s' is not a size from %" PRIu64 " to %" PRIu64
				    " bytes; K, M or G may follow the number",
				    request->as, request->text, option->min, option->max);
	*(uint64_t *)field = value;
	return WC_OK;
}

static int set_seconds(const struct request *request, void *field)
{
	const struct wc_option *option = request->option;
	uint64_t value;

	if (!read_number(&value, request->text, times) || !within(request, value))
		return wc_error_set(request->error, WC_INVALID,
				    "%s: '%s' is not a time from %" PRIu64 " to %" PRIu64
				    " seconds; s, m, h or d may follow the number",
				    request->as, request->text, option->min, option->max);
	*(uint64_t *)field = value;
	return WC_OK;
}

static int set_flag(const struct request *request, void *field)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {{"yes", true}, {"no", false},  {"true", true}, {"false", false},
		     {"on", true},  {"off", false}, {NULL, false}};

	if (!request->text) {
		*(bool *)field = true;
		return WC_OK;
	}
	for (size_t i = 0; words[i].word; i++)
		if (!strcmp(words[i].word, request->text)) {
			*(bool *)field = words[i].value;
			return WC_OK;
		}
	return wc_error_set(request->error, WC_INVALID,
			    "%s: '%s' is neither yes nor no; true, false, on and off will do, too",
			    request->as, request->text);
}

static int set_choice(const struct request *request, void *field)
{
	const char *const *choices = request->option->choices;
	char list[256] = "";

	for (int i = 0; choices[i]; i++) {
		if (!strcmp(choices[i], request->text)) {
			*(int *)field = i;
			return WC_OK;
		}
		if (i)
			strncat(list, ", ", sizeof(list) - strlen(list) - 1);
		strncat(list, choices[i], sizeof(list) - strlen(list) - 1);
	}
	return wc_error_set(request->error, WC_INVALID, "%s: '%s' is not one of %s", request->as,
			    request->text, list);
}

static int set_text(const struct request *request, void *field)
{
	char *copy = strdup(request->text);

	if (!copy)
		return wc_error_set(request->error, WC_FAILED, "there is no memory left for %s",
				    request->as);
	free(*(char **)field);
	*(char **)field = copy;
	return WC_OK;
}

static int set_path(const struct request *request, void *field)
{
	if (*request->text != '/')
		return wc_error_set(request->error, WC_INVALID,
				    "%s: '%s' is not an absolute path: it must begin with /",
				    request->as, request->text);
	return set_text(request, field);
}

static int add_text(const struct request *request, void *field)
{
	if (!*request->text)
		return wc_error_set(request->error, WC_INVALID, "%s: '' is not a name",
				    request->as);
	return wc_texts_add(field, request->text, request->error);
}

static int parse_address(const struct request *request, struct wc_address *address)
{
	struct wc_error reason;
	int status = wc_address_parse(address, request->text, &reason);

	if (status)
		wc_error_set(request->error, status, "%s: %s", request->as, reason.text);
	return status;
}

static int set_address(const struct request *request, void *field)
{
	struct wc_address address;
	int status = parse_address(request, &address);

	if (!status)
		*(struct wc_address *)field = address;
	return status;
}

static int add_address(const struct request *request, void *field)
{
	struct wc_address address;
	int status = parse_address(request, &address);

	return status ? status : wc_addresses_add(field, &address, request->error);
}

static int add_network(const struct request *request, void *field)
{
	struct wc_error reason;
	struct wc_network network;
	int status = wc_network_parse(&network, request->text, &reason);

	if (status)
		return wc_error_set(request->error, status, "%s: %s", request->as, reason.text);
	return wc_networks_add(field, &network, request->error);
}

static int add_service(const struct request *request, void *field)
{
	static const struct {
		const char *prefix;
		uint8_t protocol;
	} transports[] = {{"tcp/", 6}, {"udp/", 17}};
	struct wc_service service = {0};
	uint64_t port;

	for (size_t i = 0; i < sizeof(transports) / sizeof(*transports); i++) {
		size_t length = strlen(transports[i].prefix);

		if (strncmp(request->text, transports[i].prefix, length) != 0 ||
		    !read_number(&port, request->text + length, no_units) || port > 65535)
			continue;
		service.protocol = transports[i].protocol;
		service.port = (uint16_t)port;
		return wc_services_add(field, &service, request->error);
	}
	return wc_error_set(request->error, WC_INVALID,
			    "%s: '%s' is not a service: write one like tcp/443 or udp/53",
			    request->as, request->text);
}

int wc_option_set(void *fields, const struct wc_option *option, const char *as, const char *text,
		  struct wc_error *error)
{
	static int (*const setters[])(const struct request *, void *) = {
		[WC_OPTION_FLAG] = set_flag,        [WC_OPTION_NUMBER] = set_number,
		[WC_OPTION_SIZE] = set_size,        [WC_OPTION_SECONDS] = set_seconds,
		[WC_OPTION_CHOICE] = set_choice,    [WC_OPTION_TEXT] = set_text,
		[WC_OPTION_PATH] = set_path,        [WC_OPTION_TEXTS] = add_text,
		[WC_OPTION_ADDRESS] = set_address,  [WC_OPTION_ADDRESSES] = add_address,
		[WC_OPTION_NETWORKS] = add_network, [WC_OPTION_SERVICES] = add_service,
	};
	struct request request = {option, as, text, error};

	if (!text && option->type != WC_OPTION_FLAG)
		return wc_error_set(error, WC_INVALID, "%s needs a value: %s", as,
				    option->argument);
	return setters[option->type](&request, (char *)fields + option->offset);
}

#include "captures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "capture_log.h"
#include "capture_names.h"
#include "config.h"
#include "interval.h"
#include "log.h"
#include "wirecensus/census.h"
#include "wirecensus/error.h"
#include "wirecensus/interfaces.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define DESCRIPTION_SIZE 4096

struct wc_captures {
	struct wc_capture_names names;
	struct wc_census **censuses; /* in the order of the names */
	struct wc_board_capture *board;
	const char **shown;       /* the names alone */
	struct wc_interval *last; /* NULL: none ended yet */
};

/* Puts the capture's name in front of what went wrong with it. */
static int blame(const char *name, int status, struct wc_error *error)
{
	struct wc_error reason = *error;

	return wc_error_set(error, (enum wc_status)status, "capture %s: %s", name, reason.text);
}

static int expand(struct wc_captures *captures, const struct wc_config *config,
		  struct wc_error *error)
{
	struct wc_texts fallback = {0};
	bool needed = false;
	int status = WC_OK;

	for (size_t i = 0; i < config->capture_count; i++)
		needed |= !config->captures[i].options.interface.count;
	if (needed)
		status = wc_interfaces_default(&fallback, error);
	if (!status)
		status = wc_capture_names_list(&captures->names, config, &fallback, error);
	wc_texts_free(&fallback);
	return status;
}

/* The options of a capture in @config; NULL when its section is not there any more. */
static const struct wc_options *options_of(const struct wc_captures *captures, size_t number,
					   const struct wc_config *config)
{
	const char *section = captures->names.items[number].section;

	for (size_t i = 0; i < config->capture_count; i++)
		if (!strcmp(config->captures[i].name, section))
			return &config->captures[i].options;
	return NULL;
}

/* Returns false, and leaves what the board has, when memory is short. */
static bool describe(struct wc_captures *captures, size_t number)
{
	char text[DESCRIPTION_SIZE], *copy;

	copy = strdup(wc_census_describe(captures->censuses[number], text, sizeof(text)));
	if (!copy)
		return false;
	if (captures->board[number].description)
		wc_capture_tell_standing(captures->board[number].name,
					 captures->board[number].description, copy);
	free(captures->board[number].description);
	captures->board[number].description = copy;
	return true;
}

static int open_one(struct wc_captures *captures, size_t number, const struct wc_config *config,
		    struct wc_error *error)
{
	const struct wc_capture_name *name = &captures->names.items[number];
	struct wc_census_state state;
	int status =
		wc_census_open_waiting(&captures->censuses[number], name->name, name->interface,
				       options_of(captures, number, config), error);

	if (status)
		return blame(name->name, status, error);
	wc_census_state(captures->censuses[number], &state);
	if (state.declined)
		wc_log(WC_LOG_WARNING, "capture %s: %s", name->name, state.declined);
	captures->shown[number] = name->name;
	captures->board[number] = (struct wc_board_capture){
		.name = name->name,
		.interface = name->interface,
		.engine = state.engine,
		.present = true,
		.options = options_of(captures, number, config),
	};
	return describe(captures, number) ? WC_OK : wc_error_no_memory(error, "to begin");
}

int wc_captures_open(struct wc_captures **captures, const struct wc_config *config,
		     struct wc_error *error)
{
	struct wc_captures *made = calloc(1, sizeof(*made));
	size_t count;
	int status;

	if (!made)
		return wc_error_no_memory(error, "to begin");
	status = expand(made, config, error);
	count = made->names.count;
	if (!status) {
		made->censuses = calloc(count, sizeof(*made->censuses));
		made->board = calloc(count, sizeof(*made->board));
		made->shown = calloc(count, sizeof(*made->shown));
		if (!made->censuses || !made->board || !made->shown)
			status = wc_error_no_memory(error, "to begin");
	}
	for (size_t i = 0; i < count && !status; i++)
		status = open_one(made, i, config, error);
	if (status)
		wc_captures_free(made);
	else
		*captures = made;
	return status;
}

void wc_captures_free(struct wc_captures *captures)
{
	if (!captures)
		return;
	wc_interval_drop(captures->last);
	for (size_t i = 0; captures->censuses && i < captures->names.count; i++)
		wc_census_free(captures->censuses[i]);
	for (size_t i = 0; captures->board && i < captures->names.count; i++)
		free(captures->board[i].description);
	free(captures->censuses);
	free(captures->board);
	free(captures->shown);
	wc_capture_names_free(&captures->names);
	free(captures);
}

int wc_captures_start(struct wc_captures *captures, struct wc_error *error)
{
	int status = WC_OK;

	for (size_t i = 0; i < captures->names.count && !status; i++)
		status = wc_census_start(captures->censuses[i], error);
	return status;
}

static void take_one(struct wc_captures *captures, size_t number, struct wc_interval *interval)
{
	struct wc_board_capture *board = &captures->board[number];
	struct wc_census_state state;
	struct wc_snapshot *snapshot;
	struct wc_error error;

	if (wc_census_snapshot(captures->censuses[number], &snapshot, &error)) {
		wc_log(WC_LOG_ERROR, "capture %s: %s; its interval goes on", board->name,
		       error.text);
		return;
	}
	wc_capture_tell_interval(board->name, snapshot);
	wc_census_state(captures->censuses[number], &state);
	if (state.present != board->present)
		wc_capture_tell_presence(board->name, board->interface, state.present);
	board->present = state.present;
	board->engine = state.engine;
	describe(captures, number);
	board->last = snapshot;
	wc_interval_add(interval, snapshot);
}

void wc_captures_answer(struct wc_captures *captures)
{
	for (size_t i = 0; i < captures->names.count; i++)
		wc_census_answer(captures->censuses[i]);
}

int wc_captures_check(const struct wc_captures *captures, const struct wc_config *config,
		      struct wc_error *error)
{
	int status = WC_OK;

	for (size_t i = 0; i < captures->names.count && !status; i++) {
		const struct wc_options *options = options_of(captures, i, config);

		if (options)
			status = wc_census_check(captures->censuses[i], options, error);
		if (status)
			return blame(captures->names.items[i].name, status, error);
	}
	return WC_OK;
}

/* What the board says of a capture's options follows them. */
static int change_one(struct wc_captures *captures, size_t number, const struct wc_options *options,
		      struct wc_error *error)
{
	const char *name = captures->names.items[number].name;
	int status = wc_census_reconfigure(captures->censuses[number], options, error);

	captures->board[number].options = options;
	if (status)
		return blame(name, status, error);
	if (!describe(captures, number))
		wc_log(WC_LOG_WARNING, "capture %s: its description is the old one", name);
	return WC_OK;
}

int wc_captures_change(struct wc_captures *captures, const struct wc_config *config,
		       struct wc_error *error)
{
	int status = WC_OK;

	for (size_t i = 0; i < captures->names.count; i++) {
		const struct wc_options *options = options_of(captures, i, config);
		int failed = options ? change_one(captures, i, options, error) : WC_OK;

		status = failed ? failed : status;
	}
	return status;
}

int wc_captures_prepare_run(struct wc_captures *captures, struct wc_error *error)
{
	int status = WC_OK;

	for (size_t i = 0; i < captures->names.count && !status; i++)
		status = wc_census_prepare_run(captures->censuses[i], error);
	return status;
}

void wc_captures_begin_run(struct wc_captures *captures)
{
	for (size_t i = 0; i < captures->names.count; i++)
		wc_census_begin_run(captures->censuses[i]);
}

struct wc_interval *wc_captures_take(struct wc_captures *captures)
{
	size_t count = captures->names.count;
	struct wc_interval *interval = wc_interval_new(count);

	if (!interval)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		captures->board[i].last = NULL;
		wc_census_ask(captures->censuses[i]);
	}
	for (size_t i = 0; i < count; i++)
		take_one(captures, i, interval);
	wc_interval_drop(captures->last);
	captures->last = wc_interval_hold(interval);
	return interval;
}

const struct wc_board_capture *wc_captures_board(const struct wc_captures *captures, size_t *count)
{
	*count = captures->names.count;
	return captures->board;
}

const char *const *wc_captures_names(const struct wc_captures *captures, size_t *count)
{
	*count = captures->names.count;
	return captures->shown;
}

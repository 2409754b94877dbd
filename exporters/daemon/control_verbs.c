#include "control_verbs.h"

#include <stdbool.h>
#include <string.h>

#include "control.h"
#include "control_line.h"
#include "control_show.h"
#include "control_snapshot.h"
#include "control_status.h"
#include "escape.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

static int run_dump(const struct wc_question *question, struct wc_buffer *body,
		    struct wc_error *error)
{
	return question->actions->dump(question->actions->arg, question->options->reset, body,
				       error);
}

static int run_reload(const struct wc_question *question, struct wc_buffer *body,
		      struct wc_error *error)
{
	return question->actions->reload(question->actions->arg, body, error);
}

const struct wc_verb wc_verb_table[] = {
	{"show", "one of " WC_SHOW_LIST, WC_SCOPE_SHOW, true, WC_CONTROL_READING,
	 wc_control_show_run},
	{"status", NULL, WC_SCOPE_STATUS, false, WC_CONTROL_READING, wc_control_status_run},
	{"snapshot", "a capture, or *", 0, true, WC_CONTROL_READING, wc_control_snapshot_run},
	{"dump", NULL, WC_SCOPE_DUMP, false, WC_CONTROL_EVERYTHING, run_dump},
	{"reload", NULL, WC_SCOPE_RELOAD, false, WC_CONTROL_EVERYTHING, run_reload},
	{.name = NULL},
};

static int exit_code(int status)
{
	return status == WC_INVALID ? 2 : 1;
}

void wc_answer_refuse(struct wc_answer *answer, int status, const struct wc_error *error)
{
	wc_buffer_clear(&answer->head);
	wc_buffer_clear(&answer->body);
	wc_buffer_format(&answer->head, "ERROR %d ", exit_code(status));
	wc_escape_terminal(&answer->head, error->text);
	wc_buffer_text(&answer->head, "\n");
}

void wc_answer_free(struct wc_answer *answer)
{
	wc_buffer_free(&answer->head);
	wc_buffer_free(&answer->body);
}

static const struct wc_verb *find_verb(const char *name, struct wc_error *error)
{
	for (const struct wc_verb *verb = wc_verb_table; verb->name; verb++)
		if (!strcmp(verb->name, name))
			return verb;
	wc_error_set(
		error, WC_INVALID,
		"there is no request '%.32s': show, status, snapshot, dump and reload are answered",
		name);
	return NULL;
}

/* Is the request one that the verb takes, and may the client ask for it? */
static int check(const struct wc_verb *verb, const struct wc_control_line *line,
		 const struct wc_asker *asker, struct wc_error *error)
{
	if (asker->rights < verb->needs)
		return wc_error_set(error, WC_FAILED,
				    "%s is for root and the daemon's own user only: run it as root",
				    verb->name);
	if (verb->operand && line->word_count < 2)
		return wc_error_set(error, WC_INVALID, "%s needs %s", verb->name, verb->operand);
	if (!verb->operand && line->word_count > 1)
		return wc_error_set(error, WC_INVALID, "%s takes no argument '%.32s'", verb->name,
				    line->words[1]);
	if (verb->large && asker->busy)
		return wc_error_set(error, WC_FAILED,
				    "others have not taken their answers yet: try again");
	return WC_OK;
}

static int take_settings(struct wc_options *options, const struct wc_verb *verb,
			 const struct wc_control_line *line, struct wc_error *error)
{
	int status = WC_OK;

	for (size_t i = 0; i < line->setting_count && !status; i++) {
		const char *name = line->settings[i].name;
		const struct wc_option *option = wc_option_find(name, verb->scope);

		if (!option)
			return wc_error_set(error, WC_INVALID, "%s has no option '%.32s'",
					    verb->name, name);
		status = wc_options_set(options, option, name, line->settings[i].value, error);
	}
	return status;
}

/* Runs @verb; what fails with a text for the client ends that with its sentence. */
static int run(struct wc_answer *answer, const struct wc_verb *verb,
	       const struct wc_question *question, struct wc_error *error)
{
	int status = verb->run(question, &answer->body, error);

	if (!answer->body.failed) {
		if (status && answer->body.length && *error->text) {
			wc_escape_terminal(&answer->body, error->text);
			wc_buffer_text(&answer->body, "\n");
		}
		return status;
	}
	wc_buffer_free(&answer->body);
	return wc_error_set(error, WC_FAILED, "the daemon has not enough memory for the answer");
}

/* Puts in front of the body what it is. */
static void introduce(struct wc_answer *answer, int status)
{
	if (status)
		wc_buffer_format(&answer->head, "TROUBLE %d ", exit_code(status));
	else
		wc_buffer_text(&answer->head, "OK ");
	wc_buffer_number(&answer->head, answer->body.length);
	wc_buffer_text(&answer->head, "\n");
}

static int answer_line(struct wc_answer *answer, const struct wc_control_line *line,
		       const struct wc_asker *asker, struct wc_question *question,
		       struct wc_error *error)
{
	const struct wc_verb *verb = find_verb(line->words[0], error);
	struct wc_options options;
	int status;

	if (!verb)
		return WC_INVALID;
	status = check(verb, line, asker, error);
	if (!status)
		status = wc_options_init(&options, error);
	if (status)
		return status;
	/* cppcheck-suppress autoVariables ; taken back before the return */
	question->options = &options;
	question->operand = verb->operand ? line->words[1] : "";
	status = take_settings(&options, verb, line, error);
	if (!status)
		status = run(answer, verb, question, error);
	question->options = NULL;
	wc_options_free(&options);
	return status;
}

void wc_answer_make(struct wc_answer *answer, const char *bytes, size_t length,
		    const struct wc_asker *asker, const struct wc_board *board,
		    const struct wc_control_actions *actions)
{
	struct wc_question question = {.board = board, .actions = actions};
	struct wc_error error = {.text = ""};
	struct wc_control_line line;
	int status = wc_control_line_read(&line, bytes, length, &error);

	if (!status)
		status = answer_line(answer, &line, asker, &question, &error);
	if (status && !answer->body.length)
		wc_answer_refuse(answer, status, &error);
	else
		introduce(answer, status);
}

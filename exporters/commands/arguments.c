#include "arguments.h"

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "wirecensus/error.h"

struct parser {
	struct wc_arguments *arguments;
	const struct wc_command *command;
	char **next, **end; /* words that are left */
	struct wc_error *error;
};

static int no_option(const struct parser *parser, const char *dashes, const char *name, int length)
{
	return wc_error_set(parser->error, WC_INVALID,
			    "%s has no option %s%.*s: 'wirecensus %s --help' lists them",
			    parser->command->name, dashes, length, name, parser->command->name);
}

static int no_value(const struct parser *parser, const char *as, const char *rest)
{
	return wc_error_set(parser->error, WC_INVALID, "%s takes no value, and '%s' follows it", as,
			    rest);
}

/* Sets @option from @value or, where that is NULL and the option takes one, from the next word. */
static int set(struct parser *parser, const struct wc_option *option, const char *as,
	       const char *value)
{
	if (!value && option->type != WC_OPTION_FLAG && parser->next < parser->end)
		value = *parser->next++;
	return wc_options_set(&parser->arguments->options, option, as, value, parser->error);
}

/* Reads @word, which begins with two dashes. */
static int read_long(struct parser *parser, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t length = equals ? (size_t)(equals - word) : strlen(word);
	const struct wc_option *option = NULL;
	char as[WC_OPTION_NAME + 2];

	if (length == strlen("--help") && !strncmp(word, "--help", length)) {
		parser->arguments->help = true;
		return equals ? no_value(parser, "--help", equals) : WC_OK;
	}
	if (length < sizeof(as)) {
		memcpy(as, word, length);
		as[length] = '\0';
		option = wc_option_find(as + 2, parser->command->scope);
	}
	if (!option)
		return no_option(parser, "", word, (int)length);
	return set(parser, option, as, equals ? equals + 1 : NULL);
}

static const struct wc_option *find_letter(char letter, unsigned scope)
{
	for (const struct wc_option *option = wc_option_table; option->name; option++)
		if (option->letter == letter && (option->scope & scope))
			return option;
	return NULL;
}

/* Reads @letters, which followed one dash: flags, and at the end one that may take a value. */
static int read_letters(struct parser *parser, const char *letters)
{
	int status = WC_OK;

	while (*letters && !status) {
		const struct wc_option *option = find_letter(*letters, parser->command->scope);
		const char as[] = {'-', *letters, '\0'};

		letters++;
		if (as[1] == 'h') {
			parser->arguments->help = true;
		} else if (!option) {
			return no_option(parser, "-", as + 1, 1);
		} else if (option->type == WC_OPTION_FLAG) {
			status = set(parser, option, as, NULL);
		} else {
			return set(parser, option, as, *letters ? letters : NULL);
		}
		if (*letters == '=')
			return no_value(parser, as, letters);
	}
	return status;
}

static int read_operand(struct parser *parser, const char *word)
{
	if (!parser->command->operands)
		return wc_error_set(parser->error, WC_INVALID, "%s takes no argument '%s'%s",
				    parser->command->name, word,
				    wc_option_find("interface", parser->command->scope)
					    ? ": interfaces are named by -i"
					    : "");
	return wc_texts_add(&parser->arguments->operands, word, parser->error);
}

static int read_words(struct parser *parser)
{
	bool options = true;
	int status = WC_OK;

	while (parser->next < parser->end && !status) {
		const char *word = *parser->next++;

		if (!options || word[0] != '-' || !word[1])
			status = read_operand(parser, word);
		else if (!strcmp(word, "--"))
			options = false;
		else if (word[1] == '-')
			status = read_long(parser, word);
		else
			status = read_letters(parser, word + 1);
	}
	return status;
}

int wc_arguments_parse(struct wc_arguments *arguments, const struct wc_command *command, int argc,
		       char **argv, struct wc_error *error)
{
	struct parser parser = {arguments, command, argv, argv + argc, error};
	int status;

	*arguments = (struct wc_arguments){0};
	status = wc_options_init(&arguments->options, error);
	arguments->options.spelling = WC_SPELLING_DASHED;
	if (!status)
		status = read_words(&parser);
	if (!status && command->operands && *command->operands != '[' &&
	    !arguments->operands.count && !arguments->help)
		status = wc_error_set(error, WC_INVALID,
				      "%s what? It is used as 'wirecensus %s [OPTION]... %s'",
				      command->name, command->name, command->operands);
	if (status)
		wc_arguments_free(arguments);
	return status;
}

void wc_arguments_free(struct wc_arguments *arguments)
{
	wc_options_free(&arguments->options);
	wc_texts_free(&arguments->operands);
}

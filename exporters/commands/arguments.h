/*
 * arguments.h - the words of a command line, read by the option table
 *
 * --option VALUE, --option=VALUE, --flag, --flag=no, -o VALUE, -oVALUE, letters
 * of flags together, operands anywhere, and -- before operands that begin with
 * a dash.
 */
#ifndef WC_ARGUMENTS_H
#define WC_ARGUMENTS_H

#include <stdbool.h>

#include "wirecensus/options.h"

struct wc_command; /* command.h */
struct wc_error;   /* wirecensus/error.h */

struct wc_arguments {
	struct wc_options options;
	struct wc_texts operands;
	bool help; /* --help or -h was among them */
};

/*
 * Reads the words behind the name of @command. Returns 0 and arguments to be
 * freed with wc_arguments_free(), or a negative code with @error filled in.
 */
int wc_arguments_parse(struct wc_arguments *arguments, const struct wc_command *command, int argc,
		       char **argv, struct wc_error *error);
void wc_arguments_free(struct wc_arguments *arguments);

#endif /* WC_ARGUMENTS_H */

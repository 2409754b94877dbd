#include "command.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "buffer.h"
#include "control_show.h"
#include "help.h"
#include "output.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

const struct wc_command wc_command_table[] = {
	{"read", "FILE...", "count capture files and print the census of each",
	 "Counts every frame of each FILE (pcap or pcapng, plain or compressed by gzip or zstd; "
	 "- is standard input), in order, and prints the census of each.",
	 WC_SCOPE_READ, wc_read_run},
	{"live", NULL, "count interfaces and print the census of each interval",
	 "Counts every frame that the interfaces receive or send, and prints the census of each "
	 "at the end of every interval, and when it is interrupted.",
	 WC_SCOPE_LIVE, wc_live_run},
	{"daemon", NULL, "count and export until told to stop",
	 "Counts what the configuration names, keeps every interval in a journal and delivers it "
	 "to "
	 "the collectors. Stays in the foreground and says on standard error what happens. SIGHUP "
	 "has it read the configuration again, SIGTERM ends it.",
	 WC_SCOPE_RUN, wc_daemon_run},
	{"show", "WHAT", "print tables of the running daemon",
	 "Prints what the running daemon counted in its last interval. WHAT is one of " WC_SHOW_LIST
	 ".",
	 WC_SCOPE_SHOW, wc_show_run},
	{"status", NULL, "tell whether the running daemon is well, and what it does",
	 "Prints what the running daemon captures and where it delivers to. Ends with exit code 1 "
	 "when something is wrong, or no daemon answers.",
	 WC_SCOPE_STATUS, wc_status_run},
	{"dump", NULL, "have the running daemon write its dump files now",
	 "Has the running daemon write its dump files, which hold what was counted up to its last "
	 "interval's end, and prints their paths.",
	 WC_SCOPE_DUMP, wc_dump_run},
	{"reload", NULL, "have the running daemon read its configuration again",
	 "Has the running daemon check its configuration and, when nothing is wrong with it, apply "
	 "all of it. Ends with exit code 1 when something of it takes a restart, and 2 when it is "
	 "wrong; nothing was changed then.",
	 WC_SCOPE_RELOAD, wc_reload_run},
	{"report", "[FILE...]", "print who used how much, by network and by domain",
	 "Prints totals and loss, ports, conversations, hosts by network and by domain, and "
	 "scanners. "
	 "Without FILE the running daemon tells of its last interval, or its journal of the time "
	 "that "
	 "is asked for. With dump files (see dump), also of other hosts, their sums are printed; "
	 "one "
	 "that is damaged is named and left out, and the exit code is 1.",
	 WC_SCOPE_REPORT, wc_report_run},
	{"history", "WHAT", "print what was counted in a span of time",
	 "Prints what the daemon's journal has of a span of time, whether the daemon runs or not. "
	 "WHAT "
	 "is one of " WC_HISTORY_LIST ". Up to ten minutes are sums of intervals; longer spans are "
	 "sums of minutes, or of hours with minutes at the ends, whose conversations and hosts are "
	 "the 1,000 largest, the rest being other. Fragments, ethertypes and scanners are those of "
	 "the intervals that are kept.",
	 WC_SCOPE_HISTORY, wc_history_run},
	{"help", "[COMMAND]", "list the commands, or the options of one",
	 "Lists the commands, or the options of one, as --help behind its name does.", 0,
	 wc_help_run},
	{"version", NULL, "tell the version", "Tells the version.", 0, wc_version_run},
	{.name = NULL},
};

int wc_command_exit(int status)
{
	return status == WC_INVALID ? WC_EXIT_USAGE : WC_EXIT_FAILED;
}

static const struct wc_command *find(const char *name)
{
	for (const struct wc_command *command = wc_command_table; command->name; command++)
		if (!strcmp(command->name, name))
			return command;
	return NULL;
}

/* Prints a help text, or a part of it, and frees it. */
static int print(struct wc_buffer *text)
{
	struct wc_error error;
	int status = wc_output_write(text, &error);

	wc_buffer_free(text);
	if (!status)
		return WC_EXIT_OK;
	wc_output_complain(&error);
	return WC_EXIT_FAILED;
}

static int print_overview(void)
{
	struct wc_buffer text = {0};

	wc_help_overview(&text);
	return print(&text);
}

static int print_help(const struct wc_command *command)
{
	struct wc_buffer text = {0};

	wc_help_command(&text, command);
	return print(&text);
}

static int unknown(const char *name)
{
	struct wc_error error;

	wc_error_set(&error, WC_INVALID, "there is no command '%s': 'wirecensus help' lists them",
		     name);
	wc_output_complain(&error);
	return WC_EXIT_USAGE;
}

static int run(const struct wc_command *command, int argc, char **argv)
{
	struct wc_arguments arguments;
	struct wc_error error;
	int status = wc_arguments_parse(&arguments, command, argc, argv, &error);
	int code;

	if (status) {
		wc_output_complain(&error);
		return wc_command_exit(status);
	}
	code = arguments.help ? print_help(command)
			      : command->run(&arguments.options, &arguments.operands);
	wc_arguments_free(&arguments);
	return code;
}

int wc_help_run(const struct wc_options *options, const struct wc_texts *operands)
{
	const struct wc_command *command = operands->count ? find(operands->items[0]) : NULL;
	struct wc_error error;

	(void)options;
	if (!operands->count)
		return print_overview();
	if (!command)
		return unknown(operands->items[0]);
	if (operands->count == 1)
		return print_help(command);
	wc_error_set(&error, WC_INVALID, "help takes one argument, and '%s' is a second",
		     operands->items[1]);
	wc_output_complain(&error);
	return WC_EXIT_USAGE;
}

int wc_version_run(const struct wc_options *options, const struct wc_texts *operands)
{
	struct wc_buffer text = {0};

	(void)options;
	(void)operands;
	wc_buffer_text(&text, "wirecensus " WC_VERSION "\n");
	return print(&text);
}

/* What is asked of every program by an option. */
static const char *name_of(const char *word)
{
	if (!strcmp(word, "--help") || !strcmp(word, "-h"))
		return "help";
	return strcmp(word, "--version") ? word : "version";
}

int wc_command_main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	const struct wc_command *command;

	wc_output_prepare();
	/* A reader that goes away is told by write(2). */
	signal(SIGPIPE, SIG_IGN);
	if (!name) {
		struct wc_error error;

		wc_error_set(&error, WC_INVALID, "no command given: 'wirecensus help' lists them");
		wc_output_complain(&error);
		return WC_EXIT_USAGE;
	}
	command = find(name_of(name));
	return command ? run(command, argc - 2, argv + 2) : unknown(name);
}

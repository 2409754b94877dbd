/*
 * command.h - the subcommands, and what runs the one that is asked for
 */
#ifndef WC_COMMAND_H
#define WC_COMMAND_H

struct wc_options; /* wirecensus/options.h */
struct wc_texts;   /* wirecensus/options.h */

/* Exit codes, by what went wrong. */
enum {
	WC_EXIT_OK = 0,
	WC_EXIT_FAILED = 1, /* anything else: a file, an interface, the output */
	WC_EXIT_USAGE = 2,  /* a wrong option, filter or address */
};

struct wc_command {
	const char *name;     /* NULL ends the table */
	const char *operands; /* as the usage shows them, in brackets when there may be none; NULL
				 when it takes none */
	const char *summary;  /* one line */
	const char *description; /* a paragraph for its help */
	unsigned scope;          /* of its options: WC_SCOPE_READ ...; 0 for none */
	int (*run)(const struct wc_options *options, const struct wc_texts *operands);
};

extern const struct wc_command wc_command_table[];

/* Returns the exit code for an enum wc_status that is not 0. */
int wc_command_exit(int status);

/* Runs what the command line asks for and returns the exit code. */
int wc_command_main(int argc, char **argv);

/*
 * The subcommands, each in the file of its name, but for the last two, which are told from the
 * table. They return an exit code.
 */
int wc_read_run(const struct wc_options *options, const struct wc_texts *operands);
int wc_live_run(const struct wc_options *options, const struct wc_texts *operands);
int wc_daemon_run(const struct wc_options *options, const struct wc_texts *operands);
int wc_show_run(const struct wc_options *options, const struct wc_texts *operands);
int wc_status_run(const struct wc_options *options, const struct wc_texts *operands);
int wc_dump_run(const struct wc_options *options, const struct wc_texts *operands);
int wc_reload_run(const struct wc_options *options, const struct wc_texts *operands);
int wc_report_run(const struct wc_options *options, const struct wc_texts *operands);
int wc_history_run(const struct wc_options *options, const struct wc_texts *operands);
int wc_help_run(const struct wc_options *options, const struct wc_texts *operands);
int wc_version_run(const struct wc_options *options, const struct wc_texts *operands);

/* What can be asked of the journal. */
#define WC_HISTORY_LIST                                                                            \
	"totals, traffic, ports, protocols, fragments, ethertypes, conversations, hosts, "         \
	"scanners, loss"

#endif /* WC_COMMAND_H */

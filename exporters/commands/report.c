#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ask_snapshots.h"
#include "cached.h"
#include "command.h"
#include "domain.h"
#include "history.h"
#include "hostnames.h"
#include "journal.h"
#include "merge.h"
#include "output.h"
#include "report_json.h"
#include "report_make.h"
#include "report_text.h"
#include "session.h"
#include "when.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define NS_PER_S INT64_C(1000000000)

#define BIT(table) (1u << (table))

/* Who answered, in three ways of asking. */
#define OF_HOSTS                                                                                   \
	(BIT(WC_REPORT_TOTALS) | BIT(WC_REPORT_PORTS) | BIT(WC_REPORT_NETWORKS) |                  \
	 BIT(WC_REPORT_DOMAINS) | BIT(WC_REPORT_HOSTS) | BIT(WC_REPORT_PROTOCOLS))
#define OF_FILES (OF_HOSTS | BIT(WC_REPORT_SOURCES))
#define OF_TALK  (OF_HOSTS | BIT(WC_REPORT_CONVERSATIONS) | BIT(WC_REPORT_SCANNERS))

struct reporting {
	const struct wc_options *options;
	const struct wc_texts *files;
	struct wc_session session;
	struct wc_domains *domains;
	int64_t now_ns;
	int code;
};

static void complain(struct reporting *reporting, const struct wc_error *error, int status)
{
	wc_output_complain(error);
	reporting->code = wc_command_exit(status);
}

static int encode(struct reporting *reporting, const struct wc_report_wish *wish,
		  struct wc_error *error)
{
	struct wc_report *report;
	int status = wc_report_make(&report, wish, error);

	if (status)
		return status;
	if (reporting->options->format == WC_FORMAT_TEXT)
		wc_report_text(&reporting->session.text, report);
	else
		wc_report_json(&reporting->session.text, report);
	wc_report_free(report);
	return WC_OK;
}

/* Adds one report: with names twice, at first only to ask for them. */
static int add(struct reporting *reporting, struct wc_report_wish *wish, struct wc_error *error)
{
	struct wc_hostnames *hostnames = reporting->session.hostnames;
	size_t before = reporting->session.text.length;
	int status = WC_OK;

	wish->domains = reporting->domains;
	wish->now_ns = reporting->now_ns;
	if (hostnames && !wish->merge) {
		wc_hostnames_begin(hostnames);
		status = encode(reporting, wish, error);
		wc_hostnames_settle(hostnames);
		reporting->session.text.length = before;
	}
	return status ? status : encode(reporting, wish, error);
}

/* ---- from dump files ---- */

static int no_file(const struct reporting *reporting, struct wc_error *error)
{
	const char *capture = reporting->options->capture;

	if (!capture || reporting->code)
		return WC_OK; /* what is wrong with each was told */
	return wc_error_set(error, WC_INVALID, "none of the dump files is of a capture '%.64s'",
			    capture);
}

static int add_files(struct reporting *reporting, struct wc_error *error)
{
	struct wc_merge *merge = wc_merge_new();
	struct wc_context context = reporting->session.context;
	struct wc_report_wish wish = {.context = &context, .tables = OF_FILES, .merge = merge};
	int status;

	if (!merge)
		return wc_error_no_memory(error, "for a report");
	wc_merge_only(merge, reporting->options->capture);
	for (size_t i = 0; i < reporting->files->count; i++) {
		status = wc_merge_add(merge, reporting->files->items[i], error);
		if (status)
			complain(reporting, error, status);
	}
	status = wc_merge_finish(merge, error);
	if (!status && wc_merge_sources(merge)) {
		wish.snapshot = wc_merge_snapshot(merge);
		context.naming = wc_merge_naming(merge);
		if (wc_merge_sources(merge) == 1)
			context.host = wc_merge_source(merge, 0).host;
		else
			context.host = "all hosts";
		status = add(reporting, &wish, error);
	} else if (!status) {
		status = no_file(reporting, error);
	}
	wc_merge_free(merge);
	return status;
}

/* ---- from the journal ---- */

static int add_sum(struct reporting *reporting, const struct wc_journal_interval *sum,
		   struct wc_error *error)
{
	struct wc_context context = reporting->session.context;
	struct wc_report_wish wish = {
		.snapshot = sum->snapshot, .context = &context, .tables = OF_TALK};

	context.host = sum->host;
	return add(reporting, &wish, error);
}

static int add_span(struct reporting *reporting, struct wc_history *history,
		    const struct wc_when *when, struct wc_error *error)
{
	struct wc_history_span span = {when->from_ns, when->to_ns, reporting->options->capture,
				       UINT_MAX};
	struct wc_journal_interval *sums;
	size_t count;
	int status = wc_history_sum(history, &span, &sums, &count, error);

	if (!status && !count)
		status = wc_error_set(error, WC_FAILED, "the journal has nothing of that time%s",
				      span.capture ? " and capture" : "");
	for (size_t i = 0; i < count && !status; i++)
		status = add_sum(reporting, &sums[i], error);
	wc_journal_intervals_free(sums, count);
	return status;
}

static int add_history(struct reporting *reporting, struct wc_error *error)
{
	struct wc_history *history = NULL;
	struct wc_when when;
	int status = wc_when_span(&when, reporting->options, reporting->now_ns, 1, error);

	if (!status)
		status = wc_history_open(&history, reporting->options->journal, error);
	if (!status)
		status = add_span(reporting, history, &when, error);
	wc_history_close(history);
	return status;
}

/* ---- from the daemon ---- */

static int add_last(void *arg, const struct wc_snapshot *last, const char *host,
		    struct wc_error *error)
{
	struct reporting *reporting = arg;
	struct wc_context context = reporting->session.context;
	struct wc_report_wish wish = {.snapshot = last, .context = &context, .tables = OF_TALK};

	context.host = host;
	return add(reporting, &wish, error);
}

static int add_daemon(struct reporting *reporting, struct wc_error *error)
{
	return wc_ask_snapshots(reporting->options, add_last, reporting, error);
}

/* ---- in any case ---- */

static int make(struct reporting *reporting, struct wc_error *error)
{
	if (reporting->files->count)
		return add_files(reporting, error);
	if (wc_when_given(reporting->options))
		return add_history(reporting, error);
	return add_daemon(reporting, error);
}

/* True if @text is not what the option called @name is without being given. */
static bool is_given(const char *name, const char *text)
{
	return strcmp(text, wc_option_find(name, WC_SCOPE_REPORT)->fallback) != 0;
}

/* What is not asked is named by no option. */
static int check(const struct reporting *reporting, struct wc_error *error)
{
	bool files = reporting->files->count > 0, span = wc_when_given(reporting->options);

	if (files && span)
		return wc_error_set(error, WC_INVALID,
				    "dump files are of their own time: --last, --since and --until "
				    "are for the journal");
	if ((files || span) && is_given("control", reporting->options->control))
		return wc_error_set(error, WC_INVALID,
				    "--control: %s asked, and not the running daemon: leave it out",
				    files ? "dump files are" : "for a time, the journal is");
	if ((files || !span) && is_given("journal", reporting->options->journal))
		return wc_error_set(
			error, WC_INVALID, "--journal: %s",
			files ? "dump files are asked, and not the journal: leave it out"
			      : "the journal is asked for a time: give --last, or "
				"--since and --until");
	return WC_OK;
}

static int begin(struct reporting *reporting, struct wc_error *error)
{
	struct timespec time;
	int status = check(reporting, error);

	clock_gettime(CLOCK_REALTIME, &time);
	reporting->now_ns = (int64_t)time.tv_sec * NS_PER_S + time.tv_nsec;
	if (!status)
		status = wc_session_begin(&reporting->session, reporting->options, error);
	if (!status)
		status = wc_session_name_hosts(&reporting->session, reporting->options, error);
	if (reporting->options->format == WC_FORMAT_JSON)
		reporting->session.context.top = UINT64_MAX;
	reporting->domains = wc_domains_new();
	return status;
}

/* What lacks a file is not kept: whoever asks next is to hear of it, too. */
static int print(struct reporting *reporting, struct wc_error *error)
{
	const char *cache = reporting->options->cache;
	int status = wc_output_write(&reporting->session.text, error);

	if (!status && cache && !reporting->code && !reporting->session.text.failed)
		status = wc_cached_write(cache, &reporting->session.text, error);
	return status;
}

int wc_report_run(const struct wc_options *options, const struct wc_texts *operands)
{
	struct reporting reporting = {.options = options, .files = operands};
	struct wc_error error;
	bool fresh = false;
	int status = begin(&reporting, &error);

	if (!status && options->cache)
		status = wc_cached_read(options->cache, options->refresh, &reporting.session.text,
					&fresh, &error);
	if (!status && fresh) {
		status = wc_output_write(&reporting.session.text, &error);
	} else if (!status) {
		wc_buffer_clear(&reporting.session.text);
		status = make(&reporting, &error);
		if (!status)
			status = print(&reporting, &error);
	}
	if (status)
		complain(&reporting, &error, status);
	wc_domains_free(reporting.domains);
	wc_session_end(&reporting.session);
	return reporting.code;
}

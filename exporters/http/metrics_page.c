#include "metrics_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "http.h"
#include "metrics.h"
#include "picture.h"

#define SECOND_NS INT64_C(1000000000)

static int64_t ns_of(const struct timeval *time)
{
	return time->tv_sec * SECOND_NS + time->tv_usec * INT64_C(1000);
}

/* What this process costs. What cannot be read is 0. */
static void measure(struct wc_metrics_process *process)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	unsigned long long all = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	struct rusage usage;
	char line[128], *rest;

	if (file && fgets(line, sizeof(line), file)) {
		all = strtoull(line, &rest, 10);
		resident = strtoull(rest, NULL, 10);
	}
	if (file)
		fclose(file);
	getrusage(RUSAGE_SELF, &usage);
	*process = (struct wc_metrics_process){
		.cpu_ns = ns_of(&usage.ru_utime) + ns_of(&usage.ru_stime),
		.resident = resident * page,
		.virtual = all * page,
	};
}

static void count_requests(struct wc_metrics_server *server, struct wc_http *http)
{
	struct wc_http_state state;

	wc_http_state(http, &state);
	*server = (struct wc_metrics_server){
		.connections = state.connections,
		.evicted = state.evicted,
		.unauthorized = state.unauthorized,
	};
	memcpy(server->answered, state.answered, sizeof(server->answered));
}

static struct wc_metrics_capture capture_of(const struct wc_picture_capture *capture)
{
	return (struct wc_metrics_capture){
		.name = capture->name,
		.interface = capture->interface,
		.engine = capture->engine,
		.present = capture->present,
		.last = capture->last,
		.conversations = capture->conversations,
		.hosts = capture->hosts,
		.rows = capture->rows,
	};
}

static struct wc_metrics_exporter exporter_of(const struct wc_picture_exporter *exporter)
{
	const struct wc_exporter_status *status = &exporter->status;

	return (struct wc_metrics_exporter){
		.name = exporter->name,
		.working = !*status->reason,
		.backlog = status->backlog,
		.lost_intervals = status->lost_intervals,
		.messages = status->messages,
		.rows = status->rows,
		.bytes = status->bytes,
		.repeated = status->repeated,
		.unconfirmed = status->unconfirmed,
		.unsendable = status->unsendable,
		.connections = status->connections,
		.failures = status->failures,
		.last_ns = status->last_ns,
	};
}

static struct wc_metrics_journal journal_of(const struct wc_picture *picture)
{
	return (struct wc_metrics_journal){
		.intervals = picture->history.intervals,
		.bytes = picture->history.bytes,
		.dropped = picture->history.dropped_intervals,
		.failures = picture->history.failures,
		.waiting = picture->waiting_intervals,
		.lost = picture->lost_intervals,
	};
}

/* Writes what @facts and the picture say, with room for its captures and exporters. */
static void write_picture(struct wc_reply *reply, const struct wc_request *request,
			  struct wc_metrics_facts *facts, struct wc_metrics_capture *captures,
			  struct wc_metrics_exporter *exporters)
{
	const struct wc_picture *picture = request->picture;
	bool open = wc_metrics_wants_open(request->accept);

	for (size_t i = 0; i < picture->capture_count; i++)
		captures[i] = capture_of(&picture->captures[i]);
	for (size_t i = 0; i < picture->exporter_count; i++)
		exporters[i] = exporter_of(&picture->exporters[i]);
	facts->captures = captures;
	facts->capture_count = picture->capture_count;
	facts->exporters = exporters;
	facts->exporter_count = picture->exporter_count;
	wc_metrics_write(&reply->body, facts, open);
	reply->type = open ? WC_METRICS_OPEN_TYPE : WC_METRICS_TEXT_TYPE;
}

static void answer_metrics(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	const struct wc_metrics_page *page = arg;
	const struct wc_picture *picture = request->picture;
	struct wc_metrics_capture *captures = calloc(picture->capture_count + 1, sizeof(*captures));
	struct wc_metrics_exporter *exporters =
		calloc(picture->exporter_count + 1, sizeof(*exporters));
	struct wc_metrics_facts facts = {
		.context = request->context,
		.version = WC_VERSION,
		.started_ns = picture->started_ns,
		.late_intervals = picture->late_intervals,
		.journal = journal_of(picture),
		.max_series = page->max_series,
	};

	count_requests(&facts.server, page->http);
	measure(&facts.process);
	if (captures && exporters)
		write_picture(reply, request, &facts, captures, exporters);
	else
		reply->body.failed = true;
	free(captures);
	free(exporters);
}

const struct wc_page wc_metrics_pages[] = {{"/metrics", answer_metrics}, {NULL, NULL}};

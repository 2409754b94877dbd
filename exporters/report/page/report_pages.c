#include "report_pages.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "page.h"
#include "picture.h"
#include "report_cache.h"
#include "report_files.h"
#include "report_html.h"
#include "report_json.h"
#include "report_make.h"
#include "wirecensus/error.h"

/* Rows of a table on the page: JSON has all. */
#define TOP 40

/* Captures between which one can choose. */
#define CAPTURES_MAX 64

#define BIT(table) (1u << (table))

#define POLICY                                                                                     \
	"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "            \
	"img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

struct wc_report_pages {
	pthread_mutex_t lock; /* one report is made at a time */
	struct wc_report_cache *cache;
};

int wc_report_pages_new(struct wc_report_pages **pages, struct wc_error *error)
{
	struct wc_report_pages *made = calloc(1, sizeof(*made));

	if (made)
		made->cache = wc_report_cache_new();
	if (!made || !made->cache) {
		free(made);
		return wc_error_no_memory(error, "for the report");
	}
	pthread_mutex_init(&made->lock, NULL);
	*pages = made;
	return WC_OK;
}

void wc_report_pages_free(struct wc_report_pages *pages)
{
	if (!pages)
		return;
	wc_report_cache_free(pages->cache);
	pthread_mutex_destroy(&pages->lock);
	free(pages);
}

/* Finds the capture that is asked for, or the first. */
static bool find_capture(const struct wc_request *request, size_t *capture)
{
	const char *name = wc_request_argument(request, "capture");

	for (*capture = 0; *capture < request->picture->capture_count; ++*capture)
		if (!name || !strcmp(name, request->picture->captures[*capture].name))
			return true;
	return false;
}

/* Fills in what is asked for; refuses what is not there. */
static bool understand(struct wc_report_question *question, const struct wc_request *request,
		       struct wc_reply *reply)
{
	const char *span = wc_request_argument(request, "span");

	question->picture = request->picture;
	question->tables = WC_REPORT_ALL & ~BIT(WC_REPORT_SOURCES);
	question->span = wc_report_span_find(span ? span : "now");
	if (!question->span) {
		wc_reply_refuse(reply, 400, "span is one of now, hour, day, week");
		return false;
	}
	if (find_capture(request, &question->capture))
		return true;
	wc_reply_refuse(reply, 404, "there is no such capture");
	return false;
}

static void add_page(struct wc_reply *reply, const struct wc_report_question *question,
		     const struct wc_report *report)
{
	const struct wc_picture *picture = question->picture;
	const char *captures[CAPTURES_MAX];
	unsigned refresh = question->span->refresh_s;
	struct wc_report_view view = {
		.report = report,
		.host = question->context->host,
		.span = question->span->name,
		.captures = captures,
		.capture = picture->captures[question->capture].name,
		.trouble = picture->trouble,
		.refresh_s = refresh ? refresh : (unsigned)picture->interval,
	};

	for (size_t i = 0; i < picture->capture_count && i < CAPTURES_MAX; i++)
		captures[view.capture_count++] = picture->captures[i].name;
	reply->type = "text/html; charset=utf-8";
	wc_reply_header(reply, "Content-Security-Policy", POLICY);
	wc_report_html(&reply->body, &view);
}

static void answer_page(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	struct wc_report_pages *pages = arg;
	struct wc_context context = *request->context;
	struct wc_report_question question = {.context = &context};
	const struct wc_report *report;
	struct wc_error error;

	context.top = TOP;
	if (!understand(&question, request, reply))
		return;
	pthread_mutex_lock(&pages->lock);
	if (wc_report_cache_get(pages->cache, &question, &report, &error))
		wc_reply_refuse(reply, 503, error.text);
	else
		add_page(reply, &question, report);
	pthread_mutex_unlock(&pages->lock);
}

/* Reads the argument top: as many rows at most, 0 for none. */
static uint64_t top_of(const struct wc_request *request)
{
	const char *text = wc_request_argument(request, "top");
	char *end;
	unsigned long long top;

	if (!text || *text < '0' || *text > '9')
		return UINT64_MAX;
	top = strtoull(text, &end, 10);
	return *end || !top ? UINT64_MAX : top;
}

/* "/api/NAME.json" */
static const struct {
	const char *path;
	enum wc_report_tables table; /* WC_REPORT_TABLES: all of them */
} apis[] = {
	{"/api/report.json", WC_REPORT_TABLES},
	{"/api/totals.json", WC_REPORT_TOTALS},
	{"/api/traffic.json", WC_REPORT_TRAFFIC},
	{"/api/ports.json", WC_REPORT_PORTS},
	{"/api/conversations.json", WC_REPORT_CONVERSATIONS},
	{"/api/networks.json", WC_REPORT_NETWORKS},
	{"/api/domains.json", WC_REPORT_DOMAINS},
	{"/api/hosts.json", WC_REPORT_HOSTS},
	{"/api/protocols.json", WC_REPORT_PROTOCOLS},
	{"/api/scanners.json", WC_REPORT_SCANNERS},
};

#define APIS (sizeof(apis) / sizeof(*apis))

static enum wc_report_tables table_of(const char *path)
{
	for (size_t i = 0; i < APIS; i++)
		if (!strcmp(apis[i].path, path))
			return apis[i].table;
	return WC_REPORT_TABLES;
}

static void add_json(struct wc_reply *reply, const struct wc_report *report,
		     enum wc_report_tables table)
{
	reply->type = "application/json";
	if (!report)
		wc_reply_refuse(reply, 404, "nothing is known of this time");
	else if (table == WC_REPORT_TABLES)
		wc_report_json(&reply->body, report);
	else
		wc_report_json_table(&reply->body, report, table);
}

/* All rows are made for one who asks for them, and not kept. */
static void answer_json(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	struct wc_report_pages *pages = arg;
	struct wc_context context = *request->context;
	struct wc_report_question question = {.context = &context};
	enum wc_report_tables table = table_of(request->path);
	struct wc_report *report = NULL;
	struct wc_error error;
	int status;

	context.top = top_of(request);
	if (!understand(&question, request, reply))
		return;
	if (table != WC_REPORT_TABLES)
		question.tables = BIT(table);
	pthread_mutex_lock(&pages->lock);
	status = wc_report_cache_make(pages->cache, &question, &report, &error);
	pthread_mutex_unlock(&pages->lock);
	if (status)
		wc_reply_refuse(reply, 503, error.text);
	else
		add_json(reply, report, table);
	wc_report_free(report);
}

static void answer_file(struct wc_reply *reply, const char *type, const char *text)
{
	reply->type = type;
	wc_reply_header(reply, "Cache-Control", "max-age=300");
	wc_buffer_text(&reply->body, text);
}

static void answer_css(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	(void)arg;
	(void)request;
	answer_file(reply, "text/css; charset=utf-8", wc_report_css);
}

static void answer_js(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	(void)arg;
	(void)request;
	answer_file(reply, "text/javascript; charset=utf-8", wc_report_js);
}

static void answer_svg(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	(void)arg;
	(void)request;
	answer_file(reply, "image/svg+xml", wc_report_svg);
}

static const struct wc_page list[] = {
	{"/", answer_page},
	{"/report.css", answer_css},
	{"/report.js", answer_js},
	{"/report.svg", answer_svg},
	{"/api/report.json", answer_json},
	{"/api/totals.json", answer_json},
	{"/api/traffic.json", answer_json},
	{"/api/ports.json", answer_json},
	{"/api/conversations.json", answer_json},
	{"/api/networks.json", answer_json},
	{"/api/domains.json", answer_json},
	{"/api/hosts.json", answer_json},
	{"/api/protocols.json", answer_json},
	{"/api/scanners.json", answer_json},
	{NULL, NULL},
};

void wc_report_pages_list(struct wc_report_pages *pages, struct wc_pages *filled)
{
	*filled = (struct wc_pages){list, pages};
}

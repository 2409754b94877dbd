/*
 * report_server.c - the report page of an office that never was, for a browser to look at
 *
 * report_server PORT [PORTS CONVERSATIONS HOSTS]: an interval of 10 s ends every second. Says
 * "ready" and ends with its standard input.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "encode.h"
#include "http.h"
#include "journal.h"
#include "office.h"
#include "page.h"
#include "picture.h"
#include "report_pages.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"

#define NS_PER_S INT64_C(1000000000)

/* What is in the journal at the beginning: ever shorter intervals, one behind the other. */
static const struct {
	unsigned seconds, count;
} past[] = {{1200, 7 * 24 * 3}, {120, 60}, {10, 60}};

#define PASTS (sizeof(past) / sizeof(*past))

struct server {
	struct wc_context context;
	struct wc_journal *journal;
	struct wc_gallery *gallery;
	struct wc_http *http;
	struct wc_report_pages *pages;
	struct office_size size;
	uint64_t number;
	int64_t now_ns;
};

static void must(int status, const struct wc_error *error)
{
	if (!status)
		return;
	fprintf(stderr, "report_server: %s\n", error->text);
	exit(1);
}

static void release(void *snapshot)
{
	office_free(snapshot);
}

/* Hangs a picture of the last interval, whose snapshot goes with it. */
static void paint(struct server *server, struct wc_snapshot *last)
{
	struct wc_picture *picture = wc_picture_new(2, 0);

	picture->instance = strdup(server->context.instance);
	picture->journal = server->journal;
	picture->interval = 10;
	picture->taken_ns = server->now_ns;
	picture->captures[0].name = strdup(last->capture);
	picture->captures[0].interface = strdup("eth0");
	picture->captures[0].description = strdup("");
	picture->captures[0].last = last;
	picture->captures[0].present = true;
	picture->captures[1].name = strdup("\"<i>lan</i>&");
	picture->captures[1].interface = strdup("eth1");
	picture->captures[1].description = strdup("");
	if (server->number % 2)
		picture->trouble = strdup("json/<b>central</b>: the collector is away\n");
	picture->release = release;
	picture->arg = last;
	wc_gallery_hang(server->gallery, picture);
}

static struct wc_snapshot *count(struct server *server, unsigned seconds,
				 const struct office_size *size)
{
	struct wc_snapshot *snapshot =
		office_make("wan", ++server->number, server->now_ns, seconds, size);
	struct wc_error error;

	must(wc_journal_write(server->journal, (const struct wc_snapshot *const[]){snapshot}, 1,
			      &error),
	     &error);
	return snapshot;
}

static void fill(struct server *server)
{
	static const struct office_size small = {0, 0, 0};

	server->now_ns = (int64_t)time(NULL) / 10 * 10 * NS_PER_S;
	for (size_t i = 0; i < PASTS; i++)
		server->now_ns -= (int64_t)past[i].seconds * past[i].count * NS_PER_S;
	for (size_t i = 0; i < PASTS; i++)
		for (unsigned j = 0; j < past[i].count; j++) {
			server->now_ns += past[i].seconds * NS_PER_S;
			office_free(count(server, past[i].seconds, &small));
		}
}

static void begin(struct server *server)
{
	struct wc_journal_settings settings = {.size = UINT64_C(4) << 30,
					       .age = 365 * 86400,
					       .host = "gate.office.example",
					       .instance = "test",
					       .version = "0"};
	char notice[WC_ERROR_SIZE];
	struct wc_error error;

	server->context = (struct wc_context){.host = "gate.office.example",
					      .instance = "test",
					      .registry = wc_registry_new(),
					      .top = 10};
	must(wc_journal_open(&server->journal, &settings, notice, &error), &error);
	must(wc_report_pages_new(&server->pages, &error), &error);
	server->gallery = wc_gallery_new();
}

static void serve(struct server *server, uint16_t port)
{
	struct wc_texts names = {0};
	struct wc_http_settings settings = {
		.port = port, .host_names = &names, .clients = 20, .timeout = 10};
	struct wc_http_show show = {.gallery = server->gallery, .context = &server->context};
	static struct wc_pages pages;
	struct wc_error error;

	must(wc_address_parse(&settings.address, "127.0.0.1", &error), &error);
	wc_report_pages_list(server->pages, &pages);
	show.pages = &pages;
	show.page_count = 1;
	for (size_t i = 0; i < WC_HTTP_THREADS; i++)
		show.namings[i] = (struct wc_naming *)&office_naming;
	must(wc_http_open(&server->http, &settings, &error), &error);
	must(wc_http_start(server->http, &settings, &show, &error), &error);
}

static void end(struct server *server)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	wc_http_stop(server->http,
		     (uint64_t)now.tv_sec * (uint64_t)NS_PER_S + 60 * (uint64_t)NS_PER_S);
	wc_http_free(server->http);
	wc_gallery_free(server->gallery);
	wc_report_pages_free(server->pages);
	wc_journal_close(server->journal);
	wc_registry_free((struct wc_registry *)server->context.registry);
}

int main(int argc, char **argv)
{
	struct server server = {.number = 0};
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	if (argc == 5) {
		server.size.ports = strtoul(argv[2], NULL, 10);
		server.size.conversations = strtoul(argv[3], NULL, 10);
		server.size.hosts = strtoul(argv[4], NULL, 10);
	} else if (argc != 2) {
		return 2;
	}
	begin(&server);
	fill(&server);
	paint(&server, count(&server, 10, &server.size));
	serve(&server, (uint16_t)strtoul(argv[1], NULL, 10));
	puts("ready");
	fflush(stdout);
	while (!poll(&input, 1, 1000)) {
		server.now_ns += 10 * NS_PER_S;
		paint(&server, count(&server, 10, &server.size));
	}
	end(&server);
	return 0;
}

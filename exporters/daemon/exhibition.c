#include "exhibition.h"

#include <stdlib.h>

#include "board.h"
#include "config.h"
#include "encode.h"
#include "http.h"
#include "log.h"
#include "metrics_page.h"
#include "naming.h"
#include "page.h"
#include "painter.h"
#include "picture.h"
#include "report_pages.h"
#include "wirecensus/error.h"

struct wc_exhibition {
	struct wc_http *http;
	struct wc_gallery *gallery;
	struct wc_painter *painter;
	struct wc_naming *namings[WC_HTTP_THREADS];
	struct wc_metrics_page metrics;
	struct wc_report_pages *report;
	struct wc_pages pages[2];
};

static struct wc_http_settings settings_of(const struct wc_config *config)
{
	const struct wc_config_http *http = &config->daemon.http;

	return (struct wc_http_settings){
		.address = http->address,
		.port = http->port,
		.public = http->public,
		.web_config = http->web_config,
		.host_names = &http->host_names,
		.clients = (size_t)http->clients,
		.timeout = (unsigned)http->timeout,
	};
}

int wc_exhibition_try(const struct wc_config *config, struct wc_error *error)
{
	struct wc_http_settings settings = settings_of(config);

	return config->daemon.http.listen ? wc_http_try(&settings, error) : WC_OK;
}

int wc_exhibition_open(struct wc_exhibition **exhibition, const struct wc_config *config,
		       struct wc_error *error)
{
	struct wc_http_settings settings = settings_of(config);
	struct wc_exhibition *made;
	int status;

	*exhibition = NULL;
	if (!config->daemon.http.listen)
		return WC_OK;
	made = calloc(1, sizeof(*made));
	if (!made)
		return wc_error_no_memory(error, "for the HTTP server");
	status = wc_http_open(&made->http, &settings, error);
	if (status)
		wc_exhibition_free(made);
	else
		*exhibition = made;
	return status;
}

void wc_exhibition_free(struct wc_exhibition *exhibition)
{
	if (!exhibition)
		return;
	wc_http_free(exhibition->http);
	wc_report_pages_free(exhibition->report);
	wc_gallery_free(exhibition->gallery);
	wc_painter_free(exhibition->painter);
	for (size_t i = 0; i < WC_HTTP_THREADS; i++)
		wc_naming_free(exhibition->namings[i]);
	free(exhibition);
}

/* Makes what the pages show and with whose names. */
static int prepare(struct wc_exhibition *exhibition, const struct wc_board *board,
		   struct wc_naming_source *names, struct wc_error *error)
{
	int status = wc_painter_new(&exhibition->painter, board, error);

	if (!status)
		status = wc_report_pages_new(&exhibition->report, error);
	if (status)
		return status;
	exhibition->gallery = wc_gallery_new();
	if (!exhibition->gallery)
		return wc_error_no_memory(error, "for the HTTP server");
	for (size_t i = 0; i < WC_HTTP_THREADS; i++) {
		exhibition->namings[i] = wc_naming_new(names);
		if (!exhibition->namings[i])
			return wc_error_no_memory(error, "for the HTTP server");
	}
	wc_exhibition_paint(exhibition);
	return WC_OK;
}

int wc_exhibition_start(struct wc_exhibition *exhibition, const struct wc_config *config,
			const struct wc_board *board, const struct wc_context *context,
			struct wc_naming_source *names, struct wc_error *error)
{
	struct wc_http_settings settings = settings_of(config);
	struct wc_http_show show = {.context = context, .pages = exhibition->pages};
	int status = prepare(exhibition, board, names, error);

	if (status)
		return status;
	exhibition->metrics =
		(struct wc_metrics_page){exhibition->http, (size_t)config->daemon.http.max_series};
	exhibition->pages[0] = (struct wc_pages){wc_metrics_pages, &exhibition->metrics};
	wc_report_pages_list(exhibition->report, &exhibition->pages[1]);
	show.page_count = sizeof(exhibition->pages) / sizeof(*exhibition->pages);
	show.gallery = exhibition->gallery;
	for (size_t i = 0; i < WC_HTTP_THREADS; i++)
		show.namings[i] = exhibition->namings[i];
	return wc_http_start(exhibition->http, &settings, &show, error);
}

void wc_exhibition_paint(struct wc_exhibition *exhibition)
{
	struct wc_picture *picture = wc_painter_paint(exhibition->painter);

	if (picture)
		wc_gallery_hang(exhibition->gallery, picture);
	else
		wc_log(WC_LOG_WARNING,
		       "there is no memory for a new picture; the old one is shown");
}

void wc_exhibition_take(struct wc_exhibition *exhibition, struct wc_interval *interval)
{
	wc_painter_take(exhibition->painter, interval);
}

int wc_exhibition_change(struct wc_exhibition *exhibition, const struct wc_config *config,
			 struct wc_error *error)
{
	struct wc_http_settings settings = settings_of(config);

	return wc_http_change(exhibition->http, &settings, error);
}

bool wc_exhibition_end(struct wc_exhibition *exhibition, uint64_t deadline_ns)
{
	if (!wc_http_stop(exhibition->http, deadline_ns))
		return false;
	wc_report_pages_free(exhibition->report); /* it reads the journal, which is closed next */
	exhibition->report = NULL;
	return true;
}

struct wc_http *wc_exhibition_server(const struct wc_exhibition *exhibition)
{
	return exhibition->http;
}

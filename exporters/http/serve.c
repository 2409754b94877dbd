/*
 * serve.c - one request: may it be, which page is it for, and off with the answer
 */
#include <microhttpd.h>
#include <string.h>

#include "encode.h"
#include "page.h"
#include "picture.h"
#include "server.h"
#include "visit.h"

static const struct wc_page *find_page(const struct wc_http *http, const char *path, void **arg)
{
	for (size_t i = 0; i < http->show.page_count; i++) {
		*arg = http->show.pages[i].arg;
		for (const struct wc_page *page = http->show.pages[i].list; page->path; page++)
			if (!strcmp(page->path, path))
				return page;
	}
	return NULL;
}

static enum MHD_Result take_argument(void *arg, enum MHD_ValueKind kind, const char *name,
				     const char *value)
{
	struct wc_request *request = arg;

	(void)kind;
	if (request->argument_count < WC_ARGUMENTS)
		request->arguments[request->argument_count] =
			(struct wc_argument){name, value ? value : ""};
	request->argument_count++;
	return MHD_YES;
}

/* Notes that a page is being made, and takes a look-up of names for it: a bit, or 0 for none. */
static bool begin_page(struct wc_http *http, unsigned *naming)
{
	bool may;

	*naming = 0;
	pthread_mutex_lock(&http->lock);
	may = !http->closing;
	if (may)
		http->busy++;
	for (unsigned i = 0; i < WC_HTTP_THREADS && may && !*naming; i++)
		if (http->show.namings[i] && !(http->namings & 1u << i))
			*naming = 1u << i;
	http->namings |= *naming;
	pthread_mutex_unlock(&http->lock);
	return may;
}

static void end_page(struct wc_http *http, unsigned naming)
{
	pthread_mutex_lock(&http->lock);
	http->namings &= ~naming;
	http->busy--;
	pthread_cond_broadcast(&http->left);
	pthread_mutex_unlock(&http->lock);
}

/* Calls the page with a picture and a look-up of its own. */
static void make_page(struct wc_visit *visit, const struct wc_page *page, void *arg)
{
	const struct wc_http_show *show = &visit->http->show;
	struct wc_context context = *show->context;
	struct wc_picture *picture;
	unsigned naming;

	if (!begin_page(visit->http, &naming)) {
		wc_reply_refuse(&visit->reply, MHD_HTTP_SERVICE_UNAVAILABLE,
				"the daemon ends or changes");
		return;
	}
	picture = wc_gallery_look(show->gallery);
	if (picture)
		context.instance = picture->instance;
	context.naming = naming ? show->namings[__builtin_ctz(naming)] : NULL;
	visit->request.context = &context;
	visit->request.picture = picture;
	if (picture)
		page->answer(arg, &visit->request, &visit->reply);
	else
		wc_reply_refuse(&visit->reply, MHD_HTTP_SERVICE_UNAVAILABLE,
				"there is nothing to show yet");
	wc_picture_drop(picture);
	end_page(visit->http, naming);
}

static void answer(struct wc_visit *visit, const char *path)
{
	struct wc_request *request = &visit->request;
	const char *accept =
		MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, "Accept");
	const struct wc_page *page;
	void *arg;

	if (!wc_visit_admit(visit))
		return;
	page = find_page(visit->http, path, &arg);
	if (!page) {
		wc_reply_refuse(&visit->reply, MHD_HTTP_NOT_FOUND, "there is no such page");
		return;
	}
	request->path = path;
	request->accept = accept ? accept : "";
	MHD_get_connection_values(visit->connection, MHD_GET_ARGUMENT_KIND, take_argument, request);
	if (request->argument_count > WC_ARGUMENTS)
		wc_reply_refuse(&visit->reply, MHD_HTTP_BAD_REQUEST,
				"there are too many arguments");
	else
		make_page(visit, page, arg);
}

int wc_serve(struct wc_http *http, struct MHD_Connection *connection, struct wc_caller *caller,
	     const char *path, const char *method)
{
	struct wc_visit visit = {
		.http = http,
		.connection = connection,
		.caller = caller,
		.method = method,
		.reply = {.status = MHD_HTTP_OK, .type = "text/plain; charset=utf-8"},
	};

	answer(&visit, path);
	return wc_visit_respond(&visit);
}

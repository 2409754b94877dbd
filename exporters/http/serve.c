/*
 * serve.c - one request: may it be, which page is it for, and off with the answer
 */
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "callers.h"
#include "encode.h"
#include "host_header.h"
#include "page.h"
#include "passwords.h"
#include "picture.h"
#include "server.h"
#include "tls.h"
#include "web_config.h"
#include "world.h"

/* What every answer has, unless the web configuration or the page knows better. */
static const struct wc_header defaults[] = {
	{"Cache-Control", "no-store"},
	{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Referrer-Policy", "no-referrer"},
	{"X-Content-Type-Options", "nosniff"},
};

/* A request on its way through this file. */
struct visit {
	struct wc_http *http;
	struct MHD_Connection *connection;
	struct wc_caller *caller;
	const char *method;
	struct wc_request request;
	struct wc_reply reply;
};

static const char *header(const struct visit *visit, const char *name)
{
	return MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, name);
}

/* ---- may it be ---- */

static bool refuse(struct visit *visit, unsigned status, const char *sentence)
{
	wc_reply_refuse(&visit->reply, status, sentence);
	return false;
}

static bool check_method(struct visit *visit)
{
	if (!strcmp(visit->method, MHD_HTTP_METHOD_GET) ||
	    !strcmp(visit->method, MHD_HTTP_METHOD_HEAD))
		return true;
	refuse(visit, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD are answered here");
	wc_reply_header(&visit->reply, "Allow", "GET, HEAD");
	return false;
}

static bool check_host(struct visit *visit)
{
	const struct wc_http *http = visit->http;

	if (wc_host_header_fits(header(visit, "Host"), http->show.context->host, &http->host_names))
		return true;
	return refuse(visit, MHD_HTTP_MISDIRECTED_REQUEST,
		      "this server does not go by that name: ask for its address, or have the name "
		      "added to host_names");
}

static bool ask_password(struct visit *visit)
{
	refuse(visit, MHD_HTTP_UNAUTHORIZED, "a user and a password are needed here");
	wc_reply_header(&visit->reply, "WWW-Authenticate",
			"Basic realm=\"wirecensus\", charset=\"UTF-8\"");
	return false;
}

static bool check_password(struct visit *visit)
{
	enum wc_password_verdict verdict = WC_PASSWORD_WRONG;
	char *user, *password = NULL;

	if (!visit->http->passwords)
		return true;
	user = MHD_basic_auth_get_username_password(visit->connection, &password);
	if (user && password)
		verdict = wc_passwords_judge(visit->http->passwords, user, password,
					     wc_world_real.steady(NULL));
	if (password)
		explicit_bzero(password, strlen(password));
	MHD_free(password);
	MHD_free(user);
	if (verdict == WC_PASSWORD_RIGHT)
		return true;
	if (verdict == WC_PASSWORD_WRONG)
		return ask_password(visit);
	refuse(visit, MHD_HTTP_TOO_MANY_REQUESTS, "too many passwords are being tried");
	wc_reply_header(&visit->reply, "Retry-After", "1");
	return false;
}

static bool check_certificate(struct visit *visit)
{
	if (!visit->http->web || wc_tls_accepts(visit->http->web, visit->connection))
		return true;
	return refuse(visit, MHD_HTTP_FORBIDDEN, "a certificate is needed here");
}

static bool check_who(struct visit *visit)
{
	if (check_certificate(visit) && check_password(visit))
		return true;
	atomic_fetch_add_explicit(&visit->http->unauthorized, 1, memory_order_relaxed);
	return false;
}

/* ---- which page is it for ---- */

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
static void make_page(struct visit *visit, const struct wc_page *page, void *arg)
{
	const struct wc_http_show *show = &visit->http->show;
	struct wc_context context = *show->context;
	struct wc_picture *picture;
	unsigned naming;

	if (!begin_page(visit->http, &naming)) {
		refuse(visit, MHD_HTTP_SERVICE_UNAVAILABLE, "the daemon ends or changes");
		return;
	}
	picture = wc_gallery_look(show->gallery);
	context.naming = naming ? show->namings[__builtin_ctz(naming)] : NULL;
	visit->request.context = &context;
	visit->request.picture = picture;
	if (picture)
		page->answer(arg, &visit->request, &visit->reply);
	else
		refuse(visit, MHD_HTTP_SERVICE_UNAVAILABLE, "there is nothing to show yet");
	wc_picture_drop(picture);
	end_page(visit->http, naming);
}

static void answer(struct visit *visit, const char *path)
{
	struct wc_request *request = &visit->request;
	const char *accept = header(visit, "Accept");
	const struct wc_page *page;
	void *arg;

	if (!check_method(visit) || !check_host(visit) || !check_who(visit))
		return;
	page = find_page(visit->http, path, &arg);
	if (!page) {
		refuse(visit, MHD_HTTP_NOT_FOUND, "there is no such page");
		return;
	}
	request->path = path;
	request->accept = accept ? accept : "";
	MHD_get_connection_values(visit->connection, MHD_GET_ARGUMENT_KIND, take_argument, request);
	if (request->argument_count > WC_ARGUMENTS)
		refuse(visit, MHD_HTTP_BAD_REQUEST, "there are too many arguments");
	else
		make_page(visit, page, arg);
}

/* ---- off with the answer ---- */

/* The body of an answer until it is taken. */
struct parcel {
	struct wc_callers *callers;
	struct wc_owed owed;
	char *data;
};

static void is_taken(void *arg)
{
	struct parcel *parcel = arg;

	wc_callers_settle(parcel->callers, &parcel->owed, wc_world_real.steady(NULL));
	free(parcel->data);
	free(parcel);
}

/* Hands the body over. NULL: there is no room for it. */
static struct MHD_Response *make_response(struct visit *visit)
{
	struct wc_buffer *body = &visit->reply.body;
	struct parcel *parcel = body->failed ? NULL : calloc(1, sizeof(*parcel));
	struct MHD_Response *response = NULL;

	if (!parcel)
		return NULL;
	*parcel = (struct parcel){.callers = visit->http->callers, .data = body->data};
	if (wc_callers_owe(parcel->callers, visit->caller, body->length, &parcel->owed))
		response = MHD_create_response_from_buffer_with_free_callback_cls(
			body->length, body->data, is_taken, parcel);
	*body = (struct wc_buffer){0};
	if (!response)
		is_taken(parcel);
	return response;
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
	if (!MHD_get_response_header(response, name))
		MHD_add_response_header(response, name, value);
}

/* What the administrator says goes before what the page says. */
static void add_headers(const struct visit *visit, struct MHD_Response *response)
{
	const struct wc_reply *made = &visit->reply;
	const struct wc_web_config *web = visit->http->web;

	for (size_t i = 0; web && i < web->headers.count; i++)
		add_header(response, web->headers.items[i].name, web->headers.items[i].value);
	add_header(response, "Content-Type", made->type);
	for (size_t i = 0; i < made->header_count; i++)
		add_header(response, made->headers[i].name, made->headers[i].value);
	for (size_t i = 0; i < sizeof(defaults) / sizeof(*defaults); i++)
		add_header(response, defaults[i].name, defaults[i].value);
}

static enum MHD_Result respond(struct visit *visit)
{
	struct wc_reply *made = &visit->reply;
	struct MHD_Response *response = make_response(visit);
	enum MHD_Result result;

	if (!response) {
		wc_reply_refuse(made, MHD_HTTP_SERVICE_UNAVAILABLE,
				"there is no memory left for this answer");
		response = MHD_create_response_from_buffer(made->body.length, made->body.data,
							   MHD_RESPMEM_MUST_COPY);
	}
	wc_buffer_free(&made->body);
	if (!response)
		return MHD_NO;
	add_headers(visit, response);
	result = MHD_queue_response(visit->connection, made->status, response);
	MHD_destroy_response(response);
	atomic_fetch_add_explicit(&visit->http->answered[made->status / 100 % 6], 1,
				  memory_order_relaxed);
	return result;
}

int wc_serve(struct wc_http *http, struct MHD_Connection *connection, struct wc_caller *caller,
	     const char *path, const char *method)
{
	struct visit visit = {
		.http = http,
		.connection = connection,
		.caller = caller,
		.method = method,
		.reply = {.status = MHD_HTTP_OK, .type = "text/plain; charset=utf-8"},
	};

	answer(&visit, path);
	return (int)respond(&visit);
}

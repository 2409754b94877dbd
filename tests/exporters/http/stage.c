#include "stage.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "encode.h"
#include "namespace.h"
#include "page.h"
#include "picture.h"
#include "suite.h"

#define SECOND UINT64_C(1000000000)

struct stage stage;

static struct wc_gallery *gallery;

/* ---- the pages ---- */

/* Says what it was asked. */
static void echo(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	wc_buffer_format(&reply->body, "%s %s host=%s interval=%d accept=%s", (const char *)arg,
			 request->path, request->context->host, (int)request->picture->interval,
			 request->accept);
	for (size_t i = 0; i < request->argument_count; i++)
		wc_buffer_format(&reply->body, " %s=%s", request->arguments[i].name,
				 request->arguments[i].value);
}

static void styled(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	(void)arg;
	(void)request;
	reply->type = "text/html";
	wc_reply_header(reply, "Content-Security-Policy", "default-src 'self'");
	wc_buffer_text(&reply->body, "<p>");
}

static void broken(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	(void)arg;
	(void)request;
	wc_buffer_text(&reply->body, "half");
	reply->body.failed = true;
}

static void large(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	static const char kilobyte[1024];

	(void)arg;
	(void)request;
	for (int i = 0; i < 8 << 10; i++)
		wc_buffer_add(&reply->body, kilobyte, sizeof(kilobyte));
}

/* Takes until it is let go. */
static void slow(void *arg, const struct wc_request *request, struct wc_reply *reply)
{
	(void)arg;
	(void)request;
	stage.held = true;
	while (stage.hold)
		usleep(1000);
	wc_buffer_text(&reply->body, "done");
}

static const struct wc_page list[] = {{"/echo", echo},     {"/", echo},       {"/styled", styled},
				      {"/broken", broken}, {"/large", large}, {"/slow", slow},
				      {NULL, NULL}};
static const struct wc_page second[] = {{"/second", echo}, {NULL, NULL}};
static const struct wc_pages pages[] = {{list, (char *)"first"}, {second, (char *)"other"}};
static const struct wc_context context = {.host = "here"};

/* ---- a server ---- */

struct wc_http_settings stage_settings(void)
{
	return (struct wc_http_settings){
		.address = {.low = 0x7f000001, .version = 4},
		.port = PORT,
		.host_names = &stage.host_names,
		.clients = CLIENTS,
		.timeout = 60,
	};
}

void stage_hang(uint64_t number)
{
	struct wc_picture *picture = wc_picture_new(0, 0);

	picture->interval = number;
	wc_gallery_hang(gallery, picture);
}

void stage_begin_with(const struct wc_http_settings *settings)
{
	struct wc_http_show show = {.context = &context, .pages = pages, .page_count = 2};

	ck_assert(namespace_enter());
	show.gallery = gallery = wc_gallery_new();
	ck_assert_msg(!wc_http_open(&stage.http, settings, &stage.error), "%s", stage.error.text);
	ck_assert_msg(!wc_http_start(stage.http, settings, &show, &stage.error), "%s",
		      stage.error.text);
}

void stage_begin(void)
{
	struct wc_http_settings settings = stage_settings();

	stage_begin_with(&settings);
	stage_hang(7);
}

static uint64_t in_seconds(unsigned seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return ((uint64_t)now.tv_sec + seconds) * SECOND;
}

void stage_end(void)
{
	ck_assert(wc_http_stop(stage.http, in_seconds(100)));
	wc_http_free(stage.http);
	wc_gallery_free(gallery);
}

struct wc_http_state stage_state(void)
{
	struct wc_http_state found;

	wc_http_state(stage.http, &found);
	return found;
}

int stage_run(const char *name, const TTest *const *tests)
{
	if (!namespace_possible()) {
		puts("skipped: no network namespace can be made here");
		return 77;
	}
	return suite_run(name, tests, 120);
}

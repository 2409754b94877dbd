/*
 * page.h - what a page of the HTTP server is: a request to an answer
 *
 * A page is a path and a function. Functions are called by threads of the server,
 * several at a time, and may take their time: neither counting nor the main thread
 * waits for them. What they show is in the request: a picture that nobody changes any
 * more, and a context whose look-up of names is theirs alone. What else a page needs is
 * behind its argument, and is theirs to lock.
 */
#ifndef WC_PAGE_H
#define WC_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

struct wc_context; /* encode.h */
struct wc_picture; /* picture.h */

/* One argument behind the ? of a request, its %XX decoded. May hold any byte but NUL. */
struct wc_argument {
	const char *name;
	const char *value; /* "" for none */
};

/* Arguments of one request, at most; one with more is refused. */
#define WC_ARGUMENTS 32

struct wc_request {
	const char *path;   /* without arguments, decoded */
	const char *accept; /* the header of this name; "" for none */
	struct wc_argument arguments[WC_ARGUMENTS];
	size_t argument_count;
	const struct wc_picture *picture; /* until the page returns, unless it is held */
	const struct wc_context *context; /* with names of hosts, where those are asked for */
};

/* A header beside those that every answer has. Both texts are the page's and constant. */
struct wc_header {
	const char *name, *value;
};

#define WC_HEADERS 8

/*
 * Begins with status 200 and nothing else. Every answer says that it is not to be stored,
 * framed, or guessed at, and that it loads nothing: a page that does brings its own
 * Content-Security-Policy or Cache-Control.
 */
struct wc_reply {
	unsigned status;       /* of RFC 9110 */
	const char *type;      /* a constant: "text/html; charset=utf-8" */
	struct wc_buffer body; /* the server frees it; when it failed, the answer is 503 */
	struct wc_header headers[WC_HEADERS];
	size_t header_count;
};

/* Fills in @reply. GET and HEAD are the same to it. */
typedef void wc_page_function(void *arg, const struct wc_request *request, struct wc_reply *reply);

struct wc_page {
	const char *path; /* "/metrics"; NULL ends a list */
	wc_page_function *answer;
};

/* What a room brings to the server: its pages, and the argument of their functions. */
struct wc_pages {
	const struct wc_page *list; /* ended by a page without a path */
	void *arg;
};

/* Returns the value of the first argument called @name, or NULL. */
const char *wc_request_argument(const struct wc_request *request, const char *name);

/* Adds a header; both texts stay the caller's. */
void wc_reply_header(struct wc_reply *reply, const char *name, const char *value);

/* Makes @reply a line of plain text with another status, in place of what it was. */
void wc_reply_refuse(struct wc_reply *reply, unsigned status, const char *sentence);

#endif /* WC_PAGE_H */

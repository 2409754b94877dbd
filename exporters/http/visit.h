/*
 * visit.h - a request on its way through the server, for serve.c, admit.c and respond.c only
 *
 * serve.c takes it from one to the next: admit.c says whether it may be, serve.c finds its
 * page, respond.c sends what the page made.
 */
#ifndef WC_VISIT_H
#define WC_VISIT_H

#include <stdbool.h>

#include "page.h"

struct MHD_Connection; /* microhttpd.h */
struct wc_caller;      /* callers.h */
struct wc_http;        /* http.h */

struct wc_visit {
	struct wc_http *http;
	struct MHD_Connection *connection;
	struct wc_caller *caller;
	const char *method;
	struct wc_request request;
	struct wc_reply reply;
};

/*
 * May it be asked: by this method, under this name of the host, by whoever asks? Returns
 * true; or false, and the reply says why not.
 */
bool wc_visit_admit(struct wc_visit *visit);

/*
 * Sends the reply, whose body goes over to the library. Returns what the library asks for,
 * enum MHD_Result.
 */
int wc_visit_respond(struct wc_visit *visit);

#endif /* WC_VISIT_H */

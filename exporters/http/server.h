/*
 * server.h - what a server consists of, for the files of this folder only
 */
#ifndef WC_SERVER_H
#define WC_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http.h"
#include "wirecensus/options.h"

struct MHD_Connection; /* microhttpd.h */
struct MHD_Daemon;
struct wc_caller; /* callers.h */
struct wc_callers;
struct wc_door;  /* door.h */
struct wc_error; /* wirecensus/error.h */
struct wc_passwords;
struct wc_web_config;

/* One thread of the library's. */
struct wc_http_thread {
	struct wc_http *http;
	struct MHD_Daemon *daemon; /* NULL: it does not run */
	atomic_bool busy;          /* with a page */
};

struct wc_http {
	int listening;
	struct wc_callers *callers;
	size_t clients;
	unsigned timeout;
	struct wc_http_show show;

	/* Between start and stop; exchanged only while no thread of the library is there. */
	struct wc_door *door; /* NULL: nobody is let in */
	struct wc_http_thread threads[WC_HTTP_THREADS];
	size_t turn;                    /* of the thread that had the last caller; the door's */
	struct wc_web_config *web;      /* NULL: nothing is configured */
	struct wc_passwords *passwords; /* NULL: none is asked for */
	struct wc_texts host_names;

	pthread_mutex_t lock; /* of the rest */
	pthread_cond_t left;
	bool closing;     /* no page is begun any more */
	size_t busy;      /* pages that are being made */
	unsigned namings; /* bits of show.namings that are in use */

	atomic_uint_least64_t answered[6], unauthorized;
};

/* Starts and ends the threads that answer. Returns 0, or WC_FAILED with @error filled in. */
int wc_server_start(struct wc_http *http, struct wc_error *error);
void wc_server_stop(struct wc_http *http);

/* Answers one request, whose headers are there. Returns what the library asks for. */
int wc_serve(struct wc_http *http, struct MHD_Connection *connection, struct wc_caller *caller,
	     const char *path, const char *method);

#endif /* WC_SERVER_H */

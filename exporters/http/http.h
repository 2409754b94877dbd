/*
 * http.h - the daemon's HTTP server: who may ask, and how much that may cost
 *
 * By libmicrohttpd, in a few threads of its own: it shows pictures of what was counted, so
 * that nothing that a client does or leaves undone reaches those who count. GET and HEAD
 * only. Connections, the time that they may be silent, the size of requests and the memory
 * of answers are bounded; see callers.h for who goes when there are too many.
 */
#ifndef WC_HTTP_H
#define WC_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wirecensus/address.h"

struct wc_context; /* encode.h */
struct wc_error;   /* wirecensus/error.h */
struct wc_gallery; /* picture.h */
struct wc_naming;  /* encode.h */
struct wc_pages;   /* page.h */
struct wc_texts;   /* wirecensus/options.h */
struct wc_http;

/* Pages that are made at one time. */
#define WC_HTTP_THREADS 4

/* The largest request, and the memory of all answers that were not yet taken, in bytes. */
#define WC_HTTP_REQUEST_MAX (32u << 10)
#define WC_HTTP_ANSWERS_MAX (64u << 20)

struct wc_http_settings {
	struct wc_address address;
	uint16_t port;
	bool public;                       /* beyond this host without encryption and password */
	const char *web_config;            /* a path; NULL: none */
	const struct wc_texts *host_names; /* that requests may be for; copied */
	size_t clients;                    /* connections */
	unsigned timeout;                  /* seconds */
};

/* What is shown. All of it stays valid until wc_http_stop(). */
struct wc_http_show {
	struct wc_gallery *gallery;
	const struct wc_context *context;           /* its naming is replaced by one of */
	struct wc_naming *namings[WC_HTTP_THREADS]; /* NULL: without names */
	const struct wc_pages *pages;
	size_t page_count; /* of pages */
};

/*
 * Would these settings do? Reads the web configuration with what it names, and opens nothing.
 * Returns 0, or a negative code with @error filled in.
 */
int wc_http_try(const struct wc_http_settings *settings, struct wc_error *error);

/*
 * Takes the address: connections are made from now on, and wait. Returns 0 and a server to be
 * freed with wc_http_free(), or a negative code with @error filled in.
 */
int wc_http_open(struct wc_http **http, const struct wc_http_settings *settings,
		 struct wc_error *error);
void wc_http_free(struct wc_http *http); /* NULL is allowed; stopped before */

/* Starts to answer. Results as above. */
int wc_http_start(struct wc_http *http, const struct wc_http_settings *settings,
		  const struct wc_http_show *show, struct wc_error *error);

/*
 * Takes the names and the web configuration of @settings, whose files are read anew, in place
 * of those in use; connections then end, unless nothing has changed. Waits for pages that are
 * being made. Returns 0, or a negative code with @error filled in: it goes on as it was, or,
 * should memory or descriptors have run out, answers nobody until it is changed again.
 */
int wc_http_change(struct wc_http *http, const struct wc_http_settings *settings,
		   struct wc_error *error);

/*
 * Answers nobody any more. Returns false when a page was still being made at @deadline_ns
 * (CLOCK_BOOTTIME): its thread hangs and is left behind with all that it can see.
 */
bool wc_http_stop(struct wc_http *http, uint64_t deadline_ns);

struct wc_http_state {
	size_t connections;    /* now */
	uint64_t evicted;      /* connections that had to go for others */
	uint64_t answered[6];  /* requests, by the first digit of their status */
	uint64_t unauthorized; /* of them, without the right password or certificate */
};

/* Fills in how it stands; any thread. */
void wc_http_state(struct wc_http *http, struct wc_http_state *state);

#endif /* WC_HTTP_H */

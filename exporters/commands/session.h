/*
 * session.h - what one run prints with: its identity, names, format
 */
#ifndef WC_SESSION_H
#define WC_SESSION_H

#include "buffer.h"
#include "encode.h"
#include "instance.h"

struct wc_census;    /* wirecensus/census.h */
struct wc_error;     /* wirecensus/error.h */
struct wc_hostnames; /* hostnames.h */
struct wc_options;   /* wirecensus/options.h */
struct wc_registry;  /* wirecensus/registry.h */

struct wc_session {
	struct wc_context context;
	wc_encoder *encode;
	struct wc_registry *registry;
	struct wc_hostnames *hostnames; /* NULL: not asked for */
	char host[256];
	char instance[WC_INSTANCE];
	struct wc_buffer text; /* what is to be printed next */
};

/*
 * Begins a run with the format of @options. Returns 0, to be ended with
 * wc_session_end(), or WC_FAILED with @error filled in.
 */
int wc_session_begin(struct wc_session *session, const struct wc_options *options,
		     struct wc_error *error);

/*
 * Starts to look up names, if @options ask for them, by a thread that keeps the
 * capabilities of now. Returns 0, or a negative code with @error filled in.
 */
int wc_session_name_hosts(struct wc_session *session, const struct wc_options *options,
			  struct wc_error *error);

/* Ends what began; allowed after any failure. */
void wc_session_end(struct wc_session *session);

/* Tells on standard error what @census opened. */
void wc_session_describe(const struct wc_census *census);

#endif /* WC_SESSION_H */

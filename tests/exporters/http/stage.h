/*
 * stage.h - a server with pages that are made up, in a network namespace of its own
 */
#ifndef TESTS_STAGE_H
#define TESTS_STAGE_H

#include <check.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "http.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define PORT    8888
#define CLIENTS 16

extern struct stage {
	struct wc_http *http;
	struct wc_error error;
	struct wc_texts host_names;
	atomic_bool hold; /* while it is, the page /slow is not done */
	atomic_bool held; /* somebody has asked for that page */
} stage;

/* Settings that will do: PORT of the loopback, CLIENTS connections. */
struct wc_http_settings stage_settings(void);

/* Starts the server, with a picture of the interval 7; or with @settings and no picture. */
void stage_begin(void);
void stage_begin_with(const struct wc_http_settings *settings);
void stage_end(void);

/* Hangs a picture of the interval @number. */
void stage_hang(uint64_t number);

struct wc_http_state stage_state(void);

/* Runs @tests, ended by NULL. Returns main()'s exit code: 77 where no namespace can be made. */
int stage_run(const char *name, const TTest *const *tests);

#endif /* TESTS_STAGE_H */

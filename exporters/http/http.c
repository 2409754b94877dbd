#include "http.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "callers.h"
#include "listen.h"
#include "passwords.h"
#include "server.h"
#include "tls.h"
#include "web_config.h"
#include "wirecensus/error.h"

#define SECOND_NS UINT64_C(1000000000)

/* How long a reload waits for pages. The main thread stands meanwhile. */
#define CHANGE_NS SECOND_NS

/* ---- settings ---- */

/* Beyond this host, what is asked for must be somebody's who may, and nobody else's to read. */
static int check_reach(const struct wc_http_settings *settings, const struct wc_web_config *web,
		       struct wc_error *error)
{
	bool known = web && (web->users.count || web->clients == WC_WEB_CLIENTS_VERIFIED);

	if (settings->public || wc_address_is_loopback(&settings->address) || (known && web->tls))
		return WC_OK;
	return wc_error_set(error, WC_INVALID,
			    "http: beyond this host, web_config must have tls_server_config and "
			    "basic_auth_users, or verify the certificates of clients; public = yes "
			    "does without");
}

/* Reads the web configuration, NULL for none, and tries what is in it. */
static int read_web(struct wc_web_config **web, const struct wc_http_settings *settings,
		    struct wc_error *error)
{
	int status = WC_OK;

	*web = NULL;
	if (settings->web_config)
		status = wc_web_config_read(web, settings->web_config, error);
	if (!status && *web && (*web)->tls)
		status = wc_tls_try(*web, error);
	if (!status)
		status = check_reach(settings, *web, error);
	if (status) {
		wc_web_config_free(*web);
		*web = NULL;
	}
	return status;
}

int wc_http_try(const struct wc_http_settings *settings, struct wc_error *error)
{
	struct wc_web_config *web;
	int status = read_web(&web, settings, error);

	wc_web_config_free(web);
	return status;
}

/* ---- the address ---- */

int wc_http_open(struct wc_http **http, const struct wc_http_settings *settings,
		 struct wc_error *error)
{
	struct wc_http *made = calloc(1, sizeof(*made));
	pthread_condattr_t steady;

	if (!made)
		return wc_error_no_memory(error, "for the HTTP server");
	pthread_mutex_init(&made->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&made->left, &steady);
	pthread_condattr_destroy(&steady);
	made->clients = settings->clients;
	made->timeout = settings->timeout;
	made->callers = wc_callers_new(settings->clients, WC_HTTP_ANSWERS_MAX);
	made->listening = made->callers ? wc_listen(&settings->address, settings->port, error)
					: wc_error_no_memory(error, "for the HTTP server");
	if (made->listening >= 0) {
		*http = made;
		return WC_OK;
	}
	wc_http_free(made);
	return WC_FAILED;
}

static void close_address(struct wc_http *http)
{
	if (http->listening >= 0)
		close(http->listening);
	http->listening = -1;
}

void wc_http_free(struct wc_http *http)
{
	if (!http)
		return;
	close_address(http);
	wc_callers_free(http->callers);
	wc_passwords_free(http->passwords);
	wc_web_config_free(http->web);
	wc_texts_free(&http->host_names);
	pthread_cond_destroy(&http->left);
	pthread_mutex_destroy(&http->lock);
	free(http);
}

/* ---- answering ---- */

/* What is exchanged by a reload. */
struct terms {
	struct wc_web_config *web;
	struct wc_passwords *passwords;
	struct wc_texts host_names;
};

static void free_terms(struct terms *terms)
{
	wc_passwords_free(terms->passwords);
	wc_web_config_free(terms->web);
	wc_texts_free(&terms->host_names);
}

static int make_terms(struct terms *terms, const struct wc_http_settings *settings,
		      struct wc_error *error)
{
	int status;

	*terms = (struct terms){0};
	status = read_web(&terms->web, settings, error);
	for (size_t i = 0; i < settings->host_names->count && !status; i++)
		status = wc_texts_add(&terms->host_names, settings->host_names->items[i], error);
	if (!status && terms->web && terms->web->users.count) {
		terms->passwords = wc_passwords_new(&terms->web->users);
		if (!terms->passwords)
			status = wc_error_no_memory(error, "for the HTTP server");
	}
	if (status)
		free_terms(terms);
	return status;
}

/* Puts @terms in place of those that were, which are then in @terms. No thread is there. */
static void exchange(struct wc_http *http, struct terms *terms)
{
	struct terms old = {http->web, http->passwords, http->host_names};

	http->web = terms->web;
	http->passwords = terms->passwords;
	http->host_names = terms->host_names;
	*terms = old;
}

static bool same(const struct wc_http *http, const struct terms *terms)
{
	if (!wc_web_config_same(http->web, terms->web) ||
	    http->host_names.count != terms->host_names.count)
		return false;
	for (size_t i = 0; i < terms->host_names.count; i++)
		if (strcmp(http->host_names.items[i], terms->host_names.items[i]) != 0)
			return false;
	return true;
}

int wc_http_start(struct wc_http *http, const struct wc_http_settings *settings,
		  const struct wc_http_show *show, struct wc_error *error)
{
	struct terms terms;
	int status = make_terms(&terms, settings, error);

	if (status)
		return status;
	http->show = *show;
	exchange(http, &terms);
	return wc_server_start(http, error);
}

/* Begins no page any more, and waits for those that are begun. Returns false: they take long. */
static bool clear(struct wc_http *http, uint64_t wait_ns)
{
	struct timespec until;
	int late = 0;
	bool clear;

	clock_gettime(CLOCK_MONOTONIC, &until);
	wait_ns += (uint64_t)until.tv_nsec;
	until.tv_sec += (time_t)(wait_ns / SECOND_NS);
	until.tv_nsec = (long)(wait_ns % SECOND_NS);
	pthread_mutex_lock(&http->lock);
	http->closing = true;
	while (http->busy && !late)
		late = pthread_cond_timedwait(&http->left, &http->lock, &until);
	clear = !http->busy;
	pthread_mutex_unlock(&http->lock);
	return clear;
}

static void reopen(struct wc_http *http)
{
	pthread_mutex_lock(&http->lock);
	http->closing = false;
	pthread_mutex_unlock(&http->lock);
}

/* Goes on with @terms; should that fail, with those that were, if only they can be had. */
static int restart(struct wc_http *http, struct terms *terms, struct wc_error *error)
{
	int status;

	wc_server_stop(http);
	exchange(http, terms);
	status = wc_server_start(http, error);
	if (status) {
		exchange(http, terms);
		wc_server_start(http, NULL);
	}
	return status;
}

int wc_http_change(struct wc_http *http, const struct wc_http_settings *settings,
		   struct wc_error *error)
{
	struct terms terms;
	int status = make_terms(&terms, settings, error);

	if (status)
		return status;
	if (http->door && same(http, &terms))
		status = WC_OK;
	else if (clear(http, CHANGE_NS))
		status = restart(http, &terms, error);
	else
		status = wc_error_set(error, WC_FAILED,
				      "http: a page is still being made: try again");
	reopen(http);
	free_terms(&terms);
	return status;
}

bool wc_http_stop(struct wc_http *http, uint64_t deadline_ns)
{
	struct timespec now;
	uint64_t now_ns;

	clock_gettime(CLOCK_BOOTTIME, &now);
	now_ns = (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
	if (!clear(http, deadline_ns > now_ns ? deadline_ns - now_ns : 0))
		return false;
	wc_server_stop(http);
	close_address(http);
	return true;
}

void wc_http_state(struct wc_http *http, struct wc_http_state *state)
{
	*state = (struct wc_http_state){
		.connections = wc_callers_count(http->callers),
		.evicted = wc_callers_evicted(http->callers),
		.unauthorized = atomic_load(&http->unauthorized),
	};
	for (size_t i = 0; i < sizeof(state->answered) / sizeof(*state->answered); i++)
		state->answered[i] = atomic_load(&http->answered[i]);
}

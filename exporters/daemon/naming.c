#include "naming.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "encode.h"
#include "names.h"
#include "wirecensus/error.h"

_Static_assert(WC_NAMING_MAX >= WC_NAMES_MAX, "an encoder takes all names of an address");

struct wc_naming_source {
	pthread_mutex_t lock;
	struct wc_names *names; /* NULL: names are not asked for */
};

struct view {
	struct wc_naming naming; /* first: what is handed out */
	struct wc_naming_source *source;
	struct wc_name_list found; /* the last look-up's */
};

struct wc_naming_source *wc_naming_source_new(void)
{
	struct wc_naming_source *source = calloc(1, sizeof(*source));

	if (source)
		pthread_mutex_init(&source->lock, NULL);
	return source;
}

void wc_naming_source_free(struct wc_naming_source *source)
{
	if (!source)
		return;
	wc_names_free(source->names);
	pthread_mutex_destroy(&source->lock);
	free(source);
}

/* Captures may name the same servers: each is asked once, and counts once. */
static int add_server(struct wc_texts *servers, const char *server, struct wc_error *error)
{
	for (size_t i = 0; i < servers->count; i++)
		if (!strcmp(servers->items[i], server))
			return WC_OK;
	return wc_texts_add(servers, server, error);
}

/* Gathers the servers of the captures that ask for names. Returns false when none does. */
static bool wanted(const struct wc_config *config, struct wc_texts *servers, int *status,
		   struct wc_error *error)
{
	bool any = false;

	for (size_t i = 0; i < config->capture_count && !*status; i++) {
		const struct wc_options *options = &config->captures[i].options;

		any |= options->names;
		for (size_t j = 0; options->names && j < options->name_server.count && !*status;
		     j++)
			*status = add_server(servers, options->name_server.items[j], error);
	}
	return any;
}

int wc_naming_source_use(struct wc_naming_source *source, const struct wc_config *config,
			 struct wc_error *error)
{
	struct wc_texts servers = {0};
	struct wc_names_settings settings = {.servers = &servers};
	struct wc_names *names = NULL, *old;
	int status = WC_OK;

	if (wanted(config, &servers, &status, error) && !status)
		status = wc_names_open(&names, &settings, error);
	wc_texts_free(&servers);
	if (status)
		return status;
	pthread_mutex_lock(&source->lock);
	old = source->names;
	source->names = names;
	pthread_mutex_unlock(&source->lock);
	wc_names_free(old);
	return WC_OK;
}

static size_t find(void *arg, const struct wc_address *address,
		   const char *names[static WC_NAMING_MAX])
{
	struct view *view = arg;
	struct wc_naming_source *source = view->source;
	size_t count = 0;

	pthread_mutex_lock(&source->lock);
	if (source->names) {
		wc_names_ask(source->names, address);
		count = wc_names_find(source->names, address, &view->found);
	}
	pthread_mutex_unlock(&source->lock);
	for (size_t i = 0; i < count; i++)
		names[i] = view->found.name[i];
	return count;
}

struct wc_naming *wc_naming_new(struct wc_naming_source *source)
{
	struct view *view = calloc(1, sizeof(*view));

	if (!view)
		return NULL;
	view->naming = (struct wc_naming){find, view};
	view->source = source;
	return &view->naming;
}

void wc_naming_free(struct wc_naming *naming)
{
	free((struct view *)naming);
}

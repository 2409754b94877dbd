#include "web_config.h"

#include <stdlib.h>
#include <string.h>

static void free_pairs(struct wc_web_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		free(pairs->items[i].name);
		free(pairs->items[i].value);
	}
	free(pairs->items);
}

static void free_file(struct wc_web_file *file)
{
	if (file->text)
		explicit_bzero(file->text, strlen(file->text));
	free(file->text);
	free(file->path);
}

void wc_web_config_free(struct wc_web_config *config)
{
	if (!config)
		return;
	free_file(&config->certificate);
	free_file(&config->key);
	free_file(&config->client_ca);
	free_pairs(&config->users);
	free_pairs(&config->headers);
	free(config);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_pairs(const struct wc_web_pairs *a, const struct wc_web_pairs *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->items[i].name, b->items[i].name) != 0 ||
		    strcmp(a->items[i].value, b->items[i].value) != 0)
			return false;
	return true;
}

bool wc_web_config_same(const struct wc_web_config *a, const struct wc_web_config *b)
{
	if (!a || !b)
		return a == b;
	return a->tls == b->tls && a->clients == b->clients && a->min_version == b->min_version &&
	       a->max_version == b->max_version &&
	       same_text(a->certificate.text, b->certificate.text) &&
	       same_text(a->key.text, b->key.text) &&
	       same_text(a->client_ca.text, b->client_ca.text) &&
	       same_pairs(&a->users, &b->users) && same_pairs(&a->headers, &b->headers);
}

/*
 * web_config_parse.c - a web configuration from its text: the keys, and what each may be
 */
#include "web_config.h"

#include <stdlib.h>
#include <string.h>

#include "web_yaml.h"
#include "wirecensus/error.h"

/* A cost of 14 takes a second of a thread for each password that is tried. */
#define COST_MAX 14

static struct wc_web_config *config_of(const struct wc_yaml *yaml)
{
	return yaml->arg;
}

/* Keeps the path as it is, or behind the folder of the file that has it. */
static int take_path(const struct wc_yaml *yaml, const struct wc_yaml_value *value, char **path)
{
	const char *slash = strrchr(yaml->path, '/');
	size_t folder = slash ? (size_t)(slash - yaml->path) + 1 : 0;
	const char *text = wc_yaml_text(value);

	if (!text || !*text)
		return wc_yaml_refuse(yaml, value, "%s takes a path", value->name);
	if (*text == '/')
		folder = 0;
	*path = malloc(folder + strlen(text) + 1);
	if (!*path)
		return wc_yaml_no_memory(yaml);
	memcpy(*path, yaml->path, folder);
	strcpy(*path + folder, text);
	return WC_OK;
}

static int take_certificate(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	return take_path(yaml, value, &config_of(yaml)->certificate.path);
}

static int take_key(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	return take_path(yaml, value, &config_of(yaml)->key.path);
}

static int take_client_ca(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	return take_path(yaml, value, &config_of(yaml)->client_ca.path);
}

/* Finds a scalar among @words, ended by NULL. Returns its index, or -1. */
static int find_word(const struct wc_yaml_value *value, const char *const *words)
{
	const char *text = wc_yaml_text(value);

	for (int i = 0; text && words[i]; i++)
		if (!strcmp(words[i], text))
			return i;
	return -1;
}

static int take_clients(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	static const char *const words[] = {"NoClientCert", "VerifyClientCertIfGiven",
					    "RequireAndVerifyClientCert", NULL};
	int found = find_word(value, words);

	if (found < 0)
		return wc_yaml_refuse(yaml, value, "client_auth_type can be %s, %s or %s", words[0],
				      words[1], words[2]);
	config_of(yaml)->clients = (enum wc_web_clients)found;
	return WC_OK;
}

static int take_version(const struct wc_yaml *yaml, const struct wc_yaml_value *value,
			unsigned *version)
{
	static const char *const words[] = {"TLS10", "TLS11", "TLS12", "TLS13", NULL};
	int found = find_word(value, words);

	if (found < 2)
		return wc_yaml_refuse(yaml, value, "%s can be TLS12 or TLS13", value->name);
	*version = (unsigned)found;
	return WC_OK;
}

static int take_min_version(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	return take_version(yaml, value, &config_of(yaml)->min_version);
}

static int take_max_version(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	return take_version(yaml, value, &config_of(yaml)->max_version);
}

/* What is of Go's server, and asks for nothing that would be missed here. */
static int take_flag(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	static const char *const words[] = {"true", "false", NULL};

	if (find_word(value, words) < 0)
		return wc_yaml_refuse(yaml, value, "%s can be true or false", value->name);
	return WC_OK;
}

static int add_pair(const struct wc_yaml *yaml, const struct wc_yaml_value *value,
		    struct wc_web_pairs *pairs)
{
	struct wc_web_pair *items, pair;

	if (pairs->count == WC_WEB_PAIRS)
		return wc_yaml_refuse(yaml, value, "there can be %d, and no more", WC_WEB_PAIRS);
	items = realloc(pairs->items, (pairs->count + 1) * sizeof(*items));
	if (!items)
		return wc_yaml_no_memory(yaml);
	pairs->items = items;
	pair = (struct wc_web_pair){strdup(value->name), strdup(wc_yaml_text(value))};
	items[pairs->count++] = pair;
	return pair.name && pair.value ? WC_OK : wc_yaml_no_memory(yaml);
}

/* $2y$10$ and 53 characters, as crypt(5) has it. */
static bool is_bcrypt(const char *hash)
{
	static const char alphabet[] = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				       "0123456789";

	if (strlen(hash) != 60 || hash[0] != '$' || hash[1] != '2' || !strchr("aby", hash[2]) ||
	    hash[3] != '$' || hash[6] != '$')
		return false;
	return strspn(hash + 7, alphabet) == 53 && strspn(hash + 4, "0123456789") == 2;
}

static int add_user(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	const char *hash = wc_yaml_text(value);

	if (!*value->name || strchr(value->name, ':'))
		return wc_yaml_refuse(yaml, value, "a user's name is not empty and has no colon");
	if (!hash || !is_bcrypt(hash))
		return wc_yaml_refuse(yaml, value,
				      "a password stands as its bcrypt hash, which begins with "
				      "$2y$; htpasswd -nBC 10 \"\" makes one");
	if (strtoul(hash + 4, NULL, 10) > COST_MAX)
		return wc_yaml_refuse(
			yaml, value,
			"the cost of a bcrypt hash can be %d at most, as each request "
			"may have to wait for it",
			COST_MAX);
	return add_pair(yaml, value, &config_of(yaml)->users);
}

static int take_users(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	return wc_yaml_each(yaml, value, add_user);
}

/* Those that the format has: whatever else were set here could break what pages say. */
static int add_header(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	static const char *const known[] = {"Strict-Transport-Security", "X-Content-Type-Options",
					    "X-Frame-Options", "X-XSS-Protection",
					    "Content-Security-Policy"};
	const char *text = wc_yaml_text(value);

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (strcmp(known[i], value->name) != 0)
			continue;
		for (const char *c = text; c && *c; c++)
			if (*c < ' ' || *c > '~')
				text = NULL;
		return text ? add_pair(yaml, value, &config_of(yaml)->headers)
			    : wc_yaml_refuse(yaml, value, "a header has one line of plain text");
	}
	return wc_yaml_refuse(yaml, value, "a header %s cannot be set", value->name);
}

static int take_headers(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	return wc_yaml_each(yaml, value, add_header);
}

static const struct wc_yaml_key tls_keys[] = {
	{"cert_file", take_certificate},
	{"key_file", take_key},
	{"client_ca_file", take_client_ca},
	{"client_auth_type", take_clients},
	{"min_version", take_min_version},
	{"max_version", take_max_version},
	{"prefer_server_cipher_suites", take_flag},
	{NULL, NULL},
};

static const struct wc_yaml_key http_keys[] = {
	{"http2", take_flag},
	{"headers", take_headers},
	{NULL, NULL},
};

/* What of it does not go together. */
static int check_tls(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	const struct wc_web_config *config = config_of(yaml);

	if (!config->certificate.path || !config->key.path)
		return wc_yaml_refuse(yaml, value, "TLS takes both a cert_file and a key_file");
	if ((config->clients == WC_WEB_CLIENTS_ANY) != !config->client_ca.path)
		return wc_yaml_refuse(yaml, value,
				      "client_ca_file belongs to a client_auth_type that verifies");
	if (config->min_version > config->max_version)
		return wc_yaml_refuse(yaml, value, "min_version is above max_version");
	return WC_OK;
}

static int take_tls(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	int status = wc_yaml_keys(yaml, value, tls_keys);

	if (status || wc_yaml_is_empty(value))
		return status;
	config_of(yaml)->tls = true;
	return check_tls(yaml, value);
}

static int take_http(const struct wc_yaml *yaml, const struct wc_yaml_value *value)
{
	return wc_yaml_keys(yaml, value, http_keys);
}

static const struct wc_yaml_key top_keys[] = {
	{"tls_server_config", take_tls},
	{"http_server_config", take_http},
	{"basic_auth_users", take_users},
	{NULL, NULL},
};

int wc_web_config_parse(struct wc_web_config **config, const char *path, const char *text,
			size_t length, struct wc_error *error)
{
	struct wc_web_config *made = calloc(1, sizeof(*made));
	int status;

	*config = NULL;
	if (!made)
		return wc_error_set(error, WC_FAILED, "there is no memory left for %s", path);
	made->min_version = 2;
	made->max_version = 3;
	status = wc_yaml_read(path, text, length, top_keys, made, error);
	if (status)
		wc_web_config_free(made);
	else
		*config = made;
	return status;
}

/*
 * web_config.h - certificate, passwords and headers, as exporters of Prometheus are told them
 *
 * The format of the exporter-toolkit's web.config.file, in YAML, so that one file serves
 * all exporters of a host. What of it is not known here is refused, not passed over: it
 * may have been meant to keep somebody out.
 */
#ifndef WC_WEB_CONFIG_H
#define WC_WEB_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct wc_error; /* wirecensus/error.h */

enum wc_web_clients {
	WC_WEB_CLIENTS_ANY,      /* are asked for no certificate */
	WC_WEB_CLIENTS_IF_GIVEN, /* one that is shown must be right */
	WC_WEB_CLIENTS_VERIFIED, /* must show one */
};

/* A name and its value, both owned: a user and the hash of a password, or a header. */
struct wc_web_pair {
	char *name, *value;
};

struct wc_web_pairs {
	struct wc_web_pair *items;
	size_t count;
};

/* A file's path, and what is in it once it is loaded. */
struct wc_web_file {
	char *path; /* NULL: none */
	char *text; /* ends with a NUL */
};

struct wc_web_config {
	bool tls;
	struct wc_web_file certificate, key, client_ca;
	enum wc_web_clients clients;
	unsigned min_version, max_version; /* of TLS, the minor number of 1.X */
	struct wc_web_pairs users, headers;
};

/* Users and headers, at most, and the size of each file in bytes. */
#define WC_WEB_PAIRS    256
#define WC_WEB_FILE_MAX (256u << 10)

/*
 * Reads @text of @length bytes, which came from @path: relative paths begin there. Loads no
 * other file. Returns 0 and a configuration to be freed with wc_web_config_free(); WC_INVALID
 * with a sentence that names file and line; or WC_FAILED (memory).
 */
int wc_web_config_parse(struct wc_web_config **config, const char *path, const char *text,
			size_t length, struct wc_error *error);

/* Reads the file at @path, and those that it names. Results as above. */
int wc_web_config_read(struct wc_web_config **config, const char *path, struct wc_error *error);

/* Frees @config. NULL is allowed. */
void wc_web_config_free(struct wc_web_config *config);

/* True if both say the same, certificates and keys included. NULL is one that says nothing. */
bool wc_web_config_same(const struct wc_web_config *a, const struct wc_web_config *b);

#endif /* WC_WEB_CONFIG_H */

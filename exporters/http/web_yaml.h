/*
 * web_yaml.h - mappings of YAML by tables of keys
 *
 * What the web configuration needs of YAML: mappings in mappings, and texts. Keys that
 * are not in the table, keys that stand twice, and a second document are refused.
 */
#ifndef WC_WEB_YAML_H
#define WC_WEB_YAML_H

#include <stdbool.h>
#include <stddef.h>

struct wc_error;        /* wirecensus/error.h */
struct yaml_document_s; /* yaml.h */
struct yaml_node_s;

/* One document while it is read. */
struct wc_yaml {
	const char *path; /* of the file, for sentences */
	struct yaml_document_s *document;
	void *arg;
	struct wc_error *error;
};

/* What stands behind a key. */
struct wc_yaml_value {
	const char *name; /* the key */
	const struct yaml_node_s *node;
	size_t line;
};

/* Takes a value. Returns 0 or what wc_yaml_refuse() or wc_yaml_no_memory() return. */
typedef int wc_yaml_taker(const struct wc_yaml *yaml, const struct wc_yaml_value *value);

struct wc_yaml_key {
	const char *name; /* NULL ends a table */
	wc_yaml_taker *take;
};

/*
 * Hands the values of the document in @text to what @keys says. Returns 0, WC_INVALID with a
 * sentence that begins with file and line, or WC_FAILED (memory). An empty document has none.
 */
int wc_yaml_read(const char *path, const char *text, size_t length, const struct wc_yaml_key *keys,
		 void *arg, struct wc_error *error);

/*
 * The same for a mapping in it; and for one whose keys are anybody's choice. Results as above, or
 * what a taker returned.
 */
int wc_yaml_keys(const struct wc_yaml *yaml, const struct wc_yaml_value *value,
		 const struct wc_yaml_key *keys);
int wc_yaml_each(const struct wc_yaml *yaml, const struct wc_yaml_value *value,
		 wc_yaml_taker *take);

/* Returns the text, which lives as long as the document; NULL when it is a mapping or a list. */
const char *wc_yaml_text(const struct wc_yaml_value *value);

/* True if there is nothing behind the key, or a mapping of nothing. */
bool wc_yaml_is_empty(const struct wc_yaml_value *value);

/*
 * Fill in the sentence of a value that is not taken, given as to printf(3), behind file and line;
 * and that memory is short. Return WC_INVALID, and WC_FAILED.
 */
int wc_yaml_refuse(const struct wc_yaml *yaml, const struct wc_yaml_value *value,
		   const char *format, ...) __attribute__((format(printf, 3, 4)));
int wc_yaml_no_memory(const struct wc_yaml *yaml);

#endif /* WC_WEB_YAML_H */

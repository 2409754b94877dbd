#include "web_yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "wirecensus/error.h"

/* What is shown of a key. */
#define SHOWN 64

int wc_yaml_no_memory(const struct wc_yaml *yaml)
{
	return wc_error_set(yaml->error, WC_FAILED, "there is no memory left for %s", yaml->path);
}

static int refuse_at(const struct wc_yaml *yaml, size_t line, const char *sentence)
{
	return wc_error_set(yaml->error, WC_INVALID, "web_config: %s:%zu: %s", yaml->path, line,
			    sentence);
}

int wc_yaml_refuse(const struct wc_yaml *yaml, const struct wc_yaml_value *value,
		   const char *format, ...)
{
	char sentence[WC_ERROR_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	return refuse_at(yaml, value->line, sentence);
}

/* A scalar's text, unless a NUL in it would hide the rest. */
static const char *text_of(const yaml_node_t *node)
{
	const char *text;

	if (!node || node->type != YAML_SCALAR_NODE)
		return NULL;
	text = (const char *)node->data.scalar.value;
	return strlen(text) == node->data.scalar.length ? text : NULL;
}

const char *wc_yaml_text(const struct wc_yaml_value *value)
{
	return text_of(value->node);
}

bool wc_yaml_is_empty(const struct wc_yaml_value *value)
{
	const yaml_node_t *node = value->node;
	const char *text = text_of(node);

	if (node->type == YAML_MAPPING_NODE)
		return node->data.mapping.pairs.top == node->data.mapping.pairs.start;
	return text && (!*text || !strcmp(text, "null") || !strcmp(text, "~"));
}

/* True if a pair before @pair has the same key. */
static bool stands_twice(const struct wc_yaml *yaml, const yaml_node_t *mapping,
			 const yaml_node_pair_t *pair, const char *name)
{
	for (const yaml_node_pair_t *p = mapping->data.mapping.pairs.start; p < pair; p++) {
		const char *other = text_of(yaml_document_get_node(yaml->document, p->key));

		if (other && !strcmp(other, name))
			return true;
	}
	return false;
}

/* Hands the pairs of a mapping to @take. */
static int each(const struct wc_yaml *yaml, const struct wc_yaml_value *value, wc_yaml_taker *take,
		const struct wc_yaml_key *keys);

/* Finds who takes @value, and hands it over. */
static int hand(const struct wc_yaml *yaml, const struct wc_yaml_value *value, wc_yaml_taker *take,
		const struct wc_yaml_key *keys)
{
	for (; keys && keys->name; keys++)
		if (!strcmp(keys->name, value->name))
			take = keys->take;
	if (take)
		return take(yaml, value);
	return wc_yaml_refuse(yaml, value,
			      "'%.*s' is not known here; wirecensus.conf(5) has what is", SHOWN,
			      value->name);
}

static int each(const struct wc_yaml *yaml, const struct wc_yaml_value *value, wc_yaml_taker *take,
		const struct wc_yaml_key *keys)
{
	const yaml_node_t *node = value->node;
	int status = WC_OK;

	if (wc_yaml_is_empty(value))
		return WC_OK;
	if (node->type != YAML_MAPPING_NODE)
		return wc_yaml_refuse(yaml, value, "there must be keys here, each with its value");
	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top && !status; pair++) {
		const yaml_node_t *key = yaml_document_get_node(yaml->document, pair->key);
		struct wc_yaml_value next = {
			.name = text_of(key),
			.node = yaml_document_get_node(yaml->document, pair->value),
			.line = key ? key->start_mark.line + 1 : value->line,
		};

		if (!next.name || !next.node)
			return wc_yaml_refuse(yaml, &next, "a key must be a text");
		if (stands_twice(yaml, node, pair, next.name))
			return wc_yaml_refuse(yaml, &next, "'%.*s' stands here a second time",
					      SHOWN, next.name);
		status = hand(yaml, &next, take, keys);
	}
	return status;
}

int wc_yaml_keys(const struct wc_yaml *yaml, const struct wc_yaml_value *value,
		 const struct wc_yaml_key *keys)
{
	return each(yaml, value, NULL, keys);
}

int wc_yaml_each(const struct wc_yaml *yaml, const struct wc_yaml_value *value, wc_yaml_taker *take)
{
	return each(yaml, value, take, NULL);
}

/* What libyaml has to say. */
static int refuse_grammar(const struct wc_yaml *yaml, const yaml_parser_t *parser)
{
	char sentence[WC_ERROR_SIZE];

	if (parser->error == YAML_MEMORY_ERROR)
		return wc_yaml_no_memory(yaml);
	snprintf(sentence, sizeof(sentence), "this is no YAML: %s",
		 parser->problem ? parser->problem : "it cannot be read");
	return refuse_at(yaml, parser->problem_mark.line + 1, sentence);
}

/* Behind the first document there must be none. */
static int expect_end(const struct wc_yaml *yaml, yaml_parser_t *parser)
{
	yaml_document_t document;
	bool more;

	if (!yaml_parser_load(parser, &document))
		return refuse_grammar(yaml, parser);
	more = yaml_document_get_root_node(&document);
	yaml_document_delete(&document);
	return more ? refuse_at(yaml, parser->mark.line + 1, "there is a second document") : WC_OK;
}

static int read_document(const struct wc_yaml *yaml, yaml_parser_t *parser,
			 const struct wc_yaml_key *keys)
{
	struct wc_yaml_value root = {.name = "", .line = 1};
	int status;

	if (!yaml_parser_load(parser, yaml->document))
		return refuse_grammar(yaml, parser);
	root.node = yaml_document_get_root_node(yaml->document);
	status = root.node ? wc_yaml_keys(yaml, &root, keys) : WC_OK;
	if (root.node && !status)
		status = expect_end(yaml, parser);
	yaml_document_delete(yaml->document);
	return status;
}

int wc_yaml_read(const char *path, const char *text, size_t length, const struct wc_yaml_key *keys,
		 void *arg, struct wc_error *error)
{
	yaml_document_t document;
	struct wc_yaml yaml = {path, &document, arg, error};
	yaml_parser_t parser;
	int status;

	if (!yaml_parser_initialize(&parser))
		return wc_yaml_no_memory(&yaml);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
	status = read_document(&yaml, &parser, keys);
	yaml_parser_delete(&parser);
	return status;
}

/*
 * config_print.c - the effective configuration, as a file that can be read again
 */
#include "config_print.h"

#include <inttypes.h>
#include <string.h>

#include "buffer.h"
#include "config.h"
#include "config_sections.h"

/* In double quotes where that needs no escape, else in single ones, which replace no variables. */
static void add_text(struct wc_buffer *out, const char *text)
{
	char quote = strpbrk(text, "\"\\$\n") ? '\'' : '"';

	wc_buffer_add(out, &quote, 1);
	for (; *text; text++) {
		if (quote == '\'' && (*text == '\'' || *text == '\\'))
			wc_buffer_add(out, "\\", 1);
		wc_buffer_add(out, text, 1);
	}
	wc_buffer_add(out, &quote, 1);
}

/* Writes the number with the largest unit that divides it. */
static void add_with_unit(struct wc_buffer *out, uint64_t number, const uint64_t factors[static 3],
			  const char letters[static 3])
{
	for (int i = 0; i < 3; i++)
		if (number && number % factors[i] == 0) {
			wc_buffer_format(out, "\"%" PRIu64 "%c\"", number / factors[i], letters[i]);
			return;
		}
	wc_buffer_number(out, number);
}

static void add_number(struct wc_buffer *out, const struct wc_option *option, uint64_t number)
{
	static const uint64_t sizes[] = {1 << 30, 1 << 20, 1 << 10}, times[] = {86400, 3600, 60};

	/* What cannot be written as a number is the default. */
	if (!option->fallback && number == option->unset &&
	    (number < option->min || number > option->max))
		wc_buffer_text(out, "\"\"");
	else if (option->type == WC_OPTION_SIZE)
		add_with_unit(out, number, sizes, "GMK");
	else if (option->type == WC_OPTION_SECONDS)
		add_with_unit(out, number, times, "dhm");
	else
		wc_buffer_number(out, number);
}

static void add_address(struct wc_buffer *out, const struct wc_address *address)
{
	char text[WC_ADDRESS_TEXT];

	add_text(out, address->version ? wc_address_format(address, text) : "");
}

static void add_network(struct wc_buffer *out, const struct wc_network *network)
{
	char text[WC_ADDRESS_TEXT];

	wc_buffer_format(out, "\"%s/%u\"", wc_address_format(&network->base, text),
			 network->prefix);
}

static void add_service(struct wc_buffer *out, const struct wc_service *service)
{
	wc_buffer_format(out, "\"%s/%u\"", service->protocol == 6 ? "tcp" : "udp", service->port);
}

static size_t list_length(const struct wc_option *option, const void *field)
{
	switch (option->type) {
	case WC_OPTION_TEXTS:
		return ((const struct wc_texts *)field)->count;
	case WC_OPTION_ADDRESSES:
		return ((const struct wc_addresses *)field)->count;
	case WC_OPTION_NETWORKS:
		return ((const struct wc_networks *)field)->count;
	default:
		return ((const struct wc_services *)field)->count;
	}
}

static void add_item(struct wc_buffer *out, const struct wc_option *option, const void *field,
		     size_t i)
{
	switch (option->type) {
	case WC_OPTION_TEXTS:
		add_text(out, ((const struct wc_texts *)field)->items[i]);
		break;
	case WC_OPTION_ADDRESSES:
		add_address(out, &((const struct wc_addresses *)field)->items[i]);
		break;
	case WC_OPTION_NETWORKS:
		add_network(out, &((const struct wc_networks *)field)->items[i]);
		break;
	default:
		add_service(out, &((const struct wc_services *)field)->items[i]);
		break;
	}
}

static void add_list(struct wc_buffer *out, const struct wc_option *option, const void *field)
{
	wc_buffer_text(out, "{");
	for (size_t i = 0; i < list_length(option, field); i++) {
		if (i)
			wc_buffer_text(out, ", ");
		add_item(out, option, field, i);
	}
	wc_buffer_text(out, "}");
}

void wc_config_print_value(struct wc_buffer *out, const struct wc_option *option,
			   const void *fields)
{
	const void *field = (const char *)fields + option->offset;
	const char *text;

	switch (option->type) {
	case WC_OPTION_FLAG:
		wc_buffer_text(out, *(const bool *)field ? "yes" : "no");
		break;
	case WC_OPTION_NUMBER:
	case WC_OPTION_SIZE:
	case WC_OPTION_SECONDS:
		add_number(out, option, *(const uint64_t *)field);
		break;
	case WC_OPTION_CHOICE:
		add_text(out, option->choices[*(const int *)field]);
		break;
	case WC_OPTION_TEXT:
	case WC_OPTION_PATH:
		text = *(char *const *)field;
		add_text(out, text ? text : "");
		break;
	case WC_OPTION_ADDRESS:
		add_address(out, field);
		break;
	default:
		add_list(out, option, field);
		break;
	}
}

static void print_options(struct wc_buffer *out, const struct wc_section *section,
			  const void *fields)
{
	const char *indent = section->kind == WC_SECTION_TOP ? "" : "\t";

	for (const struct wc_option *option = section->table; option->name; option++) {
		if (!(option->scope & section->scope))
			continue;
		wc_buffer_format(out, "%s%s = ", indent, option->name);
		wc_config_print_value(out, option, fields);
		wc_buffer_text(out, "\n");
	}
}

/* @title: NULL for none. */
static void print_section(struct wc_buffer *out, const struct wc_section *section,
			  const char *title, const void *fields)
{
	wc_buffer_format(out, "\n%s %s%s{\n", section->name, title ? title : "", title ? " " : "");
	print_options(out, section, fields);
	wc_buffer_text(out, "}\n");
}

static void print_exporters(struct wc_buffer *out, const struct wc_section *section,
			    const struct wc_config *config)
{
	for (size_t i = 0; i < config->exporter_count; i++)
		if (config->exporters[i].format == section->format)
			print_section(out, section, strchr(config->exporters[i].name, '/') + 1,
				      &config->exporters[i].options);
}

void wc_config_print(struct wc_buffer *out, const struct wc_config *config)
{
	struct wc_section section;

	for (size_t i = 0; wc_section_get(i, &section); i++) {
		switch (section.kind) {
		case WC_SECTION_TOP:
			print_options(out, &section, &config->daemon);
			break;
		case WC_SECTION_JOURNAL:
		case WC_SECTION_DUMP:
		case WC_SECTION_HTTP:
			print_section(out, &section, NULL, &config->daemon);
			break;
		case WC_SECTION_CAPTURE:
			for (size_t c = 0; c < config->capture_count; c++)
				print_section(out, &section, config->captures[c].name,
					      &config->captures[c].options);
			break;
		case WC_SECTION_EXPORTER:
			print_exporters(out, &section, config);
			break;
		}
	}
}

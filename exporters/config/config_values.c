/*
 * config_values.c - the values of a file, read by libconfuse
 *
 * To libconfuse every option is a list of texts: what they mean is the option tables'
 * business. libconfuse's lexer is one for the whole process, so one file is read at
 * a time, and its callbacks find their context here.
 */
#include <confuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "config_reader.h"
#include "format.h"
#include "wirecensus/error.h"

/* More than libconfuse takes for its options, and for each byte of a file. */
#define PARSER_MEMORY          ((size_t)1 << 20)
#define PARSER_MEMORY_PER_BYTE 64

/* What the callbacks of the file that is being read need. */
static struct {
	struct wc_config_reader *reader;
	const struct wc_config_file *file;
	struct wc_includes *includes;
	bool failed; /* memory */
} reading;

__attribute__((format(printf, 2, 0))) static void hear_error(cfg_t *cfg, const char *format,
							     va_list ap)
{
	char sentence[256];

	vsnprintf(sentence, sizeof(sentence), format, ap);
	wc_complain(&reading.reader->complaints,
		    (struct wc_mark){reading.file, (unsigned)cfg->line},
		    "%s; what follows in this file was not looked at", sentence);
}

static int hear_include(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
	struct wc_includes *includes = reading.includes;
	struct wc_include *items = realloc(includes->items, (includes->count + 1) * sizeof(*items));
	char *pattern = argc == 1 ? strdup(argv[0]) : NULL;

	(void)opt;
	if (items)
		includes->items = items;
	if (!items || !pattern) {
		reading.failed = true;
		free(pattern);
		return 0;
	}
	items[includes->count++] = (struct wc_include){.pattern = pattern,
						       .mark = {reading.file, (unsigned)cfg->line}};
	return 0;
}

/* ---- what libconfuse is told of our sections ---- */

/* Makes the rows of one section, with room for @more. Returns NULL when memory is short. */
static cfg_opt_t *make_rows(const struct wc_section *section, size_t more, size_t *count)
{
	const cfg_opt_t end = CFG_END();
	size_t rows = more + 1;
	cfg_opt_t *made;

	for (const struct wc_option *option = section->table; option->name; option++)
		rows++;
	made = calloc(rows, sizeof(*made));
	*count = 0;
	if (!made)
		return NULL;
	for (const struct wc_option *option = section->table; option->name; option++)
		if (option->scope & section->scope)
			made[(*count)++] =
				(cfg_opt_t)CFG_STR_LIST(option->name, NULL, CFGF_NODEFAULT);
	made[*count] = end;
	return made;
}

static void free_rows(cfg_opt_t *rows)
{
	for (size_t i = 0; rows && rows[i].name; i++)
		free(rows[i].subopts);
	free(rows);
}

/* Appends the row of every section to those of the top. Returns false when memory is short. */
static bool add_sections(cfg_opt_t *rows, size_t count)
{
	const cfg_opt_t end = CFG_END();
	struct wc_section section;

	for (size_t i = 1; wc_section_get(i, &section); i++) {
		size_t options;
		cfg_opt_t *subrows = make_rows(&section, 0, &options);

		if (!subrows)
			return false;
		rows[count++] =
			(cfg_opt_t)CFG_SEC(section.name, subrows,
					   section.titled ? CFGF_MULTI | CFGF_TITLE : CFGF_NONE);
		rows[count] = end;
	}
	return true;
}

/* Returns a parser that knows every section and option, or NULL when memory is short. */
static cfg_t *make_parser(void)
{
	const cfg_opt_t end = CFG_END();
	struct wc_section section;
	size_t sections = 0, count;
	cfg_opt_t *rows;
	cfg_t *cfg = NULL;

	while (wc_section_get(sections, &section))
		sections++;
	wc_section_get(0, &section);
	rows = make_rows(&section, sections + 1, &count);
	if (!rows)
		return NULL;
	rows[count++] = (cfg_opt_t)CFG_FUNC("include", hear_include);
	rows[count] = end;
	if (add_sections(rows, count))
		cfg = cfg_init(rows, CFGF_NONE);
	free_rows(rows);
	if (cfg)
		cfg_set_error_function(cfg, hear_error);
	return cfg;
}

/* ---- from its texts to our fields ---- */

static void refuse(struct wc_outline_item *item, const char *sentence)
{
	wc_complain(&reading.reader->complaints, (struct wc_mark){reading.file, item->line}, "%s",
		    sentence);
	item->wrong = true;
}

/* Returns false when memory is short. */
static bool set_option(struct wc_outline_item *item, cfg_opt_t *given, void *fields)
{
	const struct wc_option *option = item->option;
	unsigned values = cfg_opt_size(given);
	struct wc_error error;

	if (!wc_option_repeats(option) && values != 1) {
		snprintf(error.text, sizeof(error.text), "%s takes one value", option->name);
		refuse(item, error.text);
		return true;
	}
	/* An empty value stands for the default, as if it were not there. */
	if (values == 1 && !*cfg_opt_getnstr(given, 0)) {
		item->option = NULL;
		return true;
	}
	for (unsigned i = 0; i < values; i++) {
		int status = wc_option_set(fields, option, option->name, cfg_opt_getnstr(given, i),
					   &error);

		if (status == WC_FAILED)
			return false;
		if (status)
			refuse(item, error.text);
	}
	return true;
}

/* Makes the capture that @part is about. Returns false when memory is short. */
static bool add_capture(struct wc_config *config, struct wc_outline_part *part)
{
	struct wc_config_capture *captures =
		realloc(config->captures, (config->capture_count + 1) * sizeof(*captures));
	struct wc_config_capture *capture;

	if (!captures)
		return false;
	config->captures = captures;
	capture = &captures[config->capture_count];
	if (wc_options_init(&capture->options, NULL))
		return false;
	part->index = config->capture_count++;
	capture->name = strdup(part->title);
	return capture->name;
}

/* The same for an exporter. */
static bool add_exporter(struct wc_config *config, struct wc_outline_part *part)
{
	struct wc_config_exporter *exporters =
		realloc(config->exporters, (config->exporter_count + 1) * sizeof(*exporters));
	struct wc_config_exporter *exporter;

	if (!exporters)
		return false;
	config->exporters = exporters;
	exporter = &exporters[config->exporter_count];
	*exporter = (struct wc_config_exporter){.format = part->section.format};
	if (wc_option_defaults(&exporter->options, wc_exporter_option_table, NULL))
		return false;
	part->index = config->exporter_count++;
	if (asprintf(&exporter->name, "%s/%s", part->section.name, part->title) < 0)
		exporter->name = NULL;
	return exporter->name;
}

static bool add_entry(struct wc_config *config, struct wc_outline_part *part)
{
	switch (part->section.kind) {
	case WC_SECTION_CAPTURE:
		return add_capture(config, part);
	case WC_SECTION_EXPORTER:
		return add_exporter(config, part);
	default:
		return true;
	}
}

static cfg_t *find_section(cfg_t *cfg, const struct wc_outline_part *part)
{
	if (part->section.kind == WC_SECTION_TOP)
		return cfg;
	return part->title ? cfg_gettsec(cfg, part->section.name, part->title)
			   : cfg_getsec(cfg, part->section.name);
}

/* Sets what one section of the file gives. Returns false when memory is short. */
static bool fill(cfg_t *cfg, struct wc_outline_part *part)
{
	struct wc_config *config = reading.reader->config;
	cfg_t *section = find_section(cfg, part);

	if (!section || !add_entry(config, part))
		return false;
	for (size_t i = 0; i < part->count; i++) {
		struct wc_outline_item *item = &part->items[i];
		void *fields = wc_section_fields(&part->section, config, part->index);

		if (!set_option(item, cfg_getopt(section, item->option->name), fields))
			return false;
	}
	return true;
}

static int read_values(cfg_t *cfg, const char *text, struct wc_error *error)
{
	struct wc_outline *outline = &reading.reader->outline;

	if (cfg_parse_buf(cfg, text))
		return WC_INVALID;
	for (size_t i = 0; i < outline->count; i++)
		if (outline->parts[i].mark.file == reading.file && !fill(cfg, &outline->parts[i]))
			return wc_error_no_memory(error, "for the configuration");
	return WC_OK;
}

/*
 * When memory is short, libconfuse ends the process or follows NULL. So it is asked for
 * beforehand, and plenty of it: a daemon that runs must survive a reload.
 */
static bool memory_suffices(const char *text)
{
	void *volatile memory = malloc(PARSER_MEMORY + PARSER_MEMORY_PER_BYTE * strlen(text));

	free(memory);
	return memory != NULL;
}

int wc_config_values(struct wc_config_reader *reader, const struct wc_config_file *file,
		     const char *text, struct wc_includes *includes, struct wc_error *error)
{
	cfg_t *cfg = memory_suffices(text) ? make_parser() : NULL;
	int status;

	*includes = (struct wc_includes){0};
	if (!cfg)
		return wc_error_no_memory(error, "for the configuration");
	reading.reader = reader;
	reading.file = file;
	reading.includes = includes;
	reading.failed = false;
	status = read_values(cfg, text, error);
	cfg_free(cfg);
	return reading.failed ? wc_error_no_memory(error, "for the configuration") : status;
}

/*
 * config_sections.c - the sections of the configuration and their option tables
 *
 * A new option of the daemon is a field in struct wc_config_daemon and a row here;
 * those of captures and exporters have tables of their own.
 */
#include "config_sections.h"

#include <string.h>

#include "config.h"
#include "exporter_options.h"
#include "format.h"
#include "wirecensus/option_rows.h"

#define ALL 1u
#define DAY UINT64_C(86400)

#define ROW(checked, as, field) .name = (as), .scope = ALL, checked(struct wc_config_daemon, field)

/* clang-format off */
static const struct wc_option top_table[] = {
	{ROW(WC_ROW_SECONDS, "interval", interval), .restart = true, .min = 1, .max = DAY,
	 .fallback = "10s", .argument = "TIME",
	 .help = "from one census to the next; ends lie on the wall clock's multiples"},
	{ROW(WC_ROW_TEXT, "user", user), .restart = true, .argument = "NAME",
	 .help = "whom to run as once all is opened; without it, or where there is none of the "
		 "name, who it was started as"},
	{ROW(WC_ROW_TEXT, "group", group), .restart = true, .argument = "NAME",
	 .help = "who may read through the control socket"},
	{ROW(WC_ROW_PATH, "state", state), .restart = true, .argument = "DIRECTORY",
	 .help = "where journal and dump files are kept; without it, nothing is kept on disk"},
	{ROW(WC_ROW_PATH, "control", control), .restart = true, .argument = "PATH",
	 .help = "the socket for show, status, dump and reload; without it, none"},
	{.name = NULL},
};

static const struct wc_option journal_table[] = {
	{ROW(WC_ROW_PATH, "path", journal_path), .restart = true, .argument = "PATH",
	 .help = "the database; without it, census.db in state, and without that in memory"},
	{ROW(WC_ROW_SIZE, "size", journal_size), .restart = true, .min = 1u << 20,
	 .max = UINT64_C(1) << 44, .fallback = "256M", .argument = "BYTES",
	 .help = "the most that it takes; the oldest intervals go first"},
	{ROW(WC_ROW_SIZE, "undelivered", journal_undelivered), .restart = true, .min = 1u << 19,
	 .max = UINT64_C(1) << 44, .argument = "BYTES",
	 .help = "how much of it may wait for exporters; without it, half"},
	{ROW(WC_ROW_SECONDS, "age", journal_age), .restart = true, .min = 60, .max = 3650 * DAY,
	 .fallback = "30d", .argument = "TIME",
	 .help = "how long intervals are kept; sums by minute and hour stay longer"},
	{.name = NULL},
};

static const struct wc_option dump_table[] = {
	{ROW(WC_ROW_PATH, "path", dump_path), .argument = "DIRECTORY",
	 .help = "where dump files are written; without it, dump in state"},
	{ROW(WC_ROW_FLAG, "perl", dump_perl),
	 .help = "write a file in the layout of Net::Connection::Sniffer, too"},
	{ROW(WC_ROW_TEXT, "trigger", trigger), .restart = true, .argument = "PLACE",
	 .help = "udp://ADDRESS:PORT to take the word dump at; without it, none"},
	{ROW(WC_ROW_NETWORKS, "allow", trigger_allow), .argument = "NETWORK",
	 .help = "who may send it; without it, this host"},
	{.name = NULL},
};

static const struct wc_option http_table[] = {
	{ROW(WC_ROW_TEXT, "listen", http.listen), .restart = true, .argument = "ADDRESS:PORT",
	 .help = "where metrics and the report page are to be had"},
	{ROW(WC_ROW_FLAG, "public", http.public), .restart = true,
	 .help = "listen beyond this host without encryption and password"},
	{ROW(WC_ROW_PATH, "web_config", http.web_config), .argument = "PATH",
	 .help = "certificate, key and passwords, in the format of Prometheus's exporters"},
	{ROW(WC_ROW_TEXTS, "host_names", http.host_names), .argument = "NAME",
	 .help = "names that a browser may ask for, besides addresses, localhost and the host's "
		 "own"},
	{ROW(WC_ROW_NUMBER, "clients", http.clients), .restart = true, .min = 4, .max = 1000,
	 .fallback = "64", .argument = "NUMBER",
	 .help = "connections at a time; for one more, the one that is silent longest goes"},
	{ROW(WC_ROW_SECONDS, "timeout", http.timeout), .restart = true, .min = 1, .max = 3600,
	 .fallback = "30s", .argument = "TIME",
	 .help = "how long a connection may be silent"},
	{ROW(WC_ROW_NUMBER, "max_series", http.max_series), .restart = true, .min = 500,
	 .max = 1000000, .fallback = "5000", .argument = "NUMBER",
	 .help = "metrics have no more series than this"},
	{ROW(WC_ROW_NUMBER, "top", http.top), .restart = true, .max = 65536, .fallback = "50",
	 .argument = "NUMBER",
	 .help = "ports that have series for their rank, besides services; what is not shown is in "
		 "other"},
	{ROW(WC_ROW_SERVICES, "ports", http.ports), .restart = true, .argument = "PROTO/PORT",
	 .help = "ports that have series in any case"},
	{ROW(WC_ROW_NUMBER, "conversations", http.conversations), .restart = true, .max = 100000,
	 .fallback = "0", .argument = "NUMBER",
	 .help = "conversations of a capture that may have series, with addresses as labels"},
	{.name = NULL},
};
/* clang-format on */

static const struct wc_section sections[] = {
	{.kind = WC_SECTION_TOP, .name = "", .table = top_table, .scope = ALL},
	{.kind = WC_SECTION_JOURNAL, .name = "journal", .table = journal_table, .scope = ALL},
	{.kind = WC_SECTION_DUMP, .name = "dump", .table = dump_table, .scope = ALL},
	{.kind = WC_SECTION_HTTP, .name = "http", .table = http_table, .scope = ALL},
	{.kind = WC_SECTION_CAPTURE,
	 .name = "capture",
	 .table = wc_option_table,
	 .scope = WC_SCOPE_DAEMON,
	 .titled = true},
};

#define FIXED (sizeof(sections) / sizeof(*sections))

bool wc_section_get(size_t index, struct wc_section *section)
{
	const struct wc_format *format;

	if (index < FIXED) {
		*section = sections[index];
		return true;
	}
	for (size_t i = FIXED; i <= index; i++)
		if (!wc_format_list[i - FIXED])
			return false;
	format = wc_format_list[index - FIXED];
	*section = (struct wc_section){
		.kind = WC_SECTION_EXPORTER,
		.name = format->name,
		.table = wc_exporter_option_table,
		.scope = wc_exporter_scope(format->name),
		.titled = true,
		.format = format,
	};
	return true;
}

static bool is(const char *name, const char *text, size_t length)
{
	return strlen(name) == length && !memcmp(name, text, length);
}

bool wc_section_find(struct wc_section *section, const char *name, size_t length)
{
	for (size_t i = 1; wc_section_get(i, section); i++)
		if (is(section->name, name, length))
			return true;
	return false;
}

const struct wc_option *wc_section_option(const struct wc_section *section, const char *name,
					  size_t length)
{
	for (const struct wc_option *option = section->table; option->name; option++)
		if ((option->scope & section->scope) && is(option->name, name, length))
			return option;
	return NULL;
}

void *wc_section_fields(const struct wc_section *section, struct wc_config *config, size_t index)
{
	switch (section->kind) {
	case WC_SECTION_CAPTURE:
		return &config->captures[index].options;
	case WC_SECTION_EXPORTER:
		return &config->exporters[index].options;
	default:
		return &config->daemon;
	}
}

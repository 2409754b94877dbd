#include "dump_perl.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buffer.h"
#include "encode.h"
#include "wirecensus/address.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define NS_PER_S INT64_C(1000000000)

/* Addresses of so many characters leave no room for a tab behind them. */
#define WIDE_ADDRESS 14

/* How much of a frame is captured to be searched, unless it is said. */
#define SNAPLEN_MATCH 512

static bool is_plain(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f;
}

/* Adds @text to a comment: what is not plain, the end of the line above all, as \x{HH}. */
static void add_remark(struct wc_buffer *out, const char *text)
{
	for (; *text; text++)
		if (is_plain((unsigned char)*text))
			wc_buffer_add(out, text, 1);
		else
			wc_buffer_format(out, "\\x{%02x}", (unsigned char)*text);
}

/*
 * Adds @text in single quotes, between which Perl knows two escapes only (perlop, "Quote
 * and Quote-like Operators"). What is not plain is written out as above.
 */
static void add_quoted(struct wc_buffer *out, const char *text)
{
	wc_buffer_text(out, "'");
	for (; *text; text++) {
		if (!is_plain((unsigned char)*text)) {
			wc_buffer_format(out, "\\\\x{%02x}", (unsigned char)*text);
			continue;
		}
		if (*text == '\'' || *text == '\\')
			wc_buffer_text(out, "\\");
		wc_buffer_add(out, text, 1);
	}
	wc_buffer_text(out, "'");
}

static int64_t seconds(int64_t ns)
{
	return ns == WC_TIME_UNKNOWN ? 0 : ns / NS_PER_S;
}

static void add_time(struct wc_buffer *out, const char *label, int64_t ns)
{
	time_t epoch = (time_t)seconds(ns);
	char text[64];
	struct tm parts;

	localtime_r(&epoch, &parts);
	strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &parts);
	wc_buffer_format(out, "# %s:\t%lld,\t%s\n", label, (long long)epoch, text);
}

/* The two options are lower-cased, as the ancestor compared them so. */
static void add_needle(struct wc_buffer *out, const char *label, const char *needle)
{
	if (!needle)
		return;
	wc_buffer_format(out, "# %s:\t", label);
	for (; *needle; needle++)
		add_remark(out, (const char[]){(char)tolower((unsigned char)*needle), '\0'});
	wc_buffer_text(out, "\n");
}

static void add_options(struct wc_buffer *out, const struct wc_dump_facts *facts)
{
	const struct wc_options *options = facts->options;

	wc_buffer_text(out, "# device:\t");
	add_remark(out, facts->snapshot->observer);
	wc_buffer_text(out, options->promiscuous ? "\tpromiscuous\n" : "\tnon-promiscuous\n");
	wc_buffer_text(out, "# bpf:\t\t");
	add_remark(out, options->filter ? options->filter : "");
	wc_buffer_text(out, "\n");
	if (options->match || options->no_match)
		wc_buffer_format(
			out, "# fragment:\t%llu - %llu\n",
			(unsigned long long)options->payload_offset,
			(unsigned long long)(options->snaplen ? options->snaplen : SNAPLEN_MATCH));
	add_needle(out, "contains", options->match);
	add_needle(out, "excludes", options->no_match);
}

static void add_head(struct wc_buffer *out, const struct wc_dump_facts *facts, size_t users)
{
	wc_buffer_text(out, "\n# wirecensus " WC_VERSION
			    ", in the layout of Net::Connection::Sniffer 0.36\n");
	add_time(out, "start", facts->started_ns);
	add_time(out, "current", facts->snapshot->end_ns);
	wc_buffer_format(out, "# hits:\t\t%.0f per minute\n", facts->hits.per_minute);
	wc_buffer_format(out, "# bytes:\t%.0f per second\n", facts->hits.bytes_per_second);
	wc_buffer_format(out, "# users:\t%zu\n", users);
	add_options(out, facts);
}

static void add_names(struct wc_buffer *out, const struct wc_context *context,
		      const struct wc_address *address)
{
	const struct wc_naming *naming = context->naming;
	const char *names[WC_NAMING_MAX];
	size_t count = naming ? naming->find(naming->arg, address, names) : 0;

	wc_buffer_text(out, "\t\tN\t=> [");
	for (size_t i = 0; i < count; i++) {
		add_quoted(out, names[i]);
		wc_buffer_text(out, ",");
	}
	wc_buffer_text(out, "],\n");
}

static void add_field(struct wc_buffer *out, char name, uint64_t value)
{
	wc_buffer_format(out, "\t\t%c\t=> ", name);
	wc_buffer_number(out, value);
	wc_buffer_text(out, ",\n");
}

static void add_host(struct wc_buffer *out, const struct wc_context *context,
		     const struct wc_host_row *row)
{
	char address[WC_ADDRESS_TEXT];

	wc_address_format(&row->address, address);
	wc_buffer_text(out, "\t");
	add_quoted(out, address);
	wc_buffer_text(out, strlen(address) < WIDE_ADDRESS ? "\t=> {\n" : " => {\n");
	add_field(out, 'B', row->sent.bytes + row->received.bytes);
	add_field(out, 'C', row->sent.packets + row->received.packets);
	add_field(out, 'E', (uint64_t)seconds(row->last_seen_ns));
	add_names(out, context, &row->address);
	wc_buffer_format(out, "\t\tR\t=> %.0f,\n", row->packets_per_hour);
	add_field(out, 'S', (uint64_t)seconds(row->first_seen_ns));
	add_field(out, 'T', 0);
	wc_buffer_format(out, "\t\tW\t=> %.0f,\n", row->bytes_per_hour);
	wc_buffer_text(out, "\t},\n");
}

/* By version, then by address. */
static int compare(const void *a, const void *b)
{
	const struct wc_address *left = &(*(const struct wc_host_row *const *)a)->address;
	const struct wc_address *right = &(*(const struct wc_host_row *const *)b)->address;

	if (left->version != right->version)
		return left->version < right->version ? -1 : 1;
	if (left->high != right->high)
		return left->high < right->high ? -1 : 1;
	return (left->low > right->low) - (left->low < right->low);
}

/* Returns the hosts in order, or NULL; their number is not more than @count becomes. */
static const struct wc_host_row **sort_hosts(const struct wc_snapshot *snapshot, size_t *count)
{
	const struct wc_host_row **hosts = malloc((snapshot->host_rows + 1) * sizeof(*hosts));

	*count = 0;
	if (!hosts)
		return NULL;
	for (size_t i = 0; i < snapshot->host_rows; i++)
		if (!snapshot->hosts[i].other)
			hosts[(*count)++] = &snapshot->hosts[i];
	qsort(hosts, *count, sizeof(*hosts), compare);
	return hosts;
}

void wc_dump_perl_encode(struct wc_buffer *buffer, const struct wc_context *context,
			 const struct wc_dump_facts *facts)
{
	size_t count;
	const struct wc_host_row **hosts = sort_hosts(facts->snapshot, &count);

	if (!hosts) {
		buffer->failed = true;
		return;
	}
	add_head(buffer, facts, count);
	wc_buffer_text(buffer, "{\n  my $dump = {\n");
	for (size_t i = 0; i < count && !buffer->failed; i++)
		add_host(buffer, context, hosts[i]);
	wc_buffer_text(buffer, "  };\n}\n");
	free(hosts);
}

#include "dump_rows.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump_fields.h"
#include "dump_file.h"
#include "wirecensus/address.h"

/* Names of one host, at most: more have no place in a report. */
#define NAMES_MAX 64

/* Makes room for one more of @size behind @count, which are powers of two. NULL: no memory. */
static void *grow(void *array, size_t count, size_t size)
{
	if (count & (count - 1))
		return array;
	return realloc(array, (count ? 2 * count : 1) * size);
}

static bool copy_text(const json_t *row, const char *name, char **copy)
{
	const char *text;

	if (!wc_dump_text(row, name, &text))
		return false;
	free(*copy);
	*copy = strdup(text);
	return *copy != NULL;
}

/* Each of the following returns false for a row that a dump file cannot have. */

static bool read_head(struct wc_dump_file *file, const json_t *row)
{
	return copy_text(row, "host", &file->host) && copy_text(row, "instance", &file->instance) &&
	       copy_text(row, "capture", &file->capture) &&
	       copy_text(row, "observer", &file->observer) &&
	       wc_dump_time(row, "start", &file->start_ns) &&
	       wc_dump_time(row, "end", &file->end_ns) &&
	       wc_dump_decimal(row, "hits_per_minute", &file->hits_per_minute) &&
	       wc_dump_decimal(row, "bytes_per_second", &file->bytes_per_second) &&
	       wc_dump_number(row, "users", &file->users);
}

static bool read_total(struct wc_dump_file *file, const json_t *row)
{
	struct wc_totals *totals = &file->totals;
	double gone = 0;
	bool good = wc_dump_number(row, "frames", &totals->frames) &&
		    wc_dump_number(row, "received", &totals->received) &&
		    wc_dump_number(row, "lost_kernel", &totals->lost_kernel) &&
		    wc_dump_number(row, "lost_interface", &totals->lost_interface) &&
		    wc_dump_counts(row, "internet_in_", &totals->internet_in) &&
		    wc_dump_counts(row, "internet_out_", &totals->internet_out) &&
		    wc_dump_number(row, "rejected", &totals->rejected.packets) &&
		    wc_dump_number(row, "rejected_bytes", &totals->rejected.bytes) &&
		    wc_dump_decimal(row, "gone_seconds", &gone) &&
		    wc_dump_flag(row, "complete", &file->complete);

	for (int i = 0; i < WC_DIRECTIONS && good; i++) {
		char prefix[16];

		snprintf(prefix, sizeof(prefix), "%s_", wc_direction_name((enum wc_direction)i));
		good = wc_dump_counts(row, prefix, &totals->directions[i]);
	}
	totals->gone_ns = gone < 1e9 ? (uint64_t)(gone * 1e9) : UINT64_C(1000000000000000000);
	return good;
}

static void add_class(struct wc_dump_file *file, enum wc_class class,
		      const struct wc_counts *counts)
{
	file->totals.classes[class].packets += counts->packets;
	file->totals.classes[class].bytes += counts->bytes;
}

/* The number that a row is about, below @most; `other` in place of it. */
static bool read_key(const json_t *row, const char *name, uint64_t most, uint16_t *key, bool *other)
{
	uint64_t number = 0;

	*other = json_is_true(json_object_get(row, "other"));
	if (!*other && (!wc_dump_number(row, name, &number) || number > most))
		return false;
	*key = (uint16_t)number;
	return true;
}

static bool read_port(struct wc_dump_file *file, const json_t *row)
{
	struct wc_port_row *ports = grow(file->ports, file->port_count, sizeof(*ports));
	struct wc_port_row port = {.protocol = IPPROTO_UDP};
	struct wc_port_counts *counts = &port.delta;
	const char *transport;

	if (!ports)
		return false;
	file->ports = ports;
	if (!wc_dump_text(row, "transport", &transport) || !wc_dump_direction(row, &port.direction))
		return false;
	if (!read_key(row, "port", UINT16_MAX, &port.port, &port.other) ||
	    !wc_dump_counts(row, "", &counts->all) ||
	    !wc_dump_number(row, "refused", &counts->refused))
		return false;
	if (!strcmp(transport, "tcp")) {
		port.protocol = IPPROTO_TCP;
		if (!wc_dump_number(row, "new", &counts->new) ||
		    !wc_dump_number(row, "accepted", &counts->accepted))
			return false;
	}
	add_class(file, port.protocol == IPPROTO_TCP ? WC_CLASS_TCP : WC_CLASS_UDP, &counts->all);
	ports[file->port_count++] = port;
	return true;
}

static bool read_protocol(struct wc_dump_file *file, const json_t *row)
{
	struct wc_key_row *protocols =
		grow(file->protocols, file->protocol_count, sizeof(*protocols));
	struct wc_key_row protocol = {.key = 0};

	if (!protocols)
		return false;
	file->protocols = protocols;
	if (!read_key(row, "protocol", UINT8_MAX, &protocol.key, &protocol.other) ||
	    !wc_dump_direction(row, &protocol.direction) ||
	    !wc_dump_counts(row, "", &protocol.delta))
		return false;
	add_class(file, WC_CLASS_PROTOCOL, &protocol.delta);
	protocols[file->protocol_count++] = protocol;
	return true;
}

/* Rows that only count for their class. */
static bool read_class(struct wc_dump_file *file, const json_t *row, enum wc_class class)
{
	struct wc_counts counts;

	if (!wc_dump_counts(row, "", &counts))
		return false;
	add_class(file, class, &counts);
	return true;
}

static bool read_fragment(struct wc_dump_file *file, const json_t *row)
{
	return read_class(file, row, WC_CLASS_FRAGMENT);
}

static bool read_ethertype(struct wc_dump_file *file, const json_t *row)
{
	return read_class(file, row, WC_CLASS_ETHERTYPE);
}

static bool read_llc(struct wc_dump_file *file, const json_t *row)
{
	return read_class(file, row, WC_CLASS_LLC);
}

static bool read_malformed(struct wc_dump_file *file, const json_t *row)
{
	return read_class(file, row, WC_CLASS_MALFORMED);
}

static bool read_unsupported(struct wc_dump_file *file, const json_t *row)
{
	return read_class(file, row, WC_CLASS_UNSUPPORTED);
}

static bool read_names(struct wc_dump_host *host, const json_t *row)
{
	const json_t *names = json_object_get(row, "names");
	size_t count = json_array_size(names);

	if (!count)
		return true;
	host->names = calloc(count, sizeof(*host->names));
	for (size_t i = 0; host->names && i < count && i < NAMES_MAX; i++) {
		const char *name = json_string_value(json_array_get(names, i));

		host->names[i] = name ? strdup(name) : NULL;
		if (!host->names[i])
			return false;
		host->name_count++;
	}
	return host->names != NULL;
}

static bool read_way(const json_t *row, const char *prefix, struct wc_host_way *way)
{
	struct wc_counts counts;
	char name[32];

	snprintf(name, sizeof(name), "%snew", prefix);
	if (!wc_dump_counts(row, prefix, &counts) || !wc_dump_number(row, name, &way->new))
		return false;
	way->packets = counts.packets;
	way->bytes = counts.bytes;
	return true;
}

/* The rates are null in a first interval. */
static bool read_rates(const json_t *row, struct wc_host_row *host)
{
	host->rates_known = !json_is_null(json_object_get(row, "packets_per_hour"));
	return !host->rates_known ||
	       (wc_dump_decimal(row, "packets_per_hour", &host->packets_per_hour) &&
		wc_dump_decimal(row, "connections_per_hour", &host->connections_per_hour) &&
		wc_dump_decimal(row, "bytes_per_hour", &host->bytes_per_hour));
}

static bool read_address(const json_t *row, struct wc_host_row *host)
{
	const char *text;

	host->other = json_is_true(json_object_get(row, "other"));
	if (host->other)
		return true;
	if (!wc_dump_text(row, "address", &text))
		return false;
	return !strcmp(text, "internet") || !wc_address_parse(&host->address, text, NULL);
}

static bool read_host(struct wc_dump_file *file, const json_t *row)
{
	struct wc_dump_host *hosts = grow(file->hosts, file->host_count, sizeof(*hosts));
	struct wc_dump_host *host;

	if (!hosts)
		return false;
	file->hosts = hosts;
	host = &hosts[file->host_count++];
	*host = (struct wc_dump_host){.names = NULL};
	return read_address(row, &host->row) && read_way(row, "sent_", &host->row.sent) &&
	       read_way(row, "received_", &host->row.received) && read_rates(row, &host->row) &&
	       wc_dump_time(row, "first_seen", &host->row.first_seen_ns) &&
	       wc_dump_time(row, "last_seen", &host->row.last_seen_ns) && read_names(host, row);
}

/* Rows of other types are of a later version, and skipped. */
static const struct {
	const char *type;
	bool (*read)(struct wc_dump_file *file, const json_t *row);
} kinds[] = {
	{"dump", read_head},         {"total", read_total},
	{"port", read_port},         {"protocol", read_protocol},
	{"fragment", read_fragment}, {"ethertype", read_ethertype},
	{"llc", read_llc},           {"malformed", read_malformed},
	{"host", read_host},         {"unsupported", read_unsupported},
};

bool wc_dump_row(struct wc_dump_file *file, const json_t *row)
{
	const char *type;

	if (!wc_dump_text(row, "type", &type))
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(type, kinds[i].type))
			return kinds[i].read(file, row);
	return true;
}

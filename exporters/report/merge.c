#include "merge.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dump_file.h"
#include "encode.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

struct wc_merge {
	struct wc_dump_file **files;
	size_t count;

	struct wc_snapshot snapshot; /* its rows are those that follow */
	struct wc_port_row *ports;
	struct wc_key_row *protocols;
	struct wc_host_row *rows;
	struct wc_dump_host *hosts; /* by address; their names are owned */
	size_t host_count;
	struct wc_naming naming;
};

struct wc_merge *wc_merge_new(void)
{
	return calloc(1, sizeof(struct wc_merge));
}

void wc_merge_free(struct wc_merge *merge)
{
	if (!merge)
		return;
	for (size_t i = 0; i < merge->count; i++)
		wc_dump_file_free(merge->files[i]);
	for (size_t i = 0; i < merge->host_count; i++)
		wc_dump_host_forget(&merge->hosts[i]);
	free(merge->files);
	free(merge->hosts);
	free(merge->rows);
	free(merge->ports);
	free(merge->protocols);
	free(merge);
}

/* The same run and capture twice would count everything twice. */
static const struct wc_dump_file *find_twin(const struct wc_merge *merge,
					    const struct wc_dump_file *file)
{
	for (size_t i = 0; i < merge->count; i++)
		if (!strcmp(merge->files[i]->instance, file->instance) &&
		    !strcmp(merge->files[i]->capture, file->capture))
			return merge->files[i];
	return NULL;
}

int wc_merge_add(struct wc_merge *merge, const char *path, struct wc_error *error)
{
	struct wc_dump_file *file, **files;
	const struct wc_dump_file *twin;
	int status = wc_dump_file_read(&file, path, error);

	if (status)
		return status;
	twin = find_twin(merge, file);
	files = twin ? NULL : realloc(merge->files, (merge->count + 1) * sizeof(*files));
	if (!files) {
		status = twin ? wc_error_set(
					error, WC_FAILED,
					"'%s' is left out: it is of the same run and capture as "
					"'%s'",
					path, twin->path)
			      : wc_error_no_memory(error, "for a dump file");
		wc_dump_file_free(file);
		return status;
	}
	merge->files = files;
	files[merge->count++] = file;
	return WC_OK;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_ports(const void *a, const void *b)
{
	const struct wc_port_row *left = a, *right = b;
	int result = order(left->protocol, right->protocol);

	if (!result)
		result = order(left->other, right->other);
	if (!result)
		result = order(left->port, right->port);
	return result ? result : order(left->direction, right->direction);
}

static int compare_keys(const void *a, const void *b)
{
	const struct wc_key_row *left = a, *right = b;
	int result = order(left->other, right->other);

	if (!result)
		result = order(left->key, right->key);
	return result ? result : order(left->direction, right->direction);
}

static int compare_addresses(const struct wc_address *a, const struct wc_address *b)
{
	int result = order(a->version, b->version);

	if (!result)
		result = order(a->high, b->high);
	return result ? result : order(a->low, b->low);
}

/* `other` stands last. */
static int compare_hosts(const void *a, const void *b)
{
	const struct wc_dump_host *left = a, *right = b;
	int result = order(left->row.other, right->row.other);

	return result ? result : compare_addresses(&left->row.address, &right->row.address);
}

static void add_counts(struct wc_counts *sum, const struct wc_counts *counts)
{
	sum->packets += counts->packets;
	sum->bytes += counts->bytes;
}

static void add_port(void *sum, void *row)
{
	struct wc_port_counts *to = &((struct wc_port_row *)sum)->delta;
	const struct wc_port_counts *from = &((const struct wc_port_row *)row)->delta;

	add_counts(&to->all, &from->all);
	to->new += from->new;
	to->accepted += from->accepted;
	to->refused += from->refused;
}

static void add_key(void *sum, void *row)
{
	add_counts(&((struct wc_key_row *)sum)->delta, &((const struct wc_key_row *)row)->delta);
}

static void add_way(struct wc_host_way *sum, const struct wc_host_way *way)
{
	sum->packets += way->packets;
	sum->bytes += way->bytes;
	sum->new += way->new;
}

static bool has_name(const struct wc_dump_host *host, const char *name)
{
	for (size_t i = 0; i < host->name_count; i++)
		if (!strcmp(host->names[i], name))
			return true;
	return false;
}

/* Moves the names that @sum has not to it; without memory they are not shown. */
static void add_names(struct wc_dump_host *sum, struct wc_dump_host *host)
{
	char **names =
		host->name_count
			? realloc(sum->names, (sum->name_count + host->name_count) * sizeof(*names))
			: NULL;

	if (names)
		sum->names = names;
	for (size_t i = 0; i < host->name_count && names; i++)
		if (!has_name(sum, host->names[i])) {
			names[sum->name_count++] = host->names[i];
			host->names[i] = NULL;
		}
	wc_dump_host_forget(host);
}

static void add_host(void *sum, void *host)
{
	struct wc_host_row *to = &((struct wc_dump_host *)sum)->row;
	const struct wc_host_row *from = &((const struct wc_dump_host *)host)->row;

	add_way(&to->sent, &from->sent);
	add_way(&to->received, &from->received);
	to->rates_known |= from->rates_known;
	to->packets_per_hour += from->packets_per_hour;
	to->connections_per_hour += from->connections_per_hour;
	to->bytes_per_hour += from->bytes_per_hour;
	if (from->last_seen_ns > to->last_seen_ns) /* unknown is the least of all */
		to->last_seen_ns = from->last_seen_ns;
	if (to->first_seen_ns == WC_TIME_UNKNOWN ||
	    (from->first_seen_ns != WC_TIME_UNKNOWN && from->first_seen_ns < to->first_seen_ns))
		to->first_seen_ns = from->first_seen_ns;
	add_names(sum, host);
}

/* Sorts rows, and adds up those of one key. Returns how many are left. */
static size_t fold(void *rows, size_t count, size_t size,
		   int (*compare)(const void *, const void *), void (*add)(void *sum, void *row))
{
	char *at = rows;
	size_t left = 0;

	if (!count)
		return 0;
	qsort(rows, count, size, compare);
	for (size_t i = 1; i < count; i++)
		if (!compare(at + left * size, at + i * size))
			add(at + left * size, at + i * size);
		else if (++left != i)
			memcpy(at + left * size, at + i * size, size);
	return left + 1;
}

/* The rows of all files, one behind the other. */
static bool collect(struct wc_merge *merge)
{
	size_t ports = 0, protocols = 0, hosts = 0;

	for (size_t i = 0; i < merge->count; i++) {
		ports += merge->files[i]->port_count;
		protocols += merge->files[i]->protocol_count;
		hosts += merge->files[i]->host_count;
	}
	merge->ports = calloc(ports + 1, sizeof(*merge->ports));
	merge->protocols = calloc(protocols + 1, sizeof(*merge->protocols));
	merge->hosts = calloc(hosts + 1, sizeof(*merge->hosts));
	merge->rows = calloc(hosts + 1, sizeof(*merge->rows));
	return merge->ports && merge->protocols && merge->hosts && merge->rows;
}

static void add_times(struct wc_snapshot *sum, const struct wc_dump_file *file)
{
	if (sum->start_ns == WC_TIME_UNKNOWN ||
	    (file->start_ns != WC_TIME_UNKNOWN && file->start_ns < sum->start_ns))
		sum->start_ns = file->start_ns;
	if (file->end_ns > sum->end_ns)
		sum->end_ns = file->end_ns;
}

static void add_totals(struct wc_totals *sum, const struct wc_totals *totals)
{
	sum->received += totals->received;
	sum->lost_kernel += totals->lost_kernel;
	sum->lost_interface += totals->lost_interface;
	sum->gone_ns += totals->gone_ns;
	sum->frames += totals->frames;
	add_counts(&sum->rejected, &totals->rejected);
	add_counts(&sum->internet_in, &totals->internet_in);
	add_counts(&sum->internet_out, &totals->internet_out);
	for (int i = 0; i < WC_CLASSES; i++)
		add_counts(&sum->classes[i], &totals->classes[i]);
	for (int i = 0; i < WC_DIRECTIONS; i++)
		add_counts(&sum->directions[i], &totals->directions[i]);
}

static void append(void *rows, size_t *count, size_t size, const void *more, size_t more_count)
{
	if (more_count)
		memcpy((char *)rows + *count * size, more, more_count * size);
	*count += more_count;
}

/* Takes the rows of a file, whose names go with them. */
static void take(struct wc_merge *merge, struct wc_dump_file *file)
{
	struct wc_snapshot *sum = &merge->snapshot;

	append(merge->ports, &sum->port_rows, sizeof(*merge->ports), file->ports, file->port_count);
	append(merge->protocols, &sum->protocol_rows, sizeof(*merge->protocols), file->protocols,
	       file->protocol_count);
	append(merge->hosts, &merge->host_count, sizeof(*merge->hosts), file->hosts,
	       file->host_count);
	file->host_count = 0;
	add_times(sum, file);
	add_totals(&sum->delta, &file->totals);
	sum->complete &= file->complete;
}

static size_t find(void *arg, const struct wc_address *address,
		   const char *names[static WC_NAMING_MAX])
{
	const struct wc_merge *merge = arg;
	const struct wc_dump_host key = {.row.address = *address};
	const struct wc_dump_host *host = bsearch(&key, merge->hosts, merge->host_count,
						  sizeof(*merge->hosts), compare_hosts);
	size_t count = host ? host->name_count : 0;

	if (count > WC_NAMING_MAX)
		count = WC_NAMING_MAX;
	for (size_t i = 0; i < count; i++)
		names[i] = host->names[i];
	return count;
}

int wc_merge_finish(struct wc_merge *merge, struct wc_error *error)
{
	struct wc_snapshot *sum = &merge->snapshot;

	if (!collect(merge))
		return wc_error_no_memory(error, "for all files");
	*sum = (struct wc_snapshot){.capture = "",
				    .observer = "",
				    .start_ns = WC_TIME_UNKNOWN,
				    .end_ns = WC_TIME_UNKNOWN,
				    .complete = true};
	for (size_t i = 0; i < merge->count; i++)
		take(merge, merge->files[i]);
	sum->port_rows =
		fold(merge->ports, sum->port_rows, sizeof(*merge->ports), compare_ports, add_port);
	sum->protocol_rows = fold(merge->protocols, sum->protocol_rows, sizeof(*merge->protocols),
				  compare_keys, add_key);
	merge->host_count = fold(merge->hosts, merge->host_count, sizeof(*merge->hosts),
				 compare_hosts, add_host);
	for (size_t i = 0; i < merge->host_count; i++)
		merge->rows[i] = merge->hosts[i].row;
	sum->ports = merge->ports;
	sum->protocols = merge->protocols;
	sum->hosts = merge->rows;
	sum->host_rows = merge->host_count;
	merge->naming = (struct wc_naming){find, merge};
	return WC_OK;
}

const struct wc_snapshot *wc_merge_snapshot(const struct wc_merge *merge)
{
	return &merge->snapshot;
}

const struct wc_naming *wc_merge_naming(const struct wc_merge *merge)
{
	return &merge->naming;
}

size_t wc_merge_sources(const struct wc_merge *merge)
{
	return merge->count;
}

struct wc_merge_source wc_merge_source(const struct wc_merge *merge, size_t number)
{
	const struct wc_dump_file *file = merge->files[number];
	struct wc_counts sum = wc_totals_sum(&file->totals);

	return (struct wc_merge_source){
		.path = file->path,
		.host = file->host,
		.capture = file->capture,
		.start_ns = file->start_ns,
		.end_ns = file->end_ns,
		.packets = sum.packets,
		.bytes = sum.bytes,
		.users = file->users,
		.hits_per_minute = file->hits_per_minute,
		.bytes_per_second = file->bytes_per_second,
	};
}

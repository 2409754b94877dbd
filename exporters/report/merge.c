#include "merge.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dump_file.h"
#include "encode.h"
#include "merge_rows.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

struct wc_merge {
	struct wc_dump_file **files;
	size_t count;
	const char *capture; /* of files that are taken; NULL: any */

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

void wc_merge_only(struct wc_merge *merge, const char *capture)
{
	merge->capture = capture;
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
	if (merge->capture && strcmp(merge->capture, file->capture) != 0) {
		wc_dump_file_free(file);
		return WC_OK;
	}
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
	wc_merge_rows_counts(&sum->rejected, &totals->rejected);
	wc_merge_rows_counts(&sum->internet_in, &totals->internet_in);
	wc_merge_rows_counts(&sum->internet_out, &totals->internet_out);
	for (int i = 0; i < WC_CLASSES; i++)
		wc_merge_rows_counts(&sum->classes[i], &totals->classes[i]);
	for (int i = 0; i < WC_DIRECTIONS; i++)
		wc_merge_rows_counts(&sum->directions[i], &totals->directions[i]);
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
	const struct wc_dump_host *host =
		wc_merge_rows_host(merge->hosts, merge->host_count, address);
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
	*sum = (struct wc_snapshot){.capture = merge->capture ? merge->capture : "",
				    .observer = "",
				    .start_ns = WC_TIME_UNKNOWN,
				    .end_ns = WC_TIME_UNKNOWN,
				    .complete = true};
	for (size_t i = 0; i < merge->count; i++)
		take(merge, merge->files[i]);
	sum->port_rows = wc_merge_rows_ports(merge->ports, sum->port_rows);
	sum->protocol_rows = wc_merge_rows_keys(merge->protocols, sum->protocol_rows);
	merge->host_count = wc_merge_rows_hosts(merge->hosts, merge->host_count);
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
		.rates_known = file->hits_per_minute > 0 || !sum.packets,
		.hits_per_minute = file->hits_per_minute,
		.bytes_per_second = file->bytes_per_second,
	};
}

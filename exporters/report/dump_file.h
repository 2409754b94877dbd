/*
 * dump_file.h - reads one dump file (encode/dump_json.h), which may be anybody's
 */
#ifndef WC_DUMP_FILE_H
#define WC_DUMP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wirecensus/snapshot.h"

struct wc_error; /* wirecensus/error.h */

/* A host with what it is called. */
struct wc_dump_host {
	struct wc_host_row row;
	char **names; /* owned */
	size_t name_count;
};

struct wc_dump_file {
	char *path;
	char *host, *instance, *capture, *observer; /* owned, as all that follows */
	int64_t start_ns, end_ns;                   /* from when, and as of when */
	double hits_per_minute, bytes_per_second;
	uint64_t users;

	struct wc_totals totals; /* since the start */
	bool complete;
	struct wc_port_row *ports; /* counts are in delta */
	size_t port_count;
	struct wc_key_row *protocols;
	size_t protocol_count;
	struct wc_dump_host *hosts;
	size_t host_count;
};

/*
 * Reads @path. Returns 0 and a file to be freed with wc_dump_file_free(); or WC_FAILED with
 * @error filled in: it cannot be read, is not a dump file, or something of it is missing.
 */
int wc_dump_file_read(struct wc_dump_file **file, const char *path, struct wc_error *error);

/* Frees what wc_dump_file_read() made. NULL is allowed. */
void wc_dump_file_free(struct wc_dump_file *file);

/* Frees names, and leaves none. */
void wc_dump_host_forget(struct wc_dump_host *host);

#endif /* WC_DUMP_FILE_H */

/* seed_dump.c FOLDER - writes dump files of small offices, for fuzz_dump to begin with */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "buffer.h"
#include "dump_json.h"
#include "encode.h"
#include "office.h"
#include "wirecensus/options.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"

#define SECOND_NS INT64_C(1000000000)
#define END_NS    (1763693400 * SECOND_NS)
#define LENGTH_S  600

static int save(const char *folder, const char *name, const struct wc_buffer *text)
{
	char path[4096];
	size_t written;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	written = file ? fwrite(text->data, 1, text->length, file) : 0;
	return !file || fclose(file) || written != text->length;
}

/* The dump file of one interval, hosts with their names. */
static int seed(const char *folder, const char *name, const struct wc_snapshot *snapshot)
{
	const struct wc_context context = {.host = "fuzz",
					   .instance = name,
					   .registry = wc_registry_new(),
					   .naming = &office_naming};
	const struct wc_options options = {.filter = (char *)"not port 22"};
	const struct wc_dump_facts facts = {.snapshot = snapshot,
					    .started_ns = END_NS - LENGTH_S * SECOND_NS,
					    .hits = {20.2, 168.333},
					    .options = &options};
	struct wc_buffer text = {0};
	int status;

	wc_dump_json_encode(&text, &context, &facts);
	status = text.failed ? 1 : save(folder, name, &text);
	wc_buffer_free(&text);
	wc_registry_free((struct wc_registry *)context.registry);
	return status;
}

int main(int count, char **arguments)
{
	const struct wc_snapshot empty = {.capture = "a", .observer = "b", .end_ns = END_NS};
	struct wc_snapshot *office, small;
	int status;

	if (count != 2)
		return EXIT_FAILURE;
	mkdir(arguments[1], 0777);
	office = office_make("wan", 1, END_NS, LENGTH_S, &(struct office_size){2, 2, 2});
	if (!office)
		return EXIT_FAILURE;
	small = *office;
	small.host_rows = small.port_rows = 3;
	status = seed(arguments[1], "office", office) || seed(arguments[1], "small", &small) ||
		 seed(arguments[1], "empty", &empty);
	office_free(office);
	return status;
}

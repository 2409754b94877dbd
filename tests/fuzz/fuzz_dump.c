/*
 * fuzz_dump.c - any file as a dump file: none, or one that adds up and makes a report in every
 * format
 *
 * Such a file comes from another host, which may be anybody's.
 */
#undef NDEBUG
#include <assert.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buffer.h"
#include "dump_file.h"
#include "encode.h"
#include "merge.h"
#include "report_html.h"
#include "report_json.h"
#include "report_make.h"
#include "report_text.h"
#include "wirecensus/error.h"
#include "wirecensus/registry.h"

#define SECOND_NS INT64_C(1000000000)
#define NOW_NS    (1763693400 * SECOND_NS)

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int file;
static char path[64];
static struct wc_registry *registry;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	registry = wc_registry_new();
	file = memfd_create("fuzz-dump", MFD_CLOEXEC);
	assert(file >= 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return 0;
}

static void put(const uint8_t *data, size_t size)
{
	assert(!ftruncate(file, 0));
	assert(pwrite(file, data, size, 0) == (ssize_t)size);
}

static void check_json(const struct wc_report *report)
{
	struct wc_buffer text = {0};
	json_t *value;

	wc_report_json(&text, report);
	assert(!text.failed);
	value = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL,
			   NULL);
	assert(json_is_object(value));
	json_decref(value);
	wc_buffer_free(&text);
}

/* Nothing that moves a cursor or changes a colour. */
static void check_text(const struct wc_report *report)
{
	struct wc_buffer text = {0};

	wc_report_text(&text, report);
	assert(!text.failed);
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		assert((byte >= ' ' && byte != 0x7f) || byte == '\n');
	}
	wc_buffer_free(&text);
}

/* The page's own script is the only one. */
static void check_html(const struct wc_report *report)
{
	static const char script[] = "<script";
	const struct wc_report_view view = {.report = report, .host = "fuzz", .span = "now"};
	struct wc_buffer text = {0};
	const char *at;
	size_t found = 0;

	wc_report_html(&text, &view);
	wc_buffer_add(&text, "", 1);
	assert(!text.failed);
	for (at = text.data; (at = strstr(at, script)); at++)
		found++;
	assert(found <= 1);
	wc_buffer_free(&text);
}

static void check_report(struct wc_merge *merge)
{
	struct wc_context context = {
		.host = "fuzz", .registry = registry, .naming = wc_merge_naming(merge), .top = 5};
	const struct wc_report_wish wish = {.snapshot = wc_merge_snapshot(merge),
					    .context = &context,
					    .tables = WC_REPORT_ALL,
					    .merge = merge,
					    .now_ns = NOW_NS};
	struct wc_report *report;
	struct wc_error error;

	assert(!wc_report_make(&report, &wish, &error));
	check_json(report);
	check_text(report);
	check_html(report);
	wc_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wc_merge *merge = wc_merge_new();
	struct wc_error error = {.text = ""};

	assert(merge);
	put(data, size);
	if (wc_merge_add(merge, path, &error)) {
		assert(*error.text);
	} else {
		/* Once is enough. */
		assert(wc_merge_add(merge, path, &error) && wc_merge_sources(merge) == 1);
		assert(!wc_merge_finish(merge, &error));
		check_report(merge);
	}
	wc_merge_free(merge);
	return 0;
}

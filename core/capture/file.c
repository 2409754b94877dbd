#include "file.h"

#include <stdio.h>
#include <stdlib.h>

#include "file_format.h"
#include "wirecensus/error.h"

/* How long run() may wait for a pipe, so that its caller can look at signals. */
#define PATIENCE_MS 100

static const struct wc_file_format *const formats[] = {&wc_file_pcap, &wc_file_pcapng};

static struct wc_file *file_of(struct wc_source *source)
{
	return (struct wc_file *)source;
}

static int run(struct wc_source *source, size_t budget, wc_sink *sink, void *user,
	       struct wc_error *error)
{
	struct wc_file *file = file_of(source);

	return file->format->run(file, budget, sink, user, error);
}

static void stats(struct wc_source *source, struct wc_source_stats *stats)
{
	const struct wc_file *file = file_of(source);

	*stats = (struct wc_source_stats){.received = file->received};
	wc_stream_progress(file->stream, &stats->position, &stats->size);
}

static void describe(const struct wc_source *source, char *text, size_t size)
{
	const struct wc_file *file = (const struct wc_file *)source;
	const char *packing = wc_stream_packing(file->stream);
	char details[200];

	file->format->describe(file, details, sizeof(details));
	snprintf(text, size, "%s: %s file%s%s, %s\n", wc_stream_name(file->stream),
		 file->format->name, packing ? " in " : "", packing ? packing : "", details);
}

static void close_file(struct wc_source *source)
{
	struct wc_file *file = file_of(source);

	if (file->format)
		file->format->close(file);
	wc_stream_close(file->stream);
	free(file);
}

static const struct wc_source_ops ops = {
	.name = "file",
	.run = run,
	.stats = stats,
	.describe = describe,
	.close = close_file,
};

static int no_capture(const struct wc_file *file, struct wc_error *error)
{
	const char *name = wc_stream_name(file->stream);
	const char *packing = wc_stream_packing(file->stream);

	if (wc_stream_state(file->stream) == WC_STREAM_FAILED)
		return wc_error_set(error, WC_FAILED, "%s cannot be read: %s", name,
				    wc_stream_reason(file->stream));
	if (file->stream->at == file->stream->end && wc_stream_state(file->stream) == WC_STREAM_END)
		return wc_error_set(error, WC_FAILED,
				    "%s is empty%s; a capture file has at least a header", name,
				    packing ? " when unpacked" : "");
	return wc_error_set(error, WC_FAILED,
			    "%s is not a capture file%s: it does not begin as pcap or pcapng do; "
			    "tcpdump -w, dumpcap and many others write these",
			    name, packing ? " when unpacked" : "");
}

/* Finds the format by the first bytes, and reads its header. */
static int open_format(struct wc_file *file, struct wc_error *error)
{
	const uint8_t *magic = wc_stream_peek(file->stream, 4);

	for (size_t i = 0; magic && i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (formats[i]->match(magic)) {
			file->format = formats[i];
			return file->format->open(file, error);
		}
	}
	return no_capture(file, error);
}

int wc_file_open(struct wc_source **source, const char *path, struct wc_filter *filter,
		 struct wc_error *error)
{
	struct wc_file *file = calloc(1, sizeof(*file));
	int status;

	if (!file)
		return wc_error_set(error, WC_FAILED, "no memory to open %s", path);
	file->source.ops = &ops;
	file->filter = filter;
	file->opening = true;
	status = wc_stream_open(&file->stream, path, error);
	if (status == 0)
		status = open_format(file, error);
	if (status < 0) {
		close_file(&file->source);
		return status;
	}
	file->opening = false;
	wc_stream_patience(file->stream, PATIENCE_MS);
	*source = &file->source;
	return 0;
}

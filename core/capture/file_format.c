#include "file_format.h"

#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdarg.h>
#include <stdio.h>

#include "link.h"
#include "wirecensus/error.h"

int wc_file_link(struct wc_file *file, int dlt, uint8_t *link, struct wc_error *error)
{
	unsigned bit;

	*link = (uint8_t)wc_link_from_dlt(dlt);
	if (*link == WC_LINK_UNSUPPORTED)
		return 0;
	file->decoded = true;
	bit = 1U << *link;
	if (file->filter && !(file->prepared & bit)) {
		int status = wc_filter_prepare(file->filter, *link, dlt, error);

		if (status < 0)
			return status;
		file->prepared |= bit;
	}
	return 0;
}

int wc_file_damage(const struct wc_file *file, struct wc_error *error, const char *format, ...)
{
	const char *name = wc_stream_name(file->stream);
	const char *packing = wc_stream_packing(file->stream);
	char why[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, sizeof(why), format, arguments);
	va_end(arguments);
	if (file->opening)
		return wc_error_set(error, WC_FAILED, "%s cannot be read as %s: %s", name,
				    file->format->name, why);
	wc_error_set(error, WC_FAILED,
		     "%s is damaged at byte %" PRIu64 "%s%s: %s; nothing is read beyond", name,
		     wc_stream_offset(file->stream), packing ? " of what is unpacked from " : "",
		     packing ? packing : "", why);
	return WC_SOURCE_DAMAGED;
}

int wc_file_starved(const struct wc_file *file, size_t size, const char *what,
		    struct wc_error *error)
{
	size_t left = (size_t)(file->stream->end - file->stream->at);

	switch (wc_stream_state(file->stream)) {
	case WC_STREAM_OPEN:
		return WC_SOURCE_IDLE;
	case WC_STREAM_FAILED:
		return wc_file_damage(file, error, "%s", wc_stream_reason(file->stream));
	case WC_STREAM_END:
		break;
	}
	return wc_file_damage(file, error, "it ends within %s, after %zu of %zu bytes", what, left,
			      size);
}

int wc_file_starved_between(const struct wc_file *file, size_t size, const char *what,
			    struct wc_error *error)
{
	if (wc_stream_state(file->stream) == WC_STREAM_END && file->stream->at == file->stream->end)
		return WC_SOURCE_END;
	return wc_file_starved(file, size, what, error);
}

int wc_file_undecoded(const struct wc_file *file, int dlt, struct wc_error *error)
{
	const char *name = pcap_datalink_val_to_name(dlt);

	return wc_error_set(error, WC_FAILED,
			    "%s has frames of link type %d%s%s%s, which is not decoded: "
			    "Ethernet, Linux cooked, raw IP and BSD loopback are",
			    wc_stream_name(file->stream), dlt, name ? " (" : "", name ? name : "",
			    name ? ")" : "");
}

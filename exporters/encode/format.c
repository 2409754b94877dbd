#include "format.h"

#include <string.h>

#include "exporter_options.h"
#ifdef WC_HAVE_IPFIX
#include "ipfix.h"
#endif
#include "gelf.h"
#include "journald.h"
#include "json_lines.h"
#include "rows.h"
#include "syslog.h"
#include "tree.h"

const struct wc_format *const wc_format_list[] = {
	&wc_format_json,
	&wc_format_syslog,
	&wc_format_gelf,
	&wc_format_journald,
	&wc_format_tree,
#ifdef WC_HAVE_IPFIX
	&wc_format_ipfix,
#endif
	NULL,
};

const struct wc_format *wc_format_find(const char *name)
{
	for (const struct wc_format *const *format = wc_format_list; *format; format++)
		if (!strcmp((*format)->name, name))
			return *format;
	return NULL;
}

int wc_format_selection(struct wc_selection *selection, const struct wc_format *format,
			const struct wc_exporter_options *options, struct wc_error *error)
{
	selection->kinds = format->rows;
	selection->top = options->top == WC_ROWS_FITTING ? format->top : options->top;
	return options->rows.count ? wc_rows_kinds(&selection->kinds, &options->rows, error) : 0;
}

int wc_format_check(const struct wc_format *format, const struct wc_exporter_options *options,
		    const struct wc_framing *framing, struct wc_error *error)
{
	struct wc_selection selection;
	int status = wc_format_selection(&selection, format, options, error);

	if (status || !format->check)
		return status;
	return format->check(&selection, framing, error);
}

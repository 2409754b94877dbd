#include "alerts.h"

#include "exporter_options.h"
#include "format.h"
#include "row_fields.h"
#include "sentence.h"

int wc_alerts_begin(struct wc_alerts *alerts, const struct wc_format *format,
		    const struct wc_exporter_options *options, struct wc_error *error)
{
	int status = wc_format_selection(&alerts->selection, format, options, error);

	alerts->totals = alerts->selection.kinds & WC_ROWS_TOTAL;
	if (alerts->selection.kinds & WC_ROWS_LOSS)
		alerts->selection.kinds |= WC_ROWS_TOTAL;
	alerts->selection.kinds &= ~(unsigned)WC_ROWS_LOSS;
	alerts->severity = options->severity;
	alerts->alert_severity = options->alert_severity;
	return status;
}

int wc_alerts_severity(const struct wc_alerts *alerts, const struct wc_row_fields *row)
{
	if (wc_sentence_is_alert(row))
		return alerts->alert_severity;
	if (!alerts->totals && wc_field_is(wc_row_field(row, "type"), "total"))
		return -1;
	return alerts->severity;
}

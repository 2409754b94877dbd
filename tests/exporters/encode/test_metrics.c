/* Metrics: their bytes, and who gets which. */
#include <string.h>

#include "buffer.h"
#include "golden.h"
#include "metrics.h"
#include "metrics_sample.h"
#include "sample.h"
#include "suite.h"

static bool open_metrics;

static void encode(struct wc_buffer *out, const struct wc_context *context,
		   const struct wc_snapshot *snapshot)
{
	(void)context;
	(void)snapshot;
	metrics_sample_write(out, "eth0", open_metrics);
}

START_TEST(test_golden)
{
	struct wc_snapshot busy = sample_busy();

	golden_check("busy.metrics", encode, &busy);
	open_metrics = true;
	golden_check("busy.openmetrics", encode, &busy);
}
END_TEST

START_TEST(test_accept)
{
	ck_assert(wc_metrics_wants_open("application/openmetrics-text;version=1.0.0,"
					"application/openmetrics-text;version=0.0.1;q=0.75,"
					"text/plain;version=0.0.4;q=0.5,*/*;q=0.1"));
	ck_assert(!wc_metrics_wants_open("text/plain;version=0.0.4"));
	ck_assert(!wc_metrics_wants_open("*/*"));
	ck_assert(!wc_metrics_wants_open(""));
}
END_TEST

/* Exporters that came later and find no room are left out, and counted. */
START_TEST(test_left_out)
{
	struct wc_metrics_exporter exporters[] = {{.name = "json/a"}, {.name = "json/b"}};
	struct wc_metrics_facts facts = {.context = &sample_context,
					 .version = "",
					 .exporters = exporters,
					 .exporter_count = 2,
					 .max_series = wc_metrics_fixed(0, false, 1)};
	struct wc_buffer out = {0};
	size_t series = wc_metrics_write(&out, &facts, false);

	wc_buffer_add(&out, "", 1);
	ck_assert_uint_le(series, facts.max_series);
	ck_assert_ptr_nonnull(strstr(out.data, "_working{exporter=\"json/b\"} 0\n"));
	ck_assert_ptr_nonnull(strstr(out.data, "wirecensus_metrics_samples_left_out 11\n"));
	wc_buffer_free(&out);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_golden, test_accept, test_left_out, NULL};

	return suite_run("metrics", tests, 120);
}

/* Reports of an office: what they show adds up, in each format. */
#include <jansson.h>
#include <string.h>

#include "buffer.h"
#include "domain.h"
#include "encode.h"
#include "history.h"
#include "office.h"
#include "report_html.h"
#include "report_json.h"
#include "report_make.h"
#include "report_text.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/registry.h"

#define END_NS INT64_C(1763726400000000000) /* 2025-11-21T12:00:00Z */

static struct wc_registry *registry;
static struct wc_domains *domains;

static struct wc_report *make(const struct wc_snapshot *snapshot, uint64_t top,
			      const struct wc_naming *naming)
{
	struct wc_context context = {
		.host = "gate", .registry = registry, .naming = naming, .top = top};
	struct wc_report_wish wish = {.snapshot = snapshot,
				      .context = &context,
				      .domains = domains,
				      .tables = WC_REPORT_ALL};
	struct wc_report *report;
	struct wc_error error;

	ck_assert_int_eq(wc_report_make(&report, &wish, &error), 0);
	return report;
}

static uint64_t sum_of(const struct wc_report_table *table, const char *field)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < table->column_count; i++)
		for (size_t row = 0; row < table->row_count; row++)
			if (!strcmp(table->columns[i].field, field))
				sum += wc_report_cell(table, row, i)->number;
	return sum;
}

/* Whatever is cut is in the remainder. */
START_TEST(test_adds_up)
{
	const struct office_size size = {500, 300, 400};
	struct wc_snapshot *snapshot = office_make("wan", 7, END_NS, 10, &size);
	static const uint64_t tops[] = {1, 7, 1000000};
	static const struct {
		enum wc_report_tables table;
		const char *field;
	} sums[] = {{WC_REPORT_PORTS, "packets"},      {WC_REPORT_PORTS, "new"},
		    {WC_REPORT_PORTS, "refused"},      {WC_REPORT_CONVERSATIONS, "bytes"},
		    {WC_REPORT_CONVERSATIONS, "new"},  {WC_REPORT_NETWORKS, "bytes"},
		    {WC_REPORT_NETWORKS, "addresses"}, {WC_REPORT_DOMAINS, "packets"},
		    {WC_REPORT_HOSTS, "sent_bytes"},   {WC_REPORT_HOSTS, "received_packets"},
		    {WC_REPORT_PROTOCOLS, "bytes"}};
	struct wc_report *whole = make(snapshot, UINT64_MAX, &office_naming);

	ck_assert_uint_eq(sum_of(&whole->tables[WC_REPORT_PORTS], "packets"),
			  snapshot->delta.classes[WC_CLASS_TCP].packets +
				  snapshot->delta.classes[WC_CLASS_UDP].packets);
	ck_assert(!whole->tables[WC_REPORT_PORTS].other);
	for (size_t i = 0; i < sizeof(tops) / sizeof(*tops); i++) {
		struct wc_report *cut = make(snapshot, tops[i], &office_naming);

		for (size_t j = 0; j < sizeof(sums) / sizeof(*sums); j++)
			ck_assert_msg(sum_of(&cut->tables[sums[j].table], sums[j].field) ==
					      sum_of(&whole->tables[sums[j].table], sums[j].field),
				      "%s of %s, top %llu", sums[j].field,
				      cut->tables[sums[j].table].name, (unsigned long long)tops[i]);
		ck_assert_uint_le(cut->tables[WC_REPORT_HOSTS].row_count, tops[i] + 1);
		wc_report_free(cut);
	}
	wc_report_free(whole);
	office_free(snapshot);
}
END_TEST

/* Rates of a sum are what was counted over its length. */
START_TEST(test_rates)
{
	const struct office_size size = {0, 0, 0};
	struct wc_snapshot *snapshot = office_make("wan", 7, END_NS, 10, &size);
	struct wc_host_row *host = (struct wc_host_row *)&snapshot->hosts[0];
	const struct wc_report_table *table;
	struct wc_report *report;

	snapshot->host_rows = 1;
	*host = (struct wc_host_row){.address = host->address,
				     .sent = {60, 6000, 2},
				     .received = {40, 4000, 1},
				     .last_seen_ns = WC_TIME_UNKNOWN};
	report = make(snapshot, 10, NULL);
	table = &report->tables[WC_REPORT_NETWORKS];
	ck_assert_double_eq_tol(wc_report_cell(table, 0, 3)->rate, 600, 1e-9);  /* packets/min */
	ck_assert_double_eq_tol(wc_report_cell(table, 0, 4)->rate, 18, 1e-9);   /* new/min */
	ck_assert_double_eq_tol(wc_report_cell(table, 0, 5)->rate, 1000, 1e-9); /* bytes/s */
	ck_assert_int_eq(wc_report_cell(table, 0, 8)->kind, WC_CELL_NONE);
	wc_report_free(report);
	snapshot->length_ns = 0; /* of files of several hosts: not known */
	report = make(snapshot, 10, NULL);
	ck_assert_int_eq(wc_report_cell(&report->tables[WC_REPORT_NETWORKS], 0, 3)->kind,
			 WC_CELL_NONE);
	wc_report_free(report);
	office_free(snapshot);
}
END_TEST

/* A dump file may say anything of a rate. */
START_TEST(test_rates_of_no_wire)
{
	const struct office_size size = {0, 0, 0};
	struct wc_snapshot *snapshot = office_make("wan", 7, END_NS, 10, &size);
	struct wc_host_row *host = (struct wc_host_row *)&snapshot->hosts[0];
	struct wc_report_view view = {.host = "gate", .span = "now"};
	struct wc_buffer out = {0};

	host->rates_known = true;
	host->packets_per_hour = host->connections_per_hour = host->bytes_per_hour = 1e80;
	view.report = make(snapshot, 10, NULL);
	wc_report_text(&out, view.report);
	wc_buffer_add(&out, "", 1);
	ck_assert_ptr_nonnull(strstr(out.data, " 18,446,744,073,709,551,615 "));
	wc_buffer_clear(&out);
	wc_report_html(&out, &view);
	ck_assert(!out.failed);
	wc_buffer_free(&out);
	wc_report_free((struct wc_report *)view.report);
	office_free(snapshot);
}
END_TEST

/* JSON is what a parser says it is, and names come back as they were. */
START_TEST(test_json)
{
	const struct office_size size = {0, 20, 20};
	struct wc_snapshot *snapshot = office_make("wan", 7, END_NS, 10, &size);
	struct wc_report *report = make(snapshot, 5, &office_naming);
	struct wc_buffer out = {0};
	json_t *root, *row;

	wc_report_json(&out, report);
	root = json_loadb(out.data, out.length, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(root);
	ck_assert_str_eq(json_string_value(json_object_get(root, "host")), "gate");
	ck_assert_str_eq(json_string_value(json_object_get(root, "end")),
			 "2025-11-21T12:00:00.000Z");
	ck_assert_uint_eq(json_array_size(json_object_get(root, "conversations")), 6);
	row = json_array_get(json_object_get(root, "conversations"), 5);
	ck_assert(json_is_true(json_object_get(row, "other")));
	ck_assert_ptr_null(json_object_get(row, "client"));
	row = json_array_get(json_object_get(root, "conversations"), 1);
	ck_assert_str_eq(json_string_value(json_object_get(row, "client_name")), office_hostile[0]);
	ck_assert_str_eq(json_string_value(json_object_get(row, "service")), "tcp 443");
	json_decref(root);
	wc_buffer_clear(&out);
	wc_report_json_table(&out, report, WC_REPORT_PORTS);
	root = json_loadb(out.data, out.length, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(json_object_get(root, "ports"));
	ck_assert_ptr_null(json_object_get(root, "hosts"));
	json_decref(root);
	wc_buffer_free(&out);
	wc_report_free(report);
	office_free(snapshot);
}
END_TEST

/* Text has no byte that moves a terminal's cursor, and its columns stand below each other. */
START_TEST(test_text)
{
	const struct office_size size = {0, 0, 0};
	struct wc_snapshot *snapshot = office_make("wan", 7, END_NS, 10, &size);
	struct wc_report *report = make(snapshot, 40, &office_naming);
	struct wc_buffer out = {0};

	wc_report_text(&out, report);
	wc_buffer_add(&out, "", 1);
	ck_assert_ptr_null(memchr(out.data, '\x1b', out.length));
	ck_assert_ptr_nonnull(strstr(out.data, "\\x1b[31mred.example"));
	ck_assert_ptr_nonnull(strstr(out.data, "\nPorts\n port  transport  service"));
	ck_assert_ptr_nonnull(strstr(out.data, "\n   22  tcp        ssh"));
	ck_assert_ptr_nonnull(strstr(out.data, "\nHosts by domain\n"));
	ck_assert_ptr_nonnull(strstr(out.data, "\nScanners\nsource"));
	wc_buffer_free(&out);
	wc_report_free(report);
	office_free(snapshot);
}
END_TEST

/* No hostile name begins an element or ends an attribute. */
START_TEST(test_html)
{
	const struct office_size size = {0, 0, 0};
	struct wc_snapshot *snapshot = office_make("wan", 7, END_NS, 10, &size);
	struct wc_report *report = make(snapshot, 100, &office_naming);
	const char *captures[] = {"wan", "\"><script>"};
	struct wc_report_view view = {.report = report,
				      .host = "<host>",
				      .span = "now",
				      .captures = captures,
				      .capture_count = 2,
				      .capture = captures[1],
				      .trouble = "<b>one</b>\ntwo\n",
				      .refresh_s = 10};
	struct wc_buffer out = {0};
	size_t scripts = 0;

	wc_report_html(&out, &view);
	wc_buffer_add(&out, "", 1);
	ck_assert(!out.failed);
	for (const char *at = out.data; (at = strstr(at, "<script")); at++)
		scripts++;
	ck_assert_uint_eq(scripts, 1);
	ck_assert_ptr_null(strstr(out.data, "<img"));
	ck_assert_ptr_null(strstr(out.data, "<b>"));
	ck_assert_ptr_null(strstr(out.data, "<host>"));
	ck_assert_ptr_null(strstr(out.data, " style="));
	ck_assert_ptr_nonnull(strstr(out.data, "capture=%22%3E%3Cscript%3E"));
	ck_assert_ptr_nonnull(strstr(out.data, "&lt;b&gt;one&lt;/b&gt;\ntwo\n"));
	ck_assert_ptr_nonnull(strstr(out.data, "&amp;lt;b&amp;gt;.example"));
	wc_buffer_clear(&out);
	view.report = NULL;
	wc_report_html(&out, &view);
	wc_buffer_add(&out, "", 1);
	ck_assert_ptr_nonnull(strstr(out.data, "nothing is known of this time"));
	wc_buffer_free(&out);
	wc_report_free(report);
	office_free(snapshot);
}
END_TEST

/* A chart of nothing, of steps that nobody knows, and of one that is all there is. */
START_TEST(test_chart)
{
	struct wc_history_point points[2] = {
		{.start_ns = END_NS},
		{.start_ns = END_NS + 1000000000, .length_ns = 1000000000, .lost = 3},
	};
	const struct office_size size = {0, 0, 0};
	struct wc_snapshot *snapshot = office_make("wan", 7, END_NS, 10, &size);
	struct wc_context context = {.host = "gate", .registry = registry, .top = 5};
	struct wc_report_wish wish = {.snapshot = snapshot,
				      .context = &context,
				      .tables = 1u << WC_REPORT_TRAFFIC,
				      .points = points,
				      .point_count = 2,
				      .step_ns = 1000000000};
	struct wc_report_view view = {.host = "gate", .span = "now", .capture = "wan"};
	struct wc_buffer out = {0};
	struct wc_report *report;
	struct wc_error error;

	points[1].directions[WC_DIRECTION_IN] = (struct wc_counts){10, 100};
	ck_assert_int_eq(wc_report_make(&report, &wish, &error), 0);
	view.report = report;
	wc_report_html(&out, &view);
	wc_buffer_add(&out, "", 1);
	/* 800 bit/s below an edge of 800: the column is as high as the picture. */
	ck_assert_ptr_nonnull(strstr(out.data, "<span>800\302\240bit/s</span>"));
	ck_assert_ptr_nonnull(strstr(out.data,
				     "class=\"in\" x=\"550.00\" y=\"0.00\" width=\"400.00\" "
				     "height=\"200.00\""));
	ck_assert_ptr_nonnull(strstr(out.data, "nothing is known of this time"));
	ck_assert_ptr_nonnull(strstr(out.data, "class=\"lost\""));
	wc_buffer_free(&out);
	wc_report_free(report);
	office_free(snapshot);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_adds_up, test_rates, test_rates_of_no_wire,
				      test_json,    test_text,  test_html,
				      test_chart,   NULL};
	int code;

	registry = wc_registry_new();
	domains = wc_domains_new();
	code = suite_run("report", tests, 60);
	wc_domains_free(domains);
	wc_registry_free(registry);
	return code;
}

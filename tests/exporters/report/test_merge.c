/* Dump files of many hosts as one, by the numbers of the ancestor's acceptance checks. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "domain.h"
#include "encode.h"
#include "merge.h"
#include "report_make.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/registry.h"

#define NS_PER_S INT64_C(1000000000)

struct host {
	const char *address;
	unsigned packets, bytes, packets_per_hour, bytes_per_hour, last_seen; /* s behind 02:40 */
	const char *names;                                                    /* of JSON */
};

struct file {
	const char *instance, *capture;
	unsigned hits, bytes; /* a minute, a second */
	const struct host *hosts;
	size_t count;
};

static char folder[] = "/tmp/test_merge.XXXXXX";

#define COMMON                                                                                     \
	"{\"schema\":1,\"type\":\"%s\",\"time\":\"2025-11-21T02:50:00.000Z\",\"host\":\"h\","      \
	"\"instance\":\"%s\",\"capture\":\"%s\",\"observer\":\"eth0\",\"interval\":7,"             \
	"\"start\":\"2025-11-21T02:40:00.000Z\",\"end\":\"2025-11-21T02:50:00.000Z\","             \
	"\"row\":%zu,\"rows\":%zu"

static void write_host(FILE *out, const struct file *file, size_t number)
{
	const struct host *host = &file->hosts[number];

	fprintf(out, COMMON, "host", file->instance, file->capture, number + 4, file->count + 3);
	fprintf(out,
		",\"address\":\"%s\",\"sent_packets\":0,\"sent_bytes\":0,\"sent_new\":0,"
		"\"received_packets\":%u,\"received_bytes\":%u,\"received_new\":0,"
		"\"packets_per_hour\":%u.000,\"connections_per_hour\":0.000,"
		"\"bytes_per_hour\":%u.000,\"first_seen\":\"2025-11-21T02:40:00.000Z\","
		"\"last_seen\":\"2025-11-21T02:4%u:%02u.000Z\",\"names\":[%s]}\n",
		host->address, host->packets, host->bytes, host->packets_per_hour,
		host->bytes_per_hour, host->last_seen / 60, host->last_seen % 60, host->names);
}

/* Writes a dump file with its head, its totals, a port and hosts; returns its path. */
static const char *write_file(const char *name, const struct file *file)
{
	static char path[96];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	fprintf(out, COMMON, "dump", file->instance, file->capture, (size_t)1, file->count + 3);
	fprintf(out,
		",\"version\":\"1\",\"hits_per_minute\":%u.000,\"bytes_per_second\":%u.000,"
		"\"users\":%zu,\"filter\":null,\"match\":null,\"no_match\":null}\n",
		file->hits, file->bytes, file->count);
	fprintf(out, COMMON, "total", file->instance, file->capture, (size_t)2, file->count + 3);
	fputs(",\"frames\":9,\"packets\":9,\"bytes\":900,\"malformed\":0,\"unsupported\":0,"
	      "\"llc\":0,\"rejected\":1,\"rejected_bytes\":60,\"received\":10,\"pending\":0,"
	      "\"lost\":1,\"lost_kernel\":1,\"lost_interface\":2,\"gone_seconds\":1.500,"
	      "\"restarts\":0,\"offload\":false,\"clock_step\":0.000,\"complete\":false,"
	      "\"in_packets\":9,\"in_bytes\":900,\"out_packets\":0,\"out_bytes\":0,"
	      "\"local_packets\":0,\"local_bytes\":0,\"transit_packets\":0,\"transit_bytes\":0,"
	      "\"internet_in_packets\":9,\"internet_in_bytes\":900,\"internet_out_packets\":0,"
	      "\"internet_out_bytes\":0,\"conversations\":0,\"hosts\":0}\n",
	      out);
	fprintf(out, COMMON, "port", file->instance, file->capture, (size_t)3, file->count + 3);
	fputs(",\"transport\":\"tcp\",\"port\":443,\"name\":\"https\",\"direction\":\"in\","
	      "\"packets\":9,\"bytes\":900,\"new\":3,\"accepted\":2,\"refused\":1}\n",
	      out);
	for (size_t i = 0; i < file->count; i++)
		write_host(out, file, i);
	fclose(out);
	return path;
}

static void begin(void)
{
	strcpy(folder, "/tmp/test_merge.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void end(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static void must_add(struct wc_merge *merge, const char *path)
{
	struct wc_error error = {.text = ""};

	ck_assert_msg(!wc_merge_add(merge, path, &error), "%s", error.text);
}

/* Makes the report of what was merged. */
static struct wc_report *report_of(struct wc_merge *merge)
{
	struct wc_registry *registry = wc_registry_new();
	struct wc_domains *domains = wc_domains_new();
	struct wc_context context = {.host = "all", .registry = registry, .top = 10};
	struct wc_report_wish wish = {.context = &context,
				      .domains = domains,
				      .tables = WC_REPORT_ALL,
				      .merge = merge,
				      .now_ns = INT64_C(1763693400) * NS_PER_S + 90 * NS_PER_S};
	struct wc_report *report;
	struct wc_error error;

	ck_assert_int_eq(wc_merge_finish(merge, &error), 0);
	wish.snapshot = wc_merge_snapshot(merge);
	context.naming = wc_merge_naming(merge);
	ck_assert_int_eq(wc_report_make(&report, &wish, &error), 0);
	wc_domains_free(domains);
	wc_registry_free(registry);
	return report;
}

static size_t column_of(const struct wc_report_table *table, const char *field)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (!strcmp(table->columns[i].field, field))
			return i;
	ck_abort_msg("no column %s", field);
}

static const struct wc_cell *cell_of(const struct wc_report_table *table, size_t row,
				     const char *field)
{
	ck_assert_uint_lt(row, table->row_count);
	return wc_report_cell(table, row, column_of(table, field));
}

/* A group's numbers as the ancestor printed them: packets a minute, bytes a second, addresses. */
static void check_group(const struct wc_report_table *table, size_t row, const char *what,
			unsigned packets, unsigned bytes, uint64_t addresses)
{
	ck_assert_str_eq(wc_report_cell(table, row, 0)->text, what);
	ck_assert_uint_eq((unsigned)(cell_of(table, row, "packets_per_minute")->rate + 0.5),
			  packets);
	ck_assert_uint_eq((unsigned)(cell_of(table, row, "bytes_per_second")->rate + 0.5), bytes);
	ck_assert_uint_eq(cell_of(table, row, "addresses")->number, addresses);
}

/* By network, the last group with several hosts among them. */
START_TEST(test_networks)
{
	static const struct host hosts[] = {
		{"10.0.0.1", 0, 0, 60, 3600, 0, ""},     {"10.0.0.9", 0, 0, 120, 7200, 5, ""},
		{"192.0.2.5", 0, 0, 600, 36000, 1, ""},  {"192.0.2.77", 0, 0, 60, 3600, 9, ""},
		{"2001:db8::1", 0, 0, 6, 360, 0, ""},    {"2001:db8::2:0:0:1", 0, 0, 6, 360, 0, ""},
		{"2001:db8:0:1::1", 0, 0, 1, 36, 0, ""},
	};
	const struct file file = {"i", "wan", 14, 14, hosts, 7};
	struct wc_merge *merge = wc_merge_new();
	const struct wc_report_table *table;
	struct wc_report *report;

	begin();
	must_add(merge, write_file("a.json", &file));
	report = report_of(merge);
	table = &report->tables[WC_REPORT_NETWORKS];
	ck_assert_uint_eq(table->row_count, 4);
	check_group(table, 0, "192.0.2.0/24", 11, 11, 2);
	check_group(table, 1, "10.0.0.0/24", 3, 3, 2);
	check_group(table, 2, "2001:db8::/64", 0, 0, 2);
	check_group(table, 3, "2001:db8:0:1::/64", 0, 0, 1);
	ck_assert_int_eq(cell_of(table, 0, "last_seen")->time / NS_PER_S, 1763692800 + 9);
	ck_assert(report->tables[WC_REPORT_DOMAINS].needless);
	wc_report_free(report);
	wc_merge_free(merge);
	end();
}
END_TEST

/* By domain, also of groups that are not next to each other by name. */
START_TEST(test_domains)
{
	static const struct host hosts[] = {
		{"192.0.2.1", 0, 0, 60, 3600, 0, "\"a.foo.com\""},
		{"198.51.100.1", 0, 0, 120, 7200, 0, "\"b.bar.com\""},
		{"203.0.113.1", 0, 0, 240, 14400, 0, "\"c.foo.com\",\"other.example\""},
		{"203.0.113.9", 0, 0, 0, 0, 0, ""},
	};
	const struct file file = {"i", "wan", 7, 7, hosts, 4};
	struct wc_merge *merge = wc_merge_new();
	const struct wc_report_table *table;
	struct wc_report *report;

	begin();
	must_add(merge, write_file("a.json", &file));
	report = report_of(merge);
	table = &report->tables[WC_REPORT_DOMAINS];
	ck_assert_uint_eq(table->row_count, 3);
	check_group(table, 0, "foo.com", 5, 5, 2);
	check_group(table, 1, "bar.com", 2, 2, 1);
	check_group(table, 2, "203.0.113.0/24", 0, 0, 1);
	ck_assert(!table->needless);
	wc_report_free(report);
	wc_merge_free(merge);
	end();
}
END_TEST

static bool knows(const struct wc_merge *merge, const char *address, const char *wanted)
{
	const struct wc_naming *naming = wc_merge_naming(merge);
	const char *names[WC_NAMING_MAX];
	struct wc_address parsed;
	size_t count;

	ck_assert_int_eq(wc_address_parse(&parsed, address, NULL), 0);
	count = naming->find(naming->arg, &parsed, names);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], wanted))
			return true;
	return false;
}

/* The same in either order of the files. */
static void check_sum(bool turned)
{
	static const struct host of_a = {"192.0.2.1", 2, 1, 60, 3600, 10, "\"x.foo.com\""};
	static const struct host of_b = {
		"192.0.2.1", 20, 10, 120, 7200, 20, "\"foo.com\",\"y.foo.com\""};
	const struct file a = {"ia", "wan", 10, 100, &of_a, 1};
	const struct file b = {"ib", "wan", 20, 200, &of_b, 1};
	struct wc_merge *merge = wc_merge_new();
	const struct wc_snapshot *sum;
	struct wc_report *report;

	must_add(merge, write_file("1.json", turned ? &b : &a));
	must_add(merge, write_file("2.json", turned ? &a : &b));
	report = report_of(merge);
	sum = wc_merge_snapshot(merge);
	ck_assert_uint_eq(sum->host_rows, 1);
	ck_assert_uint_eq(sum->hosts[0].received.bytes, 11);
	ck_assert_uint_eq(sum->hosts[0].received.packets, 22);
	ck_assert_int_eq(sum->hosts[0].last_seen_ns / NS_PER_S, 1763692800 + 20);
	ck_assert_double_eq_tol(sum->hosts[0].packets_per_hour, 180, 1e-4);
	ck_assert_double_eq_tol(sum->hosts[0].bytes_per_hour, 10800, 1e-4);
	ck_assert(knows(merge, "192.0.2.1", "x.foo.com"));
	ck_assert(knows(merge, "192.0.2.1", "foo.com"));
	ck_assert(knows(merge, "192.0.2.1", "y.foo.com"));
	/* The grand total, in which the host is one. */
	ck_assert_double_eq_tol(
		cell_of(&report->tables[WC_REPORT_SOURCES], 2, "packets_per_minute")->rate, 30,
		1e-6);
	ck_assert_double_eq_tol(
		cell_of(&report->tables[WC_REPORT_SOURCES], 2, "bytes_per_second")->rate, 300,
		1e-6);
	ck_assert_uint_eq(cell_of(&report->tables[WC_REPORT_SOURCES], 2, "addresses")->number, 1);
	ck_assert_uint_eq(cell_of(&report->tables[WC_REPORT_SOURCES], 0, "age_seconds")->number,
			  90);
	/* Totals, losses and ports of both. */
	ck_assert_uint_eq(sum->delta.received, 20);
	ck_assert_uint_eq(sum->delta.lost_kernel, 2);
	ck_assert_uint_eq(sum->delta.lost_interface, 4);
	ck_assert_uint_eq(sum->delta.gone_ns, 3 * (uint64_t)NS_PER_S);
	ck_assert_uint_eq(wc_totals_sum(&sum->delta).bytes, 1800);
	ck_assert_uint_eq(sum->port_rows, 1);
	ck_assert_uint_eq(sum->ports[0].delta.new, 6);
	ck_assert_uint_eq(sum->ports[0].delta.refused, 2);
	ck_assert(!sum->complete);
	wc_report_free(report);
	wc_merge_free(merge);
}

START_TEST(test_sum)
{
	begin();
	check_sum(false);
	check_sum(true);
	end();
}
END_TEST

/* A run of less than 300 s tells a rate of 0, which is none. */
START_TEST(test_rates_not_known_yet)
{
	static const struct host host = {"192.0.2.1", 2, 1, 60, 3600, 10, ""};
	const struct file young = {"ia", "wan", 0, 0, &host, 1};
	const struct file old = {"ib", "wan", 20, 200, &host, 1};
	const struct wc_report_table *table;
	struct wc_merge *merge = wc_merge_new();
	struct wc_report *report;

	begin();
	must_add(merge, write_file("1.json", &young));
	must_add(merge, write_file("2.json", &old));
	report = report_of(merge);
	table = &report->tables[WC_REPORT_SOURCES];
	ck_assert_int_eq(cell_of(table, 0, "packets_per_minute")->kind, WC_CELL_NONE);
	ck_assert_int_eq(cell_of(table, 0, "bytes_per_second")->kind, WC_CELL_NONE);
	ck_assert_double_eq_tol(cell_of(table, 1, "packets_per_minute")->rate, 20, 1e-6);
	ck_assert_double_eq_tol(cell_of(table, 2, "packets_per_minute")->rate, 20, 1e-6);
	wc_report_free(report);
	wc_merge_free(merge);
	end();
}
END_TEST

/* Each way in which a file can be wrong is said, and the rest is as if it were not there. */
START_TEST(test_damaged)
{
	static const struct host hosts[] = {{"192.0.2.1", 2, 1, 60, 3600, 10, ""},
					    {"192.0.2.2", 2, 1, 60, 3600, 10, ""}};
	const struct file good = {"i", "wan", 10, 100, hosts, 2};
	static const struct {
		const char *command, *sentence;
	} damages[] = {
		{"head -n 4", "is cut short: 4 of its 5 rows are there"},
		{"head -n 1", "is cut short: 1 of its 5 rows are there"},
		{"head -c 700", "is no JSON"},
		{"head -c 0", "is empty"},
		{"sed 1d", "is no dump file"},
		{"sed 4d", "a row is missing before it"},
		{"sed s/192.0.2.2/192.0.2.2222/", "a field is missing, or not what it must be"},
		{"sed s/443/65536/", "a field is missing"},
		{"sed 's/\"packets\":9/\"packets\":-9/'", "a field is missing"},
		{"sed 's/60.000/-1/'", "a field is missing"},
		{"sed 's/\"in\"/\"sideways\"/'", "a field is missing"},
		{"sed 's/2025-11-21T02:40/25-11-21T02:40/'", "a field is missing"},
		{"tr '{' '['", "is no dump file"},
		{"cat - /dev/zero | head -c 100000", "is no JSON"},
	};
	struct wc_merge *merge = wc_merge_new();
	char command[512], path[96], bad[96];
	struct wc_error error;

	begin();
	snprintf(path, sizeof(path), "%s", write_file("good.json", &good));
	snprintf(bad, sizeof(bad), "%s/bad.json", folder);
	must_add(merge, path);
	for (size_t i = 0; i < sizeof(damages) / sizeof(*damages); i++) {
		snprintf(command, sizeof(command), "<%s %s >%s", path, damages[i].command, bad);
		ck_assert_int_eq(system(command), 0);
		ck_assert_msg(wc_merge_add(merge, bad, &error) == WC_FAILED, "%s",
			      damages[i].command);
		ck_assert_msg(strstr(error.text, damages[i].sentence), "%s: %s", damages[i].command,
			      error.text);
		ck_assert_ptr_nonnull(strstr(error.text, "bad.json"));
	}
	ck_assert_int_eq(wc_merge_add(merge, path, &error), WC_FAILED);
	ck_assert_ptr_nonnull(strstr(error.text, "the same run and capture"));
	ck_assert_int_eq(wc_merge_add(merge, folder, &error), WC_FAILED);
	ck_assert_uint_eq(wc_merge_sources(merge), 1);
	wc_merge_free(merge);
	end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_networks, test_domains,
				      test_sum,      test_rates_not_known_yet,
				      test_damaged,  NULL};

	return suite_run("merge", tests, 60);
}

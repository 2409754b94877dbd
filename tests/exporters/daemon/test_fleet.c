/* The exporters over reloads: who stays, who is made anew, who is left behind. */
#include "fleet.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conf.h"
#include "config.h"
#include "encode.h"
#include "journal.h"
#include "memory_journal.h"
#include "naming.h"
#include "shared_config.h"
#include "steady.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"

static const char *const captures[] = {"wan"};

static struct wc_journal *journal;
static struct wc_registry *registry;
static struct wc_context context;
static struct wc_naming_source *names;
static struct wc_fleet *fleet;
static struct wc_error error;

static void nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

static void begin(void)
{
	struct wc_fleet_settings how = {
		.context = &context, .captures = captures, .capture_count = 1};

	conf_begin();
	journal = memory_journal();
	registry = wc_registry_new();
	names = wc_naming_source_new();
	ck_assert(registry && names);
	context = (struct wc_context){.host = "test", .registry = registry};
	how.journal = journal;
	how.names = names;
	fleet = wc_fleet_new(&how);
	ck_assert_ptr_nonnull(fleet);
}

static void end(void)
{
	wc_fleet_free(fleet);
	wc_naming_source_free(names);
	wc_registry_free(registry);
	wc_journal_close(journal);
	conf_end();
}

#define CAPTURE "capture wan { interface = \"lo\" }\n"
#define A       "json a { address = \"tcp://127.0.0.1:1\" }\n"
#define B       "json b { address = \"tcp://127.0.0.1:1\" }\n"

static struct wc_shared_config *read_config(const char *text)
{
	struct wc_shared_config *shared = wc_shared_config_new(conf_right(text));

	ck_assert_ptr_nonnull(shared);
	return shared;
}

/* As a reload: the exporters are those of @text. */
static void use(const char *text)
{
	struct wc_shared_config *shared = read_config(text);

	ck_assert_msg(!wc_fleet_use(fleet, shared, &error), "%s", error.text);
	wc_shared_config_drop(shared);
	wc_fleet_forget_others(fleet);
}

/* The same with a and b, which names a file. The configuration is to be dropped. */
static struct wc_shared_config *reload(void)
{
	struct wc_shared_config *shared = read_config(CAPTURE A B);

	/* Not of TLS, so that it need not be a certificate. */
	shared->config->exporters[1].options.ca = strdup("ca.pem");
	ck_assert_msg(!wc_fleet_use(fleet, shared, &error), "%s", error.text);
	return shared;
}

/* How many exporters were made from @config, and are still there. */
static unsigned from(const struct wc_shared_config *config)
{
	return config->holders - 1;
}

/* Makes the file anew by a rename, as those do who renew certificates. */
static void renew(void)
{
	conf_write("new.pem", "of the same length");
	ck_assert_int_eq(rename("new.pem", "ca.pem"), 0);
}

/* Of two sections that stay the same, the one is made anew whose file was replaced. */
START_TEST(test_files)
{
	struct wc_shared_config *first, *same, *renewed, *gone;

	begin();
	renew();
	first = reload();
	ck_assert_uint_eq(from(first), 2);
	same = reload();
	ck_assert_uint_eq(from(first), 2);
	ck_assert_uint_eq(from(same), 0);
	renew();
	renewed = reload();
	ck_assert_uint_eq(from(first), 1);
	ck_assert_uint_eq(from(renewed), 1);
	ck_assert_int_eq(unlink("ca.pem"), 0);
	gone = reload();
	ck_assert_uint_eq(from(renewed), 0);
	ck_assert_uint_eq(from(gone), 1);
	wc_shared_config_drop(first);
	wc_shared_config_drop(same);
	wc_shared_config_drop(renewed);
	wc_shared_config_drop(gone);
	end();
}
END_TEST

/* Notes how far an exporter has come: a stranger's is not kept. */
static void note(const char *exporter, uint64_t messages)
{
	const struct wc_journal_position position = {1, messages, 1};

	wc_journal_note(journal, exporter, &position);
}

static uint64_t noted(const char *exporter)
{
	struct wc_journal_position position;

	ck_assert_int_eq(wc_journal_position(journal, exporter, &position, &error), 0);
	return position.messages;
}

/* A reload forgets who is gone, and who was only tried; at once, so that the next one's stay. */
START_TEST(test_positions)
{
	struct wc_shared_config *tried;

	begin();
	use(CAPTURE A);
	note("json/a", 5);
	use(CAPTURE A B);
	note("json/b", 6);
	ck_assert_uint_eq(noted("json/a"), 5);
	ck_assert_uint_eq(noted("json/b"), 6);
	use(CAPTURE A);
	note("json/b", 7);
	ck_assert_uint_eq(noted("json/b"), UINT64_MAX);
	wc_fleet_forget_others(fleet);
	tried = read_config(CAPTURE A B);
	ck_assert_int_eq(wc_fleet_check(fleet, tried->config, &error), 0);
	wc_shared_config_drop(tried);
	wc_fleet_forget_others(fleet);
	note("json/b", 8);
	ck_assert_uint_eq(noted("json/a"), 5);
	ck_assert_uint_eq(noted("json/b"), UINT64_MAX);
	end();
}
END_TEST

/* The disk, where it hangs when it is told to. */
static atomic_bool hanging, hung;

int fdatasync(int fd)
{
	(void)fd;
	while (hanging) {
		hung = true;
		nap();
	}
	return 0;
}

static void write_interval(uint64_t number)
{
	const struct wc_snapshot snapshot = {
		.capture = "wan",
		.observer = "lo",
		.interval = number,
		.end_ns = (int64_t)(number * WC_SECOND_NS),
		.length_ns = WC_SECOND_NS,
	};
	const struct wc_snapshot *list[] = {&snapshot};

	ck_assert_int_eq(wc_journal_write(journal, list, 1, &error), 0);
	wc_fleet_wake(fleet);
}

/* Who was left behind in the disk moves no position when it wakes, and the end knows of it. */
START_TEST(test_left_behind)
{
	char folder[256], text[512];
	struct wc_journal_position position;

	begin();
	ck_assert_ptr_nonnull(getcwd(folder, sizeof(folder)));
	snprintf(text, sizeof(text), CAPTURE "json a { address = \"file://%s/rows\" }\n", folder);
	use(text);
	ck_assert_int_eq(wc_fleet_start(fleet, &error), 0);
	hanging = true;
	write_interval(1);
	while (!hung)
		nap();
	use(CAPTURE A); /* where nobody listens */
	wc_fleet_ask(fleet, wc_steady_now());
	ck_assert(!wc_fleet_end(fleet, wc_steady_now() + 60 * WC_SECOND_NS));
	hanging = false;
	while (!wc_fleet_end(fleet, wc_steady_now()))
		nap();
	ck_assert_int_eq(wc_journal_position(journal, "json/a", &position, &error), 0);
	ck_assert_uint_eq(position.sequence, 0);
	end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_files, test_positions, test_left_behind, NULL};

	return suite_run("fleet", tests, 120);
}

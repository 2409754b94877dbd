/* The exporters over reloads: who stays, who is made anew. */
#include "fleet.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "config.h"
#include "encode.h"
#include "journal.h"
#include "naming.h"
#include "shared_config.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/registry.h"

static const char *const captures[] = {"wan"};

static struct wc_journal *journal;
static struct wc_registry *registry;
static struct wc_context context;
static struct wc_naming_source *names;
static struct wc_fleet *fleet;
static struct wc_error error;

static void begin(void)
{
	const struct wc_journal_settings settings = {
		.size = UINT64_C(1) << 30,
		.undelivered = UINT64_C(1) << 30,
		.age = UINT64_C(1) << 40,
		.host = "test",
		.instance = "4f6f5c1e-0000-4000-8000-0123456789ab",
		.version = "0",
	};
	struct wc_fleet_settings how = {
		.context = &context, .captures = captures, .capture_count = 1};
	char notice[WC_ERROR_SIZE];

	conf_begin();
	ck_assert_int_eq(wc_journal_open(&journal, &settings, notice, &error), 0);
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

/* As a reload: exporters a and b, which names a file. The configuration is to be dropped. */
static struct wc_shared_config *reload(void)
{
	static const char text[] = "capture wan { interface = \"lo\" }\n"
				   "json a { address = \"tcp://127.0.0.1:1\" }\n"
				   "json b { address = \"tcp://127.0.0.1:1\" }\n";
	struct wc_config *config = conf_right(text);
	struct wc_shared_config *shared = wc_shared_config_new(config);

	ck_assert_ptr_nonnull(shared);
	/* Not of TLS, so that it need not be a certificate. */
	config->exporters[1].options.ca = strdup("ca.pem");
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

int main(void)
{
	const TTest *const tests[] = {test_files, NULL};

	return suite_run("fleet", tests, 120);
}

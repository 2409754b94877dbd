/* What options make of a census of a file, and what it says of itself. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "census_bed.h"
#include "suite.h"
#include "wirecensus/error.h"

/* Addresses given by hand make the direction, and what a filter refuses is not received. */
START_TEST(options_that_count)
{
	static const uint64_t expected[WC_DIRECTIONS] = {1, 2, 1, 1};
	struct wc_address v4, v6;
	struct wc_snapshot *made;

	bed_begin();
	ck_assert_int_eq(wc_address_parse(&v4, "203.0.113.1", NULL), 0);
	ck_assert_int_eq(wc_address_parse(&v6, "2001:db8:77::1", NULL), 0);
	ck_assert_int_eq(wc_addresses_add(&bed.options.local_address, &v4, NULL), 0);
	ck_assert_int_eq(wc_addresses_add(&bed.options.local_address, &v6, NULL), 0);
	ck_assert_int_eq(wc_options_set(&bed.options, wc_option_find("filter", WC_SCOPE_READ),
					"--filter", "udp", NULL),
			 0);
	bed_add_frame(START, 0, "eth 0800 / ip4 198.51.100.9 203.0.113.1 17 / udp 9 53");
	bed_add_frame(START, 0, "eth 0800 / ip4 203.0.113.1 198.51.100.9 17 / udp 53 9");
	bed_add_frame(START, 0, "eth 86dd / ip6 2001:db8:77::1 2001:db8:f::9 17 / udp 53 9");
	bed_add_frame(START, 0, "eth 0800 / ip4 203.0.113.1 127.0.0.1 17 / udp 9 53");
	bed_add_frame(START, 0, "eth 86dd / ip6 2001:db8:f::9 2001:db8:f::8 17 / udp 9 53");
	bed_add_frame(START, 0, "eth 86dd / ip6 2001:db8:f::9 2001:db8:f::8 6 / tcp 9 53 S 1");
	bed_add_frame(START, 0, "eth 0806 / zeros 46");
	bed_open(bed.capture.size);
	bed_read_all();
	made = bed_snapshot();
	ck_assert_uint_eq(made->delta.received, 5);
	bed_adds_up(made, 0);
	for (int i = 0; i < WC_DIRECTIONS; i++)
		ck_assert_uint_eq(made->delta.directions[i].packets, expected[i]);
	ck_assert_uint_eq(made->delta.internet_in.packets, 1);
	ck_assert_uint_eq(made->delta.internet_out.packets, 2);
	wc_snapshot_free(made);
	bed_end();
}
END_TEST

START_TEST(what_cannot_be_opened)
{
	struct wc_error error = {""};

	bed_begin();
	capture_save(&bed.capture, bed.path, 3);
	ck_assert_int_eq(wc_census_open_file(&bed.census, "office", bed.path, &bed.options, &error),
			 WC_FAILED);
	ck_assert_str_ne(error.text, "");
	ck_assert_ptr_null(bed.census);
	ck_assert_int_eq(
		wc_census_open_file(&bed.census, "office", "/nonexistent", &bed.options, &error),
		WC_FAILED);
	ck_assert_ptr_nonnull(strstr(error.text, "/nonexistent"));
	ck_assert_int_eq(wc_options_set(&bed.options, wc_option_find("filter", WC_SCOPE_READ),
					"--filter", "no such word", NULL),
			 0);
	ck_assert_int_eq(wc_census_open_file(&bed.census, "office", bed.path, &bed.options, &error),
			 WC_INVALID);
	ck_assert_ptr_null(bed.census);
	bed_end();
}
END_TEST

/* The megabytes that a census says its tables take at most. */
static unsigned long stated_memory(void)
{
	static const char line[] = "\nmemory: at most ";
	char text[400], *at, *end;
	unsigned long megabytes;

	ck_assert_ptr_eq(wc_census_describe(bed.census, text, sizeof(text)), text);
	at = strstr(text, line);
	ck_assert_ptr_nonnull(at);
	megabytes = strtoul(at + sizeof(line) - 1, &end, 10);
	ck_assert_str_eq(end, " MB for tables\n");
	return megabytes;
}

START_TEST(describes_itself)
{
	char text[300];

	bed_begin();
	bed_open(bed.capture.size);
	ck_assert_ptr_eq(wc_census_describe(bed.census, text, sizeof(text)), text);
	ck_assert_ptr_nonnull(strstr(text, "addresses: "));
	ck_assert_uint_eq(strlen(wc_census_describe(bed.census, text, 5)), 4);
	ck_assert_uint_eq(strlen(wc_census_describe(bed.census, text, 30)), 29);
	bed_end();
}
END_TEST

/* What is stated follows the bounds: a host takes some hundred bytes, a conversation fewer. */
START_TEST(states_its_memory)
{
	static const struct {
		uint64_t conversations, hosts;
		unsigned long least, most;
	} cases[] = {{16, 16, 30, 40}, {1000016, 16, 200, 320}, {16, 1000016, 600, 1000}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bed_begin();
		bed.options.conversations = cases[i].conversations;
		bed.options.hosts = cases[i].hosts;
		bed_open(bed.capture.size);
		ck_assert_uint_ge(stated_memory(), cases[i].least);
		ck_assert_uint_le(stated_memory(), cases[i].most);
		bed_end();
	}
}
END_TEST

/* Without a file or an interface. */
START_TEST(what_is_tried)
{
	struct wc_options tried;
	struct wc_error error;

	ck_assert_int_eq(wc_options_init(&tried, &error), 0);
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_OK);
	tried.filter = (char *)"udp port 53";
	tried.match = (char *)"\\x00a";
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_OK);
	tried.match = (char *)"\\y";
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_INVALID);
	ck_assert_ptr_eq(strstr(error.text, "match: '\\y' has a backslash"), error.text);
	tried.match = NULL;
	tried.filter = (char *)"udp prot 53";
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_INVALID);
	ck_assert_ptr_eq(strstr(error.text, "the filter 'udp prot 53' does not compile"),
			 error.text);
	tried.filter = NULL;
	tried.attach = WC_ATTACH_TCX;
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_OK);
	tried.drop_echo = true;
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "drop_echo works by XDP alone: set attach to xdp or "
				     "xdp-generic");
	tried.attach = WC_ATTACH_XDP;
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_OK);
	tried.engine = WC_ENGINE_PCAP;
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "attach is for the kernel engine: leave it out, or set engine "
				     "to kernel");
	wc_options_free(&tried);
}
END_TEST

/* A sentence has an option's name as it was written. */
START_TEST(names_as_they_were_written)
{
	static const char *const sentences[WC_SPELLINGS] = {
		[WC_SPELLING_SNAKE] = "drop_echo works by XDP alone: set attach to ",
		[WC_SPELLING_DASHED] = "--drop-echo works by XDP alone: set --attach to ",
		[WC_SPELLING_CAMEL] = "DropEcho works by XDP alone: set Attach to ",
	};
	struct wc_options tried;
	struct wc_error error;

	ck_assert_int_eq(wc_options_init(&tried, &error), 0);
	tried.drop_echo = true;
	for (int i = 0; i < WC_SPELLINGS; i++) {
		tried.spelling = (enum wc_spelling)i;
		ck_assert_int_eq(wc_census_try(&tried, &error), WC_INVALID);
		ck_assert_ptr_eq(strstr(error.text, sentences[i]), error.text);
	}
	tried.drop_echo = false;
	tried.spelling = WC_SPELLING_DASHED;
	tried.no_match = (char *)"\\y";
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_INVALID);
	ck_assert_ptr_eq(strstr(error.text, "--no-match: '\\y' has a backslash"), error.text);
	tried.no_match = NULL;
	wc_options_free(&tried);
}
END_TEST

/* What the kernel engine alone is asked for, and cannot do. */
START_TEST(what_an_engine_can)
{
	struct wc_options tried;
	struct wc_error error;

	ck_assert_int_eq(wc_options_init(&tried, &error), 0);
	tried.match = (char *)"x";
	ck_assert_int_eq(wc_census_try_engine(&tried, &error), WC_OK);
	tried.engine = WC_ENGINE_RING;
	ck_assert_int_eq(wc_census_try_engine(&tried, &error), WC_OK);
	tried.engine = WC_ENGINE_KERNEL;
	ck_assert_int_eq(wc_census_try_engine(&tried, &error), WC_INVALID);
	tried.match = NULL;
	tried.rate_mode = WC_RATE_NCS;
	ck_assert_int_eq(wc_census_try_engine(&tried, &error), WC_INVALID);
	tried.rate_mode = WC_RATE_DEFAULT;
#ifdef WC_HAVE_KERNEL
	ck_assert_int_eq(wc_census_try_engine(&tried, &error), WC_OK);
	tried.filter = (char *)"tcp";
	ck_assert_int_eq(wc_census_try_engine(&tried, &error), WC_OK);
	tried.attach = WC_ATTACH_XDP;
	ck_assert_int_eq(wc_census_try_engine(&tried, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "counting at an interface by tcx or XDP takes no filter: "
				     "attach to socket instead");
	/* Auto has others to go on with, but none that drops. */
	tried.engine = WC_ENGINE_AUTO;
	ck_assert_int_eq(wc_census_try_engine(&tried, &error), WC_OK);
	tried.drop_echo = true;
	ck_assert_int_eq(wc_census_try_engine(&tried, &error), WC_INVALID);
	tried.filter = NULL;
	ck_assert_int_eq(wc_texts_add(&tried.interface, "lo", &error), 0);
	ck_assert_int_eq(wc_census_try_engine(&tried, &error), WC_OK);
	ck_assert_int_eq(wc_texts_add(&tried.interface, "any", &error), 0);
	ck_assert_int_eq(wc_census_try_engine(&tried, &error), WC_INVALID);
#endif
	wc_options_free(&tried);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {options_that_count, what_cannot_be_opened,
				      what_is_tried,      names_as_they_were_written,
				      what_an_engine_can, describes_itself,
				      states_its_memory,  NULL};

	return suite_run("census options", tests, 60);
}

/* Which captures the sections of a configuration stand for. */
#include "capture_names.h"

#include <string.h>

#include "config.h"
#include "suite.h"
#include "wirecensus/error.h"

static struct wc_error error;
static struct wc_capture_names names;

static char eth0[] = "eth0", eth1[] = "eth1", lan0[] = "lan0", wan0[] = "wan0";
static char *one[] = {eth0}, *two[] = {eth0, eth1}, *found[] = {lan0, wan0};
static const struct wc_texts fallback = {found, 2};

static int list(struct wc_config_capture *sections, size_t count)
{
	const struct wc_config config = {.captures = sections, .capture_count = count};

	return wc_capture_names_list(&names, &config, &fallback, &error);
}

static void expect(size_t number, const char *name, const char *interface, const char *section)
{
	ck_assert_uint_lt(number, names.count);
	ck_assert_str_eq(names.items[number].name, name);
	ck_assert_str_eq(names.items[number].interface, interface);
	ck_assert_str_eq(names.items[number].section, section);
}

START_TEST(one_several_and_none)
{
	struct wc_config_capture sections[] = {
		{.name = (char[]){"wan"}, .options.interface = {one, 1}},
		{.name = (char[]){"both"}, .options.interface = {two, 2}},
		{.name = (char[]){"all"}},
	};

	ck_assert_int_eq(list(sections, 3), WC_OK);
	ck_assert_uint_eq(names.count, 5);
	expect(0, "wan", "eth0", "wan");
	expect(1, "both-eth0", "eth0", "both");
	expect(2, "both-eth1", "eth1", "both");
	expect(3, "all-lan0", "lan0", "all");
	expect(4, "all-wan0", "wan0", "all");
	wc_capture_names_free(&names);
	ck_assert_uint_eq(names.count, 0);
}
END_TEST

START_TEST(one_name_is_not_for_two)
{
	struct wc_config_capture sections[] = {
		{.name = (char[]){"x-eth1"}, .options.interface = {one, 1}},
		{.name = (char[]){"x"}, .options.interface = {two, 2}},
	};

	ck_assert_int_eq(list(sections, 2), WC_INVALID);
	ck_assert_ptr_nonnull(strstr(error.text, "x-eth1"));
	ck_assert_uint_eq(names.count, 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {one_several_and_none, one_name_is_not_for_two, NULL};

	return suite_run("capture_names", tests, 60);
}

/*
 * Which frames XDP drops when echo requests are to be dropped: those that this host would
 * answer, and no others. All are counted.
 */
#include <check.h>
#include <linux/bpf.h>

#include "cases.h"
#include "recipe.h"
#include "suite.h"
#include "twins.h"

static const struct {
	const char *recipe;
	bool asks; /* this host, for an answer */
} frames[] = {
	{"eth 0800 / ip4 198.51.100.9 192.0.2.1 1 / icmp 8 0 / zeros 56", true},
	{"eth 0800 / ip4 192.0.2.2 192.0.2.1 1 / icmp 8 0 / zeros 56", true},
	{"eth 0800 / ip4 198.51.100.9 192.0.2.255 1 / icmp 8 0 / zeros 56", true},
	{"eth 0800 / ip4 198.51.100.9 224.0.0.1 1 / icmp 8 0 / zeros 56", true},
	{"eth 8100 / tag 0800 / ip4 198.51.100.9 192.0.2.1 1 / icmp 8 0 / zeros 8", true},
	{"eth 86dd / ip6 2001:db8:f::9 2001:db8::1 58 / icmp 128 0 / zeros 56", true},
	{"eth 86dd / ip6 2001:db8:f::9 ff02::1 58 / icmp 128 0 / zeros 56", true},
	{"eth 0800 / ip4 198.51.100.9 203.0.113.5 1 / icmp 8 0 / zeros 56", false},
	{"eth 0800 / ip4 198.51.100.9 192.0.2.1 1 / icmp 0 0 / zeros 56", false},
	{"eth 0800 / ip4 198.51.100.9 192.0.2.1 1 / icmp 3 3 / zeros 56", false},
	{"eth 0800 / ip4 198.51.100.9 192.0.2.1 1 / fragment4 100 1 / icmp 8 0 / zeros 8", false},
	{"eth 86dd / ip6 2001:db8:f::9 2001:db8::1 58 / icmp 129 0 / zeros 56", false},
	{"eth 86dd / ip6 2001:db8:f::9 2001:db8::1 58 / icmp 8 0 / zeros 56", false},
	{"eth 0800 / ip4 198.51.100.9 192.0.2.1 58 / icmp 128 0 / zeros 56", false},
	{"eth 0800 / ip4 198.51.100.9 192.0.2.1 17 / udp 2048 7", false},
	{"eth 0806 / zeros 28", false},
};
#define FRAMES (sizeof(frames) / sizeof(*frames))

static void check_all(bool drop)
{
	struct twins twins = {.rules = {.conversations = 16, .hosts = 16},
			      .attach = WC_ATTACH_XDP,
			      .drop_echo = drop};

	twins_open(&twins, WC_LINK_ETHERNET, NULL, 0);
	for (size_t i = 0; i < FRAMES; i++) {
		struct recipe recipe;

		recipe_build(&recipe, frames[i].recipe);
		ck_assert_msg(twins_verdict(&twins, recipe.frame.bytes, recipe.captured) ==
				      (drop && frames[i].asks ? XDP_DROP : XDP_PASS),
			      "%s", frames[i].recipe);
	}
	ck_assert_uint_eq(twins_counted(&twins), FRAMES);
	twins_close(&twins);
}

START_TEST(requests_to_this_host_are_dropped)
{
	check_all(true);
}
END_TEST

START_TEST(none_without_the_option)
{
	check_all(false);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("echo");
	TCase *group = tcase_create("echo");
	SRunner *runner;
	int failed;

	twins_need();
	tcase_add_test(group, requests_to_this_host_are_dropped);
	tcase_add_test(group, none_without_the_option);
	tcase_set_timeout(group, 60);
	suite_add_tcase(suite, group);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* What a census says of itself: its state, what changes only with a restart, and what never does.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "change_bed.h"
#include "namespace.h"
#include "wirecensus/error.h"

START_TEST(what_needs_a_restart_is_named)
{
	static const char *const others[][2] = {
		{"interface", "eth7"},  {"engine", "pcap"},
		{"attach", "tcx"},      {"drop_echo", "yes"},
		{"promiscuous", "yes"}, {"snaplen", "100"},
		{"buffer", "1M"},       {"five_tuple", "yes"},
		{"conversations", "9"}, {"hosts", "9"},
		{"rate_mode", "ncs"},   {"filter", "udp"},
		{"idle", "5"},          {"serve", "udp/9"},
		{"local_net", "::/0"},  {"scanner_mode", "plain"},
	};
	const struct wc_option *found[20];
	struct wc_options now;

	ck_assert_int_eq(wc_options_init(&now, NULL), 0);
	ck_assert_int_eq(wc_options_init(&change_options, NULL), 0);
	ck_assert_uint_eq(wc_census_restarts(&now, &change_options, found, 20), 0);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		change_set(others[i][0], others[i][1]);
	ck_assert_uint_eq(wc_census_restarts(&now, &change_options, found, 2), 11);
	ck_assert_uint_eq(wc_census_restarts(&change_options, &now, found, 20), 11);
	for (size_t i = 0; i < 11; i++)
		ck_assert_msg(strcmp(found[i]->name, others[i][0]) == 0, "%s", found[i]->name);
	ck_assert_uint_eq(wc_census_restarts(&change_options, &change_options, found, 20), 0);
	wc_options_free(&now);
	wc_options_free(&change_options);
}
END_TEST

START_TEST(a_file_is_read_as_it_was_opened)
{
	struct wc_error error = {""};
	char path[] = "/tmp/wirecensus-XXXXXX";
	int file = mkstemp(path);
	static const uint32_t head[6] = {0xa1b2c3d4, 4 << 16 | 2, 0, 0, 65535, 1};

	ck_assert_int_eq(write(file, head, sizeof(head)), sizeof(head));
	ck_assert_int_eq(wc_options_init(&change_options, NULL), 0);
	ck_assert_int_eq(wc_census_open_file(&change_census, "file", path, &change_options, &error),
			 0);
	ck_assert_int_eq(wc_census_check(change_census, &change_options, &error), WC_INVALID);
	ck_assert_int_eq(wc_census_reconfigure(change_census, &change_options, &error), WC_INVALID);
	ck_assert_msg(strstr(error.text, path) != NULL, "%s", error.text);
	wc_census_free(change_census);
	wc_options_free(&change_options);
	close(file);
	unlink(path);
}
END_TEST

static struct wc_census_state await_state(bool present)
{
	struct wc_census_state state;

	wc_census_state(change_census, &state);
	for (unsigned waited = 0; state.present != present; waited++) {
		ck_assert_uint_lt(waited, CHANGE_WATCHDOG_MS);
		change_pause_ms(1);
		wc_census_state(change_census, &state);
	}
	return state;
}

/* Read by this thread while the other one counts. */
START_TEST(the_state_can_be_asked_for)
{
	struct wc_census_state state;
	struct timespec now;
	char text[2000];

	change_enter(change_engines[_i]);
	change_start("vc");
	clock_gettime(CLOCK_REALTIME, &now);
	wc_census_state(change_census, &state);
	ck_assert_str_eq(state.engine, change_options.engine == WC_ENGINE_PCAP   ? "pcap"
				       : change_options.engine == WC_ENGINE_RING ? "ring"
										 : "kernel");
	ck_assert(!state.present);
	ck_assert_int_le(state.gone_since_ns / 1000000000, now.tv_sec);
	ck_assert_int_gt(state.gone_since_ns / 1000000000, now.tv_sec - 60);
	wc_census_describe(change_census, text, sizeof(text));
	ck_assert_msg(strstr(text, "interface: vc, which is not there and waited for\n") &&
			      strstr(text, "addresses: ") && strstr(text, "memory: at most "),
		      "%s", text);
	ck_assert(namespace_run("ip link del va && ip link add va type veth peer name vc && "
				"ip link set va up && ip link set vc up"));
	state = await_state(true);
	ck_assert_int_eq(state.gone_since_ns, WC_TIME_UNKNOWN);
	wc_census_describe(change_census, text, sizeof(text));
	ck_assert_msg(strstr(text, "interface: vc, index ") != NULL, "%s", text);
	change_set("filter", "port 53");
	change_reconfigure();
	wc_census_describe(change_census, text, sizeof(text));
	ck_assert_msg(strstr(text, "filter: port 53\n") != NULL, "%s", text);
	ck_assert(namespace_run("ip link del vc"));
	await_state(false);
	change_end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("census_says");
	TCase *live = tcase_create("live"), *others = tcase_create("others");
	SRunner *runner;
	int failed;

	if (!namespace_possible()) {
		puts("network namespaces cannot be made here, or ip(8) is missing");
		return 77;
	}
	tcase_set_timeout(live, 300);
	tcase_add_loop_test(live, the_state_can_be_asked_for, 0, CHANGE_ENGINES);
	tcase_add_test(others, what_needs_a_restart_is_named);
	tcase_add_test(others, a_file_is_read_as_it_was_opened);
	suite_add_tcase(suite, live);
	suite_add_tcase(suite, others);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

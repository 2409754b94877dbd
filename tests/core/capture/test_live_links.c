/* The live source while its interface goes down, is renamed, deleted and made again. */
#include <check.h>
#include <dirent.h>

#include "live_bed.h"
#include "namespace.h"

START_TEST(down_and_up_loses_nothing)
{
	bed_enter();
	bed_open("vb", false);
	bed_send_sort("va", FILTER_BARE, 0, 5);
	bed_await(5); /* what is still on its way goes with the link */
	ck_assert(namespace_run("ip link set vb down"));
	bed_tell();
	bed_drain(5);
	ck_assert_uint_eq(bed.seen.frames, 5);
	bed_bring_up();
	bed_tell();
	bed_send_sort("va", FILTER_BARE, 0, 5);
	bed_drain(10);
	ck_assert_uint_eq(bed.seen.frames, 10);
	ck_assert_uint_eq(bed.stats.received, 10);
	ck_assert_uint_eq(bed.stats.restarts, 0);
	ck_assert_uint_eq(bed.stats.gone_ns, 0);
	bed_close();
}
END_TEST

START_TEST(a_renamed_interface_goes_on)
{
	bed_enter();
	bed_open("vb", false);
	ck_assert(namespace_run("ip link set vb down && ip link set vb name vc && "
				"ip link set vc up && "
				"until ip link show va | grep -q 'state UP'; do sleep 0.01; done"));
	bed_tell();
	bed_send_sort("va", FILTER_BARE, 0, 5);
	bed_drain(5);
	ck_assert_uint_eq(bed.seen.frames, 5);
	ck_assert_uint_eq(bed.stats.restarts, 0);
	bed_close();
}
END_TEST

START_TEST(an_interface_that_is_down_is_waited_for)
{
	char text[500];

	bed_enter();
	ck_assert(namespace_run("ip link set vb down"));
	bed_open("vb", false);
	bed.source->ops->describe(bed.source, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "interface: vb, index "));
	bed_run();
	bed.source->ops->stats(bed.source, &bed.stats);
	ck_assert_uint_eq(bed.stats.received, 0);
	ck_assert_uint_eq(bed.stats.gone_ns, 0);
	bed_bring_up();
	bed_tell();
	bed_send_sort("va", FILTER_BARE, 0, 5);
	bed_drain(5);
	ck_assert_uint_eq(bed.seen.frames, 5);
	ck_assert_uint_eq(bed.stats.restarts, 0);
	bed_close();
}
END_TEST

static size_t descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

/* Deleted with frames still withheld in the ring, and made again, at another index. */
START_TEST(a_deleted_interface_is_taken_up_again)
{
	size_t before = 0;
	uint64_t gone = 0;

	bed_enter();
	bed.options.promiscuous = true;
	bed_open("vb", false);
	for (int cycle = 1; cycle <= 100; cycle++) {
		bed_send_sort("va", FILTER_BARE, 0, 3);
		/* In the ring, though not handed over; before that they would go with the link. */
		do
			bed.source->ops->stats(bed.source, &bed.stats);
		while (bed.stats.received < 3 * (uint64_t)cycle);
		ck_assert(namespace_run("ip link del vb && ip link add va type veth peer name vb"));
		bed_bring_up();
		do {
			wc_host_update(bed.host);
			bed.source->ops->changed(bed.source, bed.host);
			bed_run();
			bed.source->ops->stats(bed.source, &bed.stats);
		} while (bed.stats.restarts != (uint64_t)cycle ||
			 !(wc_host_link(bed.host, "vb")->flags & IFF_UP));
		if (cycle == 1)
			before = descriptors();
	}
	bed_send_sort("va", FILTER_BARE, 0, 3);
	bed_drain(303);
	ck_assert_uint_eq(descriptors(), before);
	ck_assert_uint_eq(bed.stats.restarts, 100);
	ck_assert_uint_eq(bed.stats.received, 303);
	ck_assert_uint_eq(bed.seen.frames + bed.stats.lost_kernel, 303);
	ck_assert_uint_eq(bed.stats.lost_kernel, 0);
	gone = bed.stats.gone_ns;
	bed.source->ops->stats(bed.source, &bed.stats);
	ck_assert_uint_eq(bed.stats.gone_ns, gone);
	bed_close();
}
END_TEST

START_TEST(while_there_is_none_the_time_is_counted)
{
	bed_enter();
	bed_open("vb", false);
	ck_assert(namespace_run("ip link del vb"));
	bed_follow_until(true);
	bed.source->ops->stats(bed.source, &bed.stats);
	bed_pause_ms(100);
	ck_assert_uint_gt(bed.stats.gone_ns, 0);
	{
		uint64_t before = bed.stats.gone_ns;

		bed.source->ops->stats(bed.source, &bed.stats);
		ck_assert_uint_ge(bed.stats.gone_ns, before + 100000000);
	}
	ck_assert_uint_eq(bed.stats.restarts, 0);
	bed_close();
}
END_TEST

static Suite *suite_of_all(void)
{
	Suite *suite = suite_create("live links");
	TCase *cases = tcase_create("live links");

	tcase_set_timeout(cases, 120);
	tcase_add_test(cases, down_and_up_loses_nothing);
	tcase_add_test(cases, a_renamed_interface_goes_on);
	tcase_add_test(cases, an_interface_that_is_down_is_waited_for);
	tcase_add_test(cases, a_deleted_interface_is_taken_up_again);
	tcase_add_test(cases, while_there_is_none_the_time_is_counted);
	suite_add_tcase(suite, cases);
	return suite;
}

int main(void)
{
	return bed_main(suite_of_all());
}

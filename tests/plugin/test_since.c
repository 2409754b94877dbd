/* Totals that go on while daemons come and go: never fall, nothing twice, sums agree. */
#include <stdlib.h>

#include "since.h"
#include "suite.h"
#include "wirecensus/snapshot.h"

#define KEYS   40
#define ROUNDS 300

static struct wc_since since;

/* What a daemon has counted since it was started, by port. */
static struct counted {
	uint64_t packets[KEYS];
	uint64_t interval, pending, lost;
} counted;

/* A snapshot of it: rows of the ports that have a count. */
static struct wc_snapshot *picture(void)
{
	struct wc_snapshot *made = calloc(1, sizeof(*made));
	struct wc_port_row *ports = calloc(KEYS, sizeof(*ports));
	struct wc_key_row *keys = calloc(KEYS, sizeof(*keys));

	for (uint16_t key = 0; key < KEYS; key++) {
		uint64_t packets = counted.packets[key];

		made->total.frames += packets;
		if (!packets)
			continue;
		ports[made->port_rows++] = (struct wc_port_row){
			.port = key == KEYS / 2 - 1 || key == KEYS - 1 ? 0 : key,
			.protocol = key < KEYS / 2 ? 6 : 17,
			.other = key == KEYS / 2 - 1 || key == KEYS - 1,
			.total = {.all = {packets, 100 * packets}, .new = 2 * packets},
			.delta = {.all = {1, 1}},
		};
		keys[made->ethertype_rows++] =
			(struct wc_key_row){.key = key, .total = {packets, 10 * packets}};
	}
	made->ports = ports;
	made->ethertypes = keys;
	made->interval = ++counted.interval;
	made->pending = counted.pending;
	made->total.lost_kernel = counted.lost;
	made->total.received = made->total.frames + counted.lost + counted.pending;
	made->total.classes[WC_CLASS_TCP].packets = made->total.frames;
	return made;
}

static struct wc_snapshot *apply(const char *instance, int expected)
{
	struct wc_snapshot *made = picture();

	ck_assert_int_eq(wc_since_apply(&since, made, instance, NULL), expected);
	return made;
}

static void restart(void)
{
	counted = (struct counted){.interval = 0};
}

START_TEST(test_counts_from_the_first_look)
{
	struct wc_snapshot *made;

	counted.packets[7] = 1000;
	counted.pending = 5;
	made = apply("a", 0);
	ck_assert_uint_eq(made->port_rows, 1);
	ck_assert_uint_eq(made->ports[0].total.all.packets, 0);
	ck_assert_uint_eq(made->ports[0].delta.all.packets, 1);
	ck_assert_uint_eq(made->total.frames, 0);
	ck_assert_uint_eq(made->total.received, 5); /* which are pending */
	wc_snapshot_free(made);

	counted.packets[7] += 10;
	counted.packets[3] = 4;
	counted.pending = 0;
	made = apply("a", 0);
	ck_assert_uint_eq(made->port_rows, 2);
	ck_assert_uint_eq(made->ports[0].port, 3);
	ck_assert_uint_eq(made->ports[0].total.all.packets, 4);
	ck_assert_uint_eq(made->ports[1].total.all.packets, 10);
	ck_assert_uint_eq(made->ports[1].total.all.bytes, 1000);
	ck_assert_uint_eq(made->ports[1].total.new, 20);
	ck_assert_uint_eq(made->ethertypes[1].total.bytes, 100);
	ck_assert_uint_eq(made->total.frames, 14);
	ck_assert_uint_eq(made->total.received, 14);
	wc_snapshot_free(made);
	wc_since_free(&since);
}
END_TEST

START_TEST(test_the_same_interval_is_told)
{
	struct wc_snapshot *made = apply("a", 0);

	wc_snapshot_free(made);
	counted.interval--;
	made = apply("a", 1);
	wc_snapshot_free(made);
	made = apply("a", 0);
	wc_snapshot_free(made);
	wc_since_free(&since);
}
END_TEST

START_TEST(test_a_new_instance_goes_on)
{
	struct wc_snapshot *made;

	counted.packets[7] = 1000;
	wc_snapshot_free(apply("a", 0));
	counted.packets[7] += 10;
	counted.pending = 3;
	wc_snapshot_free(apply("a", 0));
	restart();
	counted.packets[9] = 2;
	made = apply("b", 0);
	ck_assert_uint_eq(made->port_rows, 2);
	ck_assert_uint_eq(made->ports[0].port, 7); /* a row that was there is there again */
	ck_assert_uint_eq(made->ports[0].total.all.packets, 10);
	ck_assert_uint_eq(made->ports[0].delta.all.packets, 0);
	ck_assert_uint_eq(made->ports[1].total.all.packets, 2);
	ck_assert_uint_eq(made->total.frames, 12);
	/* The old one's frames that were never counted. */
	ck_assert_uint_eq(made->total.lost_kernel, 3);
	ck_assert_uint_eq(made->total.received, 15);
	wc_snapshot_free(made);
	counted.packets[7] = 1;
	made = apply("b", 0);
	ck_assert_uint_eq(made->ports[0].total.all.packets, 11);
	wc_snapshot_free(made);
	wc_since_free(&since);
}
END_TEST

/* It says nothing of an instance, or the same as before; its totals say more. */
START_TEST(test_totals_that_fall_are_another_instance)
{
	struct wc_snapshot *made;

	wc_snapshot_free(apply("", 0));
	counted.packets[7] = 10;
	counted.interval += 5;
	wc_snapshot_free(apply("", 0));
	counted.packets[7] = 4;
	made = apply("", 0);
	ck_assert_uint_eq(made->ports[0].total.all.packets, 14);
	wc_snapshot_free(made);
	counted.packets[7] = 5;
	made = apply("", 0);
	ck_assert_uint_eq(made->ports[0].total.all.packets, 15);
	wc_snapshot_free(made);
	wc_since_free(&since);
}
END_TEST

/* The row of a port in @made, or nothing counted. */
static uint64_t packets_of(const struct wc_snapshot *made, uint16_t key)
{
	bool other = key == KEYS / 2 - 1 || key == KEYS - 1;

	for (size_t i = 0; i < made->port_rows; i++) {
		const struct wc_port_row *row = &made->ports[i];

		if ((row->protocol == 17) == (key >= KEYS / 2) && row->other == other &&
		    row->port == (other ? 0 : key))
			return row->total.all.packets;
	}
	return 0;
}

/* Against a sum that is kept beside it. */
START_TEST(test_any_course_of_events)
{
	uint64_t sums[KEYS] = {0};
	char instance[2] = "a";

	srandom((unsigned)_i);
	for (int key = 0; key < KEYS; key++)
		counted.packets[key] = random() % 2 ? (uint64_t)random() : 0;
	wc_snapshot_free(apply(instance, 0));
	for (int round = 0; round < ROUNDS; round++) {
		struct wc_snapshot *made;
		uint64_t frames = 0, rows = 0;

		if (random() % 10 == 0) {
			restart();
			instance[0] = instance[0] == 'a' ? 'b' : 'a';
		}
		for (int key = 0; key < KEYS; key++) {
			uint64_t more = random() % 3 ? 0 : (uint64_t)random() % 1000;

			counted.packets[key] += more;
			sums[key] += more;
		}
		made = apply(instance, 0);
		for (uint16_t key = 0; key < KEYS; key++) {
			ck_assert_uint_eq(packets_of(made, key), sums[key]);
			frames += sums[key];
		}
		for (size_t i = 0; i < made->port_rows; i++)
			rows += made->ports[i].total.all.packets;
		ck_assert_uint_eq(rows, frames);
		ck_assert_uint_eq(made->total.frames, frames);
		ck_assert_uint_eq(made->total.classes[WC_CLASS_TCP].packets, frames);
		wc_snapshot_free(made);
	}
	wc_since_free(&since);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("since");
	TCase *group = tcase_create("since");
	SRunner *runner;
	int failed;

	tcase_add_test(group, test_counts_from_the_first_look);
	tcase_add_test(group, test_the_same_interval_is_told);
	tcase_add_test(group, test_a_new_instance_goes_on);
	tcase_add_test(group, test_totals_that_fall_are_another_instance);
	tcase_add_loop_test(group, test_any_course_of_events, 0, 10);
	suite_add_tcase(suite, group);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

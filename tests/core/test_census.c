/* A census of a file: intervals, times and sums. */
#include <check.h>

#include "census_bed.h"
#include "stacks.h"
#include "suite.h"
#include "wirecensus/error.h"

#define INTERVALS 64

START_TEST(a_file_is_one_interval)
{
	struct wc_snapshot *made;
	uint64_t frames, done, all;

	bed_begin();
	frames = bed_add_stacks();
	bed_open(bed.capture.size);
	bed_read_all();
	made = bed_snapshot();
	ck_assert_str_eq(made->capture, "office");
	ck_assert_str_eq(made->observer, bed.path);
	ck_assert_uint_eq(made->interval, 1);
	ck_assert_int_eq(made->start_ns, (int64_t)START * SECOND);
	ck_assert_int_eq(made->end_ns, ((int64_t)START + (int64_t)frames - 1) * SECOND);
	ck_assert_uint_eq(made->length_ns, (frames - 1) * SECOND);
	ck_assert_int_eq(made->clock_step_ns, 0);
	ck_assert_uint_eq(made->pending, 0);
	ck_assert_int_eq(made->offload, WC_OFFLOAD_UNKNOWN);
	ck_assert(made->complete);
	ck_assert_uint_eq(made->delta.received, frames);
	bed_adds_up(made, 0);
	for (unsigned class = 0; class < WC_CLASSES; class ++) {
		uint64_t expected = 0;

		for (size_t i = 0; i < stack_count; i++)
			expected += stacks[i].link == stacks[0].link && stacks[i].class == class;
		ck_assert_uint_eq(made->total.classes[class].packets, expected);
	}
	wc_census_progress(bed.census, &done, &all);
	ck_assert_uint_eq(done, bed.capture.size);
	ck_assert_uint_eq(all, bed.capture.size);
	wc_snapshot_free(made);
	wc_snapshot_free(NULL);
	bed_end();
	wc_census_free(NULL);
}
END_TEST

/* The row of @like in @made, or NULL. */
static const struct wc_port_row *same_port(const struct wc_snapshot *made,
					   const struct wc_port_row *like)
{
	for (size_t i = 0; i < made->port_rows; i++) {
		const struct wc_port_row *row = &made->ports[i];

		if (row->protocol == like->protocol && row->port == like->port &&
		    row->direction == like->direction && row->other == like->other)
			return row;
	}
	return NULL;
}

/* Over all intervals, the deltas of each row are its total. */
static void assert_deltas_add_up(struct wc_snapshot *const *made, size_t count)
{
	const struct wc_snapshot *last = made[count - 1];
	uint64_t frames = 0, bytes = 0;

	for (size_t i = 0; i < last->port_rows; i++) {
		struct wc_port_counts sum = {{0, 0}, 0, 0, 0};
		const struct wc_port_row *row = &last->ports[i];

		for (size_t n = 0; n < count; n++) {
			const struct wc_port_row *part = same_port(made[n], row);

			if (!part)
				continue;
			sum.all.packets += part->delta.all.packets;
			sum.all.bytes += part->delta.all.bytes;
			sum.new += part->delta.new;
			sum.accepted += part->delta.accepted;
			sum.refused += part->delta.refused;
		}
		ck_assert_mem_eq(&sum, &row->total, sizeof(sum));
	}
	for (size_t n = 0; n < count; n++) {
		frames += made[n]->delta.frames;
		bytes += wc_totals_sum(&made[n]->delta).bytes;
	}
	ck_assert_uint_eq(frames, last->total.frames);
	ck_assert_uint_eq(bytes, wc_totals_sum(&last->total).bytes);
}

START_TEST(several_intervals)
{
	struct wc_snapshot *made[INTERVALS];
	size_t count = 0, frames = 0;
	uint64_t pending = 0;
	bool more = true;

	bed_begin();
	for (int i = 0; i < 5; i++)
		frames += bed_add_stacks();
	bed_open(bed.capture.size);
	while (more) {
		ck_assert_uint_lt(count, INTERVALS);
		more = wc_census_read(bed.census, 7, NULL) > 0;
		made[count] = bed_snapshot();
		bed_adds_up(made[count], pending);
		pending = made[count]->pending;
		ck_assert_uint_eq(made[count]->interval, count + 1);
		count++;
	}
	ck_assert_uint_ge(count, frames / 7);
	ck_assert_uint_eq(made[count - 1]->total.frames, frames);
	assert_deltas_add_up(made, count);
	while (count--)
		wc_snapshot_free(made[count]);
	bed_end();
}
END_TEST

START_TEST(an_interval_without_frames)
{
	struct wc_snapshot *made;

	bed_begin();
	bed_add_frame(START, 0, stacks[0].recipe);
	bed_open(bed.capture.size);
	made = bed_snapshot();
	ck_assert_uint_eq(made->delta.frames, 0);
	ck_assert_int_eq(made->start_ns, WC_TIME_UNKNOWN);
	ck_assert_int_eq(made->end_ns, WC_TIME_UNKNOWN);
	ck_assert_uint_eq(made->length_ns, 0);
	ck_assert(made->complete);
	wc_snapshot_free(made);
	bed_read_all();
	wc_snapshot_free(bed_snapshot());
	made = bed_snapshot();
	ck_assert_uint_eq(made->interval, 3);
	ck_assert_uint_eq(made->delta.frames, 0);
	ck_assert_uint_eq(made->total.frames, 1);
	ck_assert_int_eq(made->start_ns, WC_TIME_UNKNOWN);
	ck_assert_uint_eq(made->port_rows, 1);
	ck_assert_uint_eq(made->ports[0].delta.all.packets, 0);
	ck_assert_uint_eq(made->ports[0].total.all.packets, 1);
	wc_snapshot_free(made);
	bed_end();
}
END_TEST

START_TEST(times_that_go_back)
{
	struct wc_snapshot *made;

	bed_begin();
	bed_add_frame(START + 50, 0, stacks[0].recipe);
	bed_add_frame(START + 10, 0, stacks[0].recipe);
	bed_add_frame(START + 30, 0, stacks[0].recipe);
	bed_open(bed.capture.size);
	bed_read_all();
	made = bed_snapshot();
	ck_assert_int_eq(made->start_ns, (int64_t)(START + 10) * SECOND);
	ck_assert_int_eq(made->end_ns, (int64_t)(START + 50) * SECOND);
	ck_assert_uint_eq(made->length_ns, UINT64_C(40) * SECOND);
	wc_snapshot_free(made);
	bed_end();
}
END_TEST

/* What came before the break is counted, and the picture says that it is not all. */
START_TEST(a_file_that_breaks)
{
	struct wc_error error = {""};
	struct wc_snapshot *made;
	size_t frames;
	int result;

	bed_begin();
	frames = bed_add_stacks();
	bed_add_frame(START, 0, stacks[0].recipe);
	bed_open(bed.capture.size - 1);
	while ((result = wc_census_read(bed.census, 5, &error)) > 0)
		;
	ck_assert_int_eq(result, WC_FAILED);
	ck_assert_str_ne(error.text, "");
	made = bed_snapshot();
	ck_assert(!made->complete);
	ck_assert_uint_eq(made->total.frames, frames);
	bed_adds_up(made, 0);
	wc_snapshot_free(made);
	bed_end();
}
END_TEST

START_TEST(bytes_over_four_gigabytes)
{
	struct wc_snapshot *made;

	bed_begin();
	for (int i = 0; i < 5; i++)
		bed_add_frame(START, UINT32_MAX, "eth 0800 / ip4 10.0.0.1 10.0.0.2 17 / udp 9 53");
	bed_add_frame(START, 1, "eth 0800 / ip4 10.0.0.1 10.0.0.2 17 / udp 9 53");
	bed_open(bed.capture.size);
	bed_read_all();
	made = bed_snapshot();
	ck_assert_uint_eq(made->port_rows, 1);
	ck_assert_uint_eq(made->ports[0].total.all.packets, 6);
	ck_assert_uint_eq(made->ports[0].total.all.bytes, UINT64_C(5) * UINT32_MAX + 1);
	ck_assert_uint_eq(made->total.classes[WC_CLASS_UDP].bytes, UINT64_C(5) * UINT32_MAX + 1);
	wc_snapshot_free(made);
	bed_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {a_file_is_one_interval,
				      several_intervals,
				      an_interval_without_frames,
				      times_that_go_back,
				      a_file_that_breaks,
				      bytes_over_four_gigabytes,
				      NULL};

	return suite_run("census", tests, 60);
}

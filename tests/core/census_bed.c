#include "census_bed.h"

#include <check.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "recipe.h"
#include "stacks.h"
#include "wirecensus/error.h"

struct census_bed bed;

void bed_begin(void)
{
	bed.capture = (struct capture){0};
	ck_assert_int_eq(wc_options_init(&bed.options, NULL), 0);
	bed.file = memfd_create("census", 0);
	ck_assert_int_ge(bed.file, 0);
	snprintf(bed.path, sizeof(bed.path), "/proc/self/fd/%d", bed.file);
	capture_pcap(&bed.capture, CAPTURE_NANOSECONDS, 4, 1);
}

void bed_end(void)
{
	wc_census_free(bed.census);
	bed.census = NULL;
	wc_options_free(&bed.options);
	capture_free(&bed.capture);
	close(bed.file);
}

void bed_add_frame(uint32_t seconds, uint32_t length, const char *text)
{
	struct recipe recipe;

	recipe_build(&recipe, text);
	if (!length)
		length = recipe.length;
	capture_record(&bed.capture, seconds, 0, recipe.captured, length, recipe.frame.bytes,
		       recipe.captured);
}

size_t bed_add_stacks(void)
{
	size_t count = 0;

	for (size_t i = 0; i < stack_count; i++)
		if (stacks[i].link == stacks[0].link)
			bed_add_frame(START + (uint32_t)count++, 0, stacks[i].recipe);
	return count;
}

void bed_open(size_t size)
{
	struct wc_error error = {""};

	capture_save(&bed.capture, bed.path, size);
	ck_assert_msg(wc_census_open_file(&bed.census, "office", bed.path, &bed.options, &error) ==
			      0,
		      "%s", error.text);
}

void bed_read_all(void)
{
	while (wc_census_read(bed.census, 1000, NULL) > 0)
		;
}

struct wc_snapshot *bed_snapshot(void)
{
	struct wc_snapshot *made = NULL;

	ck_assert_int_eq(wc_census_snapshot(bed.census, &made, NULL), 0);
	ck_assert_ptr_nonnull(made);
	return made;
}

void bed_adds_up(const struct wc_snapshot *made, uint64_t before)
{
	const struct wc_totals *delta = &made->delta, *total = &made->total;

	ck_assert_uint_eq(delta->received + before,
			  delta->frames + delta->lost_kernel + made->pending);
	ck_assert_uint_eq(total->received, total->frames + total->lost_kernel + made->pending);
	ck_assert_uint_eq(wc_totals_sum(delta).packets, delta->frames);
	ck_assert_uint_eq(wc_totals_sum(total).packets, total->frames);
}

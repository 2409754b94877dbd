/*
 * How many hosts a sweep has tried is estimated as well for neighbours as for hosts by
 * chance, whatever the distance between them.
 */
#include <check.h>
#include <stdio.h>

#include "program.h"
#include "recipe.h"
#include "sketch.h"
#include "suite.h"
#include "twins.h"

#define HOSTS 100

/* Three times the standard error of 16 %, and some more. */
#define LEAST 50
#define MOST  200

static const unsigned distances[] = {1, 2, 3, 5, 8, 16, 64, 255, 256, 1024, 65536};
#define SOURCES (sizeof(distances) / sizeof(*distances))

static void sweep(struct twins *twins, unsigned source)
{
	for (unsigned i = 0; i < HOSTS; i++) {
		unsigned host = 0x0a000000 + i * distances[source];
		struct recipe recipe;
		char text[128];

		snprintf(text, sizeof(text),
			 "eth 0800 / ip4 198.51.100.%u %u.%u.%u.%u 6 / tcp 9 22 S 7", source + 1,
			 host >> 24, host >> 16 & 0xff, host >> 8 & 0xff, host & 0xff);
		recipe_build(&recipe, text);
		twins_verdict(twins, recipe.frame.bytes, recipe.captured);
	}
}

/* What has waited is counted when enough of others have come; none of those is an attempt. */
static void pass_on(struct twins *twins)
{
	struct recipe recipe;

	recipe_build(&recipe, "eth 0800 / ip4 192.0.2.9 192.0.2.8 47 / zeros 28");
	for (unsigned i = 0; i < WC_KERNEL_WAITING; i++)
		twins_verdict(twins, recipe.frame.bytes, recipe.captured);
}

START_TEST(neighbours_are_told_apart)
{
	struct twins twins = {.rules = {.hosts = 65536}};
	const struct wc_kernel_maps *maps;
	unsigned seen = 0;

	twins_open(&twins, WC_LINK_ETHERNET, NULL, 0);
	maps = wc_kernel_program_maps(twins.program);
	for (unsigned i = 0; i < SOURCES; i++)
		sweep(&twins, i);
	pass_on(&twins);
	for (uint64_t i = 0;
	     i < (uint64_t)maps->rules.slices * maps->rules.host_buckets * WC_KERNEL_PROBES; i++) {
		const struct wc_kernel_scan *scan = &maps->scans[i];
		const struct wc_sketch hosts = {{scan->hosts[0], scan->hosts[1]}};
		uint32_t estimate = wc_sketch_count(&hosts);

		if (!scan->attempts[0])
			continue;
		ck_assert_uint_eq(scan->attempts[0], HOSTS);
		ck_assert_msg(estimate >= LEAST && estimate <= MOST, "%u of %d hosts", estimate,
			      HOSTS);
		seen++;
	}
	ck_assert_uint_eq(seen, SOURCES);
	twins_close(&twins);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {neighbours_are_told_apart, NULL};

	twins_need();
	return suite_run("sweep", tests, 60);
}

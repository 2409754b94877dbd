/*
 * Seeds of a simulation: 100, or WC_SIMULATION_SEEDS of the environment; or those given as
 * arguments, FIRST [COUNT]. The seed that fails is printed. Of a hundred, some meet each event.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "simulation.h"
#include "suite.h"

static uint64_t first_seed = 1, seeds = 100;
static bool all_expected;

static void check_tally(const struct simulation_tally *tally)
{
	const struct {
		const char *name;
		uint64_t count;
	} events[] = {
		{"clock steps", tally->clock_steps},
		{"suspends", tally->suspends},
		{"interfaces gone or there again", tally->interface_events},
		{"kills", tally->kills},
		{"orderly ends", tally->ends},
		{"failed writes", tally->disk_failures},
		{"intervals written late", tally->waited},
		{"intervals that waited too long", tally->forgotten},
		{"intervals dropped undelivered", tally->dropped},
		{"resumed within an interval", tally->parts},
		{"positions to be had only later", tally->unlocated},
		{"deaths of collectors", tally->deaths},
		{"refusals", tally->refusals},
		{"time-outs", tally->timeouts},
		{"frames lost by collectors", tally->lost},
		{"records repeated", tally->repeats},
		{"intervals", tally->intervals},
		{"frames", tally->frames},
		{"frames delivered by all exporters", tally->delivered},
	};

	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
		printf("%10" PRIu64 " %s\n", events[i].count, events[i].name);
		if (all_expected)
			ck_assert_uint_gt(events[i].count, 0);
	}
	printf("figure: faults: simulated from seed %" PRIu64 ": %" PRIu64 " seeds with %" PRIu64
	       " kills, %" PRIu64 " clock steps, %" PRIu64 " failed writes, %" PRIu64
	       " deaths of collectors; %" PRIu64 " frames, all accounted for\n",
	       first_seed, seeds, tally->kills, tally->clock_steps, tally->disk_failures,
	       tally->deaths, tally->frames);
}

START_TEST(test_seeds)
{
	struct simulation_tally tally = {0};
	char folder[] = "/dev/shm/wirecensus-simulation-XXXXXX", *made = mkdtemp(folder);
	char elsewhere[] = "/tmp/wirecensus-simulation-XXXXXX";

	if (!made)
		made = mkdtemp(elsewhere);
	ck_assert_ptr_nonnull(made);
	for (uint64_t i = 0; i < seeds; i++) {
		/* Printed only if it is the last line, when the test fails here. */
		printf("seed %" PRIu64 "\r", first_seed + i);
		fflush(stdout);
		simulation_run(first_seed + i, made, &tally);
	}
	check_tally(&tally);
	ck_assert_int_eq(rmdir(made), 0);
}
END_TEST

int main(int argc, char **argv)
{
	const TTest *const tests[] = {test_seeds, NULL};
	const char *wanted = getenv("WC_SIMULATION_SEEDS");

	if (wanted)
		seeds = strtoull(wanted, NULL, 10);
	if (argc > 1) {
		first_seed = strtoull(argv[1], NULL, 10);
		seeds = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	}
	all_expected = seeds >= 100;
	return suite_run("simulation", tests, 3600);
}

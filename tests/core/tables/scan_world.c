#include "scan_world.h"

void world_start(struct world *world)
{
	*world = (struct world){
		.rule = {WC_SCAN_DEFAULT, 20},
		.now_s = 86400 * 20 + 123,
		.interval_s = 10,
	};
	world->next_s = world->now_s + world->interval_s;
}

void world_judge(struct world *world)
{
	wc_scan_judge(&world->history, &world->scan, &world->rule, (uint64_t)world->now_s,
		      world->interval_s >= WC_SCAN_BIN_S);
	wc_scan_clear(&world->scan);
	if (!wc_scan_report(&world->history, &world->evidence))
		return;
	if (!world->reports++)
		world->first_report_s = world->now_s;
}

void world_pass(struct world *world, double seconds)
{
	double end_s = world->now_s + seconds;

	while (world->next_s <= end_s) {
		world->now_s = world->next_s;
		world->next_s += world->interval_s;
		world_judge(world);
	}
	world->now_s = end_s;
}

uint64_t world_hash(uint64_t host)
{
	uint64_t z = host * UINT64_C(0x9e3779b97f4a7c15) + 99;

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

void world_syn(struct world *world, uint64_t host, uint16_t port)
{
	wc_scan_attempt(&world->scan, WC_SCAN_TCP, world_hash(host), port);
}

void world_datagram(struct world *world, uint64_t host, uint16_t port)
{
	wc_scan_datagram(&world->scan, world_hash(host), port);
}

void world_answer(struct world *world, unsigned transport)
{
	wc_scan_answer(&world->scan, transport, false);
}

void world_refusal(struct world *world, unsigned transport)
{
	wc_scan_answer(&world->scan, transport, true);
}

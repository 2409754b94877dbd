#include "headway.h"

#include "delivery.h"

#define ASK_FIRST_NS UINT64_C(1000000)
#define ASK_MOST_NS  UINT64_C(100000000)

void wc_headway_begin(struct wc_headway *headway, uint64_t now_ns)
{
	*headway = (struct wc_headway){.progress_ns = now_ns, .ask_ns = WC_DELIVERY_NEVER};
}

void wc_headway_sent(struct wc_headway *headway, uint64_t now_ns)
{
	headway->step_ns = ASK_FIRST_NS;
	headway->ask_ns = now_ns + headway->step_ns;
}

bool wc_headway_received(struct wc_headway *headway, uint64_t received)
{
	if (received <= headway->received)
		return false;
	headway->received = received;
	return true;
}

uint64_t wc_headway_look(struct wc_headway *headway, bool more, bool done, uint64_t now_ns)
{
	if (more || done || headway->fresh)
		headway->progress_ns = now_ns;
	headway->fresh = false;
	if (more)
		headway->step_ns = ASK_FIRST_NS;
	else if (now_ns >= headway->ask_ns && headway->step_ns < ASK_MOST_NS)
		headway->step_ns *= 2;
	if (done)
		headway->ask_ns = WC_DELIVERY_NEVER;
	else if (more || now_ns >= headway->ask_ns)
		headway->ask_ns = now_ns + headway->step_ns;
	return now_ns - headway->progress_ns;
}

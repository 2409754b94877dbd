#include "pace.h"

#define MS UINT64_C(1000000)

#define BACKOFF_FIRST (500 * MS)
#define BACKOFF_MOST  (60000 * MS)
#define DOUBLINGS     7 /* 64 s, which is more than the most */

uint64_t wc_pace_backoff(unsigned failures, uint64_t random)
{
	unsigned doublings = failures ? failures - 1 : 0;
	uint64_t most = BACKOFF_FIRST << (doublings < DOUBLINGS ? doublings : DOUBLINGS);

	return random % ((most < BACKOFF_MOST ? most : BACKOFF_MOST) + 1);
}

uint64_t wc_pace_gap(uint64_t wanted, uint64_t count, uint64_t span_ns)
{
	if (wanted)
		return 1000 * MS / wanted;
	return count && span_ns / count < MS ? span_ns / count : MS;
}

void wc_pace_sent(struct wc_pace *pace, uint64_t now_ns, uint64_t gap_ns)
{
	uint64_t late_ns = WC_PACE_BURST * gap_ns;

	if (now_ns > late_ns && pace->next_ns < now_ns - late_ns)
		pace->next_ns = now_ns - late_ns;
	pace->next_ns += gap_ns;
}

#include "served.h"

void wc_served_settle(struct wc_served *served)
{
	for (int i = 0; i < 1024; i++)
		served->known[WC_SERVED_TCP][i] |= served->learned[i];
}

/* What was learned stays known; what was marked and learned alike is not told apart. */
void wc_served_replace(struct wc_served *served, const struct wc_served *given)
{
	for (int i = 0; i < 1024; i++) {
		served->known[WC_SERVED_TCP][i] &= served->learned[i];
		served->known[WC_SERVED_TCP][i] |= given->known[WC_SERVED_TCP][i];
		served->known[WC_SERVED_UDP][i] = given->known[WC_SERVED_UDP][i];
	}
}

#include "served.h"

void wc_served_settle(struct wc_served *served)
{
	for (int i = 0; i < 1024; i++)
		served->known[WC_SERVED_TCP][i] |= served->learned[i];
}

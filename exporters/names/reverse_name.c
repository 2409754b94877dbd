#include "reverse_name.h"

#include <stdio.h>
#include <string.h>

#include "wirecensus/address.h"

static char *digits(char *end, uint64_t half)
{
	for (unsigned i = 0; i < 16; i++) {
		*end++ = "0123456789abcdef"[half >> 4 * i & 0xf];
		*end++ = '.';
	}
	return end;
}

const char *wc_reverse_name(const struct wc_address *address, char name[static WC_REVERSE_SIZE])
{
	uint32_t low = (uint32_t)address->low;

	if (address->version == 4)
		snprintf(name, WC_REVERSE_SIZE, "%u.%u.%u.%u.in-addr.arpa", low & 0xff,
			 low >> 8 & 0xff, low >> 16 & 0xff, low >> 24);
	else
		memcpy(digits(digits(name, address->low), address->high), "ip6.arpa",
		       sizeof("ip6.arpa"));
	return name;
}

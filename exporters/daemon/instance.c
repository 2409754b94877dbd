#include "instance.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>

#include "wirecensus/error.h"

int wc_instance_make(char text[static WC_INSTANCE], struct wc_error *error)
{
	uint8_t id[16];
	size_t at = 0;

	if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
		return wc_error_set(error, WC_FAILED,
				    "the system gives no random numbers to name this run with: %m");
	id[6] = (uint8_t)((id[6] & 0x0f) | 0x40);
	id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < sizeof(id); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text[at++] = '-';
		snprintf(text + at, 3, "%02x", id[i]);
		at += 2;
	}
	return WC_OK;
}

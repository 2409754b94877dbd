#include "live_cooked.h"

#include <string.h>

/* Where the type is when libpcap has put back the outer tag: header, tag, type. */
#define TYPE_OFFSET (14 + 4)
#define HEADER      (TYPE_OFFSET + 2)

void wc_live_cooked_mend(struct wc_frame *frame, uint8_t room[static WC_LIVE_COOKED_MAX])
{
	/* Which of the tag types it was is not known, and does not matter to a count. */
	static const uint8_t tag[2] = {0x81, 0x00};

	if (frame->captured + 1 != frame->length || frame->captured < HEADER ||
	    frame->captured >= WC_LIVE_COOKED_MAX)
		return;
	memcpy(room, frame->bytes, frame->captured);
	memcpy(room + TYPE_OFFSET, tag, sizeof(tag));
	frame->bytes = room;
}

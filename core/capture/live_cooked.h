/*
 * live_cooked.h - mends cooked frames that have a second tag
 *
 * The kernel takes off the outer tag. Where another one follows, a cooked socket
 * of Linux 6.10 and later (and of stable kernels with the same change) gets the
 * frame from that tag on, but in its header the type behind the last tag, so that
 * a reader takes the tag for a packet. The kernel's filter still sees the truth:
 * it marks such a frame by leaving out its last byte (filter_kernel.h).
 */
#ifndef WC_LIVE_COOKED_H
#define WC_LIVE_COOKED_H

#include <stdint.h>

#include "frame.h"

/* Room for a frame that is mended: the header, the outer tag, and what is copied. */
#define WC_LIVE_COOKED_MAX 65555

/*
 * If @frame, of WC_LINK_SLL, has the mark, turns it into a copy in @room with the
 * header put right.
 */
void wc_live_cooked_mend(struct wc_frame *frame, uint8_t room[static WC_LIVE_COOKED_MAX]);

#endif /* WC_LIVE_COOKED_H */

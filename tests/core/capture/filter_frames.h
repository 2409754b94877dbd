/*
 * filter_frames.h - one frame of each sort that filters tell apart, on any link
 */
#ifndef TESTS_FILTER_FRAMES_H
#define TESTS_FILTER_FRAMES_H

#include "frame.h"
#include "frames.h"

/* How many sorts there are: 0 to FILTER_FRAMES - 1. */
#define FILTER_FRAMES 14

/* What a frame of Ethernet or cooked Linux may have in front of its ethertype. */
enum filter_tags {
	FILTER_BARE,
	FILTER_VLAN,    /* 0x8100, 10 */
	FILTER_SERVICE, /* 0x88a8, 10 */
	FILTER_OLD,     /* 0x9100, 10 */
	FILTER_QINQ,    /* 0x88a8, 10 and 0x8100, 20 */
	FILTER_FOUR,    /* 10, 20, 30, 40 */
	FILTER_TAGS_COUNT
};

/*
 * Builds the frame of @sort. Links without an ethertype have no tags, and only
 * the sorts that are IP: returns false for the others.
 */
bool filter_frame(struct frame *frame, enum wc_link link, enum filter_tags tags, int sort);

/* The frame as a source would hand it over, whole. */
struct wc_frame filter_source_frame(const struct frame *frame, enum wc_link link);

#endif /* TESTS_FILTER_FRAMES_H */

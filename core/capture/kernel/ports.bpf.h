/*
 * ports.bpf.h - counts by direction and a key of 16 bits
 */
#ifndef WC_PORTS_BPF_H
#define WC_PORTS_BPF_H

#include "local.bpf.h"
#include "maps.bpf.h"
#include "seen.bpf.h"

/* Takes a page from this generation's end of the pool. Returns its number + 1, or 0. */
static __always_inline uint32_t take_page(uint32_t generation)
{
	struct wc_kernel_pool *all = &state.pool;
	uint32_t taken;

	generation &= 1;
	if (all->taken[0] + all->taken[1] >= rules.pages)
		return 0;
	taken = __sync_fetch_and_add(&all->taken[generation], 1);
	if (taken + 1 + all->taken[generation ^ 1] > rules.pages)
		return 0;
	return generation ? rules.pages - taken : taken + 1;
}

/* Returns the row of a key, or of `other`. */
static __always_inline struct wc_kernel_row *find_row(struct wc_kernel_slice *slice, uint32_t table,
						      uint32_t direction, uint16_t key,
						      uint32_t generation)
{
	uint32_t page = key / WC_KERNEL_PAGE_ROWS, row = key % WC_KERNEL_PAGE_ROWS, number;
	struct wc_kernel_page *found;

	direction &= 3;
	number = slice->pages[table][direction][page];
	if (!number) {
		uint32_t taken = take_page(generation);

		/* Another processor of the slice may have been faster. */
		number = taken ? __sync_val_compare_and_swap(&slice->pages[table][direction][page],
							     0, taken)
			       : 0;
		number = number ? number : taken;
	}
	found = number ? entry(&pages, number - 1) : NULL;
	return found ? &found->rows[row] : &slice->other[table][direction];
}

/* Asks for the row of an attempt's port, by the direction that is known yet. */
static __always_inline void touch_port(const struct seen *seen)
{
	uint32_t direction = seen->direction & 3, key = seen->key;
	uint32_t number =
		slice_of(seen)->pages[WC_KERNEL_TCP][direction][key / WC_KERNEL_PAGE_ROWS];
	struct wc_kernel_page *page = number ? entry(&pages, number - 1) : NULL;

	TOUCH(page, rows[key % WC_KERNEL_PAGE_ROWS].bytes);
}

static __always_inline void count_paged(const struct seen *seen, struct wc_kernel_slice *slice,
					uint32_t table)
{
	struct wc_kernel_row *row =
		find_row(slice, table, seen->direction, seen->key, seen->generation);

	ADD(row->packets, seen->packets);
	ADD(row->bytes, seen->bytes);
}

/* Counts a frame on the row of its port, protocol or type, or of its class. */
static __always_inline int count_class(const struct seen *seen)
{
	struct wc_kernel_slice *slice;
	struct wc_kernel_counts *counts;
	uint32_t direction;

	if (!seen)
		return 0;
	slice = slice_of(seen);
	ADD(slice->frames, 1);
	if (seen->merged)
		ADD(slice->merged, 1);
	direction = seen->direction & 3;
	switch (seen->class) {
	case CLASS_TCP:
		count_paged(seen, slice, WC_KERNEL_TCP);
		return 0;
	case CLASS_UDP:
		count_paged(seen, slice, WC_KERNEL_UDP);
		return 0;
	case CLASS_ETHERTYPE:
		count_paged(seen, slice, WC_KERNEL_ETHERTYPE);
		return 0;
	case CLASS_PROTOCOL:
		counts = &slice->protocols[direction][seen->key & 0xff];
		break;
	case CLASS_FRAGMENT:
		counts = &slice->fragments[direction][seen->key & 1];
		break;
	case CLASS_LLC:
		counts = &slice->llc[direction];
		break;
	default:
		counts = &slice->malformed[direction];
	}
	ADD(counts->packets, seen->packets);
	ADD(counts->bytes, seen->bytes);
	return 0;
}

/* The attempt that ICMP speaks of went from the one quoted address to the other. */
static __always_inline uint8_t quoted_direction(const struct seen *seen)
{
	return direction_by_ends(look(&seen->tried_source, seen->version),
				 look(&seen->tried_destination, seen->version), seen->origin);
}

/* Finds out which way the attempt went that the frame is about. */
__noinline int direct_event(struct seen *seen)
{
	if (!seen)
		return 0;
	if (seen->quoted)
		seen->event_direction = quoted_direction(seen);
	else if (seen->event == EVENT_NEW)
		seen->event_direction = seen->direction;
	else
		seen->event_direction = turned(seen->direction);
	return 0;
}

/* Counts what the frame says about an attempt, on the row of that. */
__noinline int count_event(const struct seen *seen)
{
	struct wc_kernel_slice *slice;
	struct wc_kernel_row *row;

	if (!seen)
		return 0;
	slice = slice_of(seen);
	if (seen->quoted) {
		row = find_row(slice, WC_KERNEL_UDP, seen->event_direction, seen->event_port,
			       seen->generation);
		ADD(row->refused, 1);
		return 0;
	}
	row = find_row(slice, WC_KERNEL_TCP, seen->event_direction, seen->event_port,
		       seen->generation);
	if (seen->event == EVENT_NEW)
		ADD(row->new, 1);
	else if (seen->event == EVENT_ACCEPTED)
		ADD(row->accepted, 1);
	else
		ADD(row->refused, 1);
	return 0;
}

#endif /* WC_PORTS_BPF_H */

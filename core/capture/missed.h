/*
 * missed.h - how many frames the interfaces have missed while they were counted
 *
 * The kernel's counters are as old as the interface is. So the first value of each that can be
 * read is where its count begins, whenever that is; nothing before it was lost to us.
 */
#ifndef WC_MISSED_H
#define WC_MISSED_H

#include <stddef.h>
#include <stdint.h>

struct wc_missed {
	uint64_t sum; /* of all that are or were counted */
	struct wc_missed_link *links;
	size_t count;
};

/*
 * Asks the kernel for the counter of the link at @index, or of all with 0, and adds to the sum.
 * What is not told now is told the next time.
 */
void wc_missed_look(struct wc_missed *missed, unsigned index);

/* The two steps of it: one for each link, and one when all were told, which forgets the others. */
void wc_missed_take(void *missed, unsigned index, uint64_t counter);
void wc_missed_end(struct wc_missed *missed);

/* Forgets all links, and frees the memory. The sum stays. */
void wc_missed_forget(struct wc_missed *missed);

#endif /* WC_MISSED_H */

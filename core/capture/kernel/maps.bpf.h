/*
 * maps.bpf.h - the program's variables and maps, and how it counts into them
 *
 * All that count are arrays that user space has mapped. How many entries a map has is set
 * before loading: 1 stands for that here.
 */
#ifndef WC_MAPS_BPF_H
#define WC_MAPS_BPF_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <stdbool.h>
#include <stddef.h>

#include "layout.h"

#define MAP(name, entries, of)                                                                     \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_ARRAY);                                                  \
		__uint(map_flags, BPF_F_MMAPABLE);                                                 \
		__uint(max_entries, entries);                                                      \
		__type(key, uint32_t);                                                             \
		__type(value, of);                                                                 \
	} name SEC(".maps")

/* Programs that another goes on to, by their numbers. */
#define PROGRAMS(name, entries)                                                                    \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_PROG_ARRAY);                                             \
		__uint(max_entries, entries);                                                      \
		__type(key, uint32_t);                                                             \
		__type(value, uint32_t);                                                           \
	} name SEC(".maps")

MAP(locals, 2, struct wc_kernel_local);
MAP(pages, 1, struct wc_kernel_page);
MAP(conversation_tags, 1, struct wc_kernel_bucket); /* by slice, then by hash */
MAP(talks, 1, struct wc_kernel_talk);               /* by generation, then by place in buckets */
MAP(fars, 1, struct wc_kernel_far);                 /* by place, as are those below */
MAP(host_tags, 1, struct wc_kernel_bucket);
MAP(hosts, 1, struct wc_kernel_host); /* by generation, then by place */
MAP(scans, 1, struct wc_kernel_scan);

extern const volatile struct wc_kernel_rules rules;

/* Variables are found without a look-up. */
extern struct wc_kernel_state state;

/* Returns an entry; the verifier wants to see that it may not be there. */
static __always_inline void *entry(void *map, uint32_t number)
{
	return bpf_map_lookup_elem(map, &number);
}

/*
 * What follows reads memory anew. In that, the verifier knows of no value by which way it
 * came, so that all ways go on as one; without it they are more than it follows.
 */
#define FORGET() asm volatile("" ::: "memory")

/*
 * Reads a field and leaves it: its line of memory is on the way while the program goes on.
 * There is no instruction that only asks for it.
 */
#define TOUCH(row, field)                                                                          \
	do {                                                                                       \
		__typeof__(row) touched = (row);                                                   \
		if (touched)                                                                       \
			(void)*(volatile __typeof__(touched->field) *)&touched->field;             \
	} while (0)

/* Adds to a counter, which other processors do too where slices are shared. */
#define ADD(counter, more)                                                                         \
	do {                                                                                       \
		if (rules.shared)                                                                  \
			__sync_fetch_and_add(&(counter), (more));                                  \
		else                                                                               \
			(counter) += (more);                                                       \
	} while (0)

/* Sets bits; most of the time they are set already. */
#define MARK(word, bits)                                                                           \
	do {                                                                                       \
		if (((word) & (bits)) == (bits))                                                   \
			break;                                                                     \
		if (rules.shared)                                                                  \
			__sync_fetch_and_or(&(word), (bits));                                      \
		else                                                                               \
			(word) |= (bits);                                                          \
	} while (0)

#endif /* WC_MAPS_BPF_H */

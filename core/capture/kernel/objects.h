/*
 * objects.h - the objects of programs, count.bpf.c and xdp.bpf.c, loaded
 *
 * Each is loaded twice, of the same maps. The second one's programs count beside the first's, on
 * the same rows: one counts what has waited when the reader wants it, the others what comes
 * meanwhile (wait.bpf.h).
 */
#ifndef WC_KERNEL_OBJECTS_H
#define WC_KERNEL_OBJECTS_H

#include "layout.h"
#include "wirecensus/options.h"

struct bpf_map;
struct wc_kernel_objects;

/*
 * Loads what is to be attached to @attach, with @rules. Returns 0, or a positive errno;
 * to be freed in any case.
 */
int wc_kernel_objects_load(struct wc_kernel_objects **objects, const struct wc_kernel_rules *rules,
			   enum wc_attach attach);
void wc_kernel_objects_free(struct wc_kernel_objects *objects);

/* Returns a map by its name in maps.bpf.h. */
const struct bpf_map *wc_kernel_objects_map(const struct wc_kernel_objects *objects,
					    const char *name);

/* Returns the variables of the programs, mapped. */
struct wc_kernel_state *wc_kernel_objects_state(const struct wc_kernel_objects *objects);

/* Returns the descriptor of a program, by its name in either of the files, or -1. */
int wc_kernel_objects_fd(const struct wc_kernel_objects *objects, const char *name);

/* Returns the descriptor of the program that counts what has waited. */
int wc_kernel_objects_settler(const struct wc_kernel_objects *objects);

#endif /* WC_KERNEL_OBJECTS_H */

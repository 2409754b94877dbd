/*
 * program.h - the programs in the kernel, loaded, and their maps in our memory
 */
#ifndef WC_KERNEL_PROGRAM_H
#define WC_KERNEL_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"
#include "wirecensus/options.h"

struct wc_error;  /* wirecensus/error.h */
struct wc_filter; /* filter.h */
struct wc_kernel_program;
struct wc_rules; /* rules.h */

struct wc_kernel_setup {
	const struct wc_rules *rules;
	struct wc_filter *filter; /* prepared for the link; NULL: none */
	enum wc_kernel_link link;
	enum wc_attach attach; /* a filter only at a socket */
	bool drop_echo;        /* by XDP */
	unsigned loopback;     /* index of lo; 0: there is none */
	unsigned processors;   /* that may count at the same time; 0: as many as there are */
};

/*
 * Loads the programs. Needs CAP_BPF and CAP_NET_RAW, for tcx and XDP CAP_NET_ADMIN, and on Linux
 * 6.1 CAP_PERFMON.
 * Returns 0 and a program, to be freed with wc_kernel_program_free(); or WC_FAILED with
 * @error filled in: no privilege, no memory, a filter that the kernel refuses.
 */
int wc_kernel_program_open(struct wc_kernel_program **program, const struct wc_kernel_setup *setup,
			   struct wc_error *error);
void wc_kernel_program_free(struct wc_kernel_program *program);

/*
 * Puts @filter, which may be NULL, in front of the program from the next attachment
 * on, which has to follow before the next call. Results as above; if it fails nothing
 * is changed.
 */
int wc_kernel_program_refilter(struct wc_kernel_program *program, struct wc_filter *filter,
			       struct wc_error *error);

/* Where frames are counted. */
enum wc_kernel_hook {
	WC_KERNEL_AT_SOCKET,       /* SO_ATTACH_BPF of socket(7); with XDP, only what is sent */
	WC_KERNEL_AT_SOCKET_SHORT, /* the same, where the socket takes no long program */
	WC_KERNEL_AT_RECEIVED,     /* tcx */
	WC_KERNEL_AT_SENT,         /* tcx */
	WC_KERNEL_AT_XDP,          /* what is received */
};

/* The descriptor to attach there, or -1 if that was not set up. */
int wc_kernel_program_fd(const struct wc_kernel_program *program, enum wc_kernel_hook hook);

/* All maps, in our memory, and the constants that tell their sizes. */
struct wc_kernel_maps {
	struct wc_kernel_rules rules;
	struct wc_kernel_control *control;
	struct wc_kernel_served *served;
	struct wc_kernel_local *locals;
	struct wc_kernel_slice *slices;
	struct wc_kernel_pool *pool;
	struct wc_kernel_page *pages;
	struct wc_kernel_bucket *conversation_tags;
	struct wc_kernel_talk *talks;
	struct wc_kernel_far *fars;
	struct wc_kernel_bucket *host_tags;
	struct wc_kernel_host *hosts;
	struct wc_kernel_scan *scans;
	int settler; /* program that counts the frames that wait: see wait.bpf.h */
};

const struct wc_kernel_maps *wc_kernel_program_maps(const struct wc_kernel_program *program);

/* Returns how many bytes the maps take, in the kernel: all of them from the start. */
uint64_t wc_kernel_program_size(const struct wc_kernel_program *program);

#endif /* WC_KERNEL_PROGRAM_H */

/*
 * live_program.h - the filter of a link, put on its packet socket
 */
#ifndef WC_LIVE_PROGRAM_H
#define WC_LIVE_PROGRAM_H

#include <stdbool.h>

#include "frame.h"

struct wc_error;      /* wirecensus/error.h */
struct wc_live_setup; /* live_socket.h */

/* What became of it. */
struct wc_live_program {
	bool here;   /* the kernel refused the filter: all frames are filtered here */
	int refusal; /* errno of the kernel's */
};

/*
 * Makes the filter of @setup ready for frames of @link. Returns 0, or WC_INVALID with
 * @error filled in when it has no meaning there.
 */
int wc_live_program_prepare(enum wc_link link, const struct wc_live_setup *setup,
			    struct wc_error *error);

/*
 * Puts the prepared filter, with the capture length, on the socket @fd, whose frames
 * are of @link. The kernel changes programs between two frames. Returns 0; or
 * WC_FAILED with @error filled in, and the program that was there stays.
 */
int wc_live_program_install(struct wc_live_program *program, int fd, enum wc_link link,
			    const struct wc_live_setup *setup, struct wc_error *error);

#endif /* WC_LIVE_PROGRAM_H */

/*
 * instance.h - how a run calls itself: the instance of its rows
 */
#ifndef WC_INSTANCE_H
#define WC_INSTANCE_H

struct wc_error; /* wirecensus/error.h */

/* Room for a UUID as text, its NUL included. */
#define WC_INSTANCE 37

/*
 * Makes a random UUID, version 4 (RFC 9562, section 5.4). Returns 0, or WC_FAILED with
 * @error filled in.
 */
int wc_instance_make(char text[static WC_INSTANCE], struct wc_error *error);

#endif /* WC_INSTANCE_H */

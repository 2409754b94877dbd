/*
 * interfaces.h - which interfaces to count when none is named
 */
#ifndef WC_INTERFACES_H
#define WC_INTERFACES_H

struct wc_error; /* wirecensus/error.h */
struct wc_texts; /* wirecensus/options.h */

/*
 * Appends the names of all interfaces that are up, are not loopback and do not
 * sit on another one: a frame of a bridge, bond, VLAN or macvlan is counted
 * once, at the bottom. When there is none, appends tunnels that are up, and without
 * one the loopback. Tells by rtnetlink(7), without privileges. Returns 0, or WC_FAILED
 * with @error filled in. The caller frees with wc_texts_free().
 */
int wc_interfaces_default(struct wc_texts *names, struct wc_error *error);

#endif /* WC_INTERFACES_H */

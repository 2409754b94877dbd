/*
 * hostnames.h - the names of the hosts that a run prints
 *
 * What an encoder looks up is asked for as well, so that questions go out for
 * exactly the hosts that are shown. Belongs to the thread that prints.
 */
#ifndef WC_HOSTNAMES_H
#define WC_HOSTNAMES_H

#include <stdint.h>

struct wc_error;  /* wirecensus/error.h */
struct wc_naming; /* encode.h */
struct wc_texts;  /* wirecensus/options.h */
struct wc_hostnames;

/* How long wc_hostnames_settle() waits, in milliseconds; the help says so, too. */
#define WC_HOSTNAMES_PATIENCE 5000

/*
 * Begins to ask @servers, or those of resolv.conf(5) when there are none. Fails
 * as wc_names_open() does. Free with wc_hostnames_free(), which allows NULL.
 */
int wc_hostnames_open(struct wc_hostnames **hostnames, const struct wc_texts *servers,
		      struct wc_error *error);
void wc_hostnames_free(struct wc_hostnames *hostnames);

/* Returns the look-up for an encoder, which lives as long as @hostnames. It never waits. */
const struct wc_naming *wc_hostnames_naming(const struct wc_hostnames *hostnames);

/*
 * For a run that prints once: from wc_hostnames_begin() on look-ups ask, as they
 * do after open. wc_hostnames_settle() waits for the answers, less when the run is
 * asked to end; look-ups then no longer ask. It returns for how many addresses
 * there is none, and says so on standard error where no server has answered at all.
 */
void wc_hostnames_begin(struct wc_hostnames *hostnames);
uint64_t wc_hostnames_settle(struct wc_hostnames *hostnames);

#endif /* WC_HOSTNAMES_H */

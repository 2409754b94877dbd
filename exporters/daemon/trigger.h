/*
 * trigger.h - a UDP port that takes the word "dump", as the ancestor had one
 *
 * Off unless configured. A datagram from an allowed address that begins with "dump" has the
 * dump files written, at most every ten seconds: what comes meanwhile is met by one dump at
 * the end of these. It is answered by "OK EPOCH"; a file whose change is not before that time
 * has what was asked for. One answer a second and source; anything else, and anybody else,
 * gets none. A source can be forged: question and answer both fit into the smallest frame of
 * Ethernet, so that nothing is to be gained by it. What there is to be known stands in the
 * files.
 */
#ifndef WC_TRIGGER_H
#define WC_TRIGGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pollfd;      /* poll.h */
struct wc_error;    /* wirecensus/error.h */
struct wc_networks; /* wirecensus/options.h */
struct wc_place;    /* place.h */
struct wc_trigger;

/*
 * Listens at @place, a udp:// one. @allow stays the caller's, for as long as the trigger or until
 * wc_trigger_allow(); when it is empty, this host alone is allowed. Returns 0, or a negative code
 * with @error filled in. Freed with wc_trigger_close(), which takes NULL, too.
 */
int wc_trigger_open(struct wc_trigger **trigger, const struct wc_place *place,
		    const struct wc_networks *allow, struct wc_error *error);
void wc_trigger_close(struct wc_trigger *trigger);

/* From now on @allow says who may, likewise. */
void wc_trigger_allow(struct wc_trigger *trigger, const struct wc_networks *allow);

/* What to poll for, one descriptor, and until when (steady ns; UINT64_MAX: for ever). */
void wc_trigger_wait(const struct wc_trigger *trigger, struct pollfd *fd, uint64_t *deadline_ns);

/*
 * Takes and answers what has come, a bounded part of it. Returns true when the dump files are to be
 * written now. @now_ns: steady; @epoch: seconds since 1970.
 */
bool wc_trigger_work(struct wc_trigger *trigger, uint64_t now_ns, int64_t epoch);

/* True if a datagram asks for a dump. */
bool wc_trigger_asks(const void *bytes, size_t length);

#endif /* WC_TRIGGER_H */

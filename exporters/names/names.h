/*
 * names.h - the names of addresses, by reverse DNS
 *
 * Asking is never waiting: questions go into a bounded queue, a thread of its
 * own sends them at a bounded pace, and what came back stands in a bounded
 * cache. Nothing here is for the packet path, or for keys of rows: a name is
 * text from strangers, checked, and shown beside an address.
 *
 * Any thread may call ask and find.
 */
#ifndef WC_NAMES_H
#define WC_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_address; /* wirecensus/address.h */
struct wc_error;   /* wirecensus/error.h */
struct wc_texts;   /* wirecensus/options.h */
struct wc_names;

/* Bounds towards the resolver: questions sent in any second (repeats included), and open. */
#define WC_NAMES_PER_SECOND 20
#define WC_NAMES_IN_FLIGHT  64

/* How often one address is asked for, each time at the next server, before it counts as silent. */
#define WC_NAMES_ATTEMPTS 3

/* Seconds for which an answer is kept, whatever its time to live; without any name at least 300. */
#define WC_NAMES_TTL_FLOOR    60
#define WC_NAMES_TTL_CAP      86400
#define WC_NAMES_TTL_NAMELESS 300

/* Names kept for one address, and the room of one: 253 characters, a colon, a NUL. */
#define WC_NAMES_MAX 8
#define WC_NAME_SIZE 256

/*
 * Names in the answer's order, each of letters, digits, '-', '_' and '.' only.
 * An address without names has one that begins with ':' if its zone is known:
 * the zone's primary server.
 */
struct wc_name_list {
	size_t count;
	char name[WC_NAMES_MAX][WC_NAME_SIZE];
};

/* All 0 for the defaults. */
struct wc_names_settings {
	/* ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT; NULL or none: those of resolv.conf(5). */
	const struct wc_texts *servers;
	bool last_ttl;         /* the last record's time to live counts, not the lowest */
	unsigned milliseconds; /* to wait for one answer: 2000 */
	size_t entries;        /* addresses remembered: 8192 */
	size_t bytes;          /* of names remembered: 4 MiB */
	size_t queue;          /* addresses that wait to be asked for: 1024 */
};

/* Since open. */
struct wc_names_stats {
	uint64_t sent;      /* questions, repeats included */
	uint64_t answered;  /* addresses whose names, or their absence, were learned */
	uint64_t silent;    /* addresses given up for now: no usable answer */
	uint64_t malformed; /* answers that broke the format */
	uint64_t dropped;   /* names with bytes that no name has, or too long */
	uint64_t turned;    /* questions turned away: the queue was full */
	uint64_t evicted;   /* addresses forgotten to make room */
	size_t open;        /* addresses that wait to be asked for, or for an answer, now */
	size_t entries;     /* addresses remembered now */
	size_t bytes;       /* of names remembered now */
};

/*
 * Could names be asked for at @servers, none of them for those of resolv.conf(5)? Asks nobody.
 * Returns 0, or WC_INVALID with @error filled in.
 */
int wc_names_check(const struct wc_texts *servers, struct wc_error *error);

/*
 * Starts the thread. It keeps the capabilities that the caller has now, so call
 * this when they are dropped. @settings is not needed afterwards. Returns 0, WC_INVALID for a
 * server's address or a build without c-ares, or WC_FAILED, with @error filled
 * in. Free with wc_names_free().
 */
int wc_names_open(struct wc_names **names, const struct wc_names_settings *settings,
		  struct wc_error *error);

/* Stops the thread, without waiting for answers, and frees. NULL is allowed. */
void wc_names_free(struct wc_names *names);

/*
 * Has @address asked for, if nothing is known of it or what is known is too
 * old, and if it is not being asked for already. Returns at once. Addresses
 * not asked for longest are forgotten first, so ask for all that is shown.
 */
void wc_names_ask(struct wc_names *names, const struct wc_address *address);

/*
 * Copies what is known of @address to @list; old names stay until an answer
 * replaces them. Returns at once: the count.
 */
size_t wc_names_find(struct wc_names *names, const struct wc_address *address,
		     struct wc_name_list *list);

/*
 * Waits until no question is open, at most @milliseconds: for a command that
 * prints once and ends. Returns true if none is.
 */
bool wc_names_wait(struct wc_names *names, unsigned milliseconds);

/* Fills in what was asked and answered since the start. */
void wc_names_stats(struct wc_names *names, struct wc_names_stats *stats);

#endif /* WC_NAMES_H */

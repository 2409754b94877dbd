/*
 * callers.h - who is connected, and who goes when there are too many
 *
 * Nobody is turned away because others came first: when all places are taken, the address
 * that has most of them loses the connection that was silent longest. When too many answers
 * wait to be taken, whoever leaves most of them lying goes. Clients that dawdle, however
 * many, thus stand in each other's way only. Nobody goes before he had time to ask, or whose
 * first words were not yet read, or while his page is made: until then, the next one waits.
 */
#ifndef WC_CALLERS_H
#define WC_CALLERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr; /* sys/socket.h */
struct wc_caller;
struct wc_callers;

/* Connections that may still be on their way out while others come in. */
#define WC_CALLERS_SPARE 64

/* How long a place is kept for the one who has it: to ask, and then to take the answer. */
#define WC_CALLERS_ASK_NS  UINT64_C(100000000)
#define WC_CALLERS_TAKE_NS UINT64_C(1000000000)

/* Makes a table for @limit connections, and @bytes of answers, at a time; NULL: no memory. */
struct wc_callers *wc_callers_new(size_t limit, size_t bytes);
void wc_callers_free(struct wc_callers *callers);

/*
 * Somebody has connected from @address: @fd is the socket. If that is one too many, another
 * socket is shut down, to be closed by its owner. Returns what stands for the connection until
 * wc_callers_leave(), or NULL when there is no place yet: ask again soon. Times are those of a
 * clock that only goes forward, here and below.
 */
struct wc_caller *wc_callers_enter(struct wc_callers *callers, int fd,
				   const struct sockaddr *address, uint64_t now_ns);

/*
 * A thread that answers has taken the connection of @fd over, and from now on it can be told to
 * go. Returns what stands for it; NULL: nobody entered with it.
 */
struct wc_caller *wc_callers_meet(struct wc_callers *callers, int fd);

/* The connection has sent a whole request, whose page is being made; it is made. */
void wc_callers_heard(struct wc_callers *callers, struct wc_caller *caller);
void wc_callers_answered(struct wc_callers *callers, struct wc_caller *caller, uint64_t now_ns);

/* An answer that waits to be taken. */
struct wc_owed {
	struct wc_caller *caller;
	uint64_t visit; /* of the caller, who may have left meanwhile */
	size_t bytes;
};

/*
 * The caller is given an answer of @bytes; others who owe more may have to go for it. Fills
 * in @owed. Returns false when it is larger than all answers together may be.
 */
bool wc_callers_owe(struct wc_callers *callers, struct wc_caller *caller, size_t bytes,
		    struct wc_owed *owed);

/* The answer was taken, or is of no use any more. */
void wc_callers_settle(struct wc_callers *callers, const struct wc_owed *owed, uint64_t now_ns);

/* It ends; its socket is still open. NULL is allowed. */
void wc_callers_leave(struct wc_callers *callers, struct wc_caller *caller);

/* All have left, those too of whom nobody said so. */
void wc_callers_clear(struct wc_callers *callers);

/* How many there are, and how many had to go so far. */
size_t wc_callers_count(struct wc_callers *callers);
uint64_t wc_callers_evicted(struct wc_callers *callers);

#endif /* WC_CALLERS_H */

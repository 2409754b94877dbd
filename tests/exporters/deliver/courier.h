/*
 * courier.h - drives a delivery as its owner would, until something is so
 */
#ifndef TESTS_COURIER_H
#define TESTS_COURIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "delivery.h"
#include "place.h"
#include "wirecensus/error.h"

struct courier {
	struct wc_delivery *delivery;
	enum wc_delivery_state state;
	uint64_t taken;        /* messages, since it was opened */
	struct wc_error error; /* why it ended last; empty: it did not */
	unsigned ends;
	unsigned beginnings; /* of new connections, by the delivery itself */
};

uint64_t courier_now(void);

/* Makes a delivery to the place in @format, as printf(3); patience of ten seconds. Not opened. */
void courier_init(struct courier *courier, const struct wc_delivery_settings *settings,
		  const char *format, ...) __attribute__((format(printf, 3, 4)));
void courier_free(struct courier *courier);

/* Opens it and turns until it is open or closed again; returns which. */
enum wc_delivery_state courier_open(struct courier *courier);

/* Polls for what the delivery waits for, at most @most_ms, and works once. */
void courier_turn(struct courier *courier, int most_ms);

/* Turns until @messages are confirmed since it was opened, or it is closed. Returns how many are.
 */
uint64_t courier_confirm(struct courier *courier, uint64_t messages);

/* Turns until it is closed. */
void courier_end(struct courier *courier);

/* Turns until it took the message. Returns false when it was closed instead. */
bool courier_send(struct courier *courier, const void *message, size_t length);

/* "message 000017 ......\n", of @length bytes: what the tests send. */
void courier_message(char *message, size_t length, unsigned number);

#endif /* TESTS_COURIER_H */

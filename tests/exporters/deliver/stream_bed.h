/*
 * stream_bed.h - a delivery by TCP, and who listens to it
 */
#ifndef TESTS_STREAM_BED_H
#define TESTS_STREAM_BED_H

#include <stdbool.h>
#include <stdint.h>

#include "courier.h"

/* Bytes of each message. */
#define LENGTH 100

/* Settings with a patience of 0.3 s. */
extern const struct wc_delivery_settings stream_impatient;

extern struct stream_bed {
	struct courier courier;
	uint16_t port;
	int listener, peer;
} stream;

/* Makes a listener whose connections have @buffer bytes, 0 for the usual, and connects to it. */
void stream_connect_both(const struct wc_delivery_settings *settings, int buffer);

/* Frees the delivery, and closes the listener. */
void stream_finish(void);

/* Sends the next message. Returns false when the delivery was closed instead. */
bool stream_send_next(void);

/* The same without waiting: false, too, when there was no room. */
bool stream_try_next(void);

/* How many messages are confirmed. */
uint64_t stream_confirmed(void);

/* Fails the test unless the delivery was closed for @reason. */
void stream_ended_with(const char *reason);

#endif /* TESTS_STREAM_BED_H */

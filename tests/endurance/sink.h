/*
 * sink.h - a delivery that takes and confirms everything
 */
#ifndef TESTS_SINK_H
#define TESTS_SINK_H

#include <stdint.h>

struct wc_delivery; /* delivery.h */
struct wc_place;    /* place.h */

/* Makes a delivery as if to @place, which adds what it is given to @bytes. */
struct wc_delivery *sink_new(const struct wc_place *place, uint64_t *bytes);

#endif /* TESTS_SINK_H */

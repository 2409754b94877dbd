/*
 * exporter_parts.h - an exporter from inside, for exporter.c and exporter_send.c
 */
#ifndef WC_EXPORTER_PARTS_H
#define WC_EXPORTER_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "delivery.h"
#include "exporter.h"
#include "feed.h"
#include "messages.h"
#include "pace.h"
#include "plan.h"
#include "progress.h"

struct wc_error; /* wirecensus/error.h */

/* Messages sent in one step, so that whoever steps can look at something else. */
#define WC_EXPORTER_STEP 1024

struct wc_exporter {
	struct wc_exporter_settings settings;
	struct wc_plan plan;
	struct wc_progress progress;
	struct wc_feed feed;
	struct wc_messages greeting; /* sent before anything else */
	size_t greeted;              /* messages of it that were sent */

	/* The connection. */
	enum wc_delivery_state state;
	uint64_t messages, records; /* sent on it */
	uint64_t greeting_ns;       /* when it was greeted last */
	uint64_t greeting_messages; /* and after how many messages */
	struct wc_pace pace;
	unsigned failures; /* in a row */
	uint64_t retry_ns; /* nothing new is begun before */
};

/* The time by the exporter's world. */
uint64_t wc_exporter_steady(const struct wc_exporter *exporter);
int64_t wc_exporter_wall(const struct wc_exporter *exporter);

/* Begins what a new connection must hear first. Returns 0, or WC_FAILED with @error filled in. */
int wc_exporter_greet(struct wc_exporter *exporter, struct wc_error *error);

/* True when the next message must wait for its time. */
bool wc_exporter_must_wait(const struct wc_exporter *exporter, uint64_t now_ns);

/*
 * Sends what there is room and time for, @sent messages. Returns 0, or WC_FAILED with @error
 * filled in.
 */
int wc_exporter_send(struct wc_exporter *exporter, uint64_t now_ns, size_t *sent,
		     struct wc_error *error);

#endif /* WC_EXPORTER_PARTS_H */

#include "collector.h"

#include <check.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "delivery.h"
#include "wirecensus/error.h"

#define MS         UINT64_C(1000000)
#define PATIENCE   (10000 * MS)
#define SLOW_PAUSE (200 * MS)
#define PAUSE      (10 * MS)

struct link {
	struct wc_delivery delivery;
	struct collector *collector;
};

static struct collector *collector_of(struct wc_delivery *delivery)
{
	return ((struct link *)delivery)->collector;
}

static void note(struct collector *collector, uint64_t number, uint8_t fate)
{
	const struct collector_message *message = &collector->messages[number % COLLECTOR_ROOM];

	for (uint32_t i = 0; i < message->count; i++)
		ledger_note(&collector->ledger, &message->records[i], fate);
}

static void confirm(struct collector *collector, uint64_t until)
{
	for (; collector->confirmed < until; collector->confirmed++)
		note(collector, collector->confirmed, LEDGER_CONFIRMED);
}

static void read_until(struct collector *collector, uint64_t until)
{
	for (; collector->read < until; collector->read++)
		note(collector, collector->read, LEDGER_ARRIVED);
}

static void end(struct collector *collector)
{
	collector->opening = collector->open = false;
}

/* It dies: of what it has not read some may be kept, the rest is gone. */
static void die(struct collector *collector)
{
	uint64_t left = collector->taken - collector->read;
	uint64_t until = collector->read + chance_below(collector->chance, left + 1);

	read_until(collector, until);
	for (uint64_t i = until; i < collector->confirmed; i++)
		note(collector, i, LEDGER_LOST);
	collector->read = collector->taken;
	collector->deaths++;
	end(collector);
}

/* The connection ends while it lives: what was confirmed is read, of the rest some arrives. */
static void leave(struct collector *collector)
{
	uint64_t left = collector->taken - collector->confirmed;

	if (collector->open && !collector->datagrams)
		read_until(collector,
			   collector->confirmed + chance_below(collector->chance, left + 1));
	collector->read = collector->taken;
	end(collector);
}

static void link_open(struct wc_delivery *delivery, uint64_t now_ns)
{
	struct collector *collector = collector_of(delivery);

	ck_assert(!collector->opening && !collector->open);
	collector->opening = true;
	collector->now_ns = collector->progress_ns = now_ns;
	collector->taken = collector->confirmed = collector->read = collector->records = 0;
	collector->left = 1 + chance_below(collector->chance, 40);
}

static enum wc_delivery_state hang_up(struct collector *collector, uint64_t *counter,
				      struct wc_error *error, const char *reason)
{
	++*counter;
	leave(collector);
	wc_error_set(error, WC_FAILED, "%s", reason);
	return WC_DELIVERY_CLOSED;
}

static enum wc_delivery_state work_opening(struct collector *collector, struct wc_error *error)
{
	bool late = collector->now_ns - collector->progress_ns >= PATIENCE;

	if (collector->mode == COLLECTOR_REFUSES)
		return hang_up(collector, &collector->refusals, error, "refused");
	if (collector->mode == COLLECTOR_BLACK_HOLE)
		return late ? hang_up(collector, &collector->timeouts, error, "no answer")
			    : WC_DELIVERY_OPENING;
	collector->opening = false;
	collector->open = true;
	return WC_DELIVERY_OPEN;
}

/* Returns false when the connection breaks. */
static bool work_open(struct collector *collector)
{
	uint64_t next = collector->confirmed + (collector->confirmed < collector->taken);

	switch (collector->mode) {
	case COLLECTOR_REFUSES:
		return false;
	case COLLECTOR_DIES:
		confirm(collector, collector->taken);
		return collector->taken < collector->left;
	case COLLECTOR_SLOW:
		if (collector->now_ns - collector->progress_ns < SLOW_PAUSE)
			return true;
		read_until(collector, collector->confirmed);
		confirm(collector, next);
		collector->progress_ns = collector->now_ns;
		return true;
	case COLLECTOR_HEALTHY:
		read_until(collector, collector->confirmed);
		confirm(collector, collector->taken);
		collector->progress_ns = collector->now_ns;
		return true;
	default:
		return true;
	}
}

static enum wc_delivery_state link_work(struct wc_delivery *delivery, uint64_t now_ns,
					struct wc_error *error)
{
	struct collector *collector = collector_of(delivery);

	collector->now_ns = now_ns;
	if (collector->opening)
		return work_opening(collector, error);
	if (!collector->open)
		return WC_DELIVERY_CLOSED;
	if (collector->datagrams)
		return WC_DELIVERY_OPEN;
	if (!work_open(collector)) {
		die(collector);
		wc_error_set(error, WC_FAILED, "reset");
		return WC_DELIVERY_CLOSED;
	}
	if (collector->taken > collector->confirmed && now_ns - collector->progress_ns >= PATIENCE)
		return hang_up(collector, &collector->timeouts, error, "no progress");
	return WC_DELIVERY_OPEN;
}

/*
 * A connection begins with a greeting, which datagrams hear again now and then; stamps count
 * what was sent on it.
 */
static void check_stamp(const struct collector *collector, const struct record *record)
{
	bool first = collector->taken == 0;

	ck_assert_uint_eq(record->first, first);
	ck_assert(first ? record->greeting : collector->datagrams || !record->greeting);
	ck_assert_uint_eq(record->before, collector->records);
}

/* A datagram is confirmed when it is sent, and arrives or not. */
static int send_datagram(struct collector *collector, uint64_t number, struct wc_error *error)
{
	bool lost = collector->mode != COLLECTOR_HEALTHY && collector->mode != COLLECTOR_SLOW;

	if (collector->mode == COLLECTOR_REFUSES && chance_below(collector->chance, 2)) {
		hang_up(collector, &collector->refusals, error, "refused");
		return WC_FAILED;
	}
	if (collector->mode == COLLECTOR_DIES)
		lost = chance_below(collector->chance, 2);
	confirm(collector, number + 1);
	note(collector, number, lost ? LEDGER_LOST : LEDGER_ARRIVED);
	collector->read = number + 1;
	return 1;
}

static int link_send(struct wc_delivery *delivery, const void *message, size_t length,
		     struct wc_error *error)
{
	struct collector *collector = collector_of(delivery);
	uint64_t number = collector->taken;
	struct collector_message *slot = &collector->messages[number % COLLECTOR_ROOM];
	int status = 1;

	ck_assert(collector->open);
	if (number - collector->read == COLLECTOR_ROOM)
		return 0;
	if (collector->mode == COLLECTOR_SLOW && chance_below(collector->chance, 4) == 0)
		return 0;
	ck_assert_uint_le(length, sizeof(slot->records));
	ck_assert_uint_eq(length % sizeof(struct record), 0);
	memcpy(slot->records, message, length);
	slot->count = (uint32_t)(length / sizeof(struct record));
	check_stamp(collector, &slot->records[0]);
	if (collector->taken++ == collector->confirmed)
		collector->progress_ns = collector->now_ns;
	if (collector->datagrams)
		status = send_datagram(collector, number, error);
	if (status < 0)
		collector->taken--;
	else if (!slot->records[0].greeting)
		collector->records += slot->count;
	return status;
}

static uint64_t link_confirmed(struct wc_delivery *delivery)
{
	return collector_of(delivery)->confirmed;
}

static size_t link_wait(struct wc_delivery *delivery, struct pollfd *fds, uint64_t *deadline_ns)
{
	const struct collector *collector = collector_of(delivery);
	bool stuck = collector->mode == COLLECTOR_BLACK_HOLE || collector->mode == COLLECTOR_SILENT;

	(void)fds;
	*deadline_ns = WC_DELIVERY_NEVER;
	if (stuck && (collector->opening || collector->taken > collector->confirmed))
		*deadline_ns = collector->progress_ns + PATIENCE;
	else if (!stuck && (collector->opening || collector->taken > collector->read ||
			    collector->mode == COLLECTOR_SLOW))
		*deadline_ns = collector->now_ns + PAUSE;
	return 0;
}

static void link_close(struct wc_delivery *delivery)
{
	leave(collector_of(delivery));
}

static void link_free(struct wc_delivery *delivery)
{
	free(delivery);
}

static const struct wc_delivery_ops link_ops = {
	.open = link_open,
	.work = link_work,
	.send = link_send,
	.confirmed = link_confirmed,
	.wait = link_wait,
	.close = link_close,
	.free = link_free,
};

struct wc_delivery *collector_delivery(struct collector *collector)
{
	struct link *link = malloc(sizeof(*link));

	ck_assert_ptr_nonnull(link);
	*link = (struct link){{&link_ops, sizeof(struct record) * RECORD_PAIR}, collector};
	return &link->delivery;
}

void collector_turn(struct collector *collector, enum collector_mode mode)
{
	collector->mode = mode;
	collector->progress_ns = collector->now_ns;
}

#include "courier.h"

#include <check.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PATIENCE_NS UINT64_C(60000000000) /* with a slow machine */

uint64_t courier_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void courier_init(struct courier *courier, const struct wc_delivery_settings *settings,
		  const char *format, ...)
{
	const struct wc_delivery_settings usual = {.patience_ns = PATIENCE_NS};
	struct wc_place place;
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	*courier = (struct courier){.state = WC_DELIVERY_CLOSED};
	ck_assert_msg(!wc_place_parse(&place, text, &courier->error), "%s", courier->error.text);
	ck_assert_msg(!wc_delivery_new(&courier->delivery, &place, settings ? settings : &usual,
				       &courier->error),
		      "%s", courier->error.text);
	wc_place_free(&place);
}

void courier_free(struct courier *courier)
{
	wc_delivery_free(courier->delivery);
}

static void work(struct courier *courier)
{
	enum wc_delivery_state before = courier->state;

	courier->state =
		courier->delivery->ops->work(courier->delivery, courier_now(), &courier->error);
	if (before != WC_DELIVERY_CLOSED && courier->state == WC_DELIVERY_CLOSED) {
		ck_assert_str_ne(courier->error.text, "");
		courier->ends++;
	}
	if (before == WC_DELIVERY_OPEN && courier->state == WC_DELIVERY_OPENING) {
		courier->beginnings++;
		courier->taken = 0;
	}
}

void courier_turn(struct courier *courier, int most_ms)
{
	struct pollfd fds[WC_DELIVERY_FDS];
	uint64_t deadline, now;
	size_t count = courier->delivery->ops->wait(courier->delivery, fds, &deadline);

	ck_assert_uint_le(count, WC_DELIVERY_FDS);
	now = courier_now();
	if (deadline <= now)
		most_ms = 0;
	else if ((deadline - now) / 1000000 < (uint64_t)most_ms)
		most_ms = (int)((deadline - now) / 1000000) + 1;
	poll(fds, count, most_ms);
	work(courier);
}

enum wc_delivery_state courier_open(struct courier *courier)
{
	courier->delivery->ops->open(courier->delivery, courier_now());
	courier->state = WC_DELIVERY_OPENING;
	courier->error.text[0] = '\0';
	courier->taken = 0;
	while (courier->state == WC_DELIVERY_OPENING)
		courier_turn(courier, 1000);
	return courier->state;
}

uint64_t courier_confirm(struct courier *courier, uint64_t messages)
{
	const struct wc_delivery_ops *ops = courier->delivery->ops;

	while (courier->state != WC_DELIVERY_CLOSED && ops->confirmed(courier->delivery) < messages)
		courier_turn(courier, 1000);
	return ops->confirmed(courier->delivery);
}

void courier_end(struct courier *courier)
{
	while (courier->state != WC_DELIVERY_CLOSED)
		courier_turn(courier, 1000);
}

bool courier_send(struct courier *courier, const void *message, size_t length)
{
	while (courier->state == WC_DELIVERY_OPEN) {
		int taken = courier->delivery->ops->send(courier->delivery, message, length,
							 &courier->error);

		if (taken == 1) {
			courier->taken++;
			return true;
		}
		if (taken < 0) {
			ck_assert_str_ne(courier->error.text, "");
			courier->state = WC_DELIVERY_CLOSED;
			courier->ends++;
			return false;
		}
		courier_turn(courier, 1000);
	}
	return false;
}

void courier_message(char *message, size_t length, unsigned number)
{
	char head[32];
	int used = snprintf(head, sizeof(head), "message %06u ", number);

	memset(message, '.', length);
	memcpy(message, head, (size_t)used);
	message[length - 1] = '\n';
}

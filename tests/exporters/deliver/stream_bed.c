#include "stream_bed.h"

#include <check.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

const struct wc_delivery_settings stream_impatient = {.patience_ns = 1000000000};
struct stream_bed stream;

void stream_connect_both(const struct wc_delivery_settings *settings, int buffer)
{
	stream.listener = peer_listen(&stream.port, buffer);
	courier_init(&stream.courier, settings, "tcp://127.0.0.1:%u", stream.port);
	ck_assert_int_eq(courier_open(&stream.courier), WC_DELIVERY_OPEN);
	stream.peer = accept(stream.listener, NULL, NULL);
	ck_assert_int_ge(stream.peer, 0);
}

void stream_finish(void)
{
	courier_free(&stream.courier);
	close(stream.listener);
}

bool stream_send_next(void)
{
	char message[LENGTH];

	courier_message(message, LENGTH, (unsigned)stream.courier.taken);
	return courier_send(&stream.courier, message, LENGTH);
}

bool stream_try_next(void)
{
	char message[LENGTH];

	courier_message(message, LENGTH, (unsigned)stream.courier.taken);
	if (stream.courier.delivery->ops->send(stream.courier.delivery, message, LENGTH, NULL) != 1)
		return false;
	stream.courier.taken++;
	return true;
}

uint64_t stream_confirmed(void)
{
	return stream.courier.delivery->ops->confirmed(stream.courier.delivery);
}

void stream_ended_with(const char *reason)
{
	ck_assert_int_eq(stream.courier.state, WC_DELIVERY_CLOSED);
	ck_assert_msg(strstr(stream.courier.error.text, reason) != NULL, "%s",
		      stream.courier.error.text);
}

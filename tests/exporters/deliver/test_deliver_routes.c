/* Streams over ways that end nowhere, each in a network namespace of its own. */
#include <stdio.h>
#include <unistd.h>

#include "namespace.h"
#include "stream_bed.h"
#include "suite.h"

/* A route that ends nowhere: who has that address does not answer. */
START_TEST(a_black_hole_ends_with_patience)
{
	ck_assert(namespace_enter());
	ck_assert(namespace_run("ip link add hole0 type veth peer name hole1 && "
				"ip link set hole0 up && ip link set hole1 up && "
				"ip address add 192.0.2.1/24 dev hole0 && "
				"ip neighbour add 192.0.2.2 lladdr 02:00:00:00:00:02 dev hole0"));
	courier_init(&stream.courier, &stream_impatient, "tcp://192.0.2.2:3334");
	ck_assert_int_eq(courier_open(&stream.courier), WC_DELIVERY_CLOSED);
	stream_ended_with("timed out");
	courier_free(&stream.courier);
}
END_TEST

/* A connection whose way is cut: what is sent then is not confirmed. */
START_TEST(a_cut_connection_ends_with_patience)
{
	ck_assert(namespace_enter());
	stream_connect_both(&stream_impatient, 0);
	ck_assert(stream_send_next());
	ck_assert_uint_eq(courier_confirm(&stream.courier, 1), 1);
	ck_assert(namespace_run("ip link set lo down"));
	ck_assert(stream_send_next());
	courier_end(&stream.courier);
	ck_assert_uint_eq(stream_confirmed(), 1);
	close(stream.peer);
	stream_finish();
}
END_TEST

/* With one local stream.port, which is the collector's, a connection could only meet itself. */
START_TEST(it_does_not_deliver_to_itself)
{
	ck_assert(namespace_enter());
	ck_assert(namespace_run("echo 40000 40000 >/proc/sys/net/ipv4/ip_local_port_range"));
	courier_init(&stream.courier, NULL, "tcp://127.0.0.1:40000");
	ck_assert_int_eq(courier_open(&stream.courier), WC_DELIVERY_CLOSED);
	stream_ended_with("Connection refused");
	courier_free(&stream.courier);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_black_hole_ends_with_patience,
		a_cut_connection_ends_with_patience,
		it_does_not_deliver_to_itself,
		NULL,
	};

	if (!namespace_possible()) {
		puts("skipped: no network namespace can be made here");
		return 77;
	}
	return suite_run("routes", tests, 60);
}

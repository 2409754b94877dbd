/* Interfaces that come, go and come back, to a process that has no privilege any more. */
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "live_bed.h"
#include "namespace.h"
#include "wirecensus/error.h"

/* Goes on with the privileges that this process gives up. */
static FILE *shell;

static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};

	shell = popen("exec sh", "we");
	ck_assert_ptr_nonnull(shell);
	ck_assert_int_eq(syscall(SYS_capset, &header, none), 0);
	ck_assert_int_eq(socket(AF_PACKET, SOCK_RAW, 0), -1);
}

static void command(const char *text)
{
	fprintf(shell, "%s\n", text);
	fflush(shell);
}

static void make_pair(void)
{
	command("ip link add va type veth peer name vb && ip link set va up && "
		"ip link set vb up");
}

/* Waits until the pair carries frames. */
static void await_pair(void)
{
	unsigned waited = 0;
	bool up = false;

	bed_follow_until(false);
	while (!up) {
		const struct wc_host_link *link;

		bed_tell();
		link = wc_host_link(bed.host, "va");
		up = link && (link->flags & IFF_RUNNING);
		ck_assert_uint_lt(waited++, BED_WATCHDOG_MS);
		bed_pause_ms(1);
	}
}

START_TEST(one_that_comes_later_is_counted_without_privileges)
{
	char text[1000];
	uint64_t since;

	bed_enter();
	ck_assert(namespace_run("ip link del vb"));
	bed.options.filter = (char *)(uintptr_t) "tcp";
	bed.options.promiscuous = true;
	bed_open("vb", true);
	drop_capabilities();
	bed.source->ops->describe(bed.source, text, sizeof(text));
	ck_assert_msg(strstr(text, "interface: vb, which is not there and waited for\n") &&
			      strstr(text, "filter: tcp\n"),
		      "%s", text);
	ck_assert(bed.source->gone);
	since = bed.source->gone_since_ns;
	bed.source->ops->stats(bed.source, &bed.stats);
	ck_assert_uint_gt(bed.stats.gone_ns, 0);
	bed_pause_ms(20);
	bed_run();
	bed.source->ops->stats(bed.source, &bed.stats);
	ck_assert_uint_ge(bed.stats.gone_ns, 20000000);
	ck_assert_uint_eq(bed.stats.received, 0);

	make_pair();
	await_pair();
	bed_send_sort("va", FILTER_BARE, 0, 5);
	bed_send_sort("va", FILTER_BARE, 2, 7); /* UDP */
	bed_drain(5);
	ck_assert_uint_eq(bed.seen.frames, 5);
	ck_assert_uint_eq(bed.stats.received, 5);
	ck_assert_uint_eq(bed.stats.restarts, 0);
	ck_assert_uint_eq(bed.source->gone_since_ns, since);
	bed_close();
}
END_TEST

START_TEST(one_that_is_deleted_comes_back_without_privileges)
{
	bed_enter();
	bed_open("vb", _i);
	drop_capabilities();
	for (unsigned cycle = 1; cycle <= 5; cycle++) {
		uint64_t gone;

		bed_send_sort("va", FILTER_BARE, 0, 3);
		bed_drain(3 * cycle);
		command("ip link del va");
		bed_follow_until(true);
		bed.source->ops->stats(bed.source, &bed.stats);
		gone = bed.stats.gone_ns;
		make_pair();
		await_pair();
		bed.source->ops->stats(bed.source, &bed.stats);
		ck_assert_uint_gt(bed.stats.gone_ns, gone);
		ck_assert_uint_eq(bed.stats.restarts, cycle);
	}
	bed_send_sort("va", FILTER_BARE, 0, 3);
	bed_drain(18);
	ck_assert_uint_eq(bed.seen.frames, 18);
	ck_assert_uint_eq(bed.stats.received, 18);
	ck_assert_uint_eq(bed.stats.lost_kernel, 0);
	bed_close();
}
END_TEST

/* A filter that is set meanwhile holds for it. */
START_TEST(the_filter_may_change_while_it_is_away)
{
	struct wc_options options = {.filter = (char *)(uintptr_t) "udp"};
	struct wc_source_rule rule = {NULL, false};

	bed_enter();
	ck_assert(namespace_run("ip link del vb"));
	bed_open("vb", true);
	drop_capabilities();
	ck_assert_int_eq(wc_filter_open(&rule.filter, &options, NULL), 0);
	ck_assert_int_eq(bed.source->ops->refilter(bed.source, &rule, bed_take, &bed.seen, NULL),
			 0);
	make_pair();
	await_pair();
	bed_send_sort("va", FILTER_BARE, 0, 5);
	bed_send_sort("va", FILTER_BARE, 2, 7);
	bed_drain(7);
	ck_assert_uint_eq(bed.seen.frames, 7);
	bed_close();
	wc_filter_free(rule.filter);
}
END_TEST

/* Makes the tun interface "vb"; what is written to the result is received on it. */
static int make_tun(void)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	memcpy(request.ifr_name, "vb", 3);
	if (tun < 0 || ioctl(tun, TUNSETIFF, &request) || !namespace_run("ip link set vb up"))
		return -1;
	return tun;
}

/* Its frames begin with the IP header. What the old one left in the ring is read before. */
START_TEST(one_of_another_type_is_read_by_the_same_socket)
{
	struct frame frame;
	int tun;

	bed_enter();
	bed.options.filter = (char *)(uintptr_t) "tcp port 80 or arp";
	bed_open("vb", false);
	bed_send_sort("va", FILTER_BARE, 0, 3);
	do
		bed.source->ops->stats(bed.source, &bed.stats);
	while (bed.stats.pending < 3);
	ck_assert(namespace_run("ip link del vb"));
	tun = make_tun();
	if (tun < 0) {
		puts("a tun interface cannot be made here");
		return;
	}
	bed_tell();
	ck_assert(bed.source->gone);
	bed_follow_until(false);
	ck_assert_uint_eq(bed.seen.frames, 3);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 0);
	ck_assert_int_eq(write(tun, frame.bytes + 14, frame.size - 14), (ssize_t)frame.size - 14);
	bed_drain(4);
	ck_assert_uint_eq(bed.seen.frames, 4);
	ck_assert_uint_eq(bed.seen.length_last, frame.size - 14);
	ck_assert_int_eq(bed.seen.last[0], 0x45);
	ck_assert_uint_eq(bed.stats.restarts, 1);
	ck_assert_uint_eq(bed.stats.lost_kernel, 0);

	/* And back. */
	close(tun);
	bed_follow_until(true);
	ck_assert(namespace_run("ip link del va; ip link add va type veth peer name vb"));
	bed_bring_up();
	bed_follow_until(false);
	bed_send_sort("va", FILTER_VLAN, 0, 2);
	bed_drain(6);
	ck_assert_uint_eq(bed.seen.frames, 6);
	ck_assert_uint_eq(bed.seen.length_last, 14 + 4 + 20 + 20 + 40);
	bed_close();
}
END_TEST

/*
 * Sends a frame of TCP to port 80 by a tun interface, with a link header or without. The
 * kernel wants it to begin with a version of IP, as an address of Ethernet may.
 */
static void send_by(int tun, bool ethernet)
{
	size_t skipped = ethernet ? 0 : 14;
	struct frame frame;

	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 0);
	frame.bytes[0] = 0x42;
	ck_assert_int_eq(write(tun, frame.bytes + skipped, frame.size - skipped),
			 (ssize_t)(frame.size - skipped));
}

/* As Wi-Fi does that goes over to monitor mode. */
START_TEST(one_that_changes_its_type_is_read_by_the_new_one)
{
	int tun;

	bed_enter();
	ck_assert(namespace_run("ip link del vb"));
	bed.options.filter = (char *)(uintptr_t) "tcp port 80";
	tun = make_tun();
	if (tun < 0) {
		puts("a tun interface cannot be made here");
		return;
	}
	bed_open("vb", false);
	send_by(tun, false);
	bed_drain(1);
	ck_assert_uint_eq(bed.seen.link_last, WC_LINK_RAW);
	ck_assert(namespace_run("ip link set vb down"));
	ck_assert_int_eq(ioctl(tun, TUNSETLINK, ARPHRD_ETHER), 0);
	ck_assert(namespace_run("ip link set vb up"));
	while (bed.stats.restarts < 1) {
		bed_tell();
		bed_run();
		bed.source->ops->stats(bed.source, &bed.stats);
	}
	send_by(tun, true);
	bed_drain(2);
	ck_assert_uint_eq(bed.seen.frames, 2);
	ck_assert_uint_eq(bed.seen.link_last, WC_LINK_ETHERNET);

	/* Another one of the name has the type that it was made with. */
	close(tun);
	bed_follow_until(true);
	ck_assert(namespace_run("ip link add va type veth peer name vb"));
	bed_bring_up();
	bed_follow_until(false);
	bed_send_sort("va", FILTER_BARE, 0, 7);
	bed_drain(9);
	ck_assert_uint_eq(bed.seen.frames, 9);
	ck_assert_uint_eq(bed.seen.link_last, WC_LINK_ETHERNET);
	bed_close();
}
END_TEST

/* The socket was made ready for it all the same. */
START_TEST(one_of_another_type_is_gone_before_it_is_read)
{
	int tun;

	bed_enter();
	bed.options.filter = (char *)(uintptr_t) "tcp port 80";
	bed_open("vb", false);
	ck_assert(namespace_run("ip link del vb"));
	tun = make_tun();
	if (tun < 0) {
		puts("a tun interface cannot be made here");
		return;
	}
	wc_host_update(bed.host);
	close(tun);
	bed.source->ops->changed(bed.source, bed.host);
	ck_assert(bed.source->gone);
	ck_assert(namespace_run("ip link add va type veth peer name vb"));
	bed_bring_up();
	bed_follow_until(false);
	bed_send_sort("va", FILTER_BARE, 0, 7);
	bed_drain(7);
	ck_assert_uint_eq(bed.seen.frames, 7);
	ck_assert_uint_eq(bed.seen.link_last, WC_LINK_ETHERNET);
	bed_close();
}
END_TEST

/* Where nothing is up there is nothing to make a socket on: it takes the privilege later. */
START_TEST(without_any_interface_that_is_up)
{
	bed_enter();
	ck_assert(namespace_run("ip link del vb; ip link set lo down"));
	bed_open("vb", true);
	ck_assert(namespace_run("ip link add va type veth peer name vb"));
	bed_bring_up();
	bed_follow_until(false);
	bed_send_sort("va", FILTER_BARE, 0, 5);
	bed_drain(5);
	ck_assert_uint_eq(bed.seen.frames, 5);
	bed_close();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("live_waiting");
	TCase *cases = tcase_create("live_waiting");

	tcase_add_test(cases, one_that_comes_later_is_counted_without_privileges);
	tcase_add_loop_test(cases, one_that_is_deleted_comes_back_without_privileges, 0, 2);
	tcase_add_test(cases, the_filter_may_change_while_it_is_away);
	tcase_add_test(cases, one_of_another_type_is_read_by_the_same_socket);
	tcase_add_test(cases, one_that_changes_its_type_is_read_by_the_new_one);
	tcase_add_test(cases, one_of_another_type_is_gone_before_it_is_read);
	tcase_add_test(cases, without_any_interface_that_is_up);
	suite_add_tcase(suite, cases);
	return bed_main(suite);
}

#include <check.h>
#include <net/if_arp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "local.h"
#include "namespace.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

static struct wc_host *host;

static void enter(void)
{
	ck_assert(namespace_enter());
	ck_assert(namespace_run("sysctl -qw net.ipv6.conf.default.disable_ipv6=0 "
				"net.ipv6.conf.default.accept_dad=0 "
				"net.ipv6.conf.default.autoconf=0 2>/dev/null; true"));
}

static void open_host(const struct wc_options *options)
{
	struct wc_error error = {""};

	ck_assert_msg(wc_host_open(&host, options, &error) == 0, "%s", error.text);
}

static void leave(void)
{
	wc_host_free(host);
	host = NULL;
}

/* Waits for changes until all of @bits have come; a watchdog ends the wait. */
static unsigned follow(unsigned bits)
{
	struct pollfd fd = {.fd = wc_host_fd(host), .events = POLLIN};
	unsigned changes = 0;

	while ((changes & bits) != bits && poll(&fd, 1, 30000) == 1)
		changes |= wc_host_update(host);
	return changes;
}

static bool has(const char *text)
{
	struct wc_address address;

	ck_assert_int_eq(wc_address_parse(&address, text, NULL), 0);
	return (wc_local_look(wc_host_local(host), &address) & WC_LOCAL_OWN) != 0;
}

static bool is_group(const char *text)
{
	struct wc_address address;

	ck_assert_int_eq(wc_address_parse(&address, text, NULL), 0);
	return (wc_local_look(wc_host_local(host), &address) & WC_LOCAL_GROUP) != 0;
}

START_TEST(a_bare_namespace_has_a_loopback)
{
	const struct wc_host_link *links, *lo;
	size_t count;

	open_host(NULL);
	links = wc_host_links(host, &count);
	ck_assert_ptr_nonnull(links);
	lo = wc_host_link(host, "lo");
	ck_assert_ptr_nonnull(lo);
	ck_assert_uint_eq(lo->index, 1);
	ck_assert(lo->flags & IFF_LOOPBACK);
	ck_assert(lo->flags & IFF_UP);
	ck_assert_uint_eq(lo->type, ARPHRD_LOOPBACK);
	ck_assert_uint_eq(lo->mtu, 65536);
	ck_assert_uint_eq(lo->layer, WC_HOST_BOTTOM);
	ck_assert_ptr_eq(wc_host_link_at(host, 1), lo);
	ck_assert_uint_eq(wc_host_loopback(host), 1);
	ck_assert_ptr_null(wc_host_link(host, "eth0"));
	ck_assert(has("127.0.0.1") && has("::1"));
	ck_assert_uint_eq(wc_host_update(host), 0);
}
END_TEST

START_TEST(links_and_addresses_are_told)
{
	static const uint8_t own[6] = {2, 0, 0, 0, 0, 10};
	const struct wc_host_link *link;

	ck_assert(namespace_run("ip link add va index 100 address 02:00:00:00:00:0a mtu 1400 "
				"type veth peer name vb && ip link set va up && "
				"ip addr add 192.0.2.1/24 brd + dev va && "
				"ip addr add 198.51.100.1 peer 198.51.100.2 dev va && "
				"ip addr add 2001:db8::1/64 dev va"));
	open_host(NULL);
	link = wc_host_link(host, "va");
	ck_assert_ptr_nonnull(link);
	ck_assert_uint_eq(link->index, 100);
	ck_assert_uint_eq(link->mtu, 1400);
	ck_assert_uint_eq(link->type, ARPHRD_ETHER);
	ck_assert_mem_eq(link->own, own, 6);
	ck_assert(link->flags & IFF_UP);
	ck_assert(!(wc_host_link(host, "vb")->flags & IFF_UP));
	ck_assert(has("192.0.2.1") && has("2001:db8::1"));
	/* Of a point-to-point link the near end. */
	ck_assert(has("198.51.100.1") && !has("198.51.100.2"));
	ck_assert(is_group("192.0.2.255") && !has("192.0.2.255"));
	ck_assert(!is_group("192.0.2.254"));
}
END_TEST

/* As the kernel routes them: ip route show table local. */
START_TEST(broadcasts_need_not_be_set)
{
	ck_assert(namespace_run(
		"ip link add va type veth peer name vb && ip addr add 192.0.2.1/24 dev va && "
		"ip addr add 192.0.2.1/25 brd 192.0.2.63 dev va && "
		"ip addr add 198.51.100.1 peer 203.0.113.9/29 dev va && "
		"ip addr add 10.0.0.0/31 dev va && ip addr add 10.0.1.1/32 dev va && "
		"ip addr add 10.0.2.1/30 dev vb && ip addr add 10.0.2.3/32 dev vb"));
	open_host(NULL);
	ck_assert(is_group("192.0.2.255") && is_group("192.0.2.127") && is_group("192.0.2.63"));
	ck_assert(!is_group("192.0.2.0") && !is_group("192.0.2.128"));
	ck_assert(is_group("203.0.113.15") && !is_group("203.0.113.9"));
	ck_assert(!is_group("198.51.100.7"));
	ck_assert(!is_group("10.0.0.1") && !is_group("10.0.1.1"));
	ck_assert(has("10.0.2.3") && !is_group("10.0.2.3"));
	ck_assert(has("127.255.255.255") && !is_group("127.255.255.255"));
	ck_assert(namespace_run("ip addr del 192.0.2.1/24 dev va"));
	follow(WC_HOST_ADDRESSES);
	ck_assert(!is_group("192.0.2.255") && is_group("192.0.2.127"));
}
END_TEST

START_TEST(addresses_are_followed)
{
	ck_assert(namespace_run("ip link add va type veth peer name vb && ip link set va up"));
	open_host(NULL);
	ck_assert(!has("192.0.2.1"));
	ck_assert(namespace_run("ip addr add 192.0.2.1/24 brd + dev va"));
	ck_assert_uint_eq(follow(WC_HOST_ADDRESSES) & WC_HOST_ADDRESSES, WC_HOST_ADDRESSES);
	ck_assert(has("192.0.2.1") && is_group("192.0.2.255"));
	ck_assert(namespace_run("ip addr add 2001:db8::1/64 dev va"));
	follow(WC_HOST_ADDRESSES);
	ck_assert(has("2001:db8::1") && has("192.0.2.1"));
	ck_assert(namespace_run("ip addr del 192.0.2.1/24 dev va"));
	follow(WC_HOST_ADDRESSES);
	ck_assert(!has("192.0.2.1") && !is_group("192.0.2.255") && has("2001:db8::1"));
}
END_TEST

START_TEST(the_same_address_on_two_links_stays_with_the_second)
{
	ck_assert(namespace_run(
		"ip link add va type veth peer name vb && "
		"ip addr add 192.0.2.1/32 dev va && ip addr add 192.0.2.1/32 dev vb"));
	open_host(NULL);
	ck_assert(namespace_run("ip addr del 192.0.2.1/32 dev va"));
	follow(WC_HOST_ADDRESSES);
	ck_assert(has("192.0.2.1"));
	ck_assert(namespace_run("ip addr del 192.0.2.1/32 dev vb"));
	follow(WC_HOST_ADDRESSES);
	ck_assert(!has("192.0.2.1"));
}
END_TEST

/* IPv4 tells them apart by the size of their network, or the other end. */
START_TEST(the_same_address_twice_on_one_link_stays_with_the_second)
{
	ck_assert(namespace_run("ip link add va type veth peer name vb && "
				"ip addr add 192.0.2.1/24 dev va && "
				"ip addr add 198.51.100.1 peer 198.51.100.2 dev va"));
	open_host(NULL);
	ck_assert(namespace_run("ip addr add 192.0.2.1/25 dev va && "
				"ip addr add 198.51.100.1 peer 198.51.100.3 dev va && "
				"ip addr del 192.0.2.1/24 dev va && "
				"ip addr del 198.51.100.1 peer 198.51.100.2 dev va && "
				"ip addr add 203.0.113.1/32 dev va"));
	while (!has("203.0.113.1"))
		ck_assert(follow(WC_HOST_ADDRESSES) & WC_HOST_ADDRESSES);
	ck_assert(has("192.0.2.1") && has("198.51.100.1"));
	ck_assert(namespace_run("ip addr del 192.0.2.1/25 dev va && "
				"ip addr del 198.51.100.1 peer 198.51.100.3 dev va && "
				"ip addr del 203.0.113.1/32 dev va"));
	while (has("203.0.113.1"))
		ck_assert(follow(WC_HOST_ADDRESSES) & WC_HOST_ADDRESSES);
	ck_assert(!has("192.0.2.1") && !has("198.51.100.1"));
}
END_TEST

/* An IPv6 address stays one when its other end changes. */
START_TEST(another_end_is_no_other_address)
{
	ck_assert(namespace_run("ip link add va type veth peer name vb && "
				"ip addr add 2001:db8::1 peer 2001:db8::2/64 dev va"));
	open_host(NULL);
	ck_assert(namespace_run("ip addr change 2001:db8::1 peer 2001:db8::3/64 dev va && "
				"ip addr add 203.0.113.1/32 dev va"));
	while (!has("203.0.113.1"))
		ck_assert(follow(WC_HOST_ADDRESSES) & WC_HOST_ADDRESSES);
	ck_assert(has("2001:db8::1"));
	ck_assert(namespace_run("ip addr flush dev va"));
	while (has("203.0.113.1"))
		ck_assert(follow(WC_HOST_ADDRESSES) & WC_HOST_ADDRESSES);
	while (has("2001:db8::1"))
		ck_assert(follow(WC_HOST_ADDRESSES) & WC_HOST_ADDRESSES);
}
END_TEST

START_TEST(manual_addresses_stay)
{
	struct wc_address items[1];
	struct wc_options options = {.local_address = {items, 1}};

	ck_assert_int_eq(wc_address_parse(&items[0], "203.0.113.7", NULL), 0);
	open_host(&options);
	ck_assert(has("203.0.113.7"));
	ck_assert(namespace_run("ip addr add 192.0.2.1/24 dev lo"));
	follow(WC_HOST_ADDRESSES);
	ck_assert(has("203.0.113.7") && has("192.0.2.1"));
}
END_TEST

START_TEST(links_come_change_and_go)
{
	unsigned index, serial;

	open_host(NULL);
	ck_assert(namespace_run("ip link add va index 77 type veth peer name vb"));
	ck_assert(follow(WC_HOST_LINKS) & WC_HOST_LINKS);
	while (!wc_host_link(host, "va"))
		ck_assert(follow(WC_HOST_LINKS) & WC_HOST_LINKS);
	index = wc_host_link(host, "va")->index;
	serial = wc_host_link(host, "va")->serial;
	ck_assert(namespace_run("ip link set va name vc mtu 1300"));
	while (!wc_host_link(host, "vc") || wc_host_link(host, "vc")->mtu != 1300)
		ck_assert(follow(WC_HOST_LINKS) & WC_HOST_LINKS);
	ck_assert_ptr_null(wc_host_link(host, "va"));
	ck_assert_uint_eq(wc_host_link(host, "vc")->index, index);
	ck_assert_uint_eq(wc_host_link(host, "vc")->serial, serial);
	/* Another one at the same index is another link. */
	ck_assert(
		namespace_run("ip link del vc && ip link add vc index 77 type veth peer name vb"));
	do
		ck_assert(follow(WC_HOST_LINKS) & WC_HOST_LINKS);
	while (!wc_host_link(host, "vc") || wc_host_link(host, "vc")->serial == serial);
	ck_assert_uint_eq(wc_host_link(host, "vc")->index, index);
	ck_assert(namespace_run("ip link del vc"));
	while (wc_host_link(host, "vc"))
		ck_assert(follow(WC_HOST_LINKS) & WC_HOST_LINKS);
}
END_TEST

/* Leaving a bridge is told with the same words as being deleted. */
START_TEST(a_port_that_leaves_its_bridge_stays)
{
	ck_assert(namespace_run("ip link add va type veth peer name vb && "
				"ip link add br0 type bridge && ip link set va master br0"));
	open_host(NULL);
	ck_assert(namespace_run("ip link set va nomaster && ip link set vb mtu 1234"));
	while (wc_host_link(host, "vb")->mtu != 1234)
		ck_assert(follow(WC_HOST_LINKS) & WC_HOST_LINKS);
	ck_assert_ptr_nonnull(wc_host_link(host, "va"));
}
END_TEST

/* More messages than the socket holds: all is read again. */
START_TEST(an_overrun_is_made_good)
{
	unsigned serial;

	ck_assert(namespace_run("ip link add va type veth peer name vb"));
	open_host(NULL);
	serial = wc_host_link(host, "va")->serial;
	ck_assert(namespace_run("i=0; while [ $i -lt 3000 ]; do "
				"echo addr add 10.0.$((i / 250)).$((i %% 250))/32 dev va; "
				"i=$((i + 1)); done | ip -batch -"));
	ck_assert(namespace_run("ip link del vb; ip link add vc type veth peer name vd"));
	while (!wc_host_link(host, "vd"))
		ck_assert(follow(WC_HOST_LINKS) & WC_HOST_LINKS);
	ck_assert_ptr_null(wc_host_link(host, "va"));
	ck_assert_ptr_null(wc_host_link(host, "vb"));
	ck_assert(!has("10.0.0.1") && !has("10.0.11.249"));
	ck_assert_uint_ne(wc_host_link(host, "vc")->serial, serial);
}
END_TEST

/* The kernel drops all, and says so once, until its queue is empty. */
START_TEST(after_an_overrun_changes_are_told_again)
{
	ck_assert(namespace_run("ip link add va type veth peer name vb"));
	open_host(NULL);
	ck_assert(namespace_run("i=0; while [ $i -lt 500 ]; do "
				"echo addr add 10.0.$((i / 250)).$((i %% 250))/32 dev va; "
				"i=$((i + 1)); done | ip -batch -"));
	wc_host_update(host);
	ck_assert(has("10.0.1.249"));
	ck_assert(namespace_run("ip addr add 192.0.2.1/32 dev va"));
	for (int i = 0; i < 5; i++)
		wc_host_update(host);
	ck_assert(has("192.0.2.1"));
}
END_TEST

/* What this kernel can make is judged; the rest is passed over. */
START_TEST(layers_are_told_by_kind)
{
	static const struct {
		const char *name, *add;
		enum wc_host_layer layer;
	} rows[] = {
		{"va", "va type veth peer name vb", WC_HOST_BOTTOM},
		{"vb", NULL, WC_HOST_BOTTOM},
		{"dummy9", "dummy9 type dummy", WC_HOST_BOTTOM},
		{"br9", "br9 type bridge", WC_HOST_STACKED},
		{"bond9", "bond9 type bond", WC_HOST_STACKED},
		{"team9", "team9 type team", WC_HOST_STACKED},
		{"vlan9", "link va name vlan9 type vlan id 9", WC_HOST_STACKED},
		{"mv9", "link va name mv9 type macvlan", WC_HOST_STACKED},
		{"mt9", "link va name mt9 type macvtap", WC_HOST_STACKED},
		{"iv9", "link vb name iv9 type ipvlan", WC_HOST_STACKED},
		{"ms9", "link va name ms9 type macsec", WC_HOST_STACKED},
		{"ifb9", "ifb9 type ifb", WC_HOST_STACKED},
		{"vx9", "vx9 type vxlan id 9 dstport 4789 local 192.0.2.1", WC_HOST_TUNNEL},
		{"vx8", "vx8 type vxlan id 8 dstport 4789 dev va", WC_HOST_TUNNEL},
		{"gre9", "gre9 type gre local 192.0.2.1 remote 192.0.2.2", WC_HOST_TUNNEL},
		{"wg9", "wg9 type wireguard", WC_HOST_TUNNEL},
	};
	int tried = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].add)
			(void)namespace_run("ip link add %s 2>/dev/null", rows[i].add);
	open_host(NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct wc_host_link *link = wc_host_link(host, rows[i].name);

		if (!link)
			continue;
		ck_assert_msg(link->layer == rows[i].layer, "%s: %d", rows[i].name, link->layer);
		tried++;
	}
	ck_assert_int_ge(tried, 3);
}
END_TEST

/* Nobody here sees its frames on the link beneath. */
START_TEST(a_macvlan_over_a_link_elsewhere_is_at_the_bottom)
{
	/* A namespace without a name, held by a process of its own. */
	if (!namespace_run("ip link add va type veth peer name vb && "
			   "ip link add link va name mv9 type macvlan && "
			   "unshare -n sleep 60 & holder=$!; "
			   "for try in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; "
			   "ip link set va netns $holder 2>/dev/null && break; done; "
			   "ip link show mv9 | grep -q link-netnsid; found=$?; "
			   "kill $holder; exit $found"))
		return;
	open_host(NULL);
	if (wc_host_link(host, "mv9"))
		ck_assert_uint_eq(wc_host_link(host, "mv9")->layer, WC_HOST_BOTTOM);
}
END_TEST

/* Who was told of, a bit for each index, and what. */
struct told {
	uint64_t links, missed;
};

static void note(void *user, unsigned index, uint64_t missed)
{
	struct told *told = user;

	ck_assert_uint_lt(index, 64);
	told->links |= UINT64_C(1) << index;
	told->missed += missed;
}

START_TEST(missed_frames_are_asked_for)
{
	struct told told = {0, 0};

	ck_assert(namespace_run("ip link add va index 50 type veth peer name vb index 51"));
	ck_assert(wc_host_missed(50, note, &told));
	ck_assert_uint_eq(told.links, UINT64_C(1) << 50);
	ck_assert(wc_host_missed(0, note, &told));
	ck_assert_uint_eq(told.links & (UINT64_C(7) << 50), UINT64_C(3) << 50);
	ck_assert(told.links & 2); /* lo */
	ck_assert_uint_eq(told.missed, 0);
	ck_assert(!wc_host_missed(12345, note, &told));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("host");
	TCase *cases = tcase_create("cases");
	SRunner *runner = srunner_create(suite);
	int failed;

	if (!namespace_possible()) {
		puts("network namespaces cannot be made here, or ip(8) is missing");
		return 77;
	}
	tcase_set_timeout(cases, 60);
	tcase_add_checked_fixture(cases, enter, leave);
	tcase_add_test(cases, a_bare_namespace_has_a_loopback);
	tcase_add_test(cases, links_and_addresses_are_told);
	tcase_add_test(cases, broadcasts_need_not_be_set);
	tcase_add_test(cases, addresses_are_followed);
	tcase_add_test(cases, the_same_address_on_two_links_stays_with_the_second);
	tcase_add_test(cases, the_same_address_twice_on_one_link_stays_with_the_second);
	tcase_add_test(cases, another_end_is_no_other_address);
	tcase_add_test(cases, manual_addresses_stay);
	tcase_add_test(cases, links_come_change_and_go);
	tcase_add_test(cases, a_port_that_leaves_its_bridge_stays);
	tcase_add_test(cases, an_overrun_is_made_good);
	tcase_add_test(cases, after_an_overrun_changes_are_told_again);
	tcase_add_test(cases, layers_are_told_by_kind);
	tcase_add_test(cases, a_macvlan_over_a_link_elsewhere_is_at_the_bottom);
	tcase_add_test(cases, missed_frames_are_asked_for);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

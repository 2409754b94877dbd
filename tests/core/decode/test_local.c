#include "local.h"

#include <check.h>
#include <stdio.h>

#include "suite.h"
#include "wirecensus/options.h"

static struct wc_address address(const char *text)
{
	struct wc_address parsed;

	ck_assert_int_eq(wc_address_parse(&parsed, text, NULL), 0);
	return parsed;
}

static bool has(const struct wc_local *local, const char *text)
{
	struct wc_address one = address(text);

	return (wc_local_look(local, &one) & WC_LOCAL_OWN) != 0;
}

static bool is_group(const struct wc_local *local, const char *text)
{
	struct wc_address one = address(text);

	return (wc_local_look(local, &one) & WC_LOCAL_GROUP) != 0;
}

static bool inside(const struct wc_local *local, const char *text)
{
	struct wc_address one = address(text);

	return (wc_local_look(local, &one) & WC_LOCAL_INSIDE) != 0;
}

static void add(struct wc_local *local, const char *text)
{
	struct wc_address one = address(text);

	ck_assert_int_eq(wc_local_add(local, &one), 0);
}

static void add_broadcast(struct wc_local *local, const char *text)
{
	struct wc_address one = address(text);

	ck_assert_int_eq(wc_local_add_broadcast(local, &one), 0);
}

START_TEST(empty_set)
{
	struct wc_local *local = wc_local_new();

	ck_assert_uint_eq(wc_local_count(local), 0);
	ck_assert(has(local, "127.0.0.1"));
	ck_assert(has(local, "127.255.255.255"));
	ck_assert(has(local, "::1"));
	ck_assert(!has(local, "0.0.0.0"));
	ck_assert(!has(local, "::"));
	ck_assert(!has(local, "126.255.255.255"));
	ck_assert(!has(local, "128.0.0.0"));
	ck_assert(!has(local, "0.0.0.1"));
	ck_assert(!has(local, "::2"));
	ck_assert(!has(local, "::ffff:127.0.0.1"));
	ck_assert(is_group(local, "224.0.0.0"));
	ck_assert(is_group(local, "239.255.255.255"));
	ck_assert(is_group(local, "255.255.255.255"));
	ck_assert(is_group(local, "ff00::"));
	ck_assert(is_group(local, "ffff::1"));
	ck_assert(!is_group(local, "223.255.255.255"));
	ck_assert(!is_group(local, "240.0.0.0"));
	ck_assert(!is_group(local, "255.255.255.254"));
	ck_assert(!is_group(local, "fe80::1"));
	ck_assert(!is_group(local, "127.0.0.1"));
	wc_local_free(local);
	wc_local_free(NULL);
}
END_TEST

START_TEST(members)
{
	struct wc_local *local = wc_local_new();

	add(local, "192.0.2.1");
	add(local, "2001:db8::1");
	add_broadcast(local, "192.0.2.255");
	ck_assert(has(local, "192.0.2.1"));
	ck_assert(has(local, "2001:db8::1"));
	ck_assert(!has(local, "192.0.2.255"));
	ck_assert(!has(local, "192.0.2.2"));
	ck_assert(!has(local, "::c000:201")); /* the same bits, of the other family */
	ck_assert(!has(local, "::ffff:192.0.2.1"));
	ck_assert(is_group(local, "192.0.2.255"));
	ck_assert(!is_group(local, "192.0.2.1"));
	ck_assert(!is_group(local, "198.51.100.255"));
	add(local, "192.0.2.1");
	ck_assert_uint_eq(wc_local_count(local), 2);
	wc_local_free(local);
}
END_TEST

/* An own address that is also the broadcast address of some network is an own address. */
START_TEST(unicast_wins)
{
	struct wc_local *local = wc_local_new();

	add_broadcast(local, "10.0.0.255");
	add(local, "10.0.0.255");
	add(local, "10.0.1.255");
	add_broadcast(local, "10.0.1.255");
	ck_assert(has(local, "10.0.0.255"));
	ck_assert(has(local, "10.0.1.255"));
	ck_assert(!is_group(local, "10.0.0.255"));
	ck_assert(!is_group(local, "10.0.1.255"));
	ck_assert_uint_eq(wc_local_count(local), 2);
	add_broadcast(local, "127.255.255.255");
	ck_assert(has(local, "127.255.255.255") && !is_group(local, "127.255.255.255"));
	wc_local_free(local);
}
END_TEST

/* Far more than a host has: the set grows, and forgets none. */
START_TEST(thousands)
{
	struct wc_local *local = wc_local_new();

	for (uint64_t i = 0; i < 5000; i++) {
		struct wc_address v4 = {0, 0x0a000000 + i, 4};
		struct wc_address v6 = {UINT64_C(0x20010db800000000), i << 32, 6};
		struct wc_address broadcast = {0, 0x0b000000 + i, 4};

		ck_assert_int_eq(wc_local_add(local, &v4), 0);
		ck_assert_int_eq(wc_local_add(local, &v6), 0);
		ck_assert_int_eq(wc_local_add_broadcast(local, &broadcast), 0);
	}
	ck_assert_uint_eq(wc_local_count(local), 10000);
	for (uint64_t i = 0; i < 10000; i++) {
		struct wc_address v4 = {0, 0x0a000000 + i, 4};
		struct wc_address v6 = {UINT64_C(0x20010db800000000), i << 32, 6};
		struct wc_address broadcast = {0, 0x0b000000 + i, 4};

		ck_assert_int_eq((wc_local_look(local, &v4) & WC_LOCAL_OWN) != 0, i < 5000);
		ck_assert_int_eq((wc_local_look(local, &v6) & WC_LOCAL_OWN) != 0, i < 5000);
		ck_assert(!(wc_local_look(local, &broadcast) & WC_LOCAL_OWN));
		ck_assert_int_eq((wc_local_look(local, &broadcast) & WC_LOCAL_GROUP) != 0,
				 i < 5000);
	}
	wc_local_free(local);
}
END_TEST

START_TEST(private_networks)
{
	static const char *const in[] = {
		"10.0.0.0",        "10.255.255.255",  "172.16.0.0", "172.31.9.9",
		"192.168.255.255", "169.254.0.1",     "127.9.9.9",  "fc00::",
		"fdff::1",         "fe80::1",         "febf::1",    "::1",
		"224.0.0.251",     "255.255.255.255", "ff02::fb",   "ff01::1",
		"203.0.113.5",     "2001:db8::5",     "0.0.0.0",    "::"};
	static const char *const out[] = {
		"9.255.255.255", "11.0.0.0",    "172.15.255.255", "172.32.0.0", "192.167.0.1",
		"192.169.0.1",   "169.253.0.1", "8.8.8.8",        "224.0.1.1",  "239.1.1.1",
		"fbff::1",       "fe00::1",     "fec0::1",        "::2",        "ff05::1",
		"ff0e::1",       "2001:db8::6", "203.0.113.6"};
	static const struct wc_networks none = {NULL, 0};
	struct wc_local *local = wc_local_new();

	add(local, "203.0.113.5");
	add(local, "2001:db8::5");
	ck_assert_int_eq(wc_local_add_networks(local, &none), 0);
	for (size_t i = 0; i < sizeof(in) / sizeof(*in); i++)
		ck_assert_msg(inside(local, in[i]), "%s is outside", in[i]);
	for (size_t i = 0; i < sizeof(out) / sizeof(*out); i++)
		ck_assert_msg(!inside(local, out[i]), "%s is inside", out[i]);
	wc_local_free(local);
}
END_TEST

START_TEST(given_networks)
{
	struct wc_network items[2];
	struct wc_networks networks = {items, 2};
	struct wc_local *local = wc_local_new();

	ck_assert_int_eq(wc_network_parse(&items[0], "198.51.100.0/25", NULL), 0);
	ck_assert_int_eq(wc_network_parse(&items[1], "2001:db8:0:0:8000::/65", NULL), 0);
	ck_assert_int_eq(wc_local_add_networks(local, &networks), 0);
	ck_assert(inside(local, "198.51.100.127"));
	ck_assert(!inside(local, "198.51.100.128"));
	ck_assert(inside(local, "2001:db8::8000:0:0:1"));
	ck_assert(!inside(local, "2001:db8::7fff:0:0:1"));
	ck_assert(!inside(local, "10.0.0.1")); /* the private ones are not added to them */
	ck_assert(inside(local, "127.0.0.1")); /* an own address all the same */
	wc_local_free(local);
}
END_TEST

static struct wc_network random_network(unsigned prefix, uint8_t version)
{
	struct wc_network network = {.base = {.version = version}, .prefix = (uint8_t)prefix};
	uint64_t high, low;

	wc_network_masks(&network, &high, &low);
	network.base.high = (uint64_t)rand() << 33 & high;
	network.base.low = (version == 4 ? (uint64_t)rand() << 1 : (uint64_t)rand() << 33) & low;
	return network;
}

/* An address near the edges of @network. */
static struct wc_address near_to(const struct wc_network *network)
{
	struct wc_address one = network->base;
	unsigned bits = one.version == 4 ? 32 : 128, bit = (unsigned)rand() % bits;

	if (bit < 64)
		one.low ^= UINT64_C(1) << bit;
	else
		one.high ^= UINT64_C(1) << (bit - 64);
	return one;
}

START_TEST(every_prefix)
{
	srand(1);
	for (unsigned i = 0; i < 2000; i++) {
		uint8_t version = i % 2 ? 4 : 6;
		struct wc_network network =
			random_network((unsigned)rand() % (version == 4 ? 33 : 129), version);
		struct wc_networks networks = {&network, 1};
		struct wc_local *plain = wc_local_new(), *local = wc_local_new();

		ck_assert_int_eq(wc_local_add_networks(local, &networks), 0);
		for (unsigned j = 0; j < 20; j++) {
			struct wc_address one = j ? near_to(&network) : network.base;

			ck_assert_uint_eq(
				wc_local_look(local, &one),
				wc_local_look(plain, &one) |
					(wc_network_has(&network, &one) ? WC_LOCAL_INSIDE : 0));
		}
		wc_local_free(plain);
		wc_local_free(local);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {empty_set,        members,        unicast_wins, thousands,
				      private_networks, given_networks, every_prefix, NULL};

	return suite_run("local", tests, 60);
}

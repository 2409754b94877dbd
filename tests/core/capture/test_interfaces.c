#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "namespace.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/interfaces.h"
#include "wirecensus/options.h"

/* Asserts which interfaces are chosen: names in any order, each followed by a blank. */
static void expect(const char *names)
{
	struct wc_texts texts = {0};
	struct wc_error error = {""};
	size_t count = 0;

	ck_assert_msg(wc_interfaces_default(&texts, &error) == 0, "%s", error.text);
	for (const char *at = names; *at; at++)
		count += *at == ' ';
	for (size_t i = 0; i < texts.count; i++) {
		char word[64];

		snprintf(word, sizeof(word), "%s ", texts.items[i]);
		ck_assert_msg(strstr(names, word) != NULL, "%s is not among %s", word, names);
	}
	ck_assert_uint_eq(texts.count, count);
	wc_texts_free(&texts);
}

static void enter(void)
{
	ck_assert(namespace_enter());
}

START_TEST(alone_the_loopback_is_chosen)
{
	enter();
	expect("lo ");
	ck_assert(namespace_run("ip link add va type veth peer name vb"));
	expect("lo ");
}
END_TEST

START_TEST(what_is_up_is_chosen)
{
	enter();
	ck_assert(namespace_run("ip link add va type veth peer name vb && ip link set va up"));
	expect("va ");
	ck_assert(namespace_run("ip link set vb up"));
	expect("va vb ");
	ck_assert(namespace_run("ip link set va down"));
	expect("vb ");
}
END_TEST

/* A frame counts once, at the bottom: kinds that this kernel lacks are passed over. */
START_TEST(what_sits_on_another_is_left_out)
{
	enter();
	ck_assert(namespace_run("ip link add va type veth peer name vb && "
				"ip link set va up && ip link set vb up"));
	ck_assert(namespace_run("ip link add br0 type bridge && ip link set br0 up && "
				"ip link set va master br0"));
	expect("va vb ");
	(void)namespace_run("exec 2>/dev/null; ip link add link vb name vlan5 type vlan id 5 && "
			    "ip link set vlan5 up");
	(void)namespace_run("exec 2>/dev/null; ip link add link vb name mv0 type macvlan && "
			    "ip link set mv0 up");
	(void)namespace_run(
		"exec 2>/dev/null; ip link add bond0 type bond && ip link set bond0 up");
	(void)namespace_run("exec 2>/dev/null; ip link add ifb9 type ifb && ip link set ifb9 up");
	(void)namespace_run("exec 2>/dev/null; ip addr add 192.0.2.1/24 dev vb; "
			    "ip link add vx0 type vxlan id 7 dstport 4789 local 192.0.2.1 && "
			    "ip link set vx0 up");
	expect("va vb ");
}
END_TEST

START_TEST(a_tunnel_is_chosen_before_the_loopback)
{
	enter();
	if (!namespace_run("exec 2>/dev/null; ip addr add 192.0.2.1/24 dev lo && "
			   "ip link add vx0 type vxlan id 7 dstport 4789 local 192.0.2.1 && "
			   "ip link set vx0 up"))
		return;
	expect("vx0 ");
}
END_TEST

START_TEST(names_are_appended)
{
	struct wc_texts texts = {0};

	enter();
	ck_assert_int_eq(wc_texts_add(&texts, "first", NULL), 0);
	ck_assert_int_eq(wc_interfaces_default(&texts, NULL), 0);
	ck_assert_uint_eq(texts.count, 2);
	ck_assert_str_eq(texts.items[0], "first");
	ck_assert_str_eq(texts.items[1], "lo");
	wc_texts_free(&texts);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		alone_the_loopback_is_chosen,
		what_is_up_is_chosen,
		what_sits_on_another_is_left_out,
		a_tunnel_is_chosen_before_the_loopback,
		names_are_appended,
		NULL,
	};

	if (!namespace_possible()) {
		puts("network namespaces cannot be made here, or ip(8) is missing");
		return 77;
	}
	return suite_run("interfaces", tests, 60);
}

#include "reverse_name.h"

#include "suite.h"
#include "wirecensus/address.h"

static void expect(const char *text, const char *expected)
{
	struct wc_address address;
	char name[WC_REVERSE_SIZE];

	ck_assert_int_eq(wc_address_parse(&address, text, NULL), 0);
	ck_assert_str_eq(wc_reverse_name(&address, name), expected);
}

START_TEST(addresses_have_their_names)
{
	expect("66.33.20.76", "76.20.33.66.in-addr.arpa");
	expect("255.255.255.255", "255.255.255.255.in-addr.arpa");
	expect("0.0.0.1", "1.0.0.0.in-addr.arpa");
	/* The example of RFC 3596, 2.5. */
	expect("4321:0:1:2:3:4:567:89ab",
	       "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa");
	expect("::ffff:192.0.2.1",
	       "1.0.2.0.0.0.0.c.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		addresses_have_their_names,
		NULL,
	};

	return suite_run("reverse_name", tests, 60);
}

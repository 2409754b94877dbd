/* Names of ports, protocols and ethertypes, against the C library's own look-ups. */
#include <ctype.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

#include "suite.h"
#include "wirecensus/registry.h"

static struct wc_registry *registry;

/* True for equal names, and for none in both. */
static int same(const char *name, const char *expected)
{
	return name && expected ? !strcasecmp(name, expected) : !name && !expected;
}

/* The C library reads its file anew for every question, so that not all can be asked. */
#define ASKED 512

static void check_ports(uint8_t number, const char *protocol)
{
	for (unsigned port = 0; port < ASKED; port++) {
		const struct servent *service = getservbyport(htons((uint16_t)port), protocol);
		const char *name = wc_registry_port(registry, number, (uint16_t)port);

		ck_assert_msg(same(name, service ? service->s_name : NULL), "%s %u: %s", protocol,
			      port, name ? name : "no name");
	}
}

START_TEST(test_ports)
{
	check_ports(IPPROTO_TCP, "tcp");
	check_ports(IPPROTO_UDP, "udp");
	ck_assert_ptr_null(wc_registry_port(registry, IPPROTO_ICMP, 53));
}
END_TEST

START_TEST(test_protocols)
{
	for (int number = 0; number < 256; number++) {
		const struct protoent *protocol = getprotobynumber(number);
		const char *name = wc_registry_protocol(registry, (uint8_t)number);

		ck_assert_msg(same(name, protocol ? protocol->p_name : NULL), "%d: %s", number,
			      name);
		for (const char *c = name; c && *c; c++)
			ck_assert_msg(!isupper((unsigned char)*c), "%d: %s", number, name);
	}
}
END_TEST

START_TEST(test_ethertypes)
{
	static const struct {
		uint16_t number;
		const char *name;
	} known[] = {{0x0600, "xns-idp"}, {0x0800, "ipv4"},  {0x0806, "arp"},
		     {0x8035, "rarp"},    {0x8100, "vlan"},  {0x86dd, "ipv6"},
		     {0x8847, "mpls"},    {0x888e, "eapol"}, {0x88cc, "lldp"},
		     {0x88e5, "macsec"},  {0x88f7, "ptp"},   {0x9000, "loopback"}};
	unsigned found = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		ck_assert_str_eq(wc_registry_ethertype(registry, known[i].number), known[i].name);
	ck_assert_ptr_null(wc_registry_ethertype(registry, 0x1234));
	ck_assert_ptr_null(wc_registry_ethertype(registry, 0xffff));

	/* Names are tokens, and no two numbers share one. */
	for (unsigned a = 0; a < 65536; a++) {
		const char *name = wc_registry_ethertype(registry, (uint16_t)a);

		if (!name)
			continue;
		found++;
		ck_assert_msg(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name),
			      "%s", name);
		for (unsigned b = 0; b < a; b++) {
			const char *other = wc_registry_ethertype(registry, (uint16_t)b);

			ck_assert_msg(!other || strcmp(name, other), "%s twice", name);
		}
	}
	ck_assert_uint_gt(found, 50);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_ports,
		test_protocols,
		test_ethertypes,
		NULL,
	};
	int code;

	registry = wc_registry_new();
	code = registry ? suite_run("registry", tests, 60) : EXIT_FAILURE;
	wc_registry_free(registry);
	return code;
}

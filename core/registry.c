#include "wirecensus/registry.h"

#include <ctype.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PORTS     65536
#define PROTOCOLS 256

struct wc_registry {
	/* Calloc leaves the pages of ports without a name untouched. */
	char *tcp[PORTS];
	char *udp[PORTS];
	char *protocols[PROTOCOLS];
};

struct ethertype {
	uint16_t number;
	const char *name;
};

/* From IANA's and IEEE's registries of ethertypes, sorted by number. */
static const struct ethertype ethertypes[] = {
	{0x0600, "xns-idp"},
	{0x0800, "ipv4"},
	{0x0805, "x25"},
	{0x0806, "arp"},
	{0x0808, "frame-relay-arp"},
	{0x0842, "wake-on-lan"},
	{0x0bad, "vines"},
	{0x22ea, "msrp"},
	{0x22f0, "avtp"},
	{0x22f3, "trill"},
	{0x22f4, "l2-is-is"},
	{0x6000, "dec"},
	{0x6001, "dec-mop-dump"},
	{0x6002, "dec-mop-console"},
	{0x6003, "decnet"},
	{0x6004, "dec-lat"},
	{0x6558, "trans-ether"},
	{0x6559, "raw-frame-relay"},
	{0x8035, "rarp"},
	{0x809b, "appletalk"},
	{0x80f3, "appletalk-arp"},
	{0x8100, "vlan"},
	{0x8137, "ipx"},
	{0x8204, "qnx"},
	{0x86dd, "ipv6"},
	{0x8808, "flow-control"},
	{0x8809, "slow-protocols"},
	{0x880b, "ppp"},
	{0x8847, "mpls"},
	{0x8848, "mpls-multicast"},
	{0x8863, "pppoe-discovery"},
	{0x8864, "pppoe-session"},
	{0x887b, "homeplug"},
	{0x888e, "eapol"},
	{0x8892, "profinet"},
	{0x8899, "realtek"},
	{0x889a, "hyperscsi"},
	{0x88a2, "ata-over-ether"},
	{0x88a4, "ethercat"},
	{0x88a8, "qinq"},
	{0x88ab, "powerlink"},
	{0x88b5, "experimental-1"},
	{0x88b6, "experimental-2"},
	{0x88b7, "oui-extended"},
	{0x88b8, "goose"},
	{0x88b9, "gse"},
	{0x88ba, "sampled-values"},
	{0x88c7, "preauth"},
	{0x88ca, "tipc"},
	{0x88cc, "lldp"},
	{0x88cd, "sercos"},
	{0x88e1, "homeplug-av"},
	{0x88e3, "mrp"},
	{0x88e5, "macsec"},
	{0x88e7, "pbb"},
	{0x88f5, "mvrp"},
	{0x88f6, "mmrp"},
	{0x88f7, "ptp"},
	{0x88f8, "ncsi"},
	{0x88fb, "prp"},
	{0x8902, "cfm"},
	{0x8906, "fcoe"},
	{0x890d, "tdls"},
	{0x8914, "fcoe-init"},
	{0x8915, "roce"},
	{0x891d, "ttethernet"},
	{0x892f, "hsr"},
	{0x893a, "ieee1905"},
	{0x893f, "br-port-extension"},
	{0x894f, "nsh"},
	{0x9000, "loopback"},
	{0x9100, "qinq-9100"},
	{0x9200, "qinq-9200"},
	{0x9300, "qinq-9300"},
};

/* Keeps the first name of a number, in lower case; a second one is only another name for it. */
static bool keep(char **slot, const char *name)
{
	if (*slot)
		return true;
	*slot = strdup(name);
	if (!*slot)
		return false;
	for (char *c = *slot; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return true;
}

static bool read_services(struct wc_registry *registry)
{
	const struct servent *service;
	bool ok = true;

	setservent(1);
	while (ok && (service = getservent())) {
		uint16_t port = ntohs((uint16_t)service->s_port);

		if (!strcmp(service->s_proto, "tcp"))
			ok = keep(&registry->tcp[port], service->s_name);
		else if (!strcmp(service->s_proto, "udp"))
			ok = keep(&registry->udp[port], service->s_name);
	}
	endservent();
	return ok;
}

static bool read_protocols(struct wc_registry *registry)
{
	const struct protoent *protocol;
	bool ok = true;

	setprotoent(1);
	while (ok && (protocol = getprotoent()))
		if (protocol->p_proto >= 0 && protocol->p_proto < PROTOCOLS)
			ok = keep(&registry->protocols[protocol->p_proto], protocol->p_name);
	endprotoent();
	return ok;
}

struct wc_registry *wc_registry_new(void)
{
	struct wc_registry *registry = calloc(1, sizeof(*registry));

	if (registry && read_services(registry) && read_protocols(registry))
		return registry;
	wc_registry_free(registry);
	return NULL;
}

static void free_names(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
}

void wc_registry_free(struct wc_registry *registry)
{
	if (!registry)
		return;
	free_names(registry->tcp, PORTS);
	free_names(registry->udp, PORTS);
	free_names(registry->protocols, PROTOCOLS);
	free(registry);
}

const char *wc_registry_port(const struct wc_registry *registry, uint8_t protocol, uint16_t port)
{
	if (protocol == IPPROTO_TCP)
		return registry->tcp[port];
	if (protocol == IPPROTO_UDP)
		return registry->udp[port];
	return NULL;
}

const char *wc_registry_protocol(const struct wc_registry *registry, uint8_t protocol)
{
	return registry->protocols[protocol];
}

static int compare(const void *key, const void *row)
{
	return *(const uint16_t *)key - ((const struct ethertype *)row)->number;
}

const char *wc_registry_ethertype(const struct wc_registry *registry, uint16_t ethertype)
{
	const struct ethertype *found =
		bsearch(&ethertype, ethertypes, sizeof(ethertypes) / sizeof(*ethertypes),
			sizeof(*ethertypes), compare);

	(void)registry;
	return found ? found->name : NULL;
}

#include "host_message.h"

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <string.h>

/* Attributes by their type; those that the kernel added later than our headers are left out. */
struct attributes {
	const struct nlattr *at[IFLA_MAX + 1];
};

static int keep(const struct nlattr *attribute, void *user)
{
	struct attributes *attributes = user;

	if (mnl_attr_type_valid(attribute, IFLA_MAX) > 0)
		attributes->at[mnl_attr_get_type(attribute)] = attribute;
	return MNL_CB_OK;
}

/* Returns the payload of @attribute if it is there and has @size bytes or more. */
static const void *payload(const struct nlattr *attribute, size_t size)
{
	return attribute && mnl_attr_get_payload_len(attribute) >= size
		       ? mnl_attr_get_payload(attribute)
		       : NULL;
}

static uint32_t number(const struct nlattr *attribute)
{
	uint32_t value = 0;
	const void *bytes = payload(attribute, sizeof(value));

	if (bytes)
		memcpy(&value, bytes, sizeof(value));
	return value;
}

/* Copies a text that need not end in NUL. */
static void text(char *copy, size_t size, const struct nlattr *attribute)
{
	size_t length = attribute ? mnl_attr_get_payload_len(attribute) : 0;

	if (length >= size)
		length = size - 1;
	if (length)
		memcpy(copy, mnl_attr_get_payload(attribute), length);
	copy[length] = '\0';
}

static bool is_one_of(const char *kind, const char *const *kinds)
{
	for (; *kinds; kinds++)
		if (strcmp(kind, *kinds) == 0)
			return true;
	return false;
}

/*
 * By the kind, and not by IFLA_LINK alone: a veth names its peer there. Where the
 * link beneath lives in another namespace, nobody here sees the frame twice.
 */
static enum wc_host_layer layer_of(const char *kind, bool beneath, bool elsewhere)
{
	static const char *const masters[] = {"bridge", "bond",        "team", "vrf",
					      "hsr",    "openvswitch", "ifb",  NULL};
	static const char *const uppers[] = {"vlan",   "macvlan", "macvtap", "ipvlan", "ipvtap",
					     "macsec", "ipoib",   "rmnet",   NULL};
	static const char *const tunnels[] = {
		"vxlan",     "geneve", "gre",     "gretap", "erspan", "ip6gre", "ip6gretap",
		"ip6erspan", "ipip",   "sit",     "ip6tnl", "vti",    "vti6",   "xfrm",
		"wireguard", "gtp",    "bareudp", "amt",    "ovpn",   NULL};

	if (is_one_of(kind, masters))
		return WC_HOST_STACKED;
	if (elsewhere)
		return WC_HOST_BOTTOM;
	if (is_one_of(kind, uppers) && beneath)
		return WC_HOST_STACKED;
	return is_one_of(kind, tunnels) ? WC_HOST_TUNNEL : WC_HOST_BOTTOM;
}

bool wc_host_read_link(struct wc_host_link *link, const struct nlmsghdr *message)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
	struct attributes attributes = {0}, nested = {0};
	char kind[32];
	const void *own;

	/* A bridge tells of its ports in the same words, under a family of its own. */
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info) || info->ifi_family != AF_UNSPEC ||
	    info->ifi_index <= 0)
		return false;
	mnl_attr_parse(message, sizeof(*info), keep, &attributes);
	if (attributes.at[IFLA_LINKINFO])
		mnl_attr_parse_nested(attributes.at[IFLA_LINKINFO], keep, &nested);
	memset(link, 0, sizeof(*link));
	link->index = (unsigned)info->ifi_index;
	link->flags = info->ifi_flags;
	link->type = info->ifi_type;
	link->mtu = number(attributes.at[IFLA_MTU]);
	text(link->name, sizeof(link->name), attributes.at[IFLA_IFNAME]);
	text(kind, sizeof(kind), nested.at[IFLA_INFO_KIND]);
	link->layer = (uint8_t)layer_of(kind, number(attributes.at[IFLA_LINK]) != 0,
					attributes.at[IFLA_LINK_NETNSID] != NULL);
	own = payload(attributes.at[IFLA_ADDRESS], sizeof(link->own));
	if (own && mnl_attr_get_payload_len(attributes.at[IFLA_ADDRESS]) == sizeof(link->own))
		memcpy(link->own, own, sizeof(link->own));
	return true;
}

static struct wc_address address_of(const struct nlattr *attribute, unsigned family)
{
	const uint8_t *bytes = payload(attribute, family == AF_INET ? 4 : 16);

	if (!bytes)
		return (struct wc_address){0};
	return family == AF_INET ? wc_address_v4(bytes) : wc_address_v6(bytes);
}

bool wc_host_read_address(struct wc_host_address *address, const struct nlmsghdr *message)
{
	const struct ifaddrmsg *info = mnl_nlmsg_get_payload(message);
	struct attributes attributes = {0};

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info) ||
	    (info->ifa_family != AF_INET && info->ifa_family != AF_INET6))
		return false;
	mnl_attr_parse(message, sizeof(*info), keep, &attributes);
	address->index = info->ifa_index;
	address->prefix = info->ifa_prefixlen;
	/* On a point-to-point link IFA_ADDRESS is the other end's. */
	address->local =
		address_of(attributes.at[attributes.at[IFA_LOCAL] ? IFA_LOCAL : IFA_ADDRESS],
			   info->ifa_family);
	address->far = address_of(attributes.at[IFA_ADDRESS], info->ifa_family);
	address->broadcast = address_of(attributes.at[IFA_BROADCAST], info->ifa_family);
	return address->local.version != 0;
}

bool wc_host_read_missed(unsigned *index, uint64_t *missed, const struct nlmsghdr *message)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
	struct attributes attributes = {0};
	struct rtnl_link_stats64 stats;
	const void *bytes;

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info))
		return false;
	mnl_attr_parse(message, sizeof(*info), keep, &attributes);
	/* Later kernels append fields, earlier ones have fewer; both counters are early ones. */
	bytes = payload(attributes.at[IFLA_STATS64],
			offsetof(struct rtnl_link_stats64, rx_missed_errors) + sizeof(uint64_t));
	if (!bytes)
		return false;
	memcpy(&stats, bytes,
	       offsetof(struct rtnl_link_stats64, rx_missed_errors) + sizeof(uint64_t));
	*index = (unsigned)info->ifi_index;
	*missed = stats.rx_missed_errors + stats.rx_fifo_errors;
	return true;
}

#include "filter_frames.h"

#include <netinet/in.h>

#define IPV4 0x0800
#define IPV6 0x86dd

static const struct sort {
	uint16_t type;
	const char *source, *destination;
	uint8_t protocol;
	uint16_t port;
	unsigned payload;
} sorts[FILTER_FRAMES] = {
	{IPV4, "192.0.2.1", "198.51.100.1", IPPROTO_TCP, 80, 40},
	{IPV4, "192.0.2.1", "198.51.100.2", IPPROTO_TCP, 443, 0},
	{IPV4, "10.1.2.3", "198.51.100.1", IPPROTO_UDP, 53, 300},
	{IPV4, "172.31.255.255", "192.0.2.1", IPPROTO_UDP, 5353, 0},
	{IPV4, "172.32.0.0", "192.0.2.1", IPPROTO_UDP, 5353, 0},
	{IPV4, "192.168.9.9", "192.0.2.1", IPPROTO_ICMP, 0, 56},
	{IPV4, "192.0.2.1", "192.168.9.9", IPPROTO_GRE, 0, 1200},
	{IPV6, "2001:db8::1", "2001:db8::2", IPPROTO_TCP, 80, 0},
	{IPV6, "fd00::1", "2001:db8::2", IPPROTO_UDP, 53, 500},
	{IPV6, "fe80::1", "ff02::1", IPPROTO_ICMPV6, 0, 24},
	{IPV6, "2001:db8::1", "2001:db8::3", IPPROTO_HOPOPTS, 80, 0},
	{0x0806, NULL, NULL, 0, 0, 28},
	{0x8847, NULL, NULL, 0, 0, 100},
	{0x0100, NULL, NULL, 0, 0, 46}, /* an 802.3 length */
};

/* The ethertypes that each set of tags puts in front of the last one. */
static const uint16_t tag_types[FILTER_TAGS_COUNT][5] = {
	[FILTER_VLAN] = {0x8100},
	[FILTER_SERVICE] = {0x88a8},
	[FILTER_OLD] = {0x9100},
	[FILTER_QINQ] = {0x88a8, 0x8100},
	[FILTER_FOUR] = {0x9100, 0x88a8, 0x8100, 0x8100},
};

static void link_header(struct frame *frame, enum wc_link link, const uint16_t *tags, uint16_t type)
{
	uint16_t first = *tags ? *tags : type;
	uint16_t vlan = 10;

	if (link == WC_LINK_ETHERNET)
		frame_ethernet(frame, first);
	else if (link == WC_LINK_SLL)
		frame_sll(frame, 0, first);
	else if (link == WC_LINK_SLL2)
		frame_sll2(frame, 0, first);
	else if (link == WC_LINK_NULL)
		frame_null(frame, type == IPV4 ? AF_INET : AF_INET6);
	for (; *tags; tags++, vlan = (uint16_t)(vlan + 10))
		frame_tag(frame, vlan, tags[1] ? tags[1] : type);
}

static void transport(struct frame *frame, const struct sort *sort)
{
	uint8_t protocol = sort->protocol;

	if (protocol == IPPROTO_HOPOPTS) {
		frame_extension(frame, IPPROTO_TCP, 16);
		protocol = IPPROTO_TCP;
	}
	if (protocol == IPPROTO_TCP)
		frame_tcp(frame, 40000, sort->port, FRAME_SYN, 1);
	else if (protocol == IPPROTO_UDP)
		frame_udp(frame, 40000, sort->port);
	else if (protocol == IPPROTO_ICMP)
		frame_icmp(frame, 8, 0);
}

bool filter_frame(struct frame *frame, enum wc_link link, enum filter_tags tags, int number)
{
	const struct sort *sort = &sorts[number];
	bool typed = link == WC_LINK_ETHERNET || link == WC_LINK_SLL || link == WC_LINK_SLL2;

	if (!typed && (tags != FILTER_BARE || !sort->source))
		return false;
	if ((link == WC_LINK_RAW4 && sort->type != IPV4) ||
	    (link == WC_LINK_RAW6 && sort->type != IPV6))
		return false;
	frame_start(frame);
	link_header(frame, link, tag_types[tags], sort->type);
	if (sort->type == IPV4)
		frame_ipv4(frame, sort->source, sort->destination, sort->protocol);
	else if (sort->type == IPV6)
		frame_ipv6(frame, sort->source, sort->destination, sort->protocol);
	transport(frame, sort);
	frame_append(frame, sort->payload);
	if (sort->source)
		frame_finish(frame);
	return true;
}

struct wc_frame filter_source_frame(const struct frame *frame, enum wc_link link)
{
	return (struct wc_frame){
		.bytes = frame->bytes,
		.captured = (uint32_t)frame->size,
		.length = (uint32_t)frame->size,
		.link = (uint8_t)link,
		.origin = WC_ORIGIN_FILE,
	};
}

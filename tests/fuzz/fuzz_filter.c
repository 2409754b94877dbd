/*
 * fuzz_filter.c - any text as a filter, over any frame: refused with a sentence, or it decides
 *
 * On Ethernet frames, what it decides is what libpcap's own run of the expression, not optimised,
 * says of the frame without its tags, or as it is if the text says vlan.
 */
#undef NDEBUG
#include <assert.h>
#include <netdb.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "link.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* The first byte chooses the link type and our own expressions; then the text, up to a NUL. */
#define CHOICES 1

#define TEXT_MAX  512
#define FRAME_MAX 2048

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In place of the system's: a name in an expression is not looked up in the network. */
__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
						       const struct addrinfo *hints,
						       struct addrinfo **found)
{
	(void)node;
	(void)service;
	(void)hints;
	*found = NULL;
	return EAI_NONAME;
}

static const struct {
	enum wc_link link;
	int dlt;
} links[] = {
	{WC_LINK_ETHERNET, DLT_EN10MB}, {WC_LINK_ETHERNET, DLT_EN10MB},
	{WC_LINK_SLL, DLT_LINUX_SLL},   {WC_LINK_SLL2, DLT_LINUX_SLL2},
	{WC_LINK_RAW, DLT_RAW},         {WC_LINK_RAW4, DLT_IPV4},
	{WC_LINK_RAW6, DLT_IPV6},       {WC_LINK_NULL, DLT_NULL},
};

/* Returns -1 if libpcap does not compile it. */
static int plain_decision(const char *text, const uint8_t *bytes, uint32_t captured,
			  uint32_t length)
{
	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, 262144);
	const struct pcap_pkthdr header = {.caplen = captured, .len = length};
	struct bpf_program program;
	int result = -1;

	if (!pcap_compile(pcap, &program, text, 0, PCAP_NETMASK_UNKNOWN)) {
		result = pcap_offline_filter(&program, &header, bytes) != 0;
		pcap_freecode(&program);
	}
	pcap_close(pcap);
	return result;
}

static void compare(struct wc_filter *filter, const char *text, const struct wc_frame *frame)
{
	static uint8_t copy[FRAME_MAX];
	const uint8_t *bytes = frame->bytes;
	size_t tags = 0;
	int plain;

	if (!wc_filter_sees_tags(filter))
		tags = wc_link_untag(copy, frame->bytes, frame->captured, frame->link);
	if (tags)
		bytes = copy;
	plain = plain_decision(text, bytes, frame->captured - (uint32_t)tags,
			       frame->length - (uint32_t)tags);
	assert(plain < 0 || plain == wc_filter_pass(filter, frame));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > CHOICES ? memchr(data + CHOICES, 0, size - CHOICES) : NULL;
	struct wc_options options = {0};
	struct wc_filter *filter;
	struct wc_error error;
	char text[TEXT_MAX];
	unsigned choice;
	bool passes;

	if (!end || end - data > TEXT_MAX || size - (size_t)(end - data) > FRAME_MAX)
		return 0;
	memcpy(text, data + CHOICES, (size_t)(end + 1 - data) - CHOICES);
	choice = data[0] % 8;
	options.filter = text;
	options.exclude_local_sources = data[0] & 8;
	error.text[0] = '\0';
	if (wc_filter_open(&filter, &options, &error)) {
		assert(error.text[0]);
		return 0;
	}
	if (filter && !wc_filter_prepare(filter, links[choice].link, links[choice].dlt, &error)) {
		struct wc_frame frame = {
			.bytes = end + 1,
			.captured = (uint32_t)(size - (size_t)(end + 1 - data)),
			.length = (uint32_t)(size - (size_t)(end + 1 - data)),
			.link = (uint8_t)links[choice].link,
		};

		passes = wc_filter_pass(filter, &frame);
		assert(passes == wc_filter_pass(filter, &frame));
		if (frame.link == WC_LINK_ETHERNET && !options.exclude_local_sources)
			compare(filter, text, &frame);
	}
	wc_filter_free(filter);
	return 0;
}

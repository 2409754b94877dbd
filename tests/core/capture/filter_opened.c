#include "filter_opened.h"

#include <check.h>
#include <pcap/pcap.h>

#include "wirecensus/address.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

const struct filter_link filter_links[FILTER_LINKS] = {
	{WC_LINK_ETHERNET, DLT_EN10MB}, {WC_LINK_SLL, DLT_LINUX_SLL},
	{WC_LINK_SLL2, DLT_LINUX_SLL2}, {WC_LINK_RAW, DLT_RAW},
	{WC_LINK_RAW4, DLT_IPV4},       {WC_LINK_RAW6, DLT_IPV6},
	{WC_LINK_NULL, DLT_NULL},
};

struct wc_filter *filter_opened(const char *expression, bool exclude, const char *to)
{
	struct wc_options options = {.exclude_local_sources = exclude};
	struct wc_filter *filter = NULL;
	struct wc_error error = {""};

	options.filter = (char *)(uintptr_t)expression;
	if (to)
		ck_assert_int_eq(wc_address_parse(&options.to, to, &error), 0);
	ck_assert_msg(wc_filter_open(&filter, &options, &error) == 0, "%s", error.text);
	return filter;
}

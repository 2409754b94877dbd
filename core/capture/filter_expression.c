#include "filter_expression.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/address.h"
#include "wirecensus/options.h"

/* Spelt "ip src", because "src net" alone also looks into ARP, which is to pass. */
#define NOT_LOCAL                                                                                  \
	"not (ip src net 10.0.0.0/8 or ip src net 172.16.0.0/12 or ip src net 192.168.0.0/16"      \
	" or ip6 src net fc00::/7 or ip6 src net fe80::/10)"

/* What a name may consist of, and the backslash that makes one out of a keyword. */
static bool is_word(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("-_.:\\", c));
}

bool wc_expression_says_vlan(const char *expression)
{
	static const char word[] = "vlan";
	const size_t length = sizeof(word) - 1;

	for (const char *at = expression; (at = strstr(at, word)); at += length)
		if ((at == expression || !is_word(at[-1])) &&
		    (at[length] == '\0' || !is_word(at[length])))
			return true;
	return false;
}

bool wc_expression_is_empty(const char *expression)
{
	return !expression || expression[strspn(expression, " \t\r\n")] == '\0';
}

char *wc_expression_of_options(const struct wc_options *options)
{
	const char *local = options->exclude_local_sources ? NOT_LOCAL : "";
	const char *family = options->to.version == 6 ? "ip6" : "ip";
	char address[WC_ADDRESS_TEXT], *text;
	int written;

	if (options->to.version == 0)
		return strdup(local);
	wc_address_format(&options->to, address);
	written = asprintf(&text, "%s%s(not %s or %s dst host %s)", local, *local ? " and " : "",
			   family, family, address);
	return written < 0 ? NULL : text;
}

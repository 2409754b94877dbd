#include "domain_name.h"

#include <string.h>

/* Only ASCII: what is not is no name of the DNS, and stays as it is. */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

void wc_domain_normal(const char *name, char normal[static WC_DOMAIN_SIZE])
{
	size_t length = 0;

	for (name += *name == ':'; length < WC_DOMAIN_SIZE - 1 && name[length]; length++)
		normal[length] = lower(name[length]);
	while (length > 1 && normal[length - 1] == '.')
		length--;
	normal[length] = '\0';
}

const char *wc_domain_last_two(const char *normal)
{
	const char *last = strrchr(normal, '.'), *at = last;

	while (at && at > normal && at[-1] != '.')
		at--;
	return at ? at : normal;
}

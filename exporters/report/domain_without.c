/*
 * domain_without.c - domains in a build without libpsl: the last two labels
 */
#include <stdlib.h>
#include <string.h>

#include "domain.h"
#include "domain_name.h"

struct wc_domains {
	char nothing;
};

struct wc_domains *wc_domains_new(void)
{
	return calloc(1, sizeof(struct wc_domains));
}

void wc_domains_free(struct wc_domains *domains)
{
	free(domains);
}

const char *wc_domain_of(const struct wc_domains *domains, const char *name,
			 char domain[static WC_DOMAIN_SIZE])
{
	char normal[WC_DOMAIN_SIZE];
	const char *found;

	(void)domains;
	wc_domain_normal(name, normal);
	found = wc_domain_last_two(normal);
	memcpy(domain, found, strlen(found) + 1);
	return domain;
}

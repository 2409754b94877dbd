#include "domain.h"

#include <libpsl.h>
#include <stdlib.h>
#include <string.h>

#include "domain_name.h"

struct wc_domains {
	psl_ctx_t *list;
};

struct wc_domains *wc_domains_new(void)
{
	struct wc_domains *domains = calloc(1, sizeof(*domains));

	if (domains)
		domains->list = psl_latest(NULL); /* that of the package publicsuffix, if newer */
	return domains;
}

void wc_domains_free(struct wc_domains *domains)
{
	if (!domains)
		return;
	psl_free(domains->list);
	free(domains);
}

const char *wc_domain_of(const struct wc_domains *domains, const char *name,
			 char domain[static WC_DOMAIN_SIZE])
{
	char normal[WC_DOMAIN_SIZE];
	const char *found;

	wc_domain_normal(name, normal);
	if (!domains || !domains->list)
		found = wc_domain_last_two(normal);
	else
		found = psl_registrable_domain(domains->list, normal);
	memmove(domain, found ? found : normal, strlen(found ? found : normal) + 1);
	return domain;
}

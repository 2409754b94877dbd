/*
 * domain.h - which domain a name was registered under
 *
 * By the public suffix list (publicsuffix.org) as Debian has it: www.example.co.uk was
 * registered as example.co.uk. A build without libpsl takes the last two labels.
 */
#ifndef WC_DOMAIN_H
#define WC_DOMAIN_H

#include <stddef.h>

struct wc_domains;

/* The longest name, its NUL included. */
#define WC_DOMAIN_SIZE 256

/* Reads the list. Returns NULL when memory is short; without a list, it is the built-in one. */
struct wc_domains *wc_domains_new(void);
void wc_domains_free(struct wc_domains *domains);

/*
 * Writes the domain of @name to @domain, in lower case and without a dot at its end, and
 * returns it. A colon before a name (a zone's server stands for a host without one) is
 * left out. A name without a dot, or a public suffix itself, is its own domain, and so is
 * what is no name. @domains may be NULL: the last two labels.
 */
const char *wc_domain_of(const struct wc_domains *domains, const char *name,
			 char domain[static WC_DOMAIN_SIZE]);

#endif /* WC_DOMAIN_H */

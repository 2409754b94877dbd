/*
 * domain_name.h - names as both kinds of domain.h want them
 */
#ifndef WC_DOMAIN_NAME_H
#define WC_DOMAIN_NAME_H

#include "domain.h"

/* Writes @name in lower case, without the colon before it and the dot at its end. */
void wc_domain_normal(const char *name, char normal[static WC_DOMAIN_SIZE]);

/* Returns where the last two labels of @normal begin. */
const char *wc_domain_last_two(const char *normal);

#endif /* WC_DOMAIN_NAME_H */

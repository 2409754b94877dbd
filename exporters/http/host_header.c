#include "host_header.h"

#include <string.h>
#include <strings.h>

#include "wirecensus/address.h"
#include "wirecensus/options.h"

/* The longest name of DNS, and the longest address. */
#define NAME_SIZE 256

/* Cuts @header at its port, and takes the brackets of an IPv6 address away. */
static bool take_name(char name[static NAME_SIZE], const char *header)
{
	const char *end;

	if (*header == '[') {
		end = strchr(++header, ']');
		if (!end || (end[1] && end[1] != ':'))
			return false;
	} else {
		end = header + strcspn(header, ":");
	}
	if (end == header || end - header >= NAME_SIZE)
		return false;
	memcpy(name, header, (size_t)(end - header));
	name[end - header] = '\0';
	return true;
}

/* Names of DNS have no case, and may end with a dot. */
static bool is(const char *name, const char *ours)
{
	size_t length = strlen(ours);

	return !strncasecmp(name, ours, length) && (!name[length] || !strcmp(name + length, "."));
}

bool wc_host_header_fits(const char *header, const char *own, const struct wc_texts *names)
{
	struct wc_address address;
	char name[NAME_SIZE];

	if (!header || !take_name(name, header))
		return false;
	if (!wc_address_parse(&address, name, NULL) || is(name, "localhost") || is(name, own))
		return true;
	for (size_t i = 0; i < names->count; i++)
		if (is(name, names->items[i]))
			return true;
	return false;
}

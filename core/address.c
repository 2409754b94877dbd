#include "wirecensus/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"

int wc_address_parse(struct wc_address *address, const char *text, struct wc_error *error)
{
	uint8_t bytes[16];

	if (inet_pton(AF_INET, text, bytes) == 1)
		*address = wc_address_v4(bytes);
	else if (inet_pton(AF_INET6, text, bytes) == 1)
		*address = wc_address_v6(bytes);
	else
		return wc_error_set(error, WC_INVALID,
				    "'%s' is not an address: write one like 192.0.2.1 or "
				    "2001:db8::1",
				    text);
	return WC_OK;
}

void wc_network_masks(const struct wc_network *network, uint64_t *high, uint64_t *low)
{
	unsigned prefix = network->prefix;

	if (network->base.version == 4) {
		*high = 0;
		*low = prefix ? UINT32_MAX << (32 - prefix) & UINT32_MAX : 0;
		return;
	}
	*high = prefix == 0 ? 0 : prefix >= 64 ? UINT64_MAX : UINT64_MAX << (64 - prefix);
	*low = prefix <= 64 ? 0 : UINT64_MAX << (128 - prefix);
}

static int parse_prefix(const char *text, unsigned bits, uint8_t *prefix)
{
	char *end;
	unsigned long value;

	if (*text < '0' || *text > '9')
		return WC_INVALID;
	value = strtoul(text, &end, 10);
	if (*end || value > bits)
		return WC_INVALID;
	*prefix = (uint8_t)value;
	return WC_OK;
}

int wc_network_parse(struct wc_network *network, const char *text, struct wc_error *error)
{
	char base[WC_ADDRESS_TEXT];
	const char *slash = strchr(text, '/');
	size_t length = slash ? (size_t)(slash - text) : strlen(text);
	struct wc_network result;
	uint64_t high, low;
	unsigned bits;

	snprintf(base, sizeof(base), "%.*s", (int)(length < sizeof(base) ? length : 0), text);
	if (wc_address_parse(&result.base, base, NULL))
		return wc_error_set(error, WC_INVALID,
				    "'%s' is not a network: write one like 192.0.2.0/24 or "
				    "2001:db8::/32",
				    text);
	bits = result.base.version == 4 ? 32 : 128;
	result.prefix = (uint8_t)bits;
	if (slash && parse_prefix(slash + 1, bits, &result.prefix))
		return wc_error_set(error, WC_INVALID,
				    "'%s' has no usable prefix: write a length from 0 to %u behind "
				    "the slash",
				    text, bits);
	wc_network_masks(&result, &high, &low);
	if ((result.base.high & ~high) || (result.base.low & ~low))
		return wc_error_set(error, WC_INVALID,
				    "'%s' has bits behind its prefix: clear them, or write a "
				    "longer prefix",
				    text);
	*network = result;
	return WC_OK;
}

static char *put_octet(char *at, unsigned octet)
{
	if (octet >= 100)
		*at++ = (char)('0' + octet / 100);
	if (octet >= 10)
		*at++ = (char)('0' + octet / 10 % 10);
	*at++ = (char)('0' + octet % 10);
	return at;
}

static char *put_v4(char *at, uint64_t address)
{
	for (unsigned shift = 24;; shift -= 8) {
		at = put_octet(at, address >> shift & 0xff);
		if (!shift)
			return at;
		*at++ = '.';
	}
}

#define GROUPS 8 /* of 16 bits in an IPv6 address */

static char *put_group(char *at, unsigned group)
{
	unsigned shift = 12;

	while (shift && !(group >> shift))
		shift -= 4;
	for (;; shift -= 4) {
		*at++ = "0123456789abcdef"[group >> shift & 0xf];
		if (!shift)
			return at;
	}
}

/* A run of groups that are 0; what "::" stands for. */
struct run {
	unsigned first, length;
};

/* The longest, the first of several; none of a single group (RFC 5952, section 4.2). */
static struct run longest_run(const uint16_t groups[static GROUPS])
{
	struct run longest = {GROUPS, 1};

	for (unsigned i = 0; i < GROUPS; i++) {
		unsigned length = 0;

		while (i + length < GROUPS && !groups[i + length])
			length++;
		if (length > longest.length)
			longest = (struct run){i, length};
		i += length;
	}
	return longest;
}

/* Mapped and compatible addresses end in dots, as inet_ntop(3) writes them. */
static bool embeds_v4(const struct run *run, const uint16_t groups[static GROUPS])
{
	return run->first == 0 && (run->length == 6 || (run->length == 5 && groups[5] == 0xffff));
}

static char *put_v6(char *at, const struct wc_address *address)
{
	uint16_t groups[GROUPS];
	struct run run;
	unsigned end = GROUPS;

	for (unsigned i = 0; i < GROUPS; i++)
		groups[i] = (uint16_t)((i < 4 ? address->high : address->low) >> (48 - i % 4 * 16));
	run = longest_run(groups);
	if (embeds_v4(&run, groups))
		end = 6;
	for (unsigned i = 0; i < end; i++) {
		if (i == run.first) {
			*at++ = ':';
			i += run.length - 1;
			if (i + 1 == GROUPS)
				*at++ = ':';
			continue;
		}
		if (i)
			*at++ = ':';
		at = put_group(at, groups[i]);
	}
	if (end == GROUPS)
		return at;
	*at++ = ':';
	return put_v4(at, address->low);
}

/* Not by inet_ntop(3), which prints: every conversation has two addresses. */
const char *wc_address_format(const struct wc_address *address, char text[static WC_ADDRESS_TEXT])
{
	char *end = text;

	if (address->version == 4)
		end = put_v4(end, address->low);
	else if (address->version == 6)
		end = put_v6(end, address);
	else
		*end++ = '-';
	*end = '\0';
	return text;
}

bool wc_network_has(const struct wc_network *network, const struct wc_address *address)
{
	uint64_t high, low;

	wc_network_masks(network, &high, &low);
	return address->version == network->base.version &&
	       (address->high & high) == network->base.high &&
	       (address->low & low) == network->base.low;
}

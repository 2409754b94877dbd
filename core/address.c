#include "wirecensus/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"

static void store_be(uint8_t *bytes, unsigned count, uint64_t value)
{
	while (count--) {
		bytes[count] = (uint8_t)value;
		value >>= 8;
	}
}

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

const char *wc_address_format(const struct wc_address *address, char text[static WC_ADDRESS_TEXT])
{
	uint8_t bytes[16];

	if (address->version == 4) {
		store_be(bytes, 4, address->low);
		inet_ntop(AF_INET, bytes, text, WC_ADDRESS_TEXT);
	} else if (address->version == 6) {
		store_be(bytes, 8, address->high);
		store_be(bytes + 8, 8, address->low);
		inet_ntop(AF_INET6, bytes, text, WC_ADDRESS_TEXT);
	} else {
		snprintf(text, WC_ADDRESS_TEXT, "-");
	}
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

bool wc_address_is_group(const struct wc_address *address)
{
	if (address->version == 4)
		return (address->low & 0xf0000000) == 0xe0000000 || address->low == 0xffffffff;
	return address->version == 6 && address->high >> 56 == 0xff;
}

/*
 * address.h - an IPv4 or IPv6 address, and a network of either family
 *
 * Plain data. An address is compared, hashed and stored as two words, so that
 * both families cost the same; version tells a mapped address from its twin.
 */
#ifndef WC_ADDRESS_H
#define WC_ADDRESS_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct wc_error; /* wirecensus/error.h */

/* Room for any address as text (RFC 5952), its NUL included. */
#define WC_ADDRESS_TEXT 46

struct wc_address {
	uint64_t high;   /* IPv6: the first eight bytes, in host order. IPv4: 0 */
	uint64_t low;    /* IPv6: the last eight. IPv4: the address, in host order */
	uint8_t version; /* 4 or 6; 0 for no address */
};

struct wc_network {
	struct wc_address base; /* bits behind the prefix are 0 */
	uint8_t prefix;         /* bits: at most 32 or 128 */
};

static inline bool wc_address_equal(const struct wc_address *a, const struct wc_address *b)
{
	return a->low == b->low && a->high == b->high && a->version == b->version;
}

/* True for 127.0.0.0/8 and ::1. */
static inline bool wc_address_is_loopback(const struct wc_address *address)
{
	return address->version == 4 ? address->low >> 24 == 127
				     : address->version == 6 && !address->high && address->low == 1;
}

/* Makes an address of four or sixteen bytes in network order. */
static inline struct wc_address wc_address_v4(const uint8_t bytes[static 4])
{
	uint32_t word;

	memcpy(&word, bytes, sizeof(word));
	return (struct wc_address){.low = be32toh(word), .version = 4};
}

static inline struct wc_address wc_address_v6(const uint8_t bytes[static 16])
{
	uint64_t words[2];

	memcpy(words, bytes, sizeof(words));
	return (struct wc_address){
		.high = be64toh(words[0]), .low = be64toh(words[1]), .version = 6};
}

/* Reads numeric text, without a scope. Returns 0 or WC_INVALID with @error filled in. */
int wc_address_parse(struct wc_address *address, const char *text, struct wc_error *error);

/* Reads ADDRESS/PREFIX or an ADDRESS alone. Bits behind the prefix must be 0. Results as above. */
int wc_network_parse(struct wc_network *network, const char *text, struct wc_error *error);

/* Writes the address as text; "-" for no address. Returns @text. */
const char *wc_address_format(const struct wc_address *address, char text[static WC_ADDRESS_TEXT]);

/* Fills in the bits that @network's prefix covers, of both words of an address. */
void wc_network_masks(const struct wc_network *network, uint64_t *high, uint64_t *low);

/* True if @address lies in @network; false for the other family. */
bool wc_network_has(const struct wc_network *network, const struct wc_address *address);

#endif /* WC_ADDRESS_H */

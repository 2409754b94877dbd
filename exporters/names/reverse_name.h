/*
 * reverse_name.h - the name under which the names of an address are kept
 */
#ifndef WC_REVERSE_NAME_H
#define WC_REVERSE_NAME_H

struct wc_address; /* wirecensus/address.h */

/* Room for any: 32 digits with their dots, "ip6.arpa", a NUL. */
#define WC_REVERSE_SIZE 73

/*
 * Writes the bytes of an IPv4 address backwards under in-addr.arpa (RFC 1035,
 * 3.5), the hexadecimal digits of an IPv6 one under ip6.arpa (RFC 3596, 2.5).
 * Returns @name.
 */
const char *wc_reverse_name(const struct wc_address *address, char name[static WC_REVERSE_SIZE]);

#endif /* WC_REVERSE_NAME_H */

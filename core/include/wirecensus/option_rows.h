/*
 * option_rows.h - rows of an option table, with the type of each field checked
 *
 * {.name = "interval", WC_ROW_SECONDS(struct settings, interval), .max = 60, ...}
 * The compiler warns where the field is not of the type that the option fills.
 */
#ifndef WC_OPTION_ROWS_H
#define WC_OPTION_ROWS_H

#include "wirecensus/options.h"

/* The offset of a field that must be a @ctype. */
#define WC_ROW_FIELD(structure, ctype, field)                                                      \
	(offsetof(structure, field) + 0 * sizeof(*(1 ? (ctype *)0 : &((structure *)0)->field)))

#define WC_ROW(kind, ctype, structure, field)                                                      \
	.type = (kind), .offset = WC_ROW_FIELD(structure, ctype, field)

#define WC_ROW_FLAG(...)      WC_ROW(WC_OPTION_FLAG, bool, __VA_ARGS__)
#define WC_ROW_NUMBER(...)    WC_ROW(WC_OPTION_NUMBER, uint64_t, __VA_ARGS__)
#define WC_ROW_SIZE(...)      WC_ROW(WC_OPTION_SIZE, uint64_t, __VA_ARGS__)
#define WC_ROW_SECONDS(...)   WC_ROW(WC_OPTION_SECONDS, uint64_t, __VA_ARGS__)
#define WC_ROW_CHOICE(...)    WC_ROW(WC_OPTION_CHOICE, int, __VA_ARGS__)
#define WC_ROW_TEXT(...)      WC_ROW(WC_OPTION_TEXT, char *, __VA_ARGS__)
#define WC_ROW_PATH(...)      WC_ROW(WC_OPTION_PATH, char *, __VA_ARGS__)
#define WC_ROW_TEXTS(...)     WC_ROW(WC_OPTION_TEXTS, struct wc_texts, __VA_ARGS__)
#define WC_ROW_ADDRESS(...)   WC_ROW(WC_OPTION_ADDRESS, struct wc_address, __VA_ARGS__)
#define WC_ROW_ADDRESSES(...) WC_ROW(WC_OPTION_ADDRESSES, struct wc_addresses, __VA_ARGS__)
#define WC_ROW_NETWORKS(...)  WC_ROW(WC_OPTION_NETWORKS, struct wc_networks, __VA_ARGS__)
#define WC_ROW_SERVICES(...)  WC_ROW(WC_OPTION_SERVICES, struct wc_services, __VA_ARGS__)

#endif /* WC_OPTION_ROWS_H */

/*
 * json_classes.h - rows of the frame classes
 *
 * Every frame of an interval is in exactly one of these rows: by port, by protocol,
 * fragment or ethertype, or in a class that has one row and no key.
 */
#ifndef WC_JSON_CLASSES_H
#define WC_JSON_CLASSES_H

struct wc_json_kind; /* json_row.h */

extern const struct wc_json_kind wc_json_ports;   /* port */
extern const struct wc_json_kind wc_json_keys;    /* protocol, fragment, ethertype */
extern const struct wc_json_kind wc_json_classes; /* llc, malformed, unsupported */

#endif /* WC_JSON_CLASSES_H */

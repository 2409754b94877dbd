/*
 * json_flows.h - rows of conversations, hosts and scanners
 *
 * The address of a peer that stands for all outside the local networks is
 * "internet". The row "other" of conversations has frames of both ways in packets,
 * bytes, ip_bytes and new; their reverse ones, and what else differs from one
 * conversation to the next, cannot be known and are null. A scanner's counts are those
 * of the last hour, not of the interval.
 */
#ifndef WC_JSON_FLOWS_H
#define WC_JSON_FLOWS_H

struct wc_host_row;  /* wirecensus/snapshot.h */
struct wc_json;      /* json_row.h */
struct wc_json_kind; /* json_row.h */

extern const struct wc_json_kind wc_json_conversations;
extern const struct wc_json_kind wc_json_hosts;
extern const struct wc_json_kind wc_json_scanners;

/* Adds the row of one host, whether it was heard or not. */
void wc_json_host_add(struct wc_json *json, const struct wc_host_row *row);

#endif /* WC_JSON_FLOWS_H */

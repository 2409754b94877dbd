/*
 * json_total.h - the row "total", which every snapshot has
 *
 * Its conversations and hosts are the numbers of rows that the interval added to,
 * as heard.h has it; "other" is not among them.
 */
#ifndef WC_JSON_TOTAL_H
#define WC_JSON_TOTAL_H

struct wc_json_kind; /* json_row.h */

extern const struct wc_json_kind wc_json_total;

#endif /* WC_JSON_TOTAL_H */

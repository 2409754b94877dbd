/*
 * rows_cut.h - the largest rows of one list, and the rest added up in its rows `other`
 *
 * Sums stay what they were. Rows come largest first; of rows that are equally large,
 * those that came first; `other` last. Times, flags and rates of a remainder are not
 * known, as in the rows `other` of the tables.
 */
#ifndef WC_ROWS_CUT_H
#define WC_ROWS_CUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_rows_list; /* rows of one kind, and what a cut must know of them */

extern const struct wc_rows_list wc_rows_ports;         /* by packets */
extern const struct wc_rows_list wc_rows_keys;          /* the same: protocols, ethertypes */
extern const struct wc_rows_list wc_rows_conversations; /* by bytes of both ways */
extern const struct wc_rows_list wc_rows_hosts;         /* the same */

/*
 * Cuts the @count rows at @rows to the largest @top. Returns false when memory is short.
 * @cut becomes a new array to be freed and @count how many it has; or NULL when there
 * are no more than @top, which stay as they are.
 */
bool wc_rows_cut(const struct wc_rows_list *list, const void *rows, size_t *count, uint64_t top,
		 void **cut);

#endif /* WC_ROWS_CUT_H */

/*
 * dump_rows.h - rows of a dump file, which may be anybody's, as the rows of a snapshot
 */
#ifndef WC_DUMP_ROWS_H
#define WC_DUMP_ROWS_H

#include <stdbool.h>

#include <jansson.h>

struct wc_dump_file; /* dump_file.h */

/*
 * Adds @row to @file; one of a type that is not known is of a later version, and skipped.
 * Returns false for one that a dump file cannot have, or when memory is short: @file is to be
 * freed with wc_dump_file_free() in either case.
 */
bool wc_dump_row(struct wc_dump_file *file, const json_t *row);

#endif /* WC_DUMP_ROWS_H */

#include "pages.h"

#include <sqlite3.h>

#include "sql.h"

int wc_pages_open(struct wc_pages *pages, struct sqlite3 *db)
{
	int code = wc_sql_ask(db, "PRAGMA page_size", &pages->size);

	if (!code)
		code = wc_sql_prepare(db, &pages->count, "PRAGMA page_count");
	if (!code)
		code = wc_sql_prepare(db, &pages->unused, "PRAGMA freelist_count");
	return code;
}

void wc_pages_close(struct wc_pages *pages)
{
	wc_sql_finalize_all(&pages->count, 1);
	wc_sql_finalize_all(&pages->unused, 1);
}

int wc_pages_used(struct wc_pages *pages, int64_t *bytes)
{
	int64_t unused = 0;
	int code = wc_pages_file(pages, bytes);

	if (!code)
		code = wc_sql_number(pages->unused, &unused);
	*bytes -= unused * pages->size;
	return code;
}

int wc_pages_file(struct wc_pages *pages, int64_t *bytes)
{
	int64_t count = 0;
	int code = wc_sql_number(pages->count, &count);

	*bytes = count * pages->size;
	return code;
}

/* A table of options for a struct of its own, as exporters have them. */
#include <stddef.h>
#include <string.h>

#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

struct fields {
	uint64_t before;
	uint64_t rows, size;
	char *place, *folder;
	struct wc_texts kinds;
	bool loud;
	uint64_t behind;
};

static const struct wc_option fields_table[] = {
	{.name = "row_count",
	 .type = WC_OPTION_NUMBER,
	 .scope = 1,
	 .offset = offsetof(struct fields, rows),
	 .max = 9,
	 .unset = 77},
	{.name = "size",
	 .type = WC_OPTION_SIZE,
	 .scope = 2,
	 .offset = offsetof(struct fields, size),
	 .max = 4096,
	 .unset = 77,
	 .fallback = "1K"},
	{.name = "place",
	 .type = WC_OPTION_TEXT,
	 .scope = 3,
	 .offset = offsetof(struct fields, place),
	 .fallback = "here"},
	{.name = "kinds",
	 .type = WC_OPTION_TEXTS,
	 .scope = 3,
	 .offset = offsetof(struct fields, kinds)},
	{.name = "folder",
	 .type = WC_OPTION_PATH,
	 .scope = 3,
	 .offset = offsetof(struct fields, folder)},
	{.name = "loud",
	 .type = WC_OPTION_FLAG,
	 .scope = 3,
	 .offset = offsetof(struct fields, loud)},
	{.name = NULL},
};

START_TEST(test_other_table)
{
	struct fields fields;
	struct wc_error error;
	const struct wc_option *kinds = wc_option_find_in(fields_table, "kinds", 3);
	const struct wc_option *folder = wc_option_find_in(fields_table, "folder", 3);

	memset(&fields, 0xff, sizeof(fields));
	ck_assert_int_eq(wc_option_defaults(&fields, fields_table, &error), WC_OK);
	ck_assert_uint_eq(fields.before, UINT64_MAX);
	ck_assert_uint_eq(fields.behind, UINT64_MAX);
	ck_assert_uint_eq(fields.rows, 77);
	ck_assert_uint_eq(fields.size, 1024);
	ck_assert_str_eq(fields.place, "here");
	ck_assert_uint_eq(fields.kinds.count, 0);
	ck_assert(!fields.loud);
	ck_assert_ptr_eq(wc_option_find_in(fields_table, "RowCount", 1), fields_table);
	ck_assert_ptr_null(wc_option_find_in(fields_table, "row_count", 2));
	ck_assert_int_eq(wc_option_set(&fields, kinds, "kinds", "a", &error), WC_OK);
	ck_assert_int_eq(wc_option_set(&fields, kinds, "kinds", "b", &error), WC_OK);
	ck_assert_str_eq(fields.kinds.items[1], "b");
	ck_assert_int_eq(wc_option_set(&fields, folder, "folder", "/a", &error), WC_OK);
	ck_assert_int_eq(wc_option_set(&fields, folder, "folder", "b", &error), WC_INVALID);
	ck_assert_str_eq(error.text, "folder: 'b' is not an absolute path: it must begin with /");
	ck_assert_str_eq(fields.folder, "/a");
	wc_option_clear(&fields, fields_table);
	ck_assert_ptr_null(fields.place);
	ck_assert_ptr_null(fields.folder);
	ck_assert_uint_eq(fields.kinds.count, 0);
	ck_assert_uint_eq(fields.rows, 0);
	ck_assert_uint_eq(fields.behind, UINT64_MAX);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_other_table, NULL};

	return suite_run("option tables", tests, 60);
}

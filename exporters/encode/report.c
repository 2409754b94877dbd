#include "report.h"

static bool says(const struct wc_cell *cell)
{
	return cell->kind != WC_CELL_NONE && !(cell->kind == WC_CELL_LIST && !cell->count);
}

bool wc_report_column_says(const struct wc_report_table *table, size_t column)
{
	for (size_t row = 0; row < table->row_count; row++)
		if (says(wc_report_cell(table, row, column)))
			return true;
	return false;
}

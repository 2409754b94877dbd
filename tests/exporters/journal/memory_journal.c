#include "memory_journal.h"

#include <check.h>
#include <stdint.h>

#include "journal.h"
#include "wirecensus/error.h"

struct wc_journal *memory_journal(void)
{
	const struct wc_journal_settings settings = {
		.size = UINT64_C(1) << 30,
		.undelivered = UINT64_C(1) << 30,
		.age = UINT64_C(1) << 40,
		.host = "test",
		.instance = "4f6f5c1e-0000-4000-8000-0123456789ab",
		.version = "0",
	};
	char notice[WC_ERROR_SIZE];
	struct wc_journal *journal;
	struct wc_error error;

	ck_assert_int_eq(wc_journal_open(&journal, &settings, notice, &error), 0);
	return journal;
}

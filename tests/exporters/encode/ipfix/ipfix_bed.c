#include "ipfix_bed.h"

#include <check.h>

#include "sample.h"

struct sender bed_sender;
struct reader *bed_reader;

void bed_begin(void)
{
	bed_reader = reader_new();
	sender_begin(&bed_sender, sender_all_rows);
}

void bed_go(void)
{
	struct wc_snapshot snapshot = sample_busy();

	sender_open(&bed_sender);
	sender_connect(&bed_sender, bed_reader);
	sender_send(&bed_sender, &snapshot, bed_reader);
}

void bed_end(void)
{
	ck_assert_uint_eq(reader_warnings(bed_reader), 0);
	sender_end(&bed_sender);
	reader_free(bed_reader);
}

bool bed_is_data(const struct reader_record *record)
{
	return record->id >= 0x400;
}

const struct reader_record *bed_row(uint32_t domain, size_t number)
{
	size_t count;
	const struct reader_record *records = reader_records(bed_reader, &count);

	for (size_t i = 0; i < count; i++)
		if (records[i].domain == domain && bed_is_data(&records[i]) && !number--)
			return &records[i];
	ck_abort_msg("domain %u has too few rows", domain);
}

const struct reader_record *bed_option(uint32_t domain, uint16_t id)
{
	size_t count;
	const struct reader_record *records = reader_records(bed_reader, &count), *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (records[i].domain != domain || records[i].id != id)
			continue;
		ck_assert_ptr_null(found);
		found = &records[i];
	}
	ck_assert_ptr_nonnull(found);
	return found;
}

void bed_check(const struct reader_record *record, uint16_t id, const struct wanted *wanted)
{
	ck_assert_uint_eq(record->id, id);
	for (; wanted->field != READER_FIELDS; wanted++)
		ck_assert_msg(reader_is(record, wanted->field, wanted->number),
			      "field %d is %llu, not %llu", wanted->field,
			      (unsigned long long)record->numbers[wanted->field],
			      (unsigned long long)wanted->number);
}

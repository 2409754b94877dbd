/* What only the sending of a message tells: sequence numbers, and statistics of exporting. */
#include <string.h>

#include "ipfix_reader.h"
#include "ipfix_sender.h"
#include "sample.h"
#include "suite.h"

static const char *const two_kinds[] = {"conversation", "port", NULL};
static const char *const one_kind[] = {"conversation", NULL};

static struct sender sender;

/* Each message has as its number how many records its domain had before on the connection. */
static void check_sequences(uint32_t next[static 32])
{
	for (size_t i = 0; i < sender.messages.count; i++) {
		uint32_t domain = sender_domain(&sender, i);

		ck_assert_uint_lt(domain, 32);
		ck_assert_uint_eq(sender_sequence(&sender, i), next[domain]);
		next[domain] += sender.messages.items[i].records;
	}
}

START_TEST(test_sequences)
{
	struct wc_snapshot busy = sample_busy(), quiet = sample_quiet();
	uint32_t next[32] = {0};

	sender_begin(&sender, two_kinds);
	sender.framing.longest = 512;
	sender_open(&sender);
	for (int connection = 0; connection < 3; connection++) {
		memset(next, 0, sizeof(next));
		sender_connect(&sender, NULL);
		check_sequences(next);
		for (int i = 0; i < 4; i++) {
			sender_send(&sender, i % 2 ? &quiet : &busy, NULL);
			ck_assert_uint_gt(sender.messages.count, 1);
			check_sequences(next);
		}
		/* Domains of both captures and both kinds, and none besides. */
		ck_assert_uint_gt(next[1], 12);
		ck_assert_uint_gt(next[2], 12);
		ck_assert_uint_gt(next[9], 0);
		ck_assert_uint_gt(next[10], 0);
		ck_assert_uint_eq(next[3] + next[11], 0);
	}
	sender_end(&sender);
}
END_TEST

/* Templates come again in the midst: their messages count what they carry, no more. */
START_TEST(test_refresh)
{
	struct wc_snapshot busy = sample_busy();
	uint32_t next[32] = {0};

	sender_begin(&sender, two_kinds);
	sender_open(&sender);
	sender_connect(&sender, NULL);
	check_sequences(next);
	sender_send(&sender, &busy, NULL);
	check_sequences(next);
	sender_refresh(&sender);
	check_sequences(next);
	sender_send(&sender, &busy, NULL);
	check_sequences(next);
	sender_end(&sender);
}
END_TEST

/* For nfcapd 1.7.1 only rows count, so that there is nothing but rows. */
START_TEST(test_nfdump)
{
	struct wc_snapshot busy = sample_busy();
	uint32_t next[32] = {0};

	sender_begin(&sender, one_kind);
	sender.options.profile = WC_IPFIX_NFDUMP;
	sender_open(&sender);
	sender_connect(&sender, NULL);
	check_sequences(next);
	ck_assert_uint_eq(next[1], 0);
	sender_send(&sender, &busy, NULL);
	check_sequences(next);
	ck_assert_uint_eq(next[1], 6);
	sender_end(&sender);
}
END_TEST

/* A message for which there was no room is stamped again, and counts once. */
START_TEST(test_again)
{
	struct wc_snapshot busy = sample_busy();
	struct reader *reader = reader_new();
	uint32_t sequence;
	size_t count;

	sender_begin(&sender, one_kind);
	sender_open(&sender);
	sender_connect(&sender, reader);
	sender_send(&sender, &busy, reader);
	sequence = sender_sequence(&sender, 0) + sender.messages.items[0].records;
	for (int i = 0; i < 5; i++) {
		sender_stamp(&sender, 0, false);
		ck_assert_uint_eq(sender_sequence(&sender, 0), sequence);
	}
	sender_stamp(&sender, 0, true);
	ck_assert_uint_eq(sender_sequence(&sender, 0), sequence);
	sender_stamp(&sender, 0, true);
	ck_assert_uint_eq(sender_sequence(&sender, 0), sequence + sender.messages.items[0].records);
	/* Statistics: two messages of the greeting, and three of rows, are before this one. */
	sender_stamp(&sender, 0, false);
	reader_take(reader, sender_message(&sender, 0), sender.messages.items[0].length);
	ck_assert_uint_eq(reader_warnings(reader), 1); /* two messages were not read */
	{
		const struct reader_record *records = reader_records(reader, &count);
		const struct reader_record *last = NULL;

		for (size_t i = 0; i < count; i++)
			if (records[i].id == 0x101)
				last = &records[i];
		ck_assert_ptr_nonnull(last);
		ck_assert(reader_is(last, F_SENT_MESSAGES, 5));
		ck_assert(reader_is(last, F_SENT_RECORDS, 4 + 3 * 9));
		ck_assert_uint_gt(last->numbers[F_SENT_OCTETS],
				  3 * sender.messages.items[0].length);
	}
	sender_end(&sender);
	reader_free(reader);
}
END_TEST

/* Statistics go on over connections, sequences do not. */
START_TEST(test_reconnect)
{
	struct wc_snapshot busy = sample_busy();
	struct reader *reader = reader_new();
	const struct reader_record *records;
	uint64_t last = 0;
	size_t count;

	sender_begin(&sender, one_kind);
	sender_open(&sender);
	for (int i = 0; i < 3; i++) {
		sender_connect(&sender, reader);
		ck_assert_uint_eq(sender_sequence(&sender, 0), 0);
		sender_send(&sender, &busy, reader);
		ck_assert_uint_eq(sender_sequence(&sender, 0), 4);
	}
	records = reader_records(reader, &count);
	for (size_t i = 0; i < count; i++) {
		if (records[i].id != 0x101)
			continue;
		ck_assert_uint_gt(records[i].numbers[F_SENT_RECORDS], last);
		last = records[i].numbers[F_SENT_RECORDS];
	}
	/* Two connections began anew, with a greeting in three domains and rows in one of them. */
	ck_assert_uint_eq(reader_warnings(reader), 2 * 3);
	/* What was on its way when a connection ended is not known to be sent. */
	ck_assert_uint_eq(last, 3 * 4);
	sender_end(&sender);
	reader_free(reader);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_sequences, test_refresh,   test_nfdump,
				      test_again,     test_reconnect, NULL};

	return suite_run("ipfix stamp", tests, 60);
}

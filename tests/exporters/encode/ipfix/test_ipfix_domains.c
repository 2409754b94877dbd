/* What is said of a domain by options: statistics, its name, its interface. */
#include <string.h>

#include "buffer.h"
#include "escape.h"
#include "ipfix_bed.h"
#include "sample.h"
#include "suite.h"

/* What is said of a domain. */
START_TEST(test_options)
{
	bed_begin();
	bed_go();
	bed_check(bed_option(PORTS, 0x101), 0x101,
		  WANTED({F_DOMAIN, PORTS}, {F_START, START}, {F_END, END},
			 {F_PACKETS, 40 + 1200000 + 900 + 3 + 10 + 64 + 17 + 5 + 11 + 5 + 2},
			 {F_DROPPED, 37}, {F_SENT_MESSAGES, 2}, {F_SENT_RECORDS, 2}));
	bed_check(bed_option(PORTS, 0x102), 0x102, WANTED({F_DOMAIN, PORTS}));
	ck_assert_str_eq(bed_option(PORTS, 0x102)->name, "wan/ports");
	ck_assert_str_eq(bed_option(SCANNERS, 0x102)->name, "wan/scanners");
	bed_check(bed_option(PORTS, 0x103), 0x103, WANTED({F_INGRESS, ETH0}));
	ck_assert_str_eq(bed_option(PORTS, 0x103)->interface, "eth0");
	bed_end();
}
END_TEST

/* Names are UTF-8 without control characters, whatever an interface is called. */
START_TEST(test_hostile_names)
{
	struct wc_snapshot snapshot = sample_quiet();
	struct wc_buffer wanted = {0};
	const struct reader_record *records;
	size_t count, names = 0, next = 0;

	bed_begin();
	sender_open(&bed_sender);
	sender_connect(&bed_sender, bed_reader);
	for (; sample_hostile[names]; names++) {
		snapshot.capture = snapshot.observer = sample_hostile[names];
		sender_send(&bed_sender, &snapshot, bed_reader);
	}
	records = reader_records(bed_reader, &count);
	for (size_t i = 0; i < count; i++) {
		if (records[i].domain != OTHERS || records[i].id != 0x103)
			continue;
		wc_buffer_clear(&wanted);
		wc_escape_terminal(&wanted, sample_hostile[next++]);
		wc_buffer_add(&wanted, "", 1);
		ck_assert_str_eq(records[i].interface, wanted.data);
		wanted.length--;
		wc_buffer_add(&wanted, "/conversations", sizeof("/conversations"));
		ck_assert_str_eq(records[i - 1].name, wanted.data);
	}
	ck_assert_uint_eq(next, names);
	ck_assert_uint_ge(names, 30);
	wc_buffer_free(&wanted);
	bed_end();
}
END_TEST

/* A long name ends behind a whole character. */
START_TEST(test_long_name)
{
	struct wc_snapshot snapshot = sample_quiet();
	char name[302] = "x";

	for (size_t i = 1; i < sizeof(name) - 1; i += 2)
		memcpy(name + i, "\303\251", 2);
	name[sizeof(name) - 1] = '\0';
	snapshot.capture = name;
	bed_begin();
	bed_sender.framing.longest = 512;
	sender_open(&bed_sender);
	sender_connect(&bed_sender, bed_reader);
	sender_send(&bed_sender, &snapshot, bed_reader);
	name[199] = '\0';
	ck_assert_str_eq(bed_option(OTHERS, 0x102)->name, name);
	bed_end();
}
END_TEST

/* A file is no interface; a time that is not known is 0. */
START_TEST(test_file)
{
	struct wc_snapshot snapshot = sample_damaged();
	size_t count;
	const struct reader_record *records;

	bed_begin();
	bed_sender.context.interface_number = NULL;
	sender_open(&bed_sender);
	sender_send(&bed_sender, &snapshot, NULL); /* without templates: nothing can be read */
	sender_connect(&bed_sender, bed_reader);
	sender_send(&bed_sender, &snapshot, bed_reader);
	records = reader_records(bed_reader, &count);
	for (size_t i = 0; i < count; i++)
		ck_assert_uint_ne(records[i].id, 0x103);
	/* Captures that are not in the configuration share the domains behind those that are. */
	bed_check(bed_option(OTHERS, 0x101), 0x101,
		  WANTED({F_START, 0}, {F_END, 0}, {F_PACKETS, 1}));
	ck_assert_str_eq(bed_option(OTHERS, 0x102)->name, "read/conversations");
	bed_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_options, test_hostile_names, test_long_name, test_file,
				      NULL};

	return suite_run("ipfix domains", tests, 60);
}

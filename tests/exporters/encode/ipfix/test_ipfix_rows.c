/* What each row of a snapshot is as a record, field by field, and that sums are whole. */
#include <arpa/inet.h>

#include "ipfix_bed.h"
#include "sample.h"
#include "suite.h"

#define TCP 6
#define UDP 17

/* How many rows @domain has. */
static size_t rows_in(uint32_t domain)
{
	size_t count, found = 0;
	const struct reader_record *records = reader_records(bed_reader, &count);

	for (size_t i = 0; i < count; i++)
		found += records[i].domain == domain && bed_is_data(&records[i]);
	return found;
}

static uint64_t sum(uint32_t domain, enum reader_field field)
{
	uint64_t result = 0;

	for (size_t i = 0; i < rows_in(domain); i++)
		result += bed_row(domain, i)->numbers[field];
	return result;
}

static void check_v4(const struct reader_record *record, const char *source,
		     const char *destination)
{
	ck_assert_uint_eq(record->source_v4, ntohl(inet_addr(source)));
	ck_assert_uint_eq(record->destination_v4, ntohl(inet_addr(destination)));
}

static void check_v6(const uint8_t bytes[16], const char *text)
{
	struct in6_addr wanted;

	ck_assert_int_eq(inet_pton(AF_INET6, text, &wanted), 1);
	ck_assert_mem_eq(bytes, &wanted, 16);
}

static bool has(const struct reader_record *record, enum reader_field field)
{
	return record->has >> field & 1;
}

START_TEST(test_conversations)
{
	bed_begin();
	bed_go();
	ck_assert_uint_eq(rows_in(CONVERSATIONS), 6);
	bed_check(bed_row(CONVERSATIONS, 0), 0x405,
		  WANTED({F_START, START}, {F_END, START + 9999}, {F_VERSION, 4}, {F_PROTOCOL, TCP},
			 {F_SPORT, 51234}, {F_DPORT, 443}, {F_FLAGS, 0x1b}, {F_DIRECTION, 1},
			 {F_INGRESS, 0}, {F_EGRESS, ETH0}, COUNTS(900, 57400, 70000)));
	check_v4(bed_row(CONVERSATIONS, 0), "10.0.0.5", "203.0.113.80");
	bed_check(bed_row(CONVERSATIONS, 1), 0x405,
		  WANTED({F_START, START}, {F_END, START + 9999}, {F_SPORT, 443}, {F_DPORT, 51234},
			 {F_FLAGS, 0x1a}, {F_DIRECTION, 0}, {F_INGRESS, ETH0}, {F_EGRESS, 0},
			 COUNTS(1200000, 1483200000, 1500000000)));
	check_v4(bed_row(CONVERSATIONS, 1), "203.0.113.80", "10.0.0.5");
	bed_check(bed_row(CONVERSATIONS, 2), 0x402,
		  WANTED({F_START, START}, {F_END, START}, {F_VERSION, 6}, {F_PROTOCOL, UDP},
			 {F_SPORT, 40000}, {F_DPORT, 53}, {F_FLAGS, 0}, {F_INGRESS, ETH0},
			 COUNTS(64, 5504, 6400)));
	ck_assert(!has(bed_row(CONVERSATIONS, 2), F_DIRECTION)); /* transit */
	check_v6(bed_row(CONVERSATIONS, 2)->source_v6, "2001:db8::5");
	check_v6(bed_row(CONVERSATIONS, 2)->destination_v6,
		 "2001:db8:ffff:ffff:ffff:ffff:ffff:fff0");
	bed_end();
}
END_TEST

/* All of the internet as one, one way only, and the remainder. */
START_TEST(test_special_conversations)
{
	bed_begin();
	bed_go();
	bed_check(bed_row(CONVERSATIONS, 3), 0x405,
		  WANTED({F_START, START}, {F_END, END}, {F_VERSION, 4}, {F_SPORT, 0},
			 {F_DPORT, 22}, {F_DIRECTION, 0}, COUNTS(40, 4440, 5000)));
	check_v4(bed_row(CONVERSATIONS, 3), "0.0.0.0", "10.0.0.5");
	bed_check(bed_row(CONVERSATIONS, 4), 0x405,
		  WANTED({F_START, START}, {F_END, START}, {F_SPORT, 666}, {F_DPORT, 0},
			 {F_FLAGS, 0x14}, {F_DIRECTION, 0}, {F_INGRESS, ETH0},
			 COUNTS(3, 138, 180)));
	check_v4(bed_row(CONVERSATIONS, 4), "10.0.0.6", "10.0.0.5");
	bed_check(bed_row(CONVERSATIONS, 5), 0x401,
		  WANTED({F_PROTOCOL, 0}, {F_SPORT, 0}, {F_DPORT, 0}, {F_INGRESS, 0}, {F_EGRESS, 0},
			 COUNTS(10, 460, 600)));
	check_v4(bed_row(CONVERSATIONS, 5), "0.0.0.0", "0.0.0.0");
	ck_assert_uint_eq(sum(CONVERSATIONS, F_PACKETS), 900 + 1200000 + 64 + 40 + 3 + 10);
	ck_assert_uint_eq(sum(CONVERSATIONS, F_LAYER2),
			  70000 + 1500000000 + 6400 + 5000 + 180 + 600);
	bed_end();
}
END_TEST

/* An address of the internet, folded, beside one of IPv6. */
START_TEST(test_folded_v6)
{
	struct wc_snapshot snapshot = sample_busy();
	const struct wc_conversation_row folded = {
		.server = {.high = UINT64_C(0x20010db800000000), .low = 1, .version = 6},
		.protocol = TCP,
		.port = 80,
		.forward = {2, 200, 172, 1, 2},
		.reverse = {1, 100, 86, 0, 0x12},
		.first_seen_ns = WC_TIME_UNKNOWN,
		.last_seen_ns = WC_TIME_UNKNOWN,
	};

	snapshot.conversations = &folded;
	snapshot.conversation_rows = 1;
	bed_begin();
	sender_open(&bed_sender);
	sender_connect(&bed_sender, bed_reader);
	sender_send(&bed_sender, &snapshot, bed_reader);
	bed_check(bed_row(CONVERSATIONS, 0), 0x406, WANTED({F_VERSION, 6}, COUNTS(2, 172, 200)));
	check_v6(bed_row(CONVERSATIONS, 0)->source_v6, "::");
	check_v6(bed_row(CONVERSATIONS, 0)->destination_v6, "2001:db8::1");
	bed_check(bed_row(CONVERSATIONS, 1), 0x406, WANTED({F_VERSION, 6}, COUNTS(1, 86, 100)));
	check_v6(bed_row(CONVERSATIONS, 1)->destination_v6, "::");
	bed_end();
}
END_TEST

START_TEST(test_biflow)
{
	bed_begin();
	bed_sender.options.biflow = true;
	bed_go();
	ck_assert_uint_eq(rows_in(CONVERSATIONS), 5);
	bed_check(bed_row(CONVERSATIONS, 0), 0x425,
		  WANTED(COUNTS(900, 57400, 70000), {F_REVERSE_PACKETS, 1200000},
			 {F_REVERSE_OCTETS, 1483200000}, {F_REVERSE_LAYER2, 1500000000},
			 {F_FLAGS, 0x1b}, {F_SPORT, 51234}, {F_DPORT, 443}));
	bed_check(bed_row(CONVERSATIONS, 1), 0x422,
		  WANTED(COUNTS(64, 5504, 6400), {F_REVERSE_PACKETS, 0}));
	bed_check(bed_row(CONVERSATIONS, 3), 0x425,
		  WANTED(COUNTS(0, 0, 0), {F_REVERSE_PACKETS, 3}, {F_REVERSE_OCTETS, 138},
			 {F_REVERSE_LAYER2, 180}, {F_DPORT, 666}));
	check_v4(bed_row(CONVERSATIONS, 3), "10.0.0.5", "10.0.0.6");
	ck_assert_uint_eq(sum(CONVERSATIONS, F_PACKETS) + sum(CONVERSATIONS, F_REVERSE_PACKETS),
			  900 + 1200000 + 64 + 40 + 3 + 10);
	bed_end();
}
END_TEST

START_TEST(test_ports)
{
	bed_begin();
	bed_go();
	ck_assert_uint_eq(rows_in(PORTS), 6);
	bed_check(bed_row(PORTS, 1), 0x504,
		  WANTED({F_START, START}, {F_END, END}, {F_VERSION, 4}, {F_PROTOCOL, TCP},
			 {F_DPORT, 443}, {F_DIRECTION, 0}, {F_PACKETS, 1200000},
			 {F_LAYER2, 1500000000}, {F_NEW, 12345}));
	ck_assert(!has(bed_row(PORTS, 1), F_OCTETS)); /* IP bytes are not known */
	ck_assert(!has(bed_row(PORTS, 1), F_ACCEPTED));
	bed_check(bed_row(PORTS, 2), 0x504,
		  WANTED({F_DPORT, 443}, {F_DIRECTION, 1}, {F_PACKETS, 900}, {F_NEW, 30}));
	bed_check(bed_row(PORTS, 4), 0x504,
		  WANTED({F_PROTOCOL, TCP}, {F_DPORT, 0}, {F_PACKETS, 10}));
	bed_check(bed_row(PORTS, 5), 0x504,
		  WANTED({F_PROTOCOL, UDP}, {F_DPORT, 53}, {F_PACKETS, 64}, {F_NEW, 0}));
	ck_assert_uint_eq(sum(PORTS, F_PACKETS), 40 + 1200000 + 900 + 3 + 10 + 64);
	bed_end();
}
END_TEST

START_TEST(test_protocols_and_ethertypes)
{
	bed_begin();
	bed_go();
	ck_assert_uint_eq(rows_in(PROTOCOLS), 3);
	bed_check(bed_row(PROTOCOLS, 0), 0x604,
		  WANTED({F_PROTOCOL, 1}, {F_DIRECTION, 0}, {F_PACKETS, 12}, {F_LAYER2, 1176}));
	bed_check(bed_row(PROTOCOLS, 1), 0x600,
		  WANTED({F_PROTOCOL, 89}, {F_PACKETS, 4}, {F_LAYER2, 312}));
	bed_check(bed_row(PROTOCOLS, 2), 0x604,
		  WANTED({F_PROTOCOL, 0}, {F_PACKETS, 1}, {F_LAYER2, 60}));
	ck_assert_uint_eq(rows_in(ETHERTYPES), 3);
	bed_check(bed_row(ETHERTYPES, 1), 0x704,
		  WANTED({F_START, START}, {F_END, END}, {F_VERSION, 4}, {F_ETHERTYPE, 0x0806},
			 {F_DIRECTION, 1}, {F_PACKETS, 2}, {F_LAYER2, 84}));
	ck_assert_uint_eq(sum(ETHERTYPES, F_LAYER2), 480 + 84 + 60);
	bed_end();
}
END_TEST

START_TEST(test_hosts)
{
	bed_begin();
	bed_go();
	ck_assert_uint_eq(rows_in(HOSTS), 7);
	bed_check(bed_row(HOSTS, 0), 0x809,
		  WANTED({F_VERSION, 4}, {F_PACKETS, 900}, {F_LAYER2, 70000}, {F_NEW, 30}));
	check_v4(bed_row(HOSTS, 0), "10.0.0.5", "0.0.0.0");
	bed_check(bed_row(HOSTS, 1), 0x811, WANTED({F_PACKETS, 1200040}, {F_NEW, 7}));
	check_v4(bed_row(HOSTS, 1), "0.0.0.0", "10.0.0.5");
	bed_check(bed_row(HOSTS, 2), 0x812,
		  WANTED({F_VERSION, 6}, {F_PACKETS, 64}, {F_LAYER2, 6400}));
	check_v6(bed_row(HOSTS, 2)->destination_v6, "2001:db8:ffff:ffff:ffff:ffff:ffff:fff0");
	bed_check(bed_row(HOSTS, 3), 0x80a, WANTED({F_VERSION, 6}, {F_PACKETS, 3}));
	check_v6(bed_row(HOSTS, 3)->source_v6, "::1");
	bed_check(bed_row(HOSTS, 5), 0x809, WANTED({F_PACKETS, 1200134}));
	check_v4(bed_row(HOSTS, 5), "0.0.0.0", "0.0.0.0"); /* the remainder */
	bed_end();
}
END_TEST

START_TEST(test_scanners)
{
	bed_begin();
	bed_go();
	ck_assert_uint_eq(rows_in(SCANNERS), 4);
	bed_check(bed_row(SCANNERS, 0), 0x901, WANTED({F_VERSION, 4}, {F_NEW, 20}, {F_HOSTS, 1}));
	check_v4(bed_row(SCANNERS, 0), "198.51.100.7", "0.0.0.0");
	bed_check(bed_row(SCANNERS, 1), 0x902,
		  WANTED({F_VERSION, 6}, {F_NEW, 123456}, {F_HOSTS, 41000}));
	check_v6(bed_row(SCANNERS, 1)->source_v6, "2001:db8::99");
	bed_end();
}
END_TEST

/* Elements of our own, and rows that have nothing but these. */
START_TEST(test_private)
{
	bed_begin();
	bed_sender.options.private_elements = true;
	bed_go();
	ck_assert_uint_eq(rows_in(PORTS), 7);
	bed_check(bed_row(PORTS, 1), 0x544, WANTED({F_ACCEPTED, 12300}, {F_REFUSED, 45}));
	bed_check(bed_row(PORTS, 6), 0x540, WANTED({F_DPORT, 123}, {F_PACKETS, 0}, {F_REFUSED, 1}));
	bed_check(bed_row(SCANNERS, 0), 0x941,
		  WANTED({F_REFUSED, 1}, {F_CHANGES, 20}, {F_UNANSWERED, 10}));
	bed_check(bed_row(CONVERSATIONS, 0), 0x405, WANTED({F_PACKETS, 900}));
	bed_end();
}
END_TEST

/* nfdump: bytes of frames where it looks for bytes, and no options at all. */
START_TEST(test_nfdump)
{
	size_t count, data = 0;
	const struct reader_record *records;

	bed_begin();
	bed_sender.options.profile = WC_IPFIX_NFDUMP;
	bed_sender.options.types = true;
	bed_go();
	bed_check(bed_row(PORTS, 1), 0x584,
		  WANTED({F_PACKETS, 1200000}, {F_OCTETS, 1500000000}, {F_LAYER2, 1500000000}));
	bed_check(bed_row(PROTOCOLS, 0), 0x684, WANTED({F_OCTETS, 1176}));
	bed_check(bed_row(HOSTS, 0), 0x889, WANTED({F_OCTETS, 70000}));
	bed_check(bed_row(CONVERSATIONS, 0), 0x405, WANTED(COUNTS(900, 57400, 70000)));
	records = reader_records(bed_reader, &count);
	for (size_t i = 0; i < count; i++)
		data += bed_is_data(&records[i]);
	ck_assert_uint_eq(data, count);
	ck_assert_uint_eq(count, 6 + 6 + 3 + 3 + 7 + 4);
	bed_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_conversations,
		test_special_conversations,
		test_folded_v6,
		test_biflow,
		test_ports,
		test_protocols_and_ethertypes,
		test_hosts,
		test_scanners,
		test_private,
		test_nfdump,
		NULL,
	};

	return suite_run("ipfix rows", tests, 60);
}

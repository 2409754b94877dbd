/* What each row of a snapshot is as a record, field by field, and that sums are whole. */
#include <arpa/inet.h>
#include <string.h>

#include "buffer.h"
#include "escape.h"
#include "ipfix_reader.h"
#include "ipfix_sender.h"
#include "sample.h"
#include "suite.h"

#define START UINT64_C(1700000000250)
#define END   UINT64_C(1700000010251)
#define ETH0  7
#define TCP   6
#define UDP   17

/* Domains of capture wan, the first one. */
enum { CONVERSATIONS = 1, PORTS, PROTOCOLS, ETHERTYPES, HOSTS, SCANNERS };

/* Of conversations of captures that are not in the configuration. */
#define OTHERS 17

/* A field and what it must be; those of a record end with {READER_FIELDS, 0}. */
struct wanted {
	enum reader_field field;
	uint64_t number;
};

#define WANTED(...)                                                                                \
	(const struct wanted[])                                                                    \
	{                                                                                          \
		__VA_ARGS__,                                                                       \
		{                                                                                  \
			READER_FIELDS, 0                                                           \
		}                                                                                  \
	}
#define COUNTS(packets, octets, layer2)                                                            \
	{F_PACKETS, packets}, {F_OCTETS, octets},                                                  \
	{                                                                                          \
		F_LAYER2, layer2                                                                   \
	}

static struct sender sender;
static struct reader *reader;

static void begin(void)
{
	reader = reader_new();
	sender_begin(&sender, sender_all_rows);
}

/* Sends the busy interval over a connection of its own. */
static void go(void)
{
	struct wc_snapshot snapshot = sample_busy();

	sender_open(&sender);
	sender_connect(&sender, reader);
	sender_send(&sender, &snapshot, reader);
}

static void end(void)
{
	ck_assert_uint_eq(reader_warnings(reader), 0);
	sender_end(&sender);
	reader_free(reader);
}

/* Is a record of rows, not of options. */
static bool is_data(const struct reader_record *record)
{
	return record->id >= 0x400;
}

/* The rows of @domain: how many there are, and number @number of them. */
static size_t rows_in(uint32_t domain)
{
	size_t count, found = 0;
	const struct reader_record *records = reader_records(reader, &count);

	for (size_t i = 0; i < count; i++)
		found += records[i].domain == domain && is_data(&records[i]);
	return found;
}

static const struct reader_record *row(uint32_t domain, size_t number)
{
	size_t count;
	const struct reader_record *records = reader_records(reader, &count);

	for (size_t i = 0; i < count; i++)
		if (records[i].domain == domain && is_data(&records[i]) && !number--)
			return &records[i];
	ck_abort_msg("domain %u has too few rows", domain);
}

/* The only record of options by template @id in @domain. */
static const struct reader_record *option(uint32_t domain, uint16_t id)
{
	size_t count;
	const struct reader_record *records = reader_records(reader, &count), *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (records[i].domain != domain || records[i].id != id)
			continue;
		ck_assert_ptr_null(found);
		found = &records[i];
	}
	ck_assert_ptr_nonnull(found);
	return found;
}

static uint64_t sum(uint32_t domain, enum reader_field field)
{
	uint64_t result = 0;

	for (size_t i = 0; i < rows_in(domain); i++)
		result += row(domain, i)->numbers[field];
	return result;
}

static void check(const struct reader_record *record, uint16_t id, const struct wanted *wanted)
{
	ck_assert_uint_eq(record->id, id);
	for (; wanted->field != READER_FIELDS; wanted++)
		ck_assert_msg(reader_is(record, wanted->field, wanted->number),
			      "field %d is %llu, not %llu", wanted->field,
			      (unsigned long long)record->numbers[wanted->field],
			      (unsigned long long)wanted->number);
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
	begin();
	go();
	ck_assert_uint_eq(rows_in(CONVERSATIONS), 6);
	check(row(CONVERSATIONS, 0), 0x405,
	      WANTED({F_START, START}, {F_END, START + 9999}, {F_VERSION, 4}, {F_PROTOCOL, TCP},
		     {F_SPORT, 51234}, {F_DPORT, 443}, {F_FLAGS, 0x1b}, {F_DIRECTION, 1},
		     {F_INGRESS, 0}, {F_EGRESS, ETH0}, COUNTS(900, 57400, 70000)));
	check_v4(row(CONVERSATIONS, 0), "10.0.0.5", "203.0.113.80");
	check(row(CONVERSATIONS, 1), 0x405,
	      WANTED({F_START, START}, {F_END, START + 9999}, {F_SPORT, 443}, {F_DPORT, 51234},
		     {F_FLAGS, 0x1a}, {F_DIRECTION, 0}, {F_INGRESS, ETH0}, {F_EGRESS, 0},
		     COUNTS(1200000, 1483200000, 1500000000)));
	check_v4(row(CONVERSATIONS, 1), "203.0.113.80", "10.0.0.5");
	check(row(CONVERSATIONS, 2), 0x402,
	      WANTED({F_START, START}, {F_END, START}, {F_VERSION, 6}, {F_PROTOCOL, UDP},
		     {F_SPORT, 40000}, {F_DPORT, 53}, {F_FLAGS, 0}, {F_INGRESS, ETH0},
		     COUNTS(64, 5504, 6400)));
	ck_assert(!has(row(CONVERSATIONS, 2), F_DIRECTION)); /* transit */
	check_v6(row(CONVERSATIONS, 2)->source_v6, "2001:db8::5");
	check_v6(row(CONVERSATIONS, 2)->destination_v6, "2001:db8:ffff:ffff:ffff:ffff:ffff:fff0");
	end();
}
END_TEST

/* All of the internet as one, one way only, and the remainder. */
START_TEST(test_special_conversations)
{
	begin();
	go();
	check(row(CONVERSATIONS, 3), 0x405,
	      WANTED({F_START, START}, {F_END, END}, {F_VERSION, 4}, {F_SPORT, 0}, {F_DPORT, 22},
		     {F_DIRECTION, 0}, COUNTS(40, 4440, 5000)));
	check_v4(row(CONVERSATIONS, 3), "0.0.0.0", "10.0.0.5");
	check(row(CONVERSATIONS, 4), 0x405,
	      WANTED({F_START, START}, {F_END, START}, {F_SPORT, 666}, {F_DPORT, 0},
		     {F_FLAGS, 0x14}, {F_DIRECTION, 0}, {F_INGRESS, ETH0}, COUNTS(3, 138, 180)));
	check_v4(row(CONVERSATIONS, 4), "10.0.0.6", "10.0.0.5");
	check(row(CONVERSATIONS, 5), 0x401,
	      WANTED({F_PROTOCOL, 0}, {F_SPORT, 0}, {F_DPORT, 0}, {F_INGRESS, 0}, {F_EGRESS, 0},
		     COUNTS(10, 460, 600)));
	check_v4(row(CONVERSATIONS, 5), "0.0.0.0", "0.0.0.0");
	ck_assert_uint_eq(sum(CONVERSATIONS, F_PACKETS), 900 + 1200000 + 64 + 40 + 3 + 10);
	ck_assert_uint_eq(sum(CONVERSATIONS, F_LAYER2),
			  70000 + 1500000000 + 6400 + 5000 + 180 + 600);
	end();
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
	begin();
	sender_open(&sender);
	sender_connect(&sender, reader);
	sender_send(&sender, &snapshot, reader);
	check(row(CONVERSATIONS, 0), 0x406, WANTED({F_VERSION, 6}, COUNTS(2, 172, 200)));
	check_v6(row(CONVERSATIONS, 0)->source_v6, "::");
	check_v6(row(CONVERSATIONS, 0)->destination_v6, "2001:db8::1");
	check(row(CONVERSATIONS, 1), 0x406, WANTED({F_VERSION, 6}, COUNTS(1, 86, 100)));
	check_v6(row(CONVERSATIONS, 1)->destination_v6, "::");
	end();
}
END_TEST

START_TEST(test_biflow)
{
	begin();
	sender.options.biflow = true;
	go();
	ck_assert_uint_eq(rows_in(CONVERSATIONS), 5);
	check(row(CONVERSATIONS, 0), 0x425,
	      WANTED(COUNTS(900, 57400, 70000), {F_REVERSE_PACKETS, 1200000},
		     {F_REVERSE_OCTETS, 1483200000}, {F_REVERSE_LAYER2, 1500000000},
		     {F_FLAGS, 0x1b}, {F_SPORT, 51234}, {F_DPORT, 443}));
	check(row(CONVERSATIONS, 1), 0x422, WANTED(COUNTS(64, 5504, 6400), {F_REVERSE_PACKETS, 0}));
	check(row(CONVERSATIONS, 3), 0x425,
	      WANTED(COUNTS(0, 0, 0), {F_REVERSE_PACKETS, 3}, {F_REVERSE_OCTETS, 138},
		     {F_REVERSE_LAYER2, 180}, {F_DPORT, 666}));
	check_v4(row(CONVERSATIONS, 3), "10.0.0.5", "10.0.0.6");
	ck_assert_uint_eq(sum(CONVERSATIONS, F_PACKETS) + sum(CONVERSATIONS, F_REVERSE_PACKETS),
			  900 + 1200000 + 64 + 40 + 3 + 10);
	end();
}
END_TEST

START_TEST(test_ports)
{
	begin();
	go();
	ck_assert_uint_eq(rows_in(PORTS), 6);
	check(row(PORTS, 1), 0x504,
	      WANTED({F_START, START}, {F_END, END}, {F_VERSION, 4}, {F_PROTOCOL, TCP},
		     {F_DPORT, 443}, {F_DIRECTION, 0}, {F_PACKETS, 1200000}, {F_LAYER2, 1500000000},
		     {F_NEW, 12345}));
	ck_assert(!has(row(PORTS, 1), F_OCTETS)); /* IP bytes are not known */
	ck_assert(!has(row(PORTS, 1), F_ACCEPTED));
	check(row(PORTS, 2), 0x504,
	      WANTED({F_DPORT, 443}, {F_DIRECTION, 1}, {F_PACKETS, 900}, {F_NEW, 30}));
	check(row(PORTS, 4), 0x504, WANTED({F_PROTOCOL, TCP}, {F_DPORT, 0}, {F_PACKETS, 10}));
	check(row(PORTS, 5), 0x504,
	      WANTED({F_PROTOCOL, UDP}, {F_DPORT, 53}, {F_PACKETS, 64}, {F_NEW, 0}));
	ck_assert_uint_eq(sum(PORTS, F_PACKETS), 40 + 1200000 + 900 + 3 + 10 + 64);
	end();
}
END_TEST

START_TEST(test_protocols_and_ethertypes)
{
	begin();
	go();
	ck_assert_uint_eq(rows_in(PROTOCOLS), 3);
	check(row(PROTOCOLS, 0), 0x604,
	      WANTED({F_PROTOCOL, 1}, {F_DIRECTION, 0}, {F_PACKETS, 12}, {F_LAYER2, 1176}));
	check(row(PROTOCOLS, 1), 0x600, WANTED({F_PROTOCOL, 89}, {F_PACKETS, 4}, {F_LAYER2, 312}));
	check(row(PROTOCOLS, 2), 0x604, WANTED({F_PROTOCOL, 0}, {F_PACKETS, 1}, {F_LAYER2, 60}));
	ck_assert_uint_eq(rows_in(ETHERTYPES), 3);
	check(row(ETHERTYPES, 1), 0x704,
	      WANTED({F_START, START}, {F_END, END}, {F_VERSION, 4}, {F_ETHERTYPE, 0x0806},
		     {F_DIRECTION, 1}, {F_PACKETS, 2}, {F_LAYER2, 84}));
	ck_assert_uint_eq(sum(ETHERTYPES, F_LAYER2), 480 + 84 + 60);
	end();
}
END_TEST

START_TEST(test_hosts)
{
	begin();
	go();
	ck_assert_uint_eq(rows_in(HOSTS), 7);
	check(row(HOSTS, 0), 0x809,
	      WANTED({F_VERSION, 4}, {F_PACKETS, 900}, {F_LAYER2, 70000}, {F_NEW, 30}));
	check_v4(row(HOSTS, 0), "10.0.0.5", "0.0.0.0");
	check(row(HOSTS, 1), 0x811, WANTED({F_PACKETS, 1200040}, {F_NEW, 7}));
	check_v4(row(HOSTS, 1), "0.0.0.0", "10.0.0.5");
	check(row(HOSTS, 2), 0x812, WANTED({F_VERSION, 6}, {F_PACKETS, 64}, {F_LAYER2, 6400}));
	check_v6(row(HOSTS, 2)->destination_v6, "2001:db8:ffff:ffff:ffff:ffff:ffff:fff0");
	check(row(HOSTS, 3), 0x80a, WANTED({F_VERSION, 6}, {F_PACKETS, 3}));
	check_v6(row(HOSTS, 3)->source_v6, "::1");
	check(row(HOSTS, 5), 0x809, WANTED({F_PACKETS, 1200134}));
	check_v4(row(HOSTS, 5), "0.0.0.0", "0.0.0.0"); /* the remainder */
	end();
}
END_TEST

START_TEST(test_scanners)
{
	begin();
	go();
	ck_assert_uint_eq(rows_in(SCANNERS), 4);
	check(row(SCANNERS, 0), 0x901, WANTED({F_VERSION, 4}, {F_NEW, 20}, {F_HOSTS, 1}));
	check_v4(row(SCANNERS, 0), "198.51.100.7", "0.0.0.0");
	check(row(SCANNERS, 1), 0x902, WANTED({F_VERSION, 6}, {F_NEW, 123456}, {F_HOSTS, 41000}));
	check_v6(row(SCANNERS, 1)->source_v6, "2001:db8::99");
	end();
}
END_TEST

/* Elements of our own, and rows that have nothing but these. */
START_TEST(test_private)
{
	begin();
	sender.options.private_elements = true;
	go();
	ck_assert_uint_eq(rows_in(PORTS), 7);
	check(row(PORTS, 1), 0x544, WANTED({F_ACCEPTED, 12300}, {F_REFUSED, 45}));
	check(row(PORTS, 6), 0x540, WANTED({F_DPORT, 123}, {F_PACKETS, 0}, {F_REFUSED, 1}));
	check(row(SCANNERS, 0), 0x941, WANTED({F_REFUSED, 1}, {F_CHANGES, 20}, {F_UNANSWERED, 10}));
	check(row(CONVERSATIONS, 0), 0x405, WANTED({F_PACKETS, 900}));
	end();
}
END_TEST

/* nfdump: bytes of frames where it looks for bytes, and no options at all. */
START_TEST(test_nfdump)
{
	size_t count, data = 0;
	const struct reader_record *records;

	begin();
	sender.options.profile = WC_IPFIX_NFDUMP;
	sender.options.types = true;
	go();
	check(row(PORTS, 1), 0x584,
	      WANTED({F_PACKETS, 1200000}, {F_OCTETS, 1500000000}, {F_LAYER2, 1500000000}));
	check(row(PROTOCOLS, 0), 0x684, WANTED({F_OCTETS, 1176}));
	check(row(HOSTS, 0), 0x889, WANTED({F_OCTETS, 70000}));
	check(row(CONVERSATIONS, 0), 0x405, WANTED(COUNTS(900, 57400, 70000)));
	records = reader_records(reader, &count);
	for (size_t i = 0; i < count; i++)
		data += is_data(&records[i]);
	ck_assert_uint_eq(data, count);
	ck_assert_uint_eq(count, 6 + 6 + 3 + 3 + 7 + 4);
	end();
}
END_TEST

/* What is said of a domain. */
START_TEST(test_options)
{
	begin();
	go();
	check(option(PORTS, 0x101), 0x101,
	      WANTED({F_DOMAIN, PORTS}, {F_START, START}, {F_END, END},
		     {F_PACKETS, 40 + 1200000 + 900 + 3 + 10 + 64 + 17 + 5 + 11 + 5 + 2},
		     {F_DROPPED, 37}, {F_SENT_MESSAGES, 2}, {F_SENT_RECORDS, 2}));
	check(option(PORTS, 0x102), 0x102, WANTED({F_DOMAIN, PORTS}));
	ck_assert_str_eq(option(PORTS, 0x102)->name, "wan/ports");
	ck_assert_str_eq(option(SCANNERS, 0x102)->name, "wan/scanners");
	check(option(PORTS, 0x103), 0x103, WANTED({F_INGRESS, ETH0}));
	ck_assert_str_eq(option(PORTS, 0x103)->interface, "eth0");
	end();
}
END_TEST

/* Names are UTF-8 without control characters, whatever an interface is called. */
START_TEST(test_hostile_names)
{
	struct wc_snapshot snapshot = sample_quiet();
	struct wc_buffer wanted = {0};
	const struct reader_record *records;
	size_t count, names = 0, next = 0;

	begin();
	sender_open(&sender);
	sender_connect(&sender, reader);
	for (; sample_hostile[names]; names++) {
		snapshot.capture = snapshot.observer = sample_hostile[names];
		sender_send(&sender, &snapshot, reader);
	}
	records = reader_records(reader, &count);
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
	end();
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
	begin();
	sender.framing.longest = 512;
	sender_open(&sender);
	sender_connect(&sender, reader);
	sender_send(&sender, &snapshot, reader);
	name[199] = '\0';
	ck_assert_str_eq(option(OTHERS, 0x102)->name, name);
	end();
}
END_TEST

/* A file is no interface; a time that is not known is 0. */
START_TEST(test_file)
{
	struct wc_snapshot snapshot = sample_damaged();
	size_t count;
	const struct reader_record *records;

	begin();
	sender.context.interface_number = NULL;
	sender_open(&sender);
	sender_send(&sender, &snapshot, NULL); /* without templates: nothing can be read */
	sender_connect(&sender, reader);
	sender_send(&sender, &snapshot, reader);
	records = reader_records(reader, &count);
	for (size_t i = 0; i < count; i++)
		ck_assert_uint_ne(records[i].id, 0x103);
	/* Captures that are not in the configuration share the domains behind those that are. */
	check(option(OTHERS, 0x101), 0x101, WANTED({F_START, 0}, {F_END, 0}, {F_PACKETS, 1}));
	ck_assert_str_eq(option(OTHERS, 0x102)->name, "read/conversations");
	end();
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
		test_options,
		test_hostile_names,
		test_long_name,
		test_file,
		NULL,
	};

	return suite_run("ipfix rows", tests, 60);
}

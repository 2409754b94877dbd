/* Templates, messages and their sizes, and windows on them. */
#include <fixbuf/public.h>
#include <string.h>

#include "ipfix.h"
#include "ipfix_reader.h"
#include "ipfix_sender.h"
#include "sample.h"
#include "suite.h"
#include "wirecensus/error.h"

#define TIMES "flowStartMilliseconds/8 flowEndMilliseconds/8 "

static const char *const ports_only[] = {"port", NULL};

static struct sender sender;
static struct reader *reader;

static void begin(const char *const *rows)
{
	reader = reader_new();
	sender_begin(&sender, rows);
}

static void end(void)
{
	ck_assert_uint_eq(reader_warnings(reader), 0);
	sender_end(&sender);
	reader_free(reader);
}

START_TEST(test_templates)
{
	begin(sender_all_rows);
	sender_open(&sender);
	sender_connect(&sender, reader);
	ck_assert_str_eq(reader_template(reader, 1, 0x405),
			 TIMES "ipVersion/1 protocolIdentifier/1 sourceIPv4Address/4 "
			       "destinationIPv4Address/4 sourceTransportPort/2 "
			       "destinationTransportPort/2 tcpControlBits/1 flowDirection/1 "
			       "ingressInterface/4 egressInterface/4 packetDeltaCount/8 "
			       "octetDeltaCount/8 layer2OctetDeltaCount/8");
	ck_assert_str_eq(reader_template(reader, 1, 0x402),
			 TIMES "ipVersion/1 protocolIdentifier/1 sourceIPv6Address/16 "
			       "destinationIPv6Address/16 sourceTransportPort/2 "
			       "destinationTransportPort/2 tcpControlBits/1 ingressInterface/4 "
			       "egressInterface/4 packetDeltaCount/8 octetDeltaCount/8 "
			       "layer2OctetDeltaCount/8");
	ck_assert_str_eq(reader_template(reader, 2, 0x504),
			 TIMES "ipVersion/1 protocolIdentifier/1 destinationTransportPort/2 "
			       "flowDirection/1 packetDeltaCount/8 layer2OctetDeltaCount/8 "
			       "newConnectionDeltaCount/4");
	ck_assert_str_eq(reader_template(reader, 3, 0x600),
			 TIMES "ipVersion/1 protocolIdentifier/1 packetDeltaCount/8 "
			       "layer2OctetDeltaCount/8");
	ck_assert_str_eq(reader_template(reader, 4, 0x704),
			 TIMES "ipVersion/1 ethernetType/2 flowDirection/1 packetDeltaCount/8 "
			       "layer2OctetDeltaCount/8");
	ck_assert_str_eq(reader_template(reader, 5, 0x80a),
			 TIMES "ipVersion/1 sourceIPv6Address/16 packetDeltaCount/8 "
			       "layer2OctetDeltaCount/8 newConnectionDeltaCount/4");
	ck_assert_str_eq(reader_template(reader, 6, 0x901),
			 TIMES "ipVersion/1 sourceIPv4Address/4 newConnectionDeltaCount/4 "
			       "distinctCountOfDestinationIPAddress/8");
	ck_assert_str_eq(reader_template(reader, 1, 0x101),
			 "observationDomainId/4 " TIMES "packetDeltaCount/8 "
			 "droppedPacketDeltaCount/8 exportedMessageTotalCount/8 "
			 "exportedFlowRecordTotalCount/8 exportedOctetTotalCount/8");
	end();
}
END_TEST

/* Each template of rows says which of its fields are keys; each is heard once. */
START_TEST(test_keys)
{
	static const struct {
		uint32_t domain;
		uint16_t id;
		uint64_t keys;
	} wanted[] = {
		/* Version to ports but no times, direction and interfaces. */
		{1, 0x405, 0x0efc}, {1, 0x402, 0x06fc}, {2, 0x504, 0x38}, {2, 0x500, 0x18},
		{4, 0x704, 0x18},   {5, 0x811, 0x0c},   {6, 0x902, 0x0c},
	};
	const struct reader_record *records;
	size_t count, found = 0;

	begin(sender_all_rows);
	sender_open(&sender);
	sender_connect(&sender, reader);
	records = reader_records(reader, &count);
	/* Of wan, of lo, and of all others: 4 + 2 + 2 + 2 + 4 + 2. */
	ck_assert_uint_eq(count, 3 * 16);
	ck_assert_uint_eq(reader_templates(reader), 3 * (16 + 6 * 4));
	for (size_t i = 0; i < count; i++) {
		ck_assert_uint_eq(records[i].id, 0x104);
		for (size_t j = 0; j < sizeof(wanted) / sizeof(*wanted); j++) {
			if (records[i].domain != wanted[j].domain ||
			    records[i].numbers[F_TEMPLATE] != wanted[j].id)
				continue;
			ck_assert_uint_eq(records[i].numbers[F_KEYS], wanted[j].keys);
			found++;
		}
	}
	ck_assert_uint_eq(found, sizeof(wanted) / sizeof(*wanted));
	end();
}
END_TEST

/* Our own elements, described as RFC 5610 wants it. */
START_TEST(test_types)
{
	const struct reader_record *records;
	size_t count, found = 0;

	begin(ports_only);
	sender.options.private_elements = sender.options.types = true;
	sender_open(&sender);
	sender_connect(&sender, reader);
	records = reader_records(reader, &count);
	for (size_t i = 0; i < count; i++) {
		if (records[i].id != 0x105 || records[i].domain != 2)
			continue;
		found++;
		ck_assert(reader_is(&records[i], F_ENTERPRISE, READER_ENTERPRISE));
		ck_assert(reader_is(&records[i], F_ELEMENT, found));
		ck_assert(reader_is(&records[i], F_TYPE, FB_UINT_64));
		ck_assert(reader_is(&records[i], F_SEMANTICS, 3)); /* deltaCounter */
		ck_assert_int_eq(strncmp(records[i].element, "wirecensus", 10), 0);
	}
	ck_assert_uint_eq(found, READER_PRIVATE);
	end();
}
END_TEST

static const size_t sizes[] = {512, 1232, 16384};

/* Every port of both transports, in messages of each size that there is. */
START_TEST(test_full)
{
	struct wc_snapshot snapshot = sample_full();
	uint64_t packets = 0, bytes = 0;
	const struct reader_record *records;
	size_t count, rows = 0;

	begin(ports_only);
	sender.framing.longest = sizes[_i];
	sender_open(&sender);
	sender_connect(&sender, reader);
	sender_send(&sender, &snapshot, reader);
	records = reader_records(reader, &count);
	for (size_t i = 0; i < count; i++) {
		const struct wc_port_row *row = &snapshot.ports[rows];

		if (records[i].id < 0x400)
			continue;
		rows++;
		if (records[i].numbers[F_PROTOCOL] != row->protocol ||
		    records[i].numbers[F_DPORT] != row->port ||
		    records[i].numbers[F_NEW] != row->delta.new)
			ck_abort_msg("row %zu", rows); /* an assertion that holds takes long */
		packets += records[i].numbers[F_PACKETS];
		bytes += records[i].numbers[F_LAYER2];
	}
	ck_assert_uint_eq(rows, 2 * 65536);
	ck_assert_uint_eq(packets, wc_totals_sum(&snapshot.delta).packets);
	ck_assert_uint_eq(bytes, wc_totals_sum(&snapshot.delta).bytes);
	/* A record has 39 bytes; no message but the first and the last has room for one more. */
	for (size_t i = 1; i + 1 < sender.messages.count; i++)
		ck_assert_uint_gt(sender.messages.items[i].length + 39, sizes[_i]);
	end();
}
END_TEST

/* A message as it is before it is stamped, but for the numbers that stamping overwrites. */
static void check_same(const struct wc_messages *whole, size_t number,
		       const struct wc_messages *part, size_t item)
{
	const struct wc_message *left = &whole->items[number], *right = &part->items[item];
	const char *a = whole->bytes.data + left->offset, *b = part->bytes.data + right->offset;

	ck_assert_uint_eq(left->length, right->length);
	ck_assert_uint_eq(left->records, right->records);
	ck_assert_mem_eq(a, b, 4);
	ck_assert_mem_eq(a + 12, b + 12, left->length - 12);
}

static void encode(struct wc_messages *messages, const struct wc_snapshot *snapshot)
{
	struct wc_error error = {""};

	ck_assert_msg(
		!wc_format_ipfix.encode(sender.state, &sender.context, snapshot, messages, &error),
		"%s", error.text);
}

/* What lies behind a window is encoded again, and is the same. */
START_TEST(test_windows)
{
	struct wc_snapshot snapshot = sample_full(), other = sample_busy();
	struct wc_messages whole = {0}, part = {.limit = 300000};
	uint64_t seen = 0;
	unsigned windows = 0;

	sender_begin(&sender, ports_only);
	sender_open(&sender);
	encode(&whole, &snapshot);
	while (seen < whole.ended) {
		wc_messages_clear(&part, seen);
		encode(&part, &snapshot);
		ck_assert_uint_eq(part.ended, whole.ended);
		ck_assert_uint_gt(part.count, 0);
		for (size_t i = 0; i < part.count; i++)
			check_same(&whole, seen + i, &part, i);
		seen += part.count;
		windows++;
		/* In between, something else. */
		wc_messages_clear(&part, 0);
		encode(&part, &other);
		ck_assert_int_eq(wc_format_ipfix.greet(sender.state, &part, NULL), 0);
	}
	ck_assert_uint_eq(seen, whole.ended);
	ck_assert_uint_gt(windows, 10);
	wc_messages_free(&whole);
	wc_messages_free(&part);
	sender_end(&sender);
}
END_TEST

/* An interface that goes away while an interval is sent leaves its messages as they are. */
static unsigned gone(const char *interface)
{
	(void)interface;
	return 0;
}

START_TEST(test_interface_gone)
{
	struct wc_snapshot snapshot = sample_busy();
	struct wc_messages before = {0}, after = {0};

	sender_begin(&sender, sender_all_rows);
	sender.framing.longest = 512;
	sender_open(&sender);
	encode(&before, &snapshot);
	sender.context.interface_number = gone;
	encode(&after, &snapshot);
	ck_assert_uint_eq(before.count, after.count);
	for (size_t i = 0; i < before.count; i++) {
		ck_assert_uint_eq(before.items[i].length, after.items[i].length);
		ck_assert_uint_eq(before.items[i].records, after.items[i].records);
	}
	wc_messages_free(&before);
	wc_messages_free(&after);
	sender_end(&sender);
}
END_TEST

/* More captures than there are domains for: the last ones share theirs. */
START_TEST(test_captures)
{
	char names[40][16];
	const char *pointers[40];
	struct wc_snapshot snapshot = sample_quiet();

	begin(ports_only);
	for (int i = 0; i < 40; i++) {
		snprintf(names[i], sizeof(names[i]), "c%d", i);
		pointers[i] = names[i];
	}
	sender.framing.captures = pointers;
	sender.framing.capture_count = 40;
	sender.options.domain = 1000;
	sender_open(&sender);
	sender_connect(&sender, reader);
	for (int i = 0; i < 40; i++) {
		snapshot.capture = names[i];
		sender_send(&sender, &snapshot, reader);
		ck_assert_uint_eq(sender_domain(&sender, 0),
				  1000 + 8 * (i < 31 ? (unsigned)i : 31) + 1);
	}
	end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_templates, test_keys,           test_types, test_windows,
				      test_captures,  test_interface_gone, NULL};
	Suite *suite = suite_create("ipfix messages");
	TCase *group = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	for (size_t i = 0; tests[i]; i++)
		tcase_add_test(group, tests[i]);
	tcase_add_loop_test(group, test_full, 0, sizeof(sizes) / sizeof(*sizes));
	tcase_set_timeout(group, 120);
	suite_add_tcase(suite, group);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

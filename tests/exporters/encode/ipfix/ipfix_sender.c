#include "ipfix_sender.h"

#include <check.h>
#include <endian.h>
#include <string.h>

#include "ipfix.h"
#include "ipfix_reader.h"
#include "place.h"
#include "sample.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

const char *const sender_all_rows[] = {"conversation", "port",    "protocol", "ethertype",
				       "host",         "scanner", NULL};

static const char *const captures[] = {"wan", "lo"};

static unsigned number_of(const char *interface)
{
	return strcmp(interface, "eth0") ? 0 : 7;
}

void sender_begin(struct sender *sender, const char *const *rows)
{
	struct wc_error error;

	memset(sender, 0, sizeof(*sender));
	ck_assert_int_eq(wc_option_defaults(&sender->options, wc_exporter_option_table, &error), 0);
	for (; *rows; rows++)
		ck_assert_int_eq(wc_texts_add(&sender->options.rows, *rows, &error), 0);
	sender->framing = (struct wc_framing){.datagrams = true,
					      .longest = 1232,
					      .place = WC_PLACE_UDP,
					      .captures = captures,
					      .capture_count = 2};
	sender->context = sample_context;
	sender->context.interface_number = number_of;
	sender->wall_ns = INT64_C(1700000100999999999);
}

void sender_open(struct sender *sender)
{
	struct wc_error error = {""};

	ck_assert_int_eq(
		wc_format_check(&wc_format_ipfix, &sender->options, &sender->framing, &error), 0);
	ck_assert_msg(
		!wc_format_ipfix.open(&sender->state, &sender->options, &sender->framing, &error),
		"%s", error.text);
}

void sender_end(struct sender *sender)
{
	wc_format_ipfix.close(sender->state);
	wc_messages_free(&sender->messages);
	wc_option_clear(&sender->options, wc_exporter_option_table);
}

const uint8_t *sender_message(const struct sender *sender, size_t number)
{
	ck_assert_uint_lt(number, sender->messages.count);
	return (const uint8_t *)sender->messages.bytes.data + sender->messages.items[number].offset;
}

static uint32_t word(const struct sender *sender, size_t number, size_t at)
{
	uint32_t found;

	memcpy(&found, sender_message(sender, number) + at, sizeof(found));
	return be32toh(found);
}

uint32_t sender_sequence(const struct sender *sender, size_t number)
{
	return word(sender, number, 8);
}

uint32_t sender_domain(const struct sender *sender, size_t number)
{
	return word(sender, number, 12);
}

void sender_stamp(struct sender *sender, size_t number, bool taken)
{
	const struct wc_message *message = &sender->messages.items[number];
	const struct wc_stamp stamp = {
		.before = sender->records,
		.records = message->records,
		.messages = sender->sent,
		.wall_ns = sender->wall_ns,
	};

	wc_format_ipfix.stamp(sender->state, sender->messages.bytes.data + message->offset,
			      message->length, &stamp);
	ck_assert_uint_eq(word(sender, number, 4), 1700000100);
	if (!taken)
		return;
	sender->sent++;
	sender->records += message->records;
}

/* Each message is whole, no longer than allowed, and has as many records as it says. */
static void pass_on(struct sender *sender, struct reader *reader)
{
	ck_assert(!sender->messages.bytes.failed);
	for (size_t i = 0; i < sender->messages.count; i++) {
		const struct wc_message *message = &sender->messages.items[i];
		const uint8_t *bytes = sender_message(sender, i);

		sender_stamp(sender, i, true);
		ck_assert_uint_le(message->length, sender->framing.longest);
		ck_assert_uint_eq((size_t)bytes[2] << 8 | bytes[3], message->length);
		if (reader)
			ck_assert_uint_eq(reader_take(reader, bytes, message->length),
					  message->records);
	}
}

static void greet(struct sender *sender, struct reader *reader)
{
	struct wc_error error = {""};

	wc_messages_clear(&sender->messages, 0);
	ck_assert_msg(!wc_format_ipfix.greet(sender->state, &sender->messages, &error), "%s",
		      error.text);
	pass_on(sender, reader);
}

void sender_connect(struct sender *sender, struct reader *reader)
{
	sender->sent = sender->records = 0;
	greet(sender, reader);
}

void sender_refresh(struct sender *sender)
{
	greet(sender, NULL);
}

void sender_send(struct sender *sender, const struct wc_snapshot *snapshot, struct reader *reader)
{
	struct wc_error error = {""};

	wc_messages_clear(&sender->messages, 0);
	ck_assert_msg(!wc_format_ipfix.encode(sender->state, &sender->context, snapshot,
					      &sender->messages, &error),
		      "%s", error.text);
	pass_on(sender, reader);
}

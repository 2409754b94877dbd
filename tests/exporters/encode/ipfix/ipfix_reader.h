/*
 * ipfix_reader.h - IPFIX messages read back by libfixbuf's collector
 *
 * What it expects is written down here once more, and not taken from the encoder. Each
 * function fails the running test where a message is not as it must be.
 */
#ifndef IPFIX_READER_H
#define IPFIX_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The private enterprise number of our own elements, and how many there are. */
#define READER_ENTERPRISE 32473
#define READER_PRIVATE    4

/* Room for a text. */
#define READER_TEXT 256

/* Numbers of a record, by the names of their elements in ipfix_reader.c. */
enum reader_field {
	F_START,
	F_END,
	F_PACKETS,
	F_OCTETS,
	F_LAYER2,
	F_REVERSE_PACKETS,
	F_REVERSE_OCTETS,
	F_REVERSE_LAYER2,
	F_HOSTS,
	F_ACCEPTED,
	F_REFUSED,
	F_CHANGES,
	F_UNANSWERED,
	F_DROPPED,
	F_SENT_MESSAGES,
	F_SENT_RECORDS,
	F_SENT_OCTETS,
	F_KEYS,
	F_INGRESS,
	F_EGRESS,
	F_NEW,
	F_DOMAIN,
	F_SPORT,
	F_DPORT,
	F_ETHERTYPE,
	F_TEMPLATE,
	F_VERSION,
	F_PROTOCOL,
	F_FLAGS,
	F_DIRECTION,
	F_ENTERPRISE, /* of an element that is described */
	F_ELEMENT,
	F_TYPE,
	F_SEMANTICS,
	READER_FIELDS
};

struct reader_record {
	uint32_t domain; /* of its message */
	uint16_t id;     /* of its template */
	uint64_t has;    /* a bit for each field that its template has */
	uint64_t numbers[READER_FIELDS];
	uint32_t source_v4, destination_v4;
	uint8_t source_v6[16], destination_v6[16];
	char interface[READER_TEXT], name[READER_TEXT], element[READER_TEXT];
};

struct reader;

/* One at a time. */
struct reader *reader_new(void);
void reader_free(struct reader *reader);

/* Reads one whole message. Returns how many records it had. */
size_t reader_take(struct reader *reader, const uint8_t *message, size_t length);

/* Returns how often libfixbuf warned, as of a message out of sequence or a record without template.
 */
size_t reader_warnings(const struct reader *reader);

/* All records so far, and how many templates were heard, repeated ones too. */
const struct reader_record *reader_records(const struct reader *reader, size_t *count);
size_t reader_templates(const struct reader *reader);

/* Returns the elements of the template that was heard last as @id: "name/bytes name/bytes". */
const char *reader_template(const struct reader *reader, uint32_t domain, uint16_t id);

/* True when the record has exactly that number in @field, and the field at all. */
bool reader_is(const struct reader_record *record, enum reader_field field, uint64_t number);

#endif /* IPFIX_READER_H */

/*
 * ipfix_bed.h - the busy interval over one connection, and what was read of it
 */
#ifndef TESTS_IPFIX_BED_H
#define TESTS_IPFIX_BED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ipfix_reader.h"
#include "ipfix_sender.h"

#define START UINT64_C(1700000000250)
#define END   UINT64_C(1700000010251)
#define ETH0  7

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

extern struct sender bed_sender;
extern struct reader *bed_reader;

/* Makes both; the sender's options may be changed before it is opened. */
void bed_begin(void);

/* Sends the busy interval over a connection of its own. */
void bed_go(void);

/* Ends both. Fails the test if the reader had to warn. */
void bed_end(void);

/* Whether it is a record of rows, not of options. */
bool bed_is_data(const struct reader_record *record);

/* Row number @number of @domain, which must be there. */
const struct reader_record *bed_row(uint32_t domain, size_t number);

/* The only record of options by template @id in @domain. */
const struct reader_record *bed_option(uint32_t domain, uint16_t id);

/* Fails the test unless @record is of template @id and has the fields of @wanted. */
void bed_check(const struct reader_record *record, uint16_t id, const struct wanted *wanted);

#endif /* TESTS_IPFIX_BED_H */

/*
 * dns_message.h - DNS messages built piece by piece, for tests
 *
 * Nothing is checked: a test may build nonsense, and change any byte afterwards.
 */
#ifndef TESTS_DNS_MESSAGE_H
#define TESTS_DNS_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#define DNS_ROOM 65535

/* Where the question's name begins, and a pointer to it. */
#define DNS_QUESTION         12
#define DNS_QUESTION_POINTER 0xc00c

enum { DNS_NOERROR = 0, DNS_SERVFAIL = 2, DNS_NXDOMAIN = 3, DNS_REFUSED = 5 };
enum { DNS_CNAME = 5, DNS_SOA = 6, DNS_PTR = 12, DNS_TXT = 16 };

/* Bits of the first flag byte, at offset 2. */
enum { DNS_QR = 0x80, DNS_OPCODE_STATUS = 0x10, DNS_TC = 0x02 };

/* Where the counts are. */
enum dns_section { DNS_QUESTIONS = 4, DNS_ANSWERS = 6, DNS_AUTHORITY = 8 };

struct dns_message {
	uint8_t bytes[DNS_ROOM];
	size_t length;
};

/* Starts a question for the PTR records of @name. */
void dns_ask(struct dns_message *message, uint16_t id, const char *name);

/* Starts an answer to the question in @query: its id and question, and no record. */
void dns_answer(struct dns_message *message, const uint8_t *query, size_t length, unsigned rcode);

void dns_put(struct dns_message *message, const void *bytes, size_t count);
void dns_put16(struct dns_message *message, unsigned value);

/* Appends a name, cut at dots, with the root at its end. */
void dns_put_name(struct dns_message *message, const char *name);

/* Appends a record of the question's name; the other functions add its data by this one. */
void dns_record(struct dns_message *message, enum dns_section section, unsigned type, uint32_t ttl,
		const void *data, size_t length);

/* Appends a PTR, a CNAME, or an SOA record whose primary server is @name. */
void dns_ptr(struct dns_message *message, const char *name, uint32_t ttl);
void dns_cname(struct dns_message *message, const char *name, uint32_t ttl);
void dns_soa(struct dns_message *message, const char *name, uint32_t ttl);

/* Appends a PTR record whose target is one label of any bytes, then "example". */
void dns_ptr_label(struct dns_message *message, const void *label, size_t length);

/* Changes a count. */
void dns_set_count(struct dns_message *message, enum dns_section section, unsigned count);

#endif /* TESTS_DNS_MESSAGE_H */

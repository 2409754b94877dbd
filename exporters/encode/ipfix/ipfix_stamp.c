#include "ipfix_stamp.h"

#include <endian.h>
#include <string.h>

#include "format.h"
#include "ipfix_record.h"

/* Offsets in a message (RFC 7011, section 3.1) and in a set (section 3.3). */
enum {
	AT_TIME = 4,
	AT_SEQUENCE = 8,
	AT_DOMAIN = 12,
	HEADER_SIZE = 16,
	SET_HEADER_SIZE = 4,
};

/* What is last in the record of statistics: messages, records and octets, eight bytes each. */
#define STATISTICS_SIZE 60
#define STATISTICS_SENT 36

static void put_u32(uint8_t *at, uint32_t number)
{
	uint32_t word = htobe32(number);

	memcpy(at, &word, sizeof(word));
}

static void put_u64(uint8_t *at, uint64_t number)
{
	uint64_t word = htobe64(number);

	memcpy(at, &word, sizeof(word));
}

static uint32_t get_u32(const uint8_t *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return be32toh(word);
}

static size_t get_u16(const uint8_t *at)
{
	return (size_t)at[0] << 8 | at[1];
}

static void fill_in_statistics(uint8_t *message, size_t length, const struct wc_ipfix_sent *sent)
{
	size_t at = HEADER_SIZE, size;

	for (; at + SET_HEADER_SIZE <= length; at += size) {
		uint8_t *record = message + at + SET_HEADER_SIZE;

		size = get_u16(message + at + 2);
		if (size < SET_HEADER_SIZE || size > length - at)
			return;
		if (get_u16(message + at) != WC_IPFIX_STATISTICS ||
		    size < SET_HEADER_SIZE + STATISTICS_SIZE)
			continue;
		put_u64(record + STATISTICS_SENT, sent->messages);
		put_u64(record + STATISTICS_SENT + 8, sent->records);
		put_u64(record + STATISTICS_SENT + 16, sent->octets);
	}
}

/*
 * The message stamped last counts once it is known to be taken: a next one is stamped. A new
 * connection begins its sequences at 0, and does not tell what became of the last one's end.
 */
static void settle_last(struct wc_ipfix_stamps *stamps, const struct wc_stamp *stamp)
{
	struct wc_ipfix_sent *sent = &stamps->domains[stamps->last_domain].sent;

	if (stamp->messages == stamps->last_number + 1) {
		sent->messages += stamps->last.messages;
		sent->records += stamps->last.records;
		sent->octets += stamps->last.octets;
	}
	for (size_t i = 0; !stamp->messages && i < WC_IPFIX_DOMAINS; i++)
		stamps->domains[i].before = stamps->domains[i].sent.records;
}

void wc_ipfix_stamp(struct wc_ipfix_stamps *stamps, uint8_t *message, size_t length,
		    const struct wc_stamp *stamp)
{
	const struct wc_ipfix_sent *sent;
	uint32_t domain;

	if (length < HEADER_SIZE)
		return;
	domain = get_u32(message + AT_DOMAIN) - stamps->first_domain;
	if (domain >= WC_IPFIX_DOMAINS)
		return;
	settle_last(stamps, stamp);
	sent = &stamps->domains[domain].sent;
	put_u32(message + AT_TIME, (uint32_t)(stamp->wall_ns / 1000000000));
	put_u32(message + AT_SEQUENCE, (uint32_t)(sent->records - stamps->domains[domain].before));
	fill_in_statistics(message, length, sent);
	stamps->last = (struct wc_ipfix_sent){1, stamp->records, length};
	stamps->last_domain = domain;
	stamps->last_number = stamp->messages;
}

#include "dns_answer.h"

#include <arpa/nameser.h>
#include <string.h>
#include <strings.h>

/* A message and how far it was read. */
struct message {
	const uint8_t *bytes;
	size_t length;
	size_t at;
};

/* A resource record, RFC 1035 3.2.1; its data begin at data, in the message. */
struct record {
	unsigned type, class;
	uint32_t ttl;
	size_t data, length;
};

enum { RESPONSE = 0x8000, OPCODE = 0x7800, TRUNCATED = 0x0200, RCODE = 0x000f };

static unsigned get16(const uint8_t *bytes)
{
	return (unsigned)bytes[0] << 8 | bytes[1];
}

/* Returns @count bytes and steps behind them; NULL if they are not there. */
static const uint8_t *take(struct message *message, size_t count)
{
	const uint8_t *bytes = message->bytes + message->at;

	if (message->length - message->at < count)
		return NULL;
	message->at += count;
	return bytes;
}

/* Steps behind a name; a pointer ends it. */
static bool skip_name(struct message *message)
{
	const uint8_t *label;

	while ((label = take(message, 1))) {
		if ((*label & NS_CMPRSFLGS) == NS_CMPRSFLGS)
			return take(message, 1);
		if (*label & NS_CMPRSFLGS)
			return false;
		if (!*label)
			return true;
		if (!take(message, *label))
			return false;
	}
	return false;
}

static bool read_record(struct message *message, struct record *record)
{
	const uint8_t *fixed;

	if (!skip_name(message) || !(fixed = take(message, NS_RRFIXEDSZ)))
		return false;
	record->type = get16(fixed);
	record->class = get16(fixed + 2);
	record->ttl = (uint32_t)get16(fixed + 4) << 16 | get16(fixed + 6);
	/* RFC 2181, 8: the top bit set means 0. */
	if (record->ttl > INT32_MAX)
		record->ttl = 0;
	record->length = get16(fixed + 8);
	record->data = message->at;
	return take(message, record->length);
}

/* Letters, digits, '-' and '_', whatever the locale. A dot inside a label would forge a boundary.
 */
static bool is_clean(uint8_t byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
}

/* Appends a label and a dot; false if it is not clean or makes the name too long. */
static bool append(char *text, size_t *used, const uint8_t *label, size_t length)
{
	/* 255 bytes on the wire (RFC 1035, 3.1) are 253 characters and the last dot. */
	if (*used + length + 1 > NS_MAXCDNAME - 1)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!is_clean(label[i]))
			return false;
		text[(*used)++] = (char)label[i];
	}
	text[(*used)++] = '.';
	return true;
}

/*
 * Writes the name that begins @record's data as text, without the last dot.
 * Returns false for one that is not clean, is the root, or leaves the data
 * otherwise than by a pointer backwards. Each pointer leads before the place
 * where the last one led to, so there is no loop.
 */
static bool expand(const struct message *message, const struct record *record, char *text)
{
	const uint8_t *bytes = message->bytes;
	size_t at = record->data, start = at, end = at + record->length, used = 0;

	while (at < end && bytes[at]) {
		size_t length = bytes[at];

		if ((length & NS_CMPRSFLGS) == NS_CMPRSFLGS) {
			if (end - at < 2)
				return false;
			at = get16(bytes + at) & 0x3fff;
			if (at >= start)
				return false;
			start = at;
			end = message->length;
			continue;
		}
		if (length & NS_CMPRSFLGS || end - at <= length ||
		    !append(text, &used, bytes + at + 1, length))
			return false;
		at += 1 + length;
	}
	if (at >= end || !used)
		return false;
	text[used - 1] = '\0';
	return true;
}

static bool has(const struct wc_name_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcasecmp(list->name[i], name))
			return true;
	return false;
}

static void add(struct wc_name_list *list, const char *name)
{
	if (list->count < WC_NAMES_MAX && !has(list, name))
		memcpy(list->name[list->count++], name, strlen(name) + 1);
}

static void note_ttl(struct wc_dns_answer *answer, uint32_t ttl, bool first)
{
	if (first || ttl < answer->lowest_ttl)
		answer->lowest_ttl = ttl;
	answer->last_ttl = ttl;
}

/*
 * Reads the answer section: the targets in order. Those that only name a place
 * in the reverse tree count if there is nothing better.
 */
static enum wc_dns_answer_verdict read_targets(struct message *message, unsigned count,
					       struct wc_dns_answer *answer)
{
	struct wc_name_list reverse = {0};
	struct record record;
	char name[WC_NAME_SIZE];
	unsigned targets = 0, used = 0;

	for (unsigned i = 0; i < count; i++) {
		if (!read_record(message, &record))
			return WC_DNS_MALFORMED;
		if (record.class != ns_c_in ||
		    (record.type != ns_t_ptr && record.type != ns_t_cname))
			continue;
		note_ttl(answer, record.ttl, !used++);
		if (record.type != ns_t_ptr)
			continue;
		targets++;
		if (!expand(message, &record, name))
			answer->dropped++;
		else if (strcasestr(name, "in-addr.arpa") || strcasestr(name, "ip6.arpa"))
			add(&reverse, name);
		else
			add(&answer->names, name);
	}
	if (!answer->names.count)
		answer->names = reverse;
	return targets ? WC_DNS_NAMES : WC_DNS_NO_DATA;
}

/*
 * Reads the first SOA record of the authority section: its time to live, which
 * the server has bounded for us (RFC 2308, 3), and, if @named, the primary server.
 */
static bool read_authority(struct message *message, unsigned count, bool named,
			   struct wc_dns_answer *answer)
{
	struct record record;
	char *name = answer->names.name[0];

	answer->lowest_ttl = answer->last_ttl = 0;
	for (unsigned i = 0; i < count; i++) {
		if (!read_record(message, &record))
			return false;
		if (record.class != ns_c_in || record.type != ns_t_soa)
			continue;
		note_ttl(answer, record.ttl, true);
		if (!named)
			return true;
		name[0] = ':';
		if (expand(message, &record, name + 1))
			answer->names.count = 1;
		else
			answer->dropped++;
		return true;
	}
	return true;
}

static bool skip_records(struct message *message, unsigned count)
{
	struct record record;

	for (unsigned i = 0; i < count; i++)
		if (!read_record(message, &record))
			return false;
	return true;
}

/* One question, for the PTR records of the Internet class. */
static bool read_question(struct message *message, unsigned count)
{
	const uint8_t *kind;

	return count == 1 && skip_name(message) && (kind = take(message, 4)) &&
	       get16(kind) == ns_t_ptr && get16(kind + 2) == ns_c_in;
}

static enum wc_dns_answer_verdict read_sections(struct message *message, const uint8_t *header,
						struct wc_dns_answer *answer)
{
	unsigned flags = get16(header + 2);
	enum wc_dns_answer_verdict verdict = WC_DNS_NO_DOMAIN;

	if ((flags & (RESPONSE | OPCODE)) != RESPONSE || !read_question(message, get16(header + 4)))
		return WC_DNS_MALFORMED;
	if (flags & TRUNCATED)
		return WC_DNS_TRUNCATED;
	if ((flags & RCODE) == ns_r_noerror)
		verdict = read_targets(message, get16(header + 6), answer);
	else if ((flags & RCODE) != ns_r_nxdomain)
		return WC_DNS_REFUSED;
	else if (!skip_records(message, get16(header + 6)))
		return WC_DNS_MALFORMED;

	if (verdict != WC_DNS_NO_DOMAIN && verdict != WC_DNS_NO_DATA)
		return verdict;
	if (!read_authority(message, get16(header + 8), verdict == WC_DNS_NO_DOMAIN, answer))
		return WC_DNS_MALFORMED;
	return verdict;
}

enum wc_dns_answer_verdict wc_dns_answer_read(const uint8_t *bytes, size_t length,
					      struct wc_dns_answer *answer)
{
	struct message message = {.bytes = bytes, .length = length};
	const uint8_t *header = take(&message, NS_HFIXEDSZ);
	enum wc_dns_answer_verdict verdict = WC_DNS_MALFORMED;

	memset(answer, 0, sizeof(*answer));
	if (header)
		verdict = read_sections(&message, header, answer);
	/* A broken message proves nothing: what was read before the break does not count. */
	if (verdict == WC_DNS_MALFORMED)
		memset(answer, 0, sizeof(*answer));
	return verdict;
}

unsigned wc_dns_answer_seconds(const struct wc_dns_answer *answer, bool last)
{
	const struct wc_name_list *names = &answer->names;
	bool nameless = !names->count || names->name[0][0] == ':';
	unsigned floor = nameless ? WC_NAMES_TTL_NAMELESS : WC_NAMES_TTL_FLOOR;
	unsigned ttl = last ? answer->last_ttl : answer->lowest_ttl;

	return ttl < floor ? floor : ttl > WC_NAMES_TTL_CAP ? WC_NAMES_TTL_CAP : ttl;
}

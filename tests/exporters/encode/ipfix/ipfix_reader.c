#include "ipfix_reader.h"

#include <check.h>
#include <fixbuf/public.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INTERNAL 0x2000

/* What libfixbuf fills in: elements of any length end up in eight bytes. */
struct taken {
	uint64_t numbers[READER_FIELDS];
	uint8_t source_v6[16], destination_v6[16];
	uint32_t source_v4, destination_v4;
	fbVarfield_t interface, name, element;
};

static const struct {
	const char *name;
	uint16_t bytes; /* that IANA gives it */
} fields[READER_FIELDS] = {
	[F_START] = {"flowStartMilliseconds", 8},
	[F_END] = {"flowEndMilliseconds", 8},
	[F_PACKETS] = {"packetDeltaCount", 8},
	[F_OCTETS] = {"octetDeltaCount", 8},
	[F_LAYER2] = {"layer2OctetDeltaCount", 8},
	[F_REVERSE_PACKETS] = {"reversePacketDeltaCount", 8},
	[F_REVERSE_OCTETS] = {"reverseOctetDeltaCount", 8},
	[F_REVERSE_LAYER2] = {"reverseLayer2OctetDeltaCount", 8},
	[F_HOSTS] = {"distinctCountOfDestinationIPAddress", 8},
	[F_ACCEPTED] = {"private1", 8},
	[F_REFUSED] = {"private2", 8},
	[F_CHANGES] = {"private3", 8},
	[F_UNANSWERED] = {"private4", 8},
	[F_DROPPED] = {"droppedPacketDeltaCount", 8},
	[F_SENT_MESSAGES] = {"exportedMessageTotalCount", 8},
	[F_SENT_RECORDS] = {"exportedFlowRecordTotalCount", 8},
	[F_SENT_OCTETS] = {"exportedOctetTotalCount", 8},
	[F_KEYS] = {"flowKeyIndicator", 8},
	[F_INGRESS] = {"ingressInterface", 4},
	[F_EGRESS] = {"egressInterface", 4},
	[F_NEW] = {"newConnectionDeltaCount", 4},
	[F_DOMAIN] = {"observationDomainId", 4},
	[F_SPORT] = {"sourceTransportPort", 2},
	[F_DPORT] = {"destinationTransportPort", 2},
	[F_ETHERTYPE] = {"ethernetType", 2},
	[F_TEMPLATE] = {"templateId", 2},
	[F_VERSION] = {"ipVersion", 1},
	[F_PROTOCOL] = {"protocolIdentifier", 1},
	[F_FLAGS] = {"tcpControlBits", 2},
	[F_DIRECTION] = {"flowDirection", 1},
	[F_ENTERPRISE] = {"privateEnterpriseNumber", 4},
	[F_ELEMENT] = {"informationElementId", 2},
	[F_TYPE] = {"informationElementDataType", 1},
	[F_SEMANTICS] = {"informationElementSemantics", 1},
};

struct heard {
	uint32_t domain;
	uint16_t id;
	uint64_t has; /* fields, as bits */
	char text[1024];
};

struct reader {
	fbInfoModel_t *model;
	fBuf_t *buffer;
	struct reader_record *records;
	size_t count, room;
	struct heard *heard;
	size_t heard_count, templates;
	size_t warnings; /* of libfixbuf, such as a message out of sequence */
};

static void must(gboolean good, GError *error)
{
	ck_assert_msg(good, "%s", error ? error->message : "libfixbuf says nothing");
}

static void append(fbTemplate_t *template, const char *name, uint16_t length)
{
	fbInfoElementSpec_t spec = {(char *)(uintptr_t)name, length, 0};
	GError *error = NULL;

	must(fbTemplateAppendSpec(template, &spec, 0, &error), error);
}

/* The struct as a template: each number stands at the end of its eight bytes' worth. */
static fbTemplate_t *make_internal(fbInfoModel_t *model)
{
	fbTemplate_t *template = fbTemplateAlloc(model);

	for (size_t i = 0; i < READER_FIELDS; i++) {
		append(template, fields[i].name, fields[i].bytes);
		if (fields[i].bytes < 8)
			append(template, "paddingOctets", (uint16_t)(8 - fields[i].bytes));
	}
	append(template, "sourceIPv6Address", 16);
	append(template, "destinationIPv6Address", 16);
	append(template, "sourceIPv4Address", 4);
	append(template, "destinationIPv4Address", 4);
	append(template, "interfaceName", FB_IE_VARLEN);
	append(template, "observationDomainName", FB_IE_VARLEN);
	append(template, "informationElementName", FB_IE_VARLEN);
	return template;
}

/* A new template, heard or repeated. */
static void hear(fbSession_t *session, uint16_t id, fbTemplate_t *template, void *context,
		 void **unused, fbTemplateCtxFree_fn *free_unused)
{
	struct reader *reader = context;
	uint32_t domain = fbSessionGetDomain(session), elements = fbTemplateCountElements(template);
	size_t at = 0, used = 0;

	*unused = NULL;
	*free_unused = NULL;
	reader->templates++;
	while (at < reader->heard_count &&
	       (reader->heard[at].domain != domain || reader->heard[at].id != id))
		at++;
	if (at == reader->heard_count) {
		reader->heard =
			realloc(reader->heard, ++reader->heard_count * sizeof(*reader->heard));
		ck_assert_ptr_nonnull(reader->heard);
	}
	reader->heard[at] = (struct heard){.domain = domain, .id = id};
	for (uint32_t i = 0; i < elements; i++) {
		const fbInfoElement_t *element = fbTemplateGetIndexedIE(template, i);

		for (size_t field = 0; field < READER_FIELDS; field++)
			if (!strcmp(element->ref.canon->ref.name, fields[field].name))
				reader->heard[at].has |= UINT64_C(1) << field;
		used += (size_t)snprintf(reader->heard[at].text + used,
					 sizeof(reader->heard[at].text) - used, "%s%s/%u",
					 i ? " " : "", element->ref.canon->ref.name, element->len);
	}
	ck_assert_uint_lt(used, sizeof(reader->heard[at].text));
}

static void count_warning(const char *domain, GLogLevelFlags level, const char *text, void *context)
{
	struct reader *reader = context;

	(void)domain;
	(void)level;
	(void)text;
	reader->warnings++;
}

struct reader *reader_new(void)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	fbSession_t *session;
	GError *error = NULL;

	ck_assert_ptr_nonnull(reader);
	g_log_set_default_handler(count_warning, reader);
	reader->model = fbInfoModelAlloc();
	for (uint16_t i = 0; i < READER_PRIVATE; i++) {
		fbInfoElement_t element = FB_IE_INIT_FULL(fields[F_ACCEPTED + i].name,
							  READER_ENTERPRISE, (uint16_t)(i + 1), 8,
							  FB_IE_F_ENDIAN, 0, 0, FB_UINT_64, NULL);

		fbInfoModelAddElement(reader->model, &element);
	}
	session = fbSessionAlloc(reader->model);
	must(fbSessionAddTemplate(session, TRUE, INTERNAL, make_internal(reader->model), &error),
	     error);
	fbSessionAddNewTemplateCallback(session, hear, reader);
	reader->buffer = fBufAllocForCollection(session, NULL);
	fBufSetAutomaticMode(reader->buffer, FALSE);
	must(fBufSetInternalTemplate(reader->buffer, INTERNAL, &error), error);
	return reader;
}

void reader_free(struct reader *reader)
{
	g_log_set_default_handler(g_log_default_handler, NULL);
	fBufFree(reader->buffer);
	fbInfoModelFree(reader->model);
	free(reader->records);
	free(reader->heard);
	free(reader);
}

static void copy_text(char to[static READER_TEXT], const fbVarfield_t *from)
{
	if (from->len >= READER_TEXT)
		ck_abort_msg("a text of %zu bytes", from->len);
	if (from->len)
		memcpy(to, from->buf, from->len);
}

/* A number stands in the first bytes of its eight, as the host writes it. */
static uint64_t number_of(const uint64_t *eight, size_t bytes)
{
	uint64_t number = 0;

	memcpy(&number, eight, bytes);
	return number;
}

static const struct heard *find(const struct reader *reader, uint32_t domain, uint16_t id)
{
	for (size_t i = 0; i < reader->heard_count; i++)
		if (reader->heard[i].domain == domain && reader->heard[i].id == id)
			return &reader->heard[i];
	ck_abort_msg("template %u of domain %u was not heard", id, domain);
}

static void keep(struct reader *reader, const struct taken *taken)
{
	struct reader_record record = {0};

	fBufGetCollectionTemplate(reader->buffer, &record.id);
	record.domain = fbSessionGetDomain(fBufGetSession(reader->buffer));
	record.has = find(reader, record.domain, record.id)->has;
	for (size_t i = 0; i < READER_FIELDS; i++)
		record.numbers[i] = number_of(&taken->numbers[i], fields[i].bytes);
	record.source_v4 = taken->source_v4;
	record.destination_v4 = taken->destination_v4;
	memcpy(record.source_v6, taken->source_v6, 16);
	memcpy(record.destination_v6, taken->destination_v6, 16);
	copy_text(record.interface, &taken->interface);
	copy_text(record.name, &taken->name);
	copy_text(record.element, &taken->element);
	if (reader->count == reader->room) {
		reader->room = reader->room ? 2 * reader->room : 64;
		reader->records = realloc(reader->records, reader->room * sizeof(record));
		ck_assert_ptr_nonnull(reader->records);
	}
	reader->records[reader->count++] = record;
}

size_t reader_take(struct reader *reader, const uint8_t *message, size_t length)
{
	size_t before = reader->count, size;
	struct taken taken;
	GError *error = NULL;

	fBufSetBuffer(reader->buffer, (uint8_t *)(uintptr_t)message, length);
	for (;;) {
		size = sizeof(taken);
		memset(&taken, 0, sizeof(taken));
		if (!fBufNext(reader->buffer, (uint8_t *)&taken, &size, &error))
			break;
		if (size != sizeof(taken))
			ck_abort_msg("a record of %zu bytes", size);
		keep(reader, &taken);
	}
	ck_assert_msg(g_error_matches(error, FB_ERROR_DOMAIN, FB_ERROR_EOM) ||
			      g_error_matches(error, FB_ERROR_DOMAIN, FB_ERROR_BUFSZ),
		      "%s", error->message);
	g_clear_error(&error);
	ck_assert_uint_eq(fBufRemaining(reader->buffer), 0);
	return reader->count - before;
}

const struct reader_record *reader_records(const struct reader *reader, size_t *count)
{
	*count = reader->count;
	return reader->records;
}

size_t reader_warnings(const struct reader *reader)
{
	return reader->warnings;
}

size_t reader_templates(const struct reader *reader)
{
	return reader->templates;
}

const char *reader_template(const struct reader *reader, uint32_t domain, uint16_t id)
{
	return find(reader, domain, id)->text;
}

bool reader_is(const struct reader_record *record, enum reader_field field, uint64_t number)
{
	return (record->has >> field & 1) && record->numbers[field] == number;
}

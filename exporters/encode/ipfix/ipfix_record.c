/*
 * ipfix_record.c - elements and templates as tables
 */
#include "ipfix_record.h"

#include <stddef.h>
#include <string.h>

_Static_assert(offsetof(struct wc_ipfix_record, interface_name) ==
		       18 * 8 + 32 + 6 * 4 + 4 * 2 + 4 + 4,
	       "the record has no gaps");

#define V4       WC_IPFIX_V4
#define V6       WC_IPFIX_V6
#define DIRECTED WC_IPFIX_DIRECTED
#define SENT     WC_IPFIX_SENT
#define RECEIVED WC_IPFIX_RECEIVED
#define BIFLOW   WC_IPFIX_BIFLOW
#define PRIVATE  WC_IPFIX_PRIVATE
#define FRAMES   WC_IPFIX_FRAMES

#define SPEC(name, length)                                                                         \
	{                                                                                          \
		(char *)(name), length, 0                                                          \
	}

static fbInfoElementSpec_t record_spec[] = {
	SPEC("flowStartMilliseconds", 8),
	SPEC("flowEndMilliseconds", 8),
	SPEC("packetDeltaCount", 8),
	SPEC("octetDeltaCount", 8),
	SPEC("layer2OctetDeltaCount", 8),
	SPEC("reversePacketDeltaCount", 8),
	SPEC("reverseOctetDeltaCount", 8),
	SPEC("reverseLayer2OctetDeltaCount", 8),
	SPEC("distinctCountOfDestinationIPAddress", 8),
	SPEC("wirecensusAcceptedDeltaCount", 8),
	SPEC("wirecensusRefusedDeltaCount", 8),
	SPEC("wirecensusPortChangeDeltaCount", 8),
	SPEC("wirecensusUnansweredDeltaCount", 8),
	SPEC("droppedPacketDeltaCount", 8),
	SPEC("exportedMessageTotalCount", 8),
	SPEC("exportedFlowRecordTotalCount", 8),
	SPEC("exportedOctetTotalCount", 8),
	SPEC("flowKeyIndicator", 8),
	SPEC("sourceIPv6Address", 16),
	SPEC("destinationIPv6Address", 16),
	SPEC("sourceIPv4Address", 4),
	SPEC("destinationIPv4Address", 4),
	SPEC("ingressInterface", 4),
	SPEC("egressInterface", 4),
	SPEC("newConnectionDeltaCount", 4),
	SPEC("observationDomainId", 4),
	SPEC("sourceTransportPort", 2),
	SPEC("destinationTransportPort", 2),
	SPEC("ethernetType", 2),
	SPEC("templateId", 2),
	SPEC("ipVersion", 1),
	SPEC("protocolIdentifier", 1),
	SPEC("tcpControlBits", 1),
	SPEC("flowDirection", 1),
	SPEC("paddingOctets", 4),
	SPEC("interfaceName", 0),
	SPEC("observationDomainName", 0),
	FB_IESPEC_NULL,
};

/* One element of a kind's templates. */
struct element {
	const char *name; /* NULL ends the list */
	uint16_t length;
	uint16_t needs; /* bits of which the template must have all */
	bool key;
};

/* Counters first would be the same to a collector; keys first are easier to read in a dissector. */
static const struct element conversation_elements[] = {
	{"flowStartMilliseconds", 8, 0, false},
	{"flowEndMilliseconds", 8, 0, false},
	{"ipVersion", 1, 0, true},
	{"protocolIdentifier", 1, 0, true},
	{"sourceIPv4Address", 4, V4, true},
	{"destinationIPv4Address", 4, V4, true},
	{"sourceIPv6Address", 16, V6, true},
	{"destinationIPv6Address", 16, V6, true},
	{"sourceTransportPort", 2, 0, true},
	{"destinationTransportPort", 2, 0, true},
	{"tcpControlBits", 1, 0, false},
	{"flowDirection", 1, DIRECTED, true},
	{"ingressInterface", 4, 0, true},
	{"egressInterface", 4, 0, true},
	{"packetDeltaCount", 8, 0, false},
	{"octetDeltaCount", 8, 0, false},
	{"layer2OctetDeltaCount", 8, 0, false},
	{"reversePacketDeltaCount", 8, BIFLOW, false},
	{"reverseOctetDeltaCount", 8, BIFLOW, false},
	{"reverseLayer2OctetDeltaCount", 8, BIFLOW, false},
	{NULL, 0, 0, false},
};

/* ipVersion says nothing here: some collectors skip a record that has neither it nor an address. */
static const struct element port_elements[] = {
	{"flowStartMilliseconds", 8, 0, false},
	{"flowEndMilliseconds", 8, 0, false},
	{"ipVersion", 1, 0, false},
	{"protocolIdentifier", 1, 0, true},
	{"destinationTransportPort", 2, 0, true},
	{"flowDirection", 1, DIRECTED, true},
	{"packetDeltaCount", 8, 0, false},
	{"octetDeltaCount", 8, FRAMES, false},
	{"layer2OctetDeltaCount", 8, 0, false},
	{"newConnectionDeltaCount", 4, 0, false},
	{"wirecensusAcceptedDeltaCount", 8, PRIVATE, false},
	{"wirecensusRefusedDeltaCount", 8, PRIVATE, false},
	{NULL, 0, 0, false},
};

static const struct element protocol_elements[] = {
	{"flowStartMilliseconds", 8, 0, false},
	{"flowEndMilliseconds", 8, 0, false},
	{"ipVersion", 1, 0, false},
	{"protocolIdentifier", 1, 0, true},
	{"flowDirection", 1, DIRECTED, true},
	{"packetDeltaCount", 8, 0, false},
	{"octetDeltaCount", 8, FRAMES, false},
	{"layer2OctetDeltaCount", 8, 0, false},
	{NULL, 0, 0, false},
};

static const struct element ethertype_elements[] = {
	{"flowStartMilliseconds", 8, 0, false},
	{"flowEndMilliseconds", 8, 0, false},
	{"ipVersion", 1, 0, false},
	{"ethernetType", 2, 0, true},
	{"flowDirection", 1, DIRECTED, true},
	{"packetDeltaCount", 8, 0, false},
	{"octetDeltaCount", 8, FRAMES, false},
	{"layer2OctetDeltaCount", 8, 0, false},
	{NULL, 0, 0, false},
};

static const struct element host_elements[] = {
	{"flowStartMilliseconds", 8, 0, false},
	{"flowEndMilliseconds", 8, 0, false},
	{"ipVersion", 1, 0, true},
	{"sourceIPv4Address", 4, V4 | SENT, true},
	{"destinationIPv4Address", 4, V4 | RECEIVED, true},
	{"sourceIPv6Address", 16, V6 | SENT, true},
	{"destinationIPv6Address", 16, V6 | RECEIVED, true},
	{"packetDeltaCount", 8, 0, false},
	{"octetDeltaCount", 8, FRAMES, false},
	{"layer2OctetDeltaCount", 8, 0, false},
	{"newConnectionDeltaCount", 4, 0, false},
	{NULL, 0, 0, false},
};

static const struct element scanner_elements[] = {
	{"flowStartMilliseconds", 8, 0, false},
	{"flowEndMilliseconds", 8, 0, false},
	{"ipVersion", 1, 0, true},
	{"sourceIPv4Address", 4, V4, true},
	{"sourceIPv6Address", 16, V6, true},
	{"newConnectionDeltaCount", 4, 0, false},
	{"distinctCountOfDestinationIPAddress", 8, 0, false},
	{"wirecensusRefusedDeltaCount", 8, PRIVATE, false},
	{"wirecensusPortChangeDeltaCount", 8, PRIVATE, false},
	{"wirecensusUnansweredDeltaCount", 8, PRIVATE, false},
	{NULL, 0, 0, false},
};

static const struct element *const kinds[WC_IPFIX_KINDS] = {
	[WC_IPFIX_CONVERSATIONS] = conversation_elements,
	[WC_IPFIX_PORTS] = port_elements,
	[WC_IPFIX_PROTOCOLS] = protocol_elements,
	[WC_IPFIX_ETHERTYPES] = ethertype_elements,
	[WC_IPFIX_HOSTS] = host_elements,
	[WC_IPFIX_SCANNERS] = scanner_elements,
};

/* The first element of each is its scope. */
static const struct option {
	uint16_t id;
	struct element elements[9];
} options[] = {
	{WC_IPFIX_STATISTICS,
	 {{"observationDomainId", 4, 0, true},
	  {"flowStartMilliseconds", 8, 0, false},
	  {"flowEndMilliseconds", 8, 0, false},
	  {"packetDeltaCount", 8, 0, false},
	  {"droppedPacketDeltaCount", 8, 0, false},
	  {"exportedMessageTotalCount", 8, 0, false},
	  {"exportedFlowRecordTotalCount", 8, 0, false},
	  {"exportedOctetTotalCount", 8, 0, false},
	  {NULL, 0, 0, false}}},
	{WC_IPFIX_DOMAIN_NAME,
	 {{"observationDomainId", 4, 0, true},
	  {"observationDomainName", FB_IE_VARLEN, 0, false},
	  {NULL, 0, 0, false}}},
	{WC_IPFIX_INTERFACE_NAME,
	 {{"ingressInterface", 4, 0, true},
	  {"interfaceName", FB_IE_VARLEN, 0, false},
	  {NULL, 0, 0, false}}},
	{WC_IPFIX_FLOW_KEYS,
	 {{"templateId", 2, 0, true}, {"flowKeyIndicator", 8, 0, false}, {NULL, 0, 0, false}}},
};

const char *const wc_ipfix_private_names[] = {
	"wirecensusAcceptedDeltaCount",
	"wirecensusRefusedDeltaCount",
	"wirecensusPortChangeDeltaCount",
	"wirecensusUnansweredDeltaCount",
	NULL,
};

uint16_t wc_ipfix_template_id(enum wc_ipfix_kind kind, unsigned bits)
{
	return (uint16_t)(WC_IPFIX_DATA + ((unsigned)kind << 8) + bits);
}

fbInfoModel_t *wc_ipfix_model_new(uint32_t enterprise)
{
	fbInfoModel_t *model = fbInfoModelAlloc();

	for (uint16_t i = 0; wc_ipfix_private_names[i]; i++) {
		fbInfoElement_t element = FB_IE_INIT_FULL(
			wc_ipfix_private_names[i], enterprise, (uint16_t)(i + 1), 8,
			FB_IE_F_ENDIAN | FB_IE_DELTACOUNTER, 0, 0, FB_UINT_64, NULL);

		fbInfoModelAddElement(model, &element);
	}
	return model;
}

fbTemplate_t *wc_ipfix_template_internal(fbInfoModel_t *model, GError **error)
{
	fbTemplate_t *made = fbTemplateAlloc(model);

	if (fbTemplateAppendSpecArray(made, record_spec, UINT32_MAX, error))
		return made;
	fbTemplateFreeUnused(made);
	return NULL;
}

static bool has(const struct element *element, unsigned bits)
{
	return (element->needs & bits) == element->needs;
}

static fbTemplate_t *make(fbInfoModel_t *model, const struct element *element, unsigned bits,
			  GError **error)
{
	fbTemplate_t *made = fbTemplateAlloc(model);

	for (; element->name; element++) {
		fbInfoElementSpec_t spec = {(char *)(uintptr_t)element->name, element->length, 0};

		if (has(element, bits) && !fbTemplateAppendSpec(made, &spec, 0, error)) {
			fbTemplateFreeUnused(made);
			return NULL;
		}
	}
	return made;
}

fbTemplate_t *wc_ipfix_template_data(fbInfoModel_t *model, enum wc_ipfix_kind kind, unsigned bits,
				     GError **error)
{
	return make(model, kinds[kind], bits, error);
}

fbTemplate_t *wc_ipfix_template_options(fbInfoModel_t *model, uint16_t id, GError **error)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		fbTemplate_t *made;

		if (options[i].id != id)
			continue;
		made = make(model, options[i].elements, 0, error);
		if (made)
			fbTemplateSetOptionsScope(made, 1);
		return made;
	}
	return NULL;
}

uint64_t wc_ipfix_key_fields(enum wc_ipfix_kind kind, unsigned bits)
{
	uint64_t keys = 0, bit = 1;

	for (const struct element *element = kinds[kind]; element->name; element++) {
		if (!has(element, bits))
			continue;
		keys |= element->key ? bit : 0;
		bit <<= 1;
	}
	return keys;
}

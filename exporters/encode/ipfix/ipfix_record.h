/*
 * ipfix_record.h - one record in memory, and the templates by which it is sent
 *
 * Every record is the same struct: libfixbuf takes from it what a template names.
 * All elements are of fixed length and IANA's, but those of templates that are
 * private, which are off unless asked for, and names in options.
 */
#ifndef WC_IPFIX_RECORD_H
#define WC_IPFIX_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <fixbuf/public.h>

/* What is counted apart: each has an observation domain of its own. */
enum wc_ipfix_kind {
	WC_IPFIX_CONVERSATIONS,
	WC_IPFIX_PORTS,
	WC_IPFIX_PROTOCOLS,
	WC_IPFIX_ETHERTYPES,
	WC_IPFIX_HOSTS,
	WC_IPFIX_SCANNERS,
	WC_IPFIX_KINDS
};

/* Which elements of a kind's list a template has: bits, which also tell its number. */
enum {
	WC_IPFIX_V4 = 1,
	WC_IPFIX_V6 = 2,
	WC_IPFIX_DIRECTED = 4, /* in or out: with flowDirection */
	WC_IPFIX_SENT = 8,     /* of a host */
	WC_IPFIX_RECEIVED = 16,
	WC_IPFIX_BIFLOW = 32,  /* RFC 5103 */
	WC_IPFIX_PRIVATE = 64, /* with elements of our own */
	WC_IPFIX_FRAMES =
		128, /* octetDeltaCount has the bytes of frames where no IP bytes are known */
};

/* Field by field as record_spec in ipfix_record.c, without a gap. */
struct wc_ipfix_record {
	uint64_t start_ms, end_ms; /* since 1970 */
	uint64_t packets, octets, layer2_octets;
	uint64_t reverse_packets, reverse_octets, reverse_layer2_octets;
	uint64_t distinct_hosts;
	uint64_t accepted, refused, port_changes, unanswered;       /* private */
	uint64_t dropped, sent_messages, sent_records, sent_octets; /* the last three: stamped */
	uint64_t key_fields;
	uint8_t source_v6[16], destination_v6[16];
	uint32_t source_v4, destination_v4;
	uint32_t ingress, egress;
	uint32_t new_connections, domain;
	uint16_t source_port, destination_port;
	uint16_t ethertype, template_id;
	uint8_t version, protocol, flags, direction;
	uint8_t padding[4];
	fbVarfield_t interface_name, domain_name;
};

/* flowDirection (RFC 5102, section 5.11.6), as IANA has it. */
enum { WC_IPFIX_INGRESS = 0, WC_IPFIX_EGRESS = 1 };

/* Numbers of templates: of data above WC_IPFIX_DATA, by kind and bits; and options. */
enum {
	WC_IPFIX_INTERNAL = 0x1000, /* the whole struct; never sent */
	WC_IPFIX_STATISTICS = 0x101,
	WC_IPFIX_DOMAIN_NAME = 0x102,
	WC_IPFIX_INTERFACE_NAME = 0x103,
	WC_IPFIX_FLOW_KEYS = 0x104,
	WC_IPFIX_TYPES = 0x105, /* RFC 5610 */
	WC_IPFIX_TYPES_INTERNAL = 0x1001,
	WC_IPFIX_DATA = 0x400,
};

/* Returns the number of the template of @kind with the elements of @bits. */
uint16_t wc_ipfix_template_id(enum wc_ipfix_kind kind, unsigned bits);

/*
 * Makes the information model: IANA's elements, and our own under @enterprise (an IANA
 * private enterprise number). Free with fbInfoModelFree().
 */
fbInfoModel_t *wc_ipfix_model_new(uint32_t enterprise);

/* The names of our own elements; ends with NULL. */
extern const char *const wc_ipfix_private_names[];

/*
 * Make templates: of the struct, of data, and of one kind of options. Return NULL, with
 * @error filled in, when the model lacks an element, which does not happen.
 */
fbTemplate_t *wc_ipfix_template_internal(fbInfoModel_t *model, GError **error);
fbTemplate_t *wc_ipfix_template_data(fbInfoModel_t *model, enum wc_ipfix_kind kind, unsigned bits,
				     GError **error);
fbTemplate_t *wc_ipfix_template_options(fbInfoModel_t *model, uint16_t id, GError **error);

/* Returns flowKeyIndicator (RFC 7011's IANA element 173) of a data template: a bit per field. */
uint64_t wc_ipfix_key_fields(enum wc_ipfix_kind kind, unsigned bits);

#endif /* WC_IPFIX_RECORD_H */

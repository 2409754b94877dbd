/*
 * listener.c - libfixbuf's own collector over TCP: a line of JSON for each record
 *
 *	listener ADDRESS PORT
 *
 * Takes one connection after the other until it is killed. What is written was read by libfixbuf
 * alone: nothing of the program that is tested is linked here. Records of options are told by
 * their template only. A warning of libfixbuf's goes to standard error.
 */
#include <arpa/inet.h>
#include <fixbuf/public.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INTERNAL 0x2000

struct record {
	uint64_t start_ms, end_ms, packets, octets, layer2, reverse_packets, reverse_octets;
	uint8_t source_v6[16], destination_v6[16];
	uint32_t source_v4, destination_v4;
	uint16_t source_port, destination_port;
	uint8_t version, protocol, flags, padding;
};

#define SPEC(name, length)                                                                         \
	{                                                                                          \
		(char *)(name), length, 0                                                          \
	}

static fbInfoElementSpec_t specs[] = {
	SPEC("flowStartMilliseconds", 8),
	SPEC("flowEndMilliseconds", 8),
	SPEC("packetDeltaCount", 8),
	SPEC("octetDeltaCount", 8),
	SPEC("layer2OctetDeltaCount", 8),
	SPEC("reversePacketDeltaCount", 8),
	SPEC("reverseOctetDeltaCount", 8),
	SPEC("sourceIPv6Address", 16),
	SPEC("destinationIPv6Address", 16),
	SPEC("sourceIPv4Address", 4),
	SPEC("destinationIPv4Address", 4),
	SPEC("sourceTransportPort", 2),
	SPEC("destinationTransportPort", 2),
	SPEC("ipVersion", 1),
	SPEC("protocolIdentifier", 1),
	SPEC("tcpControlBits", 1),
	SPEC("paddingOctets", 1),
	FB_IESPEC_NULL,
};

static void must(gboolean good, const GError *error)
{
	if (good)
		return;
	fprintf(stderr, "listener: %s\n", error ? error->message : "libfixbuf says nothing");
	exit(EXIT_FAILURE);
}

static const char *address_text(char text[INET6_ADDRSTRLEN], int version, uint32_t v4,
				const uint8_t v6[16])
{
	uint32_t word = htonl(v4);

	return version == 6 ? inet_ntop(AF_INET6, v6, text, INET6_ADDRSTRLEN)
			    : inet_ntop(AF_INET, &word, text, INET6_ADDRSTRLEN);
}

static void print(unsigned connection, uint32_t domain, uint16_t template,
		  const struct record *record)
{
	char source[INET6_ADDRSTRLEN], destination[INET6_ADDRSTRLEN];

	printf("{\"connection\":%u,\"domain\":%" PRIu32 ",\"template\":%u,"
	       "\"start\":%" PRIu64 ",\"end\":%" PRIu64 ",\"protocol\":%u,\"flags\":%u,"
	       "\"source\":\"%s\",\"source_port\":%u,"
	       "\"destination\":\"%s\",\"destination_port\":%u,"
	       "\"packets\":%" PRIu64 ",\"octets\":%" PRIu64 ",\"layer2\":%" PRIu64 ","
	       "\"reverse_packets\":%" PRIu64 ",\"reverse_octets\":%" PRIu64 "}\n",
	       connection, domain, template, record->start_ms, record->end_ms, record->protocol,
	       record->flags,
	       address_text(source, record->version, record->source_v4, record->source_v6),
	       record->source_port,
	       address_text(destination, record->version, record->destination_v4,
			    record->destination_v6),
	       record->destination_port, record->packets, record->octets, record->layer2,
	       record->reverse_packets, record->reverse_octets);
}

/* Reads a connection to its end, or as far as it can be read. */
static void read_connection(fBuf_t *buffer, unsigned connection)
{
	GError *error = NULL;
	struct record record;

	must(fBufSetInternalTemplate(buffer, INTERNAL, &error), error);
	for (;;) {
		size_t size = sizeof(record);
		uint16_t template;

		memset(&record, 0, sizeof(record));
		if (!fBufNext(buffer, (uint8_t *)&record, &size, &error))
			break;
		fBufGetCollectionTemplate(buffer, &template);
		print(connection, fbSessionGetDomain(fBufGetSession(buffer)), template, &record);
	}
	/* A connection that breaks off within a message ends in a failure to read. */
	if (!g_error_matches(error, FB_ERROR_DOMAIN, FB_ERROR_EOF) &&
	    !g_error_matches(error, FB_ERROR_DOMAIN, FB_ERROR_NLREAD))
		must(FALSE, error);
	g_clear_error(&error);
	fBufFree(buffer);
}

int main(int argc, char **argv)
{
	fbInfoModel_t *model = fbInfoModelAlloc();
	fbSession_t *session = fbSessionAlloc(model);
	fbTemplate_t *template = fbTemplateAlloc(model);
	fbConnSpec_t place = {.transport = FB_TCP};
	GError *error = NULL;
	fbListener_t *listener;

	if (argc != 3) {
		fputs("usage: listener ADDRESS PORT\n", stderr);
		return EXIT_FAILURE;
	}
	place.host = argv[1];
	place.svc = argv[2];
	setvbuf(stdout, NULL, _IOLBF, 0);
	must(fbTemplateAppendSpecArray(template, specs, UINT32_MAX, &error), error);
	must(fbSessionAddTemplate(session, TRUE, INTERNAL, template, &error), error);
	listener = fbListenerAlloc(&place, session, NULL, NULL, &error);
	must(listener != NULL, error);
	for (unsigned connection = 0;; connection++) {
		fBuf_t *buffer = fbListenerWait(listener, &error);

		must(buffer != NULL, error);
		read_connection(buffer, connection);
	}
}

#include "decode.h"

#include "ip.h"
#include "link.h"
#include "local.h"
#include "memo.h"
#include "packet.h"
#include "transport.h"
#include "wirecensus/snapshot.h"

#define ETHERNET_SIZE 14

#define TCP_NEW     0x02 /* of WC_TCP_SET */
#define TCP_ACCEPTS 0x12

/* The rule for frames in which no address of this host has a part. */
static enum wc_direction direction_by_origin(enum wc_origin origin)
{
	switch (origin) {
	case WC_ORIGIN_SENT:
		return WC_DIRECTION_OUT;
	case WC_ORIGIN_RECEIVED:
		return WC_DIRECTION_IN;
	default:
		return WC_DIRECTION_TRANSIT;
	}
}

/* Takes what wc_local_look() says of the two ends. */
static enum wc_direction direction_by_ends(unsigned source, unsigned destination,
					   enum wc_origin origin)
{
	if (destination & WC_LOCAL_OWN)
		return source & WC_LOCAL_OWN ? WC_DIRECTION_LOCAL : WC_DIRECTION_IN;
	if (source & WC_LOCAL_OWN)
		return WC_DIRECTION_OUT;
	return destination & WC_LOCAL_GROUP ? direction_by_origin(origin) : WC_DIRECTION_TRANSIT;
}

static enum wc_direction turned(enum wc_direction direction)
{
	switch (direction) {
	case WC_DIRECTION_IN:
		return WC_DIRECTION_OUT;
	case WC_DIRECTION_OUT:
		return WC_DIRECTION_IN;
	default:
		return direction;
	}
}

/* An answer belongs to the row of the attempt: the port it comes from, and the way back. */
static void note_answer(struct wc_packet *packet, enum wc_event event)
{
	packet->event = (uint8_t)event;
	packet->event_port = packet->source_port;
	packet->event_direction = (uint8_t)turned(packet->direction);
}

static inline void note_ports(struct wc_packet *packet, enum wc_class class,
			      const struct wc_transport *transport)
{
	packet->class = (uint8_t) class;
	packet->key = transport->destination_port;
	packet->source_port = transport->source_port;
	packet->tcp_flags = transport->tcp_flags;
}

static inline void note_tcp(struct wc_packet *packet, const struct wc_transport *tcp)
{
	note_ports(packet, WC_CLASS_TCP, tcp);
	packet->event_protocol = WC_PROTOCOL_TCP;
	if ((tcp->tcp_flags & WC_TCP_SET) == TCP_NEW) {
		packet->event = WC_EVENT_NEW;
		packet->event_port = tcp->destination_port;
		packet->event_direction = packet->direction;
	} else if ((tcp->tcp_flags & WC_TCP_SET) == TCP_ACCEPTS) {
		note_answer(packet, WC_EVENT_ACCEPTED);
	} else if (tcp->reset_cold) {
		note_answer(packet, WC_EVENT_REFUSED);
	}
}

static void decode_transport(struct wc_packet *packet, struct wc_cursor *cursor)
{
	struct wc_transport transport;

	if (packet->protocol == WC_PROTOCOL_TCP) {
		if (wc_transport_tcp(cursor, &transport))
			note_tcp(packet, &transport);
	} else if (wc_transport_udp(cursor, &transport)) {
		note_ports(packet, WC_CLASS_UDP, &transport);
	}
}

/* What an ICMP error says of a port. Apart, as few packets are one. */
static __attribute__((noinline)) void decode_error(struct wc_packet *packet,
						   struct wc_cursor *cursor, const struct wc_ip *ip,
						   const struct wc_frame *frame,
						   const struct wc_local *local)
{
	struct wc_address source, destination;
	struct wc_transport datagram;

	if (!wc_transport_unreachable(cursor, ip, &source, &destination, &datagram))
		return;
	packet->source_port = datagram.source_port;
	packet->event_port = datagram.destination_port;
	packet->event = WC_EVENT_REFUSED;
	packet->event_protocol = WC_PROTOCOL_UDP;
	packet->event_direction = (uint8_t)direction_by_ends(
		wc_local_look(local, &source), wc_local_look(local, &destination), frame->origin);
}

/* Looks at the two ends apart. */
static void look_at_ends(struct wc_packet *packet, const struct wc_frame *frame,
			 const struct wc_local *local, struct wc_memo *memo)
{
	unsigned source, destination;

	packet->source_hash = wc_memo_hash(memo, local, &packet->source, &source);
	packet->destination_hash = wc_memo_hash(memo, local, &packet->destination, &destination);
	packet->inside = (source & WC_LOCAL_INSIDE ? WC_INSIDE_SOURCE : 0) |
			 (destination & WC_LOCAL_INSIDE ? WC_INSIDE_DESTINATION : 0);
	packet->direction = (uint8_t)direction_by_ends(source, destination, frame->origin);
}

/* Notes what the two ends are, which are in @packet already. */
static inline void note_ends(struct wc_packet *packet, const struct wc_frame *frame,
			     const struct wc_local *local, struct wc_memo *memo)
{
	uint16_t slot = wc_ends_slot(packet);
	struct wc_ends *ends = &memo->ends[slot];

	if (memo->idle) {
		look_at_ends(packet, frame, local, memo);
		return;
	}
	if (memo->local == local && wc_ends_are(ends, packet, frame->origin)) {
		wc_ends_recall(ends, packet);
	} else {
		look_at_ends(packet, frame, local, memo);
		wc_ends_learn(ends, packet, frame->origin, ++memo->numbered);
	}
	packet->ends = ends->number;
	packet->ends_slot = slot;
}

/* Returns false, and has done nothing, when there is no valid IP header. */
static bool decode_ip(struct wc_packet *packet, struct wc_cursor *cursor, int ethertype,
		      const struct wc_frame *frame, const struct wc_local *local,
		      struct wc_memo *memo)
{
	struct wc_ip ip = {
		.source = &packet->source,
		.destination = &packet->destination,
		.beyond = frame->length > frame->captured ? frame->length - frame->captured : 0,
	};
	enum wc_ip_result result = wc_ip_step(cursor, ethertype, &ip);

	if (result == WC_IP_BAD_HEADER)
		return false;
	packet->ip_bytes = ip.length;
	packet->protocol = ip.protocol;
	note_ends(packet, frame, local, memo);
	if (result == WC_IP_BAD_CHAIN)
		return true;
	if (ip.protocol != WC_PROTOCOL_TCP && ip.protocol != WC_PROTOCOL_UDP) {
		packet->class = WC_CLASS_PROTOCOL;
		packet->key = ip.protocol;
		if (wc_transport_is_unreachable(cursor, &ip))
			decode_error(packet, cursor, &ip, frame, local);
	} else if (ip.fragment) {
		packet->class = WC_CLASS_FRAGMENT;
		packet->key = ip.protocol;
	} else {
		decode_transport(packet, cursor);
	}
	return true;
}

/*
 * A merged frame stands for as many packets as were on the wire, each of which had all
 * headers: those up to its payload, @network bytes of them in front of IP.
 */
static void unmerge(struct wc_packet *packet, const struct wc_frame *frame, size_t network)
{
	struct wc_cursor cursor = {frame->bytes, frame->bytes + frame->captured};
	const uint8_t *header = NULL;
	uint32_t headers, more;

	if (wc_cursor_take(&cursor, frame->segment_at))
		header = wc_cursor_take(&cursor, WC_TRANSPORT_LEAST);
	if (!header)
		return;
	headers = frame->segment_at + wc_transport_size(frame->segment_protocol, header);
	if (frame->length <= headers)
		return;
	more = (frame->length - headers - 1) / frame->segment;
	packet->packets += more;
	packet->bytes += more * headers;
	if (packet->ip_bytes && headers > network)
		packet->ip_bytes += more * (headers - (uint32_t)network);
}

/*
 * What is known of every frame. Field by field, as only these have a meaning
 * before a header is read, and clearing the whole struct takes a tenth of the
 * time of decoding a frame.
 */
static inline void begin(struct wc_packet *packet, const struct wc_frame *frame)
{
	packet->time_ns = frame->time_ns;
	packet->packets = 1;
	packet->bytes = frame->length;
	packet->key = 0;
	packet->class = WC_CLASS_MALFORMED;
	packet->tcp_flags = 0;
	packet->event = WC_EVENT_NONE;
	packet->ends = 0;
}

/* And what is so without a valid IP header. */
static void begin_without_ip(struct wc_packet *packet, const struct wc_frame *frame)
{
	packet->source.version = 0;
	packet->destination.version = 0;
	packet->ip_bytes = 0;
	packet->direction = (uint8_t)direction_by_origin(frame->origin);
	packet->protocol = 0;
	packet->inside = 0;
}

/*
 * Most frames: Ethernet without tags, IPv4 without options, TCP or UDP with all that is
 * read of it. Returns false, and has done nothing, where the frame is another.
 */
static inline bool decode_most(struct wc_packet *packet, const struct wc_frame *frame,
			       const struct wc_local *local, struct wc_memo *memo)
{
	struct wc_cursor cursor = {frame->bytes, frame->bytes + frame->captured};
	const uint8_t *block =
		wc_cursor_take(&cursor, ETHERNET_SIZE + WC_IP_V4_LEAST + WC_TRANSPORT_READ);
	const uint8_t *ip, *header;
	struct wc_transport transport;
	uint16_t length;

	/* Link and segment apart: in one, reading them would wait for the link just written. */
	if (frame->link != WC_LINK_ETHERNET || !block || frame->segment)
		return false;
	ip = block + ETHERNET_SIZE;
	header = ip + WC_IP_V4_LEAST;
	if (wc_load_be16(ip - 2) != WC_IP_ETHERTYPE_V4 || !wc_ip_is_plain_v4(ip))
		return false;
	length = wc_load_be16(ip + 2);
	if (length < WC_IP_V4_LEAST + WC_TRANSPORT_READ ||
	    (ip[9] != WC_PROTOCOL_TCP && ip[9] != WC_PROTOCOL_UDP))
		return false;
	begin(packet, frame);
	packet->source = wc_address_v4(ip + 12);
	packet->destination = wc_address_v4(ip + 16);
	packet->ip_bytes = length;
	packet->protocol = ip[9];
	note_ends(packet, frame, local, memo);
	if (ip[9] == WC_PROTOCOL_UDP) {
		wc_transport_read_udp(header, &transport);
		note_ports(packet, WC_CLASS_UDP, &transport);
	} else if (wc_transport_read_tcp(header, &transport)) {
		note_tcp(packet, &transport);
	}
	return true;
}

/* A frame with something else than IP in it, by what wc_link_step() says. */
static void classify(struct wc_packet *packet, int type)
{
	switch (type) {
	case WC_LINK_CUT:
		break;
	case WC_LINK_NOT_DECODED:
		packet->class = WC_CLASS_UNSUPPORTED;
		break;
	case WC_LINK_LLC:
		packet->class = WC_CLASS_LLC;
		break;
	default:
		packet->class = WC_CLASS_ETHERTYPE;
		packet->key = (uint16_t)type;
	}
}

/* All others, header by header. Apart, so that most frames do not pay for its stack. */
static __attribute__((noinline)) void decode_any(struct wc_packet *packet,
						 const struct wc_frame *frame,
						 const struct wc_local *local, struct wc_memo *memo)
{
	struct wc_cursor cursor = {frame->bytes, frame->bytes + frame->captured};
	int type = wc_link_step(&cursor, frame->link);
	size_t network = (size_t)(cursor.at - frame->bytes);

	begin(packet, frame);
	if (type == WC_IP_ETHERTYPE_V4 || type == WC_IP_ETHERTYPE_V6) {
		if (!decode_ip(packet, &cursor, type, frame, local, memo))
			begin_without_ip(packet, frame);
	} else {
		begin_without_ip(packet, frame);
		classify(packet, type);
	}
	if (frame->segment)
		unmerge(packet, frame, network);
}

void wc_decode(struct wc_packet *packet, const struct wc_frame *frame, const struct wc_local *local,
	       struct wc_memo *memo)
{
	if (!decode_most(packet, frame, local, memo))
		decode_any(packet, frame, local, memo);
}

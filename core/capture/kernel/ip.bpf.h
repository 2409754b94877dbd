/*
 * ip.bpf.h - steps over the fixed part of an IP header
 */
#ifndef WC_IP_BPF_H
#define WC_IP_BPF_H

#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>
#include <stdint.h>

#include "frame.bpf.h"
#include "seen.bpf.h"

/*
 * An IPv4 header, which is read to @header, as the stack is short. False: nothing in it can
 * be believed.
 */
static __always_inline bool step_v4(FRAME *frame, union head *header, uint64_t *at, uint64_t *left,
				    struct end *source, struct end *destination, uint32_t *length,
				    uint8_t *protocol, bool *fragment)
{
	uint32_t size, total;

	if (!fetch(frame, *at, header, V4_HEADER) || header->bytes[0] >> 4 != 4)
		return false;
	size = (header->bytes[0] & 0x0f) * 4u;
	total = bpf_ntohs(header->halves[1]);
	if (size < V4_HEADER || (total && total < size) || *left < size)
		return false;
	*length = total ? total : (uint32_t)*left;
	if (*left > *length)
		*left = *length;
	*left -= size;
	*at += size;
	source->high = destination->high = 0;
	source->low = bpf_ntohl(header->words[3]);
	destination->low = bpf_ntohl(header->words[4]);
	*protocol = header->bytes[9];
	*fragment = (bpf_ntohs(header->halves[3]) & 0x1fff) != 0;
	return true;
}

/* The fixed part of an IPv6 header. */
static __always_inline bool step_v6(FRAME *frame, union head *header, uint64_t *at, uint64_t *left,
				    struct end *source, struct end *destination, uint32_t *length,
				    uint8_t *protocol)
{
	uint32_t payload;

	if (!fetch(frame, *at, header, V6_HEADER) || header->bytes[0] >> 4 != 6)
		return false;
	payload = bpf_ntohs(header->halves[2]);
	*left -= V6_HEADER;
	*at += V6_HEADER;
	if (!payload)
		payload = (uint32_t)*left;
	else if (*left > payload)
		*left = payload;
	*length = V6_HEADER + payload;
	source->high = bpf_be64_to_cpu(header->longs[1]);
	source->low = bpf_be64_to_cpu(header->longs[2]);
	destination->high = bpf_be64_to_cpu(header->longs[3]);
	destination->low = bpf_be64_to_cpu(header->longs[4]);
	*protocol = header->bytes[6];
	return true;
}

#endif /* WC_IP_BPF_H */

/*
 * recipe.h - a frame from a line of text, for tables of cases
 *
 * Headers stand outermost first, with " / " between them. FROM and TO are
 * addresses or ports; TYPE, FAMILY and BYTES are hexadecimal.
 *
 *	eth TYPE | tag TYPE | sll PACKET TYPE | sll2 PACKET TYPE | null FAMILY
 *	ip4 FROM TO PROTOCOL | options SIZE | fragment4 OFFSET MORE
 *	ip6 FROM TO NEXT | extension NEXT SIZE | chain NEXT COUNT
 *	ah NEXT WORDS | fragment6 NEXT OFFSET MORE
 *	tcp FROM TO FLAGS SEQUENCE | udp FROM TO | icmp TYPE CODE
 *	zeros SIZE | bytes BYTES | quote
 *
 * FLAGS are letters of "FSRPAUEC", or "-" for none. What follows "quote" is a
 * packet of its own, quoted in an ICMP error. At the end may stand
 *
 *	ip OFFSET BYTES    bytes overwritten, counted from the outer IP header
 *	cut SIZE           so many bytes were captured
 *	wire LENGTH        the frame's length on the wire
 */
#ifndef TESTS_RECIPE_H
#define TESTS_RECIPE_H

#include <stdint.h>

#include "frames.h"

struct recipe {
	struct frame frame;
	uint32_t captured;
	uint32_t length; /* on the wire */
};

/* Builds what @text says. Text that it does not understand is printed, and ends the program. */
void recipe_build(struct recipe *recipe, const char *text);

#endif /* TESTS_RECIPE_H */

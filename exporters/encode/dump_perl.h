/*
 * dump_perl.h - a dump file in the layout of Net::Connection::Sniffer, for those who read it
 *
 * A head of comments, then one expression of hashes, lists, numbers and texts, which Perl
 * evaluates to a reference to a hash of hosts. It is data: whatever a name or a filter is
 * made of, texts stay texts, comments end where their line does, and nothing is ever
 * called. Hosts stand by their numeric address. Of each
 *
 *	B, C	bytes and packets in the last interval
 *	E, S	when it was last and first seen, in seconds since 1970
 *	N	its names
 *	R, W	packets and bytes an hour; a silent host's go down
 *	T	0
 */
#ifndef WC_DUMP_PERL_H
#define WC_DUMP_PERL_H

#include "dump_facts.h"

wc_dump_encoder wc_dump_perl_encode;

#endif /* WC_DUMP_PERL_H */

/*
 * control_protocol.h - what is spoken on the control socket
 *
 * A unix stream socket. The client sends a line, VERB WORDS... NAME=VALUE..., of at
 * most WC_CONTROL_LINE bytes with its newline; control_line.h says how a word holds
 * any byte. The answer begins with one of these lines:
 *
 *	OK BYTES                so many bytes follow
 *	TROUBLE CODE BYTES      the same, and it is bad news
 *	ERROR CODE SENTENCE     nothing follows
 *
 * CODE is the exit code that a client should end with. Several requests may follow
 * each other on one connection.
 *
 *	show WHAT               tables; options: total, top, format, capture
 *	status                  what runs, and whether all is well; options: format
 *	snapshot CAPTURE        the last interval, packed (wirecensus/pack.h)
 *	snapshot *              that of each capture, behind its length: 8 bytes, little-endian
 *	dump                    dump files are written; options: reset
 *	reload                  the configuration is read again
 *
 * The last two are for root and the service user only, the others for the group, too.
 */
#ifndef WC_CONTROL_PROTOCOL_H
#define WC_CONTROL_PROTOCOL_H

#define WC_CONTROL_PATH    "/run/wirecensus/control.sock"
#define WC_CONTROL_LINE    4096
#define WC_CONTROL_CLIENTS 8
#define WC_CONTROL_IDLE_MS 5000

#endif /* WC_CONTROL_PROTOCOL_H */

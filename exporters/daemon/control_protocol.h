/*
 * control_protocol.h - what is spoken on the control socket
 *
 * A unix stream socket. The client sends a line, VERB WORDS... NAME=VALUE..., of at
 * most WC_CONTROL_LINE bytes with its newline. The answer is a line `OK BYTES`
 * followed by so many bytes, or `ERROR CODE SENTENCE`, where CODE is the exit code that
 * a client should end with. Several requests may follow each other on one
 * connection. Verbs: show, status, snapshot (for reading: group wirecensus too);
 * dump, reload (root and the service user only).
 */
#ifndef WC_CONTROL_PROTOCOL_H
#define WC_CONTROL_PROTOCOL_H

#define WC_CONTROL_PATH    "/run/wirecensus/control.sock"
#define WC_CONTROL_LINE    4096
#define WC_CONTROL_CLIENTS 8
#define WC_CONTROL_IDLE_MS 5000

#endif /* WC_CONTROL_PROTOCOL_H */

/*
 * ipfix_sender.h - the format ipfix as an exporter uses it, on the way to a reader
 */
#ifndef IPFIX_SENDER_H
#define IPFIX_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "encode.h"
#include "exporter_options.h"
#include "format.h"
#include "messages.h"

struct reader;      /* ipfix_reader.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

struct sender {
	struct wc_exporter_options options;
	struct wc_framing framing;
	struct wc_context context;
	void *state;
	struct wc_messages messages;
	uint64_t sent, records; /* on the connection */
	int64_t wall_ns;
};

/* Every kind of rows that ipfix has; ends with NULL. */
extern const char *const sender_all_rows[];

/*
 * Begins with the defaults, captures wan and lo, messages of 1232 bytes, and the rows of
 * @rows, which ends with NULL; the options can be changed before sender_open().
 */
void sender_begin(struct sender *sender, const char *const *rows);
void sender_open(struct sender *sender);
void sender_end(struct sender *sender);

/* A new connection: what it hears first is stamped, and read where there is a reader. */
void sender_connect(struct sender *sender, struct reader *reader);

/* What a connection hears first comes again, and is stamped. */
void sender_refresh(struct sender *sender);

/* Encodes a snapshot, stamps its messages, and has them read. */
void sender_send(struct sender *sender, const struct wc_snapshot *snapshot, struct reader *reader);

/* The bytes of a message, and numbers of its header. */
const uint8_t *sender_message(const struct sender *sender, size_t number);
uint32_t sender_sequence(const struct sender *sender, size_t number);
uint32_t sender_domain(const struct sender *sender, size_t number);

/* Stamps message @number as the next one on the connection; it is sent only if @taken. */
void sender_stamp(struct sender *sender, size_t number, bool taken);

#endif /* IPFIX_SENDER_H */

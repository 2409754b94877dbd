/*
 * control_bed.h - a control server over a board made by hand, and clients of every kind
 *
 * Server and client share a thread: asking runs the server's turns until the answer is
 * there. Its clock stands still unless a test moves it. The board's exporters and
 * journal are not there: what they would say of themselves is set here.
 */
#ifndef CONTROL_BED_H
#define CONTROL_BED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"
#include "control.h"
#include "exporter.h"
#include "journal.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

/* What is asked of the daemon itself, and what it says. */
struct bed_actions {
	int dumps, resets, reloads;
	int status;           /* to be returned */
	const char *said;     /* lines for the client */
	const char *sentence; /* of the error; NULL: none */
};

/* A group that Debian has, and that nobody of the test is in. */
#define BED_GROUP "adm"

struct bed {
	char folder[64], path[128];
	struct wc_control *control;
	struct wc_control_actions actions;
	struct bed_actions done;
	struct wc_board board;
	struct wc_board_capture captures[2];
	struct wc_snapshot snapshot;
	uint64_t now_ns;
};

extern struct wc_exporter_status bed_exporter; /* of each exporter */
extern struct wc_journal_state bed_journal;

/* Two captures: wan with the busy sample, lan whose first interval goes on; two exporters. */
void bed_make(struct bed *bed);

/* The same, with a server that listens; @group as for wc_control_open(). */
void bed_open(struct bed *bed, const char *group);
void bed_close(struct bed *bed);

/* Connects; the descriptor does not block. */
int bed_connect(const struct bed *bed);
void bed_send(int fd, const char *bytes, size_t length);

/* Runs @turns of the server. */
void bed_turn(struct bed *bed, int turns);

/*
 * Runs turns until @fd has brought @wanted bytes, or its end; 0: until the end. Returns
 * what came, ended by a NUL, in memory that the next call uses again.
 */
const char *bed_receive(struct bed *bed, int fd, size_t wanted, size_t *length);

/* Sends a line on a connection of its own and returns the whole answer. */
const char *bed_ask(struct bed *bed, const char *line);

/* Fails the test unless @line is answered by exactly that. */
void bed_expect(struct bed *bed, const char *line, const char *answer);

#endif /* CONTROL_BED_H */

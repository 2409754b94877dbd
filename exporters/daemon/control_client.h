/*
 * control_client.h - one client of the control socket
 *
 * What it has sent and what it is owed. Nothing here waits for it.
 */
#ifndef WC_CONTROL_CLIENT_H
#define WC_CONTROL_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control_peer.h"
#include "control_protocol.h"
#include "control_verbs.h"

/* A place for a client; fd is -1 while it is free. */
struct wc_control_client {
	int fd;
	enum wc_control_rights rights;
	uint64_t active_ns;         /* when it last sent or took something */
	char line[WC_CONTROL_LINE]; /* what it sent and is not answered yet */
	size_t length;
	struct wc_answer answer; /* what it has not taken yet, from sent on */
	size_t sent;
	bool ended;   /* it sends nothing more */
	bool leaving; /* to be closed once it has its answer */
};

/* How many bytes of its answer it has not taken yet. */
size_t wc_control_client_queued(const struct wc_control_client *client);

/* Whether it has sent what can be answered, or its end. */
bool wc_control_client_asks(const struct wc_control_client *client);

/* Each does what can be done at once, and returns false when the client is gone. */
bool wc_control_client_read(struct wc_control_client *client, uint64_t now_ns);
bool wc_control_client_write(struct wc_control_client *client, uint64_t now_ns);

/*
 * Answers the first line that it has sent, if there is one. Nothing may be queued. @busy: there
 * are no large answers now.
 */
void wc_control_client_answer(struct wc_control_client *client, bool busy,
			      const struct wc_board *board,
			      const struct wc_control_actions *actions);

/* Closes its connection, and makes it a free place. */
void wc_control_client_leave(struct wc_control_client *client);

#endif /* WC_CONTROL_CLIENT_H */

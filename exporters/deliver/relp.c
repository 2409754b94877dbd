#include "relp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"

#define NUMBERS 999999999 /* then they begin again at 1 */

/* "NUMBER COMMAND LENGTH ": 9 digits, 32 letters, 9 digits, three spaces. */
#define HEADER WC_RELP_FRAME

#define KEPT    128       /* bytes of an answer that are looked at */
#define LONGEST (1 << 20) /* bytes of an answer that are read */

static const char offers[] = "relp_version=0\nrelp_software=wirecensus\ncommands=syslog";

enum part { HEAD, DATA, END };

struct wc_relp {
	uint64_t commands;              /* framed so far */
	uint64_t answered;              /* without a gap */
	bool early[WC_RELP_WINDOW + 2]; /* answers behind a gap, by their count modulo the size */

	enum part part; /* of the frame that comes */
	char head[HEADER];
	size_t headed; /* bytes in head */
	uint64_t number;
	bool hint;   /* a command of the server's */
	size_t left; /* bytes of its data to come */
	char data[KEPT + 1];
	size_t kept;

	char frame[HEADER + WC_RELP_LONGEST];
};

struct wc_relp *wc_relp_new(void)
{
	return calloc(1, sizeof(struct wc_relp));
}

void wc_relp_free(struct wc_relp *relp)
{
	free(relp);
}

void wc_relp_clear(struct wc_relp *relp)
{
	relp->commands = relp->answered = 0;
	memset(relp->early, 0, sizeof(relp->early));
	relp->part = HEAD;
	relp->headed = 0;
}

static size_t frame(struct wc_relp *relp, const char *command, const void *data, size_t length,
		    const char **bytes)
{
	unsigned number = (unsigned)(relp->commands++ % NUMBERS) + 1;
	size_t used = (size_t)snprintf(relp->frame, HEADER, "%u %s %zu", number, command, length);

	if (length)
		relp->frame[used++] = ' ';
	memcpy(relp->frame + used, data, length);
	used += length;
	relp->frame[used++] = '\n';
	*bytes = relp->frame;
	return used;
}

size_t wc_relp_open(struct wc_relp *relp, const char **bytes)
{
	return frame(relp, "open", offers, strlen(offers), bytes);
}

size_t wc_relp_message(struct wc_relp *relp, const void *message, size_t length, const char **bytes)
{
	return frame(relp, "syslog", message, length, bytes);
}

size_t wc_relp_close(struct wc_relp *relp, const char **bytes)
{
	return frame(relp, "close", "", 0, bytes);
}

bool wc_relp_is_open(const struct wc_relp *relp)
{
	return relp->answered > 0;
}

bool wc_relp_ready(const struct wc_relp *relp)
{
	return wc_relp_is_open(relp) && relp->commands - relp->answered < WC_RELP_WINDOW;
}

uint64_t wc_relp_answered(const struct wc_relp *relp)
{
	return relp->answered;
}

static int nonsense(struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED,
			    "the collector does not speak RELP there; check its port");
}

/* Takes the answer that is there as a whole. */
static int settle(struct wc_relp *relp, uint64_t sent, struct wc_error *error)
{
	/* How far behind the first without an answer. */
	uint64_t next = relp->answered % NUMBERS + 1;
	uint64_t ahead = (relp->number + NUMBERS - next) % NUMBERS;
	size_t size = sizeof(relp->early);

	if (ahead >= sent - relp->answered || ahead >= size)
		return nonsense(error);
	if (strncmp(relp->data, "200", 3) != 0) {
		for (char *at = relp->data; *at; at++)
			if (*at < ' ' || *at > '~')
				*at = ' ';
		return wc_error_set(error, WC_FAILED, "the collector refuses: %s; see its log",
				    relp->data);
	}
	relp->early[(relp->answered + ahead) % size] = true;
	while (relp->early[relp->answered % size])
		relp->early[relp->answered++ % size] = false;
	return WC_OK;
}

static int finish(struct wc_relp *relp, uint64_t sent, struct wc_error *error)
{
	relp->part = HEAD;
	relp->headed = 0;
	relp->data[relp->kept] = '\0';
	if (!relp->hint)
		return settle(relp, sent, error);
	return wc_error_set(error, WC_FAILED, "the collector ends the session; see its log");
}

/* Reads up to nine digits at @at, and moves it behind them. Returns false when there are none. */
static bool read_number(const char **at, unsigned long *number)
{
	size_t digits = strspn(*at, "0123456789");

	*number = strtoul(*at, NULL, 10);
	*at += digits;
	return digits > 0 && digits < 10;
}

/* A header has come, up to what ended it: a space before data, or the frame's newline. */
static int read_head(struct wc_relp *relp, bool data, struct wc_error *error)
{
	const char *at = relp->head;
	unsigned long number, length;
	bool answer;

	relp->head[relp->headed] = '\0';
	if (!read_number(&at, &number) || *at++ != ' ')
		return nonsense(error);
	answer = strncmp(at, "rsp ", 4) == 0;
	at += strcspn(at, " ");
	if (*at++ != ' ' || !read_number(&at, &length) || at != relp->head + relp->headed ||
	    length > LONGEST || data != (length > 0))
		return nonsense(error);
	/* A number of 0 is a hint, which no answer has. */
	relp->hint = number == 0;
	if (!relp->hint && !answer)
		return nonsense(error);
	relp->number = number;
	relp->left = length;
	relp->kept = 0;
	relp->part = data ? DATA : END;
	return WC_OK;
}

/* The length is over at the first space or newline behind it: the third of the header's words. */
static bool head_ends(const struct wc_relp *relp, char byte)
{
	unsigned spaces = 0;

	for (size_t i = 0; i < relp->headed; i++)
		spaces += relp->head[i] == ' ';
	return byte == '\n' || (byte == ' ' && spaces == 2);
}

static int hear_byte(struct wc_relp *relp, char byte, uint64_t sent, struct wc_error *error)
{
	int status = WC_OK;

	switch (relp->part) {
	case HEAD:
		if (head_ends(relp, byte)) {
			status = read_head(relp, byte == ' ', error);
			if (!status && relp->part == END)
				status = finish(relp, sent, error);
		} else if (relp->headed + 1 < HEADER) {
			relp->head[relp->headed++] = byte;
		} else {
			status = nonsense(error);
		}
		break;
	case DATA:
		if (relp->kept < KEPT)
			relp->data[relp->kept++] = byte;
		if (--relp->left == 0)
			relp->part = END;
		break;
	case END:
		status = byte == '\n' ? finish(relp, sent, error) : nonsense(error);
		break;
	}
	return status;
}

int wc_relp_hear(struct wc_relp *relp, const char *bytes, size_t length, uint64_t sent,
		 struct wc_error *error)
{
	int status = WC_OK;

	for (size_t i = 0; i < length && !status; i++)
		status = hear_byte(relp, bytes[i], sent, error);
	return status;
}

/*
 * line.h - a thread that sends messages through calls that block
 *
 * For libraries that own their connection and sleep in it, as libsystemd does.
 * One line is one connection. Whoever uses it never waits: a line that is left ends
 * by itself when its call returns, and frees what it holds, long after its user
 * is gone if must be.
 */
#ifndef WC_LINE_H
#define WC_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_error; /* wirecensus/error.h */
struct wc_line;
struct wc_line_plan;

/* Messages and bytes that wait for the thread, at most. */
#define WC_LINE_MESSAGES 1024
#define WC_LINE_BYTES    (256 * 1024)

/* Lines of one plan that may hang in a call at a time, the last one included. */
#define WC_LINE_MOST 4

/* All called in the line's thread, with every signal blocked, but free. */
struct wc_line_calls {
	/* Returns a connection, or NULL with @error filled in. */
	void *(*connect)(const void *settings, struct wc_error *error);

	/* Returns 0, or WC_FAILED with @error filled in. May change the message, its own copy. */
	int (*send)(void *connection, void *message, size_t length, struct wc_error *error);

	/* Ends the connection, in good order if it still works, and frees. */
	void (*disconnect)(void *connection);

	/* Frees the settings. */
	void (*free)(void *settings);
};

/*
 * Makes a plan, which takes over @settings when it succeeds. Returns NULL when
 * memory is short. wc_line_plan_free() frees it once no line needs it.
 */
struct wc_line_plan *wc_line_plan_new(const struct wc_line_calls *calls, void *settings);
void wc_line_plan_free(struct wc_line_plan *plan);

/* Starts a thread that connects. Returns NULL with @error filled in when it cannot. */
struct wc_line *wc_line_new(struct wc_line_plan *plan, struct wc_error *error);

/* Asks the thread to end, and forgets it. NULL is allowed. */
void wc_line_leave(struct wc_line *line);

/* An eventfd that is readable when there is something new to look at. */
int wc_line_fd(const struct wc_line *line);

/* Copies a message, and gives it to the thread. Returns false when there is no room now. */
bool wc_line_add(struct wc_line *line, const void *message, size_t length);

enum wc_line_state { WC_LINE_CONNECTING, WC_LINE_UP, WC_LINE_DOWN };

/*
 * Returns how it stands; @sent: messages whose call succeeded. When it is down, @error
 * says why. Makes the eventfd unreadable.
 */
enum wc_line_state wc_line_look(struct wc_line *line, uint64_t *sent, struct wc_error *error);

#endif /* WC_LINE_H */

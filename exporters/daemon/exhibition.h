/*
 * exhibition.h - what the daemon shows by HTTP
 *
 * The server with its pages, and the pictures that these show: one is painted of the
 * board at the end of each interval. Belongs to the main thread, which never waits for
 * those who look, but at a reload that changes who may, and at the end.
 */
#ifndef WC_EXHIBITION_H
#define WC_EXHIBITION_H

#include <stdbool.h>
#include <stdint.h>

struct wc_board;   /* board.h */
struct wc_config;  /* config.h */
struct wc_context; /* encode.h */
struct wc_error;   /* wirecensus/error.h */
struct wc_exhibition;
struct wc_http; /* http.h */
struct wc_interval;
struct wc_naming_source;

/*
 * Would what @config says of it do? Reads the files that it names. Returns 0, or a negative code
 * with @error filled in.
 */
int wc_exhibition_try(const struct wc_config *config, struct wc_error *error);

/*
 * Takes the address that @config has, before privileges are dropped. Returns 0 and an exhibition
 * to be freed with wc_exhibition_free(), NULL where the configuration asks for none; or a
 * negative code with @error filled in.
 */
int wc_exhibition_open(struct wc_exhibition **exhibition, const struct wc_config *config,
		       struct wc_error *error);
void wc_exhibition_free(struct wc_exhibition *exhibition); /* NULL is allowed; ended before */

/*
 * Shows @board from now on; it stays valid, as do @names, and @context, which does not change.
 * Results as above.
 */
int wc_exhibition_start(struct wc_exhibition *exhibition, const struct wc_config *config,
			const struct wc_board *board, const struct wc_context *context,
			struct wc_naming_source *names, struct wc_error *error);

/* What is shown next is of @interval, which is held as long as somebody looks at it. */
void wc_exhibition_take(struct wc_exhibition *exhibition, struct wc_interval *interval);

/* Shows the board as it is now. */
void wc_exhibition_paint(struct wc_exhibition *exhibition);

/* Takes what a reload can change from @config. Results as above. */
int wc_exhibition_change(struct wc_exhibition *exhibition, const struct wc_config *config,
			 struct wc_error *error);

/*
 * Shows nothing any more. Returns false when a page was still being made at @deadline_ns
 * (CLOCK_BOOTTIME) and is left behind.
 */
bool wc_exhibition_end(struct wc_exhibition *exhibition, uint64_t deadline_ns);

/* The server, for those who ask how it is. */
struct wc_http *wc_exhibition_server(const struct wc_exhibition *exhibition);

#endif /* WC_EXHIBITION_H */

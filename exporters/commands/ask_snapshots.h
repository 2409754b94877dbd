/*
 * ask_snapshots.h - the last intervals of the running daemon
 */
#ifndef WC_ASK_SNAPSHOTS_H
#define WC_ASK_SNAPSHOTS_H

struct wc_error;    /* wirecensus/error.h */
struct wc_options;  /* wirecensus/options.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

/* Takes what was counted at @host; both live until it returns. Returns 0, or a negative code. */
typedef int wc_ask_snapshots_take(void *arg, const struct wc_snapshot *snapshot, const char *host,
				  struct wc_error *error);

/*
 * Asks the daemon at options->control for the last interval of options->capture, or of all
 * captures, and hands each to @take, up to the first that it does not take. Returns 0;
 * WC_INVALID when there is no such capture; WC_FAILED when no daemon answers, or no interval has
 * ended yet; or what @take returned; with @error filled in.
 */
int wc_ask_snapshots(const struct wc_options *options, wc_ask_snapshots_take *take, void *arg,
		     struct wc_error *error);

#endif /* WC_ASK_SNAPSHOTS_H */

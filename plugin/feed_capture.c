/*
 * feed_capture.c - snapshots of a census that is counted in this process
 */
#include <stdlib.h>

#include "feed.h"
#include "wirecensus/census.h"
#include "wirecensus/error.h"

struct capture {
	struct wc_feed feed;
	struct wc_census *census;
};

static struct wc_census *census_of(struct wc_feed *feed)
{
	return ((struct capture *)feed)->census;
}

static void capture_ask(struct wc_feed *feed)
{
	wc_census_ask(census_of(feed));
}

static int capture_snapshot(struct wc_feed *feed, struct wc_snapshot **snapshot,
			    struct wc_error *error)
{
	return wc_census_snapshot(census_of(feed), snapshot, error);
}

static void capture_close(struct wc_feed *feed)
{
	wc_census_free(census_of(feed));
	free(feed);
}

static const struct wc_feed_ops capture_ops = {
	.ask = capture_ask,
	.snapshot = capture_snapshot,
	.close = capture_close,
};

int wc_feed_capture_open(struct wc_feed **feed, const char *name, const char *interface,
			 const struct wc_options *options, struct wc_error *error)
{
	struct capture *made = calloc(1, sizeof(*made));
	struct wc_census_state state;
	int status;

	if (!made)
		return wc_error_set(error, WC_FAILED, "there is not enough memory to count %s",
				    interface);
	made->feed.ops = &capture_ops;
	status = wc_census_open_live(&made->census, name, interface, options, error);
	if (!status)
		status = wc_census_start(made->census, error);
	if (status) {
		capture_close(&made->feed);
		return status;
	}
	wc_census_state(made->census, &state);
	made->feed.declined = state.declined;
	*feed = &made->feed;
	return WC_OK;
}

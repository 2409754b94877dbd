/*
 * plugin.c - wirecensus.so, a read plugin for collectd
 *
 * The daemon's callbacks, in the order in which it calls them. Configuration is
 * read before the daemon forks, so that threads are made in init and not before;
 * they are joined in shutdown. A read returns 0 whatever happens: else the daemon
 * doubles its interval.
 */
#include <collectd/core/daemon/collectd.h>
#include <collectd/core/daemon/plugin.h>

#include "config.h"
#include "dispatch.h"
#include "points.h"
#include "wirecensus/error.h"

static struct wc_config config;
static struct wc_points *points;

static int on_config(oconfig_item_t *block)
{
	wc_config_block(&config, block);
	return 0;
}

static int on_read(void)
{
	if (points)
		wc_points_read(points);
	return 0;
}

static int on_init(void)
{
	struct wc_error error;

	/* The daemon would not have it twice, but another program that loads plugins may. */
	if (points)
		return 0;
	if (!wc_points_open(&points, &config, &error))
		return 0;
	P_ERROR("%s", error.text);
	return -1;
}

static int on_shutdown(void)
{
	wc_points_close(points);
	points = NULL;
	wc_config_free(&config);
	return 0;
}

void module_register(void) __attribute__((visibility("default")));

void module_register(void)
{
	wc_config_free(&config);
	plugin_register_complex_config(WC_PLUGIN_NAME, on_config);
	plugin_register_init(WC_PLUGIN_NAME, on_init);
	plugin_register_read(WC_PLUGIN_NAME, on_read);
	plugin_register_shutdown(WC_PLUGIN_NAME, on_shutdown);
}

#include "shared_config.h"

#include <stdlib.h>

#include "config.h"

struct wc_shared_config *wc_shared_config_new(struct wc_config *config)
{
	struct wc_shared_config *shared = calloc(1, sizeof(*shared));

	if (shared)
		*shared = (struct wc_shared_config){config, 1};
	return shared;
}

struct wc_shared_config *wc_shared_config_hold(struct wc_shared_config *shared)
{
	shared->holders++;
	return shared;
}

void wc_shared_config_drop(struct wc_shared_config *shared)
{
	if (!shared || --shared->holders)
		return;
	wc_config_free(shared->config);
	free(shared);
}

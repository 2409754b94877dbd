#include "dispatch.h"

#include <collectd/core/daemon/collectd.h>
#include <collectd/core/daemon/plugin.h>
#include <collectd/core/utils/common/common.h>

#include "watch.h"

void wc_dispatch_value(void *user, const struct wc_value *value)
{
	const struct wc_dispatch *dispatch = user;
	value_t number = {.derive = (derive_t)value->number};
	/* The daemon fills in the host and the interval. */
	value_list_t list = {.values = &number, .values_len = 1, .time = dispatch->time};

	if (value->level)
		number.gauge = (gauge_t)value->number;
	sstrncpy(list.plugin, WC_PLUGIN_NAME, sizeof(list.plugin));
	sstrncpy(list.plugin_instance, dispatch->instance, sizeof(list.plugin_instance));
	sstrncpy(list.type, value->type, sizeof(list.type));
	sstrncpy(list.type_instance, value->what, sizeof(list.type_instance));
	/* It returns 0 even for a value that it drops, and says so in the log. */
	plugin_dispatch_values(&list);
}

void wc_dispatch_event(const struct wc_dispatch *dispatch, const struct wc_event *event)
{
	static const int severities[] = {
		[WC_SEVERITY_OKAY] = NOTIF_OKAY,
		[WC_SEVERITY_WARNING] = NOTIF_WARNING,
		[WC_SEVERITY_FAILURE] = NOTIF_FAILURE,
	};
	notification_t notification = {.severity = severities[event->severity],
				       .time = dispatch->time};

	sstrncpy(notification.host, hostname_g, sizeof(notification.host));
	sstrncpy(notification.plugin, WC_PLUGIN_NAME, sizeof(notification.plugin));
	sstrncpy(notification.plugin_instance, dispatch->instance,
		 sizeof(notification.plugin_instance));
	sstrncpy(notification.type, event->type, sizeof(notification.type));
	sstrncpy(notification.type_instance, event->what, sizeof(notification.type_instance));
	sstrncpy(notification.message, event->text, sizeof(notification.message));
	plugin_dispatch_notification(&notification);
}

#include "capture_log.h"

#include <inttypes.h>
#include <string.h>

#include "log.h"
#include "wirecensus/snapshot.h"

void wc_capture_tell_presence(const char *name, const char *interface, bool present)
{
	wc_log(WC_LOG_INFO,
	       present ? "capture %s: interface %s is there and counted"
		       : "capture %s: there is no interface %s: it is waited for",
	       name, interface);
}

void wc_capture_tell_interval(const char *name, const struct wc_snapshot *snapshot)
{
	const struct wc_totals *delta = &snapshot->delta;

	if (delta->lost_kernel || delta->lost_interface)
		wc_log(WC_LOG_WARNING,
		       "capture %s: %" PRIu64 " frames found no room in the kernel's buffer, "
		       "%" PRIu64 " were missed by the interface",
		       name, delta->lost_kernel, delta->lost_interface);
	if (snapshot->clock_step_ns)
		wc_log(WC_LOG_NOTICE, "capture %s: the wall clock was moved by %.3f s", name,
		       (double)snapshot->clock_step_ns / 1e9);
}

/* Returns where the line that begins with @label is in @text, and its @length; NULL if none is. */
static const char *line_of(const char *text, const char *label, size_t *length)
{
	while (text && strncmp(text, label, strlen(label)) != 0) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	*length = text ? strcspn(text, "\n") : 0;
	return text;
}

void wc_capture_tell_standing(const char *name, const char *before, const char *now)
{
	static const char *const labels[] = {"interface: ", "trouble: "};

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		size_t was, is;
		const char *old = line_of(before, labels[i], &was);
		const char *new = line_of(now, labels[i], &is);

		if (new && (!old || was != is || memcmp(old, new, is) != 0))
			wc_log(i ? WC_LOG_WARNING : WC_LOG_INFO, "capture %s: %.*s", name, (int)is,
			       new);
	}
}

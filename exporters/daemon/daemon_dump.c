/*
 * daemon_dump.c - dump files, for whoever asks: control socket, signal, datagram, the end
 */
#include <string.h>

#include "captures.h"
#include "config.h"
#include "daemon_parts.h"
#include "dump.h"
#include "instance.h"
#include "log.h"
#include "shared_config.h"
#include "wirecensus/error.h"
#include "world.h"

int wc_daemon_dump(struct wc_daemon *daemon, struct wc_buffer *said, struct wc_error *error)
{
	wc_daemon_post(daemon);
	return wc_dump_write(daemon->dump, &daemon->board, said, error);
}

static void begin_run(struct wc_daemon *daemon, const char instance[static WC_INSTANCE])
{
	wc_captures_begin_run(daemon->captures);
	memcpy(daemon->instance, instance, sizeof(daemon->instance));
	daemon->board.started_ns = wc_world_real.wall(NULL);
	wc_dump_forget(daemon->dump);
	wc_log(WC_LOG_NOTICE, "a new run begins: instance %s", daemon->instance);
}

/*
 * The run's last interval ends with the dump. A first one of the new run, short as it is, takes
 * its place on the board: nobody may see the counts of one run under the name of the other.
 */
int wc_daemon_dump_reset(struct wc_daemon *daemon, struct wc_buffer *said, struct wc_error *error)
{
	char instance[WC_INSTANCE];
	int status = wc_instance_make(instance, error);

	if (!status)
		status = wc_captures_prepare_run(daemon->captures, error);
	if (status)
		return status;
	wc_daemon_interval(daemon);
	status = wc_daemon_dump(daemon, said, error);
	if (status)
		return status;
	begin_run(daemon, instance);
	wc_daemon_interval(daemon);
	wc_daemon_show(daemon);
	return WC_OK;
}

void wc_daemon_dump_logged(struct wc_daemon *daemon)
{
	struct wc_buffer said = {0};
	struct wc_error error;
	int status;

	if (!daemon->config->config->daemon.dump_path) {
		wc_log(WC_LOG_NOTICE, "no dump files: no directory is configured for them");
		return;
	}
	status = wc_daemon_dump(daemon, &said, &error);
	wc_buffer_add(&said, "", 1);
	if (!said.failed)
		wc_log_lines(WC_LOG_INFO, "dump file ", said.data);
	if (status)
		wc_log(WC_LOG_ERROR, "dump files: %s", error.text);
	wc_buffer_free(&said);
}

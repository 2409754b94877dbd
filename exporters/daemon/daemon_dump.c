/*
 * daemon_dump.c - dump files, for whoever asks: control socket, signal, datagram, the end
 */
#include "config.h"
#include "daemon_parts.h"
#include "dump.h"
#include "log.h"
#include "shared_config.h"
#include "wirecensus/error.h"

int wc_daemon_dump(struct wc_daemon *daemon, struct wc_buffer *said, struct wc_error *error)
{
	wc_daemon_post(daemon);
	return wc_dump_write(daemon->dump, &daemon->board, said, error);
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

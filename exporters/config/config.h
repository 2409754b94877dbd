/*
 * config.h - the daemon's configuration, read and checked
 *
 * libconfuse reads the file; every option has a row in a table, as on the command
 * line, so that names, bounds, defaults and help are the same everywhere. All
 * errors of a file are told in one go, each with file and line.
 */
#ifndef WC_CONFIG_H
#define WC_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exporter_options.h"
#include "wirecensus/address.h"
#include "wirecensus/options.h"

struct wc_buffer; /* buffer.h */
struct wc_error;  /* wirecensus/error.h */
struct wc_format; /* format.h */

#define WC_CONFIG_PATH "/etc/wirecensus/wirecensus.conf"

/* A section `capture NAME { ... }`. */
struct wc_config_capture {
	char *name;
	struct wc_options options;
};

/* A section `json NAME { ... }`, by the name of any format. */
struct wc_config_exporter {
	char *name; /* FORMAT/TITLE */
	const struct wc_format *format;
	struct wc_exporter_options options;
};

/* The section `http { ... }`. */
struct wc_config_http {
	char *listen;               /* ADDRESS:PORT; NULL: nothing listens */
	struct wc_address address;  /* of listen; version 0: none */
	uint16_t port;              /* of listen */
	bool public;                /* not loopback, and yet without encryption and password */
	char *web_config;           /* in the format of Prometheus; NULL: none */
	struct wc_texts host_names; /* that a request may be for */
	uint64_t clients, timeout;  /* connections; seconds */
	uint64_t max_series, top;   /* of metrics */
	struct wc_services ports;   /* that have series in any case */
	uint64_t conversations;     /* that may have series */
};

/* What the sections `journal`, `dump`, `http` and the top of the file say. */
struct wc_config_daemon {
	uint64_t interval; /* seconds */
	char *user;        /* NULL: stay who we are */
	char *state;       /* a directory; NULL: nothing is kept on disk */
	char *control;     /* path of the control socket; NULL: none */
	char *group;       /* who may read through it */

	char *journal_path; /* census.db in state, if it says no other; NULL: in memory */
	uint64_t journal_size, journal_undelivered;
	uint64_t journal_age; /* seconds */

	char *dump_path;                  /* a directory, as above; NULL: nowhere */
	bool dump_perl;                   /* the ancestor's layout beside JSON */
	char *trigger;                    /* udp://HOST:PORT that takes "dump"; NULL: none */
	struct wc_networks trigger_allow; /* empty: this host */

	struct wc_config_http http;
};

struct wc_config {
	struct wc_config_daemon daemon;
	struct wc_config_capture *captures; /* at least one */
	size_t capture_count;
	struct wc_config_exporter *exporters;
	size_t exporter_count;
};

/* Could what @config says of it begin? Returns 0, or a negative code with @error filled in. */
typedef int wc_config_trial(const struct wc_config *config, struct wc_error *error);

/*
 * Reads @path with what it includes. Tries what only this machine can tell, too: files of
 * certificates, and by @http the section of that name; not where @http is NULL. Returns 0 and a
 * configuration to be freed with wc_config_free(); WC_INVALID: @complaints then has a line for
 * each error, FILE:LINE: SENTENCE, or none when @path cannot be read; or WC_FAILED (memory).
 * @error has a sentence for both.
 */
int wc_config_read(struct wc_config **config, const char *path, wc_config_trial *http,
		   struct wc_buffer *complaints, struct wc_error *error);
void wc_config_free(struct wc_config *config);

/*
 * Appends NAME: SENTENCE, a line for each thing that works, but hardly as it is meant, such as
 * an exporter of rows that no capture counts.
 */
void wc_config_warn(const struct wc_config *config, struct wc_buffer *warnings);

/* Appends the effective configuration, every option of every section, as a file that can be read.
 */
void wc_config_print(struct wc_buffer *out, const struct wc_config *config);

/*
 * Appends, a line each, what differs between two configurations and takes effect only
 * after a restart. Returns how many.
 */
size_t wc_config_restarts(struct wc_buffer *out, const struct wc_config *old,
			  const struct wc_config *new);

#endif /* WC_CONFIG_H */

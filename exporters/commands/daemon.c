#include <errno.h>
#include <unistd.h>

#include "buffer.h"
#include "command.h"
#include "config.h"
#include "daemon.h"
#include "exhibition.h"
#include "output.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* Tells what is wrong with the configuration, and why the command ends. */
static int fail(struct wc_buffer *complaints, const struct wc_error *error, int status)
{
	wc_buffer_add(complaints, "", 1);
	if (!complaints->failed)
		wc_output_explain(complaints->data);
	wc_output_complain(error);
	return wc_command_exit(status);
}

/* Finds the configuration to use. Returns 0 or WC_INVALID. */
static int find_config(const char **path, const struct wc_options *options, struct wc_error *error)
{
	*path = options->config ? options->config : WC_CONFIG_PATH;
	if (options->config || !access(*path, F_OK) || errno != ENOENT)
		return WC_OK;
	return wc_error_set(
		error, WC_INVALID,
		"there is no configuration %s: write one, or name another by -c; a line "
		"capture all { } is enough to count",
		*path);
}

/* Tells what works, but hardly as it is meant. */
static void warn(const struct wc_config *config)
{
	struct wc_buffer warnings = {0};

	wc_config_warn(config, &warnings);
	wc_buffer_add(&warnings, "", 1);
	if (!warnings.failed)
		wc_output_explain(warnings.data);
	wc_buffer_free(&warnings);
}

/* Prints what @config means, or that it is right. */
static int report(const struct wc_config *config, const char *path, bool print,
		  struct wc_error *error)
{
	struct wc_buffer text = {0};
	int status;

	warn(config);
	if (print)
		wc_config_print(&text, config);
	else
		wc_buffer_format(&text, "%s is in order\n", path);
	status = wc_output_write(&text, error);
	wc_buffer_free(&text);
	return status;
}

/* Reads the configuration and starts nothing. */
static int check(const char *path, bool print, struct wc_buffer *complaints, struct wc_error *error)
{
	struct wc_config *config;
	int status = wc_config_read(&config, path, wc_exhibition_try, complaints, error);

	if (status)
		return status;
	status = report(config, path, print, error);
	wc_config_free(config);
	return status;
}

int wc_daemon_run(const struct wc_options *options, const struct wc_texts *operands)
{
	struct wc_daemon_settings settings = {.seccomp = (enum wc_seccomp)options->seccomp};
	struct wc_buffer complaints = {0};
	struct wc_error error = {0}; /* complaints may say it all */
	int code = WC_EXIT_OK;
	int status = find_config(&settings.config, options, &error);

	(void)operands;
	if (!status && (options->check || options->print))
		status = check(settings.config, options->print, &complaints, &error);
	else if (!status)
		status = wc_daemon_serve(&settings, &complaints, &error);
	if (status)
		code = fail(&complaints, &error, status);
	wc_buffer_free(&complaints);
	return code;
}

#include "conf.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "buffer.h"
#include "config.h"
#include "wirecensus/error.h"

static char folder[] = "/tmp/wirecensus-config-XXXXXX";
static char *said;
static wc_config_trial *trial;

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)info;
	(void)kind;
	(void)walk;
	return remove(path);
}

void conf_begin(void)
{
	strcpy(strrchr(folder, '-'), "-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

void conf_end(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	free(said);
	said = NULL;
}

void conf_try(wc_config_trial *http)
{
	trial = http;
}

void conf_write(const char *path, const char *text)
{
	const char *slash = strchr(path, '/');
	char made[64];
	FILE *file;

	if (slash) {
		snprintf(made, sizeof(made), "%.*s", (int)(slash - path), path);
		mkdir(made, 0700);
	}
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static char *text_of(struct wc_buffer *buffer)
{
	char *text;

	wc_buffer_add(buffer, "", 1);
	ck_assert(!buffer->failed);
	text = strdup(buffer->data);
	wc_buffer_free(buffer);
	return text;
}

struct wc_config *conf_read(void)
{
	struct wc_buffer complaints = {0};
	struct wc_config *config;
	struct wc_error error;
	int status = wc_config_read(&config, "main.conf", trial, &complaints, &error);

	if (status && !complaints.length) {
		ck_assert_int_eq(status, WC_INVALID);
		wc_buffer_text(&complaints, "! ");
		wc_buffer_text(&complaints, error.text);
	}
	free(said);
	said = text_of(&complaints);
	ck_assert(status == WC_OK ? config && !*said : !config && *said);
	return config;
}

const char *conf_said(void)
{
	return said;
}

struct wc_config *conf_right(const char *text)
{
	struct wc_config *config;

	conf_write("main.conf", text);
	config = conf_read();
	ck_assert_msg(config, "%s\n%s", text, said);
	return config;
}

char *conf_printed(const struct wc_config *config)
{
	struct wc_buffer buffer = {0};

	wc_config_print(&buffer, config);
	return text_of(&buffer);
}

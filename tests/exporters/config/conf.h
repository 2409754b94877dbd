/*
 * conf.h - configurations for tests, in a folder of their own
 */
#ifndef TESTS_CONF_H
#define TESTS_CONF_H

struct wc_config; /* config.h */
struct wc_error;  /* wirecensus/error.h */

/* Asks for names of hosts, where the build can. */
#ifdef WC_HAVE_NAMES
#define CONF_NAMES "names = yes"
#else
#define CONF_NAMES "names = no"
#endif

/* Makes an empty folder and goes there; conf_end() removes it with its files. */
void conf_begin(void);
void conf_end(void);

/* Writes a file; @path may have one folder, which is made. */
void conf_write(const char *path, const char *text);

/*
 * Reads main.conf. Returns the configuration, or NULL; conf_said() then has the complaints, or
 * the error's sentence behind "! ".
 */
struct wc_config *conf_read(void);
const char *conf_said(void);

/* From now on conf_read() tries what is named, with @http for the section; NULL: no more. */
void conf_try(int (*http)(const struct wc_config *config, struct wc_error *error));

/* Writes @text to main.conf and reads it; what it must be is a configuration without errors. */
struct wc_config *conf_right(const char *text);

/* The effective configuration, to be freed. */
char *conf_printed(const struct wc_config *config);

#endif /* TESTS_CONF_H */
